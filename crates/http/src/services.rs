//! What every endpoint may use.

use std::sync::Arc;

use clove_store::{Db, FactWriter};

use crate::access::KeyRing;

/// The state of the server that endpoints share.
pub struct Services {
    /// The database.
    pub db: Db,
    /// Where facts are handed in.
    pub writer: FactWriter,
    /// The keys of callers.
    pub keys: KeyRing,
}

/// How endpoints hold it.
pub type State = Arc<Services>;
