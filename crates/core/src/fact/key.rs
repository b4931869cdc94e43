//! Keyed hashes: delivery keys, subjects of handles, suppression; and the partition of a subject.

use uuid::Uuid;

use super::{FactKind, Handle, Source};
use crate::ids::{FactId, SubjectId};

/// Number of partitions of the log. Fixed for the life of an installation.
pub const PARTITIONS: i64 = 64;

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
        format!("erased-{}", self.hash("erased external id", &[source.as_str(), external_id]).simple())
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
}
