//! Fuzz targets: every parser of what strangers send, on whatever bytes.
//!
//! `cargo test` runs each on the seeds of `__fuzz__` beside this file, on inputs that once failed, and on some random ones. `scripts/fuzz
//! TARGET` lets an engine that follows the coverage look for more. What is asserted is more than that nothing panics: see each target.

mod bodies;
mod cells;
mod files;
mod webhooks;

use std::path::Path;
use std::time::Duration;

use clove_connect::sources::{self, Intake, Taken};
use clove_core::{FactBody, HashKey, IdGenerator, Micros, Source};

/// 2026-09-20T12:00:00Z
const NOW: Micros = 1_789_905_600_000_000;

/// Runs a target of this name on bytes: for as long as `scripts/fuzz` says, else on the seeds, and for two seconds on random bytes and
/// on seeds that random bytes have edited.
macro_rules! fuzz {
    ($name:literal, $target:expr) => {{
        // `scripts/fuzz` says that the engine edits the seeds itself.
        let edits = std::env::var_os("CLOVE_FUZZ").is_none();
        let seeds = crate::seeds($name);
        bolero::check!(name = $name).with_max_len(crate::LARGEST).with_test_time(crate::TEST_TIME).for_each(
            |bytes: &[u8]| {
                $target(bytes);
                if edits {
                    $target(&crate::edited(&seeds, bytes));
                }
            },
        )
    }};
}
pub(crate) use fuzz;

/// Bytes of an input at most: defects show in small ones.
const LARGEST: usize = 4_096;

const TEST_TIME: Duration = Duration::from_secs(2);

/// The seeds of a target, in the order of their names.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/__fuzz__").join(target).join("corpus");
    let mut paths: Vec<_> =
        folder.read_dir().expect("seeds").map(|entry| entry.expect("an entry of the folder").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no seeds");
    paths.into_iter().map(|path| std::fs::read(path).expect("a seed")).collect()
}

/// A seed with edits: the first byte chooses it, then each three bytes are a place and what becomes of it.
fn edited(seeds: &[Vec<u8>], edits: &[u8]) -> Vec<u8> {
    let Some((choice, edits)) = edits.split_first() else { return Vec::new() };
    let mut bytes = seeds[usize::from(*choice) % seeds.len()].clone();
    for edit in edits.chunks_exact(3).take(8) {
        let place = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % (bytes.len() + 1);
        match edit[2] {
            0..=9 => bytes.truncate(place),
            10..=59 => drop(bytes.splice(place..bytes.len().min(place + usize::from(edit[2] - 9)), [])),
            60..=79 => {
                let copied: Vec<u8> = bytes[place..].iter().copied().take(usize::from(edit[2])).collect();
                drop(bytes.splice(place..place, copied));
            }
            80..=99 => bytes
                .insert(place, [b'"', b'{', b'[', b',', b'\\', b'0', b'-', b'9', 0, 0xff][usize::from(edit[2] % 10)]),
            value if place < bytes.len() => bytes[place] = value,
            value => bytes.push(value),
        }
    }
    bytes
}

/// Runs `test` with an intake at [`NOW`].
fn intake<T>(test: impl FnOnce(&Intake<'_>) -> T) -> T {
    let source: Source = "s:1".parse().expect("a source");
    let (hash_key, ids) = (HashKey::new([1; 32]), IdGenerator::new([2; 32]));
    test(&Intake { source: &source, hash_key: &hash_key, received_at: NOW, ids: &ids, currency: None })
}

/// What holds of everything that was taken: facts are valid and the log gives them back as they were; what was kept apart has its
/// record, which can be read again; both say where they come from in bounded words.
fn check(intake: &Intake<'_>, taken: &Taken) {
    for fact in &taken.facts {
        fact.validate().expect("a fact that can be kept");
        let json = fact.body.to_json().expect("a body that can be written");
        let again = FactBody::parse(&fact.body.kind(), &json).expect("a body that can be read");
        let again = again.to_json().expect("a body that can be written again");
        assert!(again == json || alike(&value_of(&again), &value_of(&json)), "{json} {again}");
    }
    for kept in &taken.quarantined {
        let Some(record) = &kept.record else { continue };
        assert!(record.key.chars().count() <= 300);
        if let Ok(again) = sources::record(intake, record.format, record.json.as_bytes()) {
            again.facts.iter().for_each(|fact| fact.validate().expect("a fact that can be kept"));
        }
    }
}

fn value_of(json: &str) -> serde_json::Value {
    serde_json::from_str(json).expect("JSON")
}

/// Whether two values are the same, but for the last digits of floats: a float of free-form properties that is written with more
/// digits than it holds may be read with another last bit.
fn alike(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Number(one), Number(other)) => {
            let (one, other) = (one.as_f64().unwrap_or(0.0), other.as_f64().unwrap_or(0.0));
            (one - other).abs() <= one.abs() * 1e-14
        }
        (Array(one), Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Object(one), Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| alike(value, other)))
        }
        _ => one == other,
    }
}

/// The delivery keys of what was taken: the same bytes give the same ones, or a repetition would count twice.
fn deliveries(taken: &Taken) -> Vec<(String, String)> {
    taken.facts.iter().map(|fact| (fact.external_id.clone(), fact.version.clone())).collect()
}
