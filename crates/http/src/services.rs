//! What every endpoint may use.

use std::path::PathBuf;
use std::sync::Arc;

use clove_store::{Db, FactWriter};

use crate::access::KeyRing;
use crate::client::Network;
use crate::rate::RateLimits;
use crate::sources::SourceRegistry;

/// The state of the server that endpoints share.
pub struct Services {
    /// The database.
    pub db: Db,
    /// Where facts are handed in.
    pub writer: FactWriter,
    /// The keys of callers.
    pub keys: KeyRing,
    /// What is settled about the systems that facts come from.
    pub sources: SourceRegistry,
    /// The folder that uploaded files lie in until they are taken in.
    pub files: PathBuf,
    /// Proxies whose word about clients is believed.
    pub trusted_proxies: Vec<Network>,
    /// How many requests callers may make.
    pub limits: RateLimits,
    /// The folder of the lake's files, if there is a lake.
    pub lake: Option<PathBuf>,
}

/// How endpoints hold it.
pub type State = Arc<Services>;
