//! Ids: UUIDv7 with a type and, as text, a prefix each (`fct_...`, `sub_...`).

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::clock::Micros;

/// A text that is not an id of the type asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is not an id of the form {prefix}_<32 hexadecimal digits>")]
pub struct IdError {
    text: String,
    prefix: &'static str,
}

macro_rules! id {
    ($(#[$docs:meta])* $name:ident, $prefix:literal) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(|digits| Uuid::try_parse(digits).ok())
                    .map($name)
                    .ok_or_else(|| IdError { text: text.to_owned(), prefix: $prefix })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    };
}

id!(
    /// A fact of the log.
    FactId, "fct"
);
id!(
    /// The profile that a fact was taken in under. Never changes; which person it belongs to is a projection.
    SubjectId, "sub"
);
id!(
    /// A person: one or more subjects joined by identity.
    PersonId, "per"
);
id!(
    /// A job or timer.
    JobId, "job"
);
id!(
    /// A person who signs in to Clove.
    UserId, "usr"
);
id!(
    /// An entry of the audit log.
    AuditId, "aud"
);
id!(
    /// A record kept apart because it makes no sense.
    QuarantineId, "qua"
);
id!(
    /// A delivery of a webhook that was kept as it came.
    DeliveryId, "dlv"
);
id!(
    /// A file taken in.
    ImportId, "imp"
);
id!(
    /// A segment that somebody saved.
    SegmentId, "seg"
);

/// Makes UUIDv7 ids from a moment and a seeded stream of random bits. The same seed and the same calls give the same ids.
#[derive(Debug)]
pub struct IdGenerator {
    stream: Mutex<blake3::OutputReader>,
}

impl IdGenerator {
    /// A generator over the random stream of a seed. A program takes the seed from the system's randomness once.
    pub fn new(seed: [u8; 32]) -> IdGenerator {
        let stream = blake3::Hasher::new_keyed(&seed).update(b"clove ids").finalize_xof();
        IdGenerator { stream: Mutex::new(stream) }
    }

    /// The next id, ordered by the millisecond of `at`, random within it.
    pub fn uuid(&self, at: Micros) -> Uuid {
        let mut random = [0_u8; 10];
        self.fill(&mut random);
        let milliseconds = u64::try_from(at / 1_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }

    /// Random bytes, for secrets.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.stream.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_7_ordered_by_time_and_repeatable() {
        let make = || IdGenerator::new([7; 32]);
        let (first, second) = (make(), make());
        let ids: Vec<Uuid> = (0..100).map(|i| first.uuid(1_700_000_000_000_000 + i * 1_000)).collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| id.get_version_num() == 7));
        assert_eq!(ids[0], second.uuid(1_700_000_000_000_000));
        let id = FactId(ids[5]);
        assert_eq!(id.to_string().parse::<FactId>().unwrap(), id);
        assert!(id.to_string().parse::<SubjectId>().is_err());
    }
}
