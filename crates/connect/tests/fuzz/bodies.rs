//! Bodies of HTTP: JSON itself, Segment's API, our own records. The first byte of an input chooses the endpoint.

use clove_connect::sources::json::{Limits, parse};
use clove_connect::sources::segment::{self, Endpoint};
use clove_connect::sources::{Intake, Refusal, Taken, rest};

use crate::{check, deliveries, fuzz, intake};

const CALLS: [&str; 7] = ["identify", "track", "page", "screen", "group", "alias", "batch"];

type Reader = fn(&Intake<'_>, &[u8]) -> Result<Taken, Refusal>;
const RECORDS: [Reader; 6] =
    [rest::orders, rest::refunds, rest::products, rest::spend, rest::customers, segment::events];

/// What was taken, or a refusal that names something.
fn taken(result: Result<Taken, Refusal>) -> Option<Taken> {
    match result {
        Ok(taken) => Some(taken),
        Err(refusal) => {
            assert!(!refusal.problems.is_empty(), "{:?} says nothing", refusal.kind);
            assert!(refusal.problems.iter().all(|problem| !problem.message.is_empty() && !problem.remedy.is_empty()));
            None
        }
    }
}

/// Ours is no laxer than another parser, and means the same.
#[test]
fn json() {
    fuzz!("json", |bytes: &[u8]| {
        let Ok(ours) = parse(bytes, Limits::DEFAULT) else { return };
        // A mark of the byte order is passed over in ours.
        let theirs = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let theirs: serde_json::Value = match serde_json::from_slice(theirs) {
            Ok(theirs) => theirs,
            // Numbers beyond floats, and lone surrogates, which become U+FFFD in ours.
            Err(error) if error.to_string().contains("out of range") => return,
            Err(_) if bytes.windows(2).any(|pair| pair == b"\\u") => return,
            Err(error) => panic!("{error}"),
        };
        let (ours, theirs) = (ours.to_value(), theirs);
        assert_eq!(ours.is_object(), theirs.is_object());
        assert_eq!(ours.as_array().map(Vec::len), theirs.as_array().map(Vec::len));
        assert_eq!(ours.as_object().map(serde_json::Map::len), theirs.as_object().map(serde_json::Map::len));
    });
}

#[test]
fn segment() {
    fuzz!("segment", |bytes: &[u8]| {
        let Some((choice, body)) = bytes.split_first() else { return };
        let endpoint = Endpoint::from_name(CALLS[usize::from(*choice) % CALLS.len()]).expect("a call");
        intake(|intake| {
            let Some(first) = taken(segment::messages(intake, endpoint, body)) else { return };
            check(intake, &first);
            let again = segment::messages(intake, endpoint, body).expect("taken before");
            assert_eq!(first.facts.len(), again.facts.len());
            // A message without an id of its own is a new one each time.
            let random = |id: &str| id.as_bytes().windows(36).any(|part| uuid::Uuid::try_parse_ascii(part).is_ok());
            for (one, other) in deliveries(&first).into_iter().zip(deliveries(&again)) {
                assert!(one == other || random(&one.0) || random(&one.1), "{one:?} {other:?}");
            }
        });
    });
}

#[test]
fn records() {
    fuzz!("records", |bytes: &[u8]| {
        let Some((choice, body)) = bytes.split_first() else { return };
        let choice = usize::from(*choice) % RECORDS.len();
        intake(|intake| {
            let Some(first) = taken(RECORDS[choice](intake, body)) else { return };
            check(intake, &first);
            let again = RECORDS[choice](intake, body).expect("taken before");
            if choice + 1 < RECORDS.len() {
                assert_eq!(deliveries(&first), deliveries(&again), "the same record twice is one fact");
            }
        });
    });
}
