//! Keyed hashes: delivery keys, subjects of handles, suppression; and the partition of a subject.

use uuid::Uuid;

use super::{FactKind, Handle, Source};
use crate::ids::{FactId, SubjectId};

/// Number of partitions of the log. Fixed for the life of an installation.
pub const PARTITIONS: i64 = 64;

/// How the stand-in of an erased external id begins.
const ERASED: &str = "erased-";

/// The partition that a subject's facts lie in, `0..PARTITIONS`.
pub fn partition_of(subject: SubjectId) -> i64 {
    // The last bits of a UUIDv7 and of a hash are random.
    i64::from(subject.0.as_bytes()[15]) % PARTITIONS
}

/// The secret of an installation. Its hashes cannot be guessed back to an e-mail or an order number without it.
#[derive(Clone, PartialEq, Eq)]
pub struct HashKey([u8; 32]);

impl std::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashKey(secret)")
    }
}

impl HashKey {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> HashKey {
        HashKey(bytes)
    }

    /// 128 bits over parts that cannot run into each other.
    pub fn hash(&self, purpose: &str, parts: &[&str]) -> Uuid {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in std::iter::once(&purpose).chain(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let digest = hasher.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.as_bytes()[..16]);
        Uuid::from_bytes(bytes)
    }

    /// The delivery key: facts with the same key are one fact, however often they are delivered.
    pub fn delivery(&self, source: &Source, kind: &FactKind, external_id: &str, version: &str) -> Uuid {
        self.hash("delivery", &[source.as_str(), kind.name(), external_id, version])
    }

    /// The subject of a handle: the same handle always gives the same subject, without a look-up.
    pub fn subject(&self, handle: &Handle) -> SubjectId {
        SubjectId(self.hash("subject", &[&handle.channel, &handle.scope, &handle.external_id]))
    }

    /// What is kept of an erased handle, so that it can be recognised and not taken in again.
    pub fn suppression(&self, handle: &Handle) -> Uuid {
        self.hash("suppression", &[&handle.channel, &handle.scope, &handle.external_id])
    }

    /// What is kept of an order number (or another id of a source) of an erased person, so that later versions and refunds are
    /// recognised.
    pub fn suppressed_record(&self, source: &Source, external_id: &str) -> Uuid {
        self.hash("suppressed record", &[source.as_str(), external_id])
    }

    /// Tells installations apart without giving the key away.
    pub fn fingerprint(&self) -> Uuid {
        self.hash("fingerprint", &[])
    }

    /// The id of a derived fact: the same cause, kind and detail give the same id.
    pub fn derived(&self, cause: FactId, kind: &FactKind, detail: &str) -> FactId {
        FactId(self.hash("derived", &[&cause.0.simple().to_string(), kind.name(), detail]))
    }

    /// Stands in for an external id after erasure. The same id gives the same stand-in, so that an order and its refund
    /// still belong together.
    pub fn erased_external_id(&self, source: &Source, external_id: &str) -> String {
        format!("{ERASED}{}", self.hash("erased external id", &[source.as_str(), external_id]).simple())
    }

    /// The key of a thing of a source, such as an order: the same for its external id and for the stand-in of that id after
    /// erasure, so that whatever refers to it still finds it.
    pub fn thing(&self, source: &Source, external_id: &str) -> Uuid {
        external_id
            .strip_prefix(ERASED)
            .and_then(|digits| Uuid::try_parse(digits).ok())
            .unwrap_or_else(|| self.hash("erased external id", &[source.as_str(), external_id]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_depend_on_secret_purpose_and_the_borders_between_parts() {
        let key = HashKey::new([1; 32]);
        assert_eq!(key.hash("a", &["b", "c"]), key.hash("a", &["b", "c"]));
        assert_ne!(key.hash("a", &["b", "c"]), key.hash("a", &["bc", ""]));
        assert_ne!(key.hash("a", &["b"]), key.hash("b", &["a"]));
        assert_ne!(key.hash("a", &["b"]), HashKey::new([2; 32]).hash("a", &["b"]));
        assert!((0..PARTITIONS).contains(&partition_of(SubjectId(key.hash("a", &[])))));
    }

    #[test]
    fn a_thing_keeps_its_key_when_its_id_is_erased() {
        let key = HashKey::new([1; 32]);
        let source: Source = "shopify:one".parse().unwrap();
        let order = key.thing(&source, "1001");
        assert_eq!(key.thing(&source, &key.erased_external_id(&source, "1001")), order);
        assert_ne!(key.thing(&"shopify:two".parse().unwrap(), "1001"), order);
        assert_ne!(key.thing(&source, "erased-nonsense"), order);
    }
}
