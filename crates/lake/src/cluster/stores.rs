//! Object stores by their URLs, on the client and on every node of a cluster.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::common::{DataFusionError, Result};
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use object_store::ObjectStore;
use url::Url;

/// Settings of object stores by the names of their environment variables.
pub type StoreSettings = BTreeMap<String, String>;

/// Opens a store when its URL is met for the first time. Each node uses its own settings: no secret travels with a query.
pub(super) struct Stores {
    files: DefaultObjectStoreRegistry,
    settings: StoreSettings,
    open: Mutex<HashMap<String, Arc<dyn ObjectStore>>>,
}

impl Stores {
    pub(super) fn new(settings: &StoreSettings) -> Stores {
        let mut known: StoreSettings =
            settings.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        if settings.values().any(|value| value.starts_with("http://")) {
            known.insert("allow_http".to_owned(), "true".to_owned());
        }
        Stores { files: DefaultObjectStoreRegistry::new(), settings: known, open: Mutex::default() }
    }
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Settings hold secrets.
        f.debug_struct("Stores").finish_non_exhaustive()
    }
}

impl ObjectStoreRegistry for Stores {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        self.files.register_store(url, store)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        if url.scheme() == "file" {
            return self.files.get_store(url);
        }
        let key = format!("{}://{}", url.scheme(), url.authority());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = open.get(&key) {
            return Ok(Arc::clone(store));
        }
        let (store, _) = object_store::parse_url_opts(url, &self.settings)
            .map_err(|error| DataFusionError::ObjectStore(Box::new(error)))?;
        let store: Arc<dyn ObjectStore> = Arc::from(store);
        open.insert(key, Arc::clone(&store));
        Ok(store)
    }
}

/// What queries run in: memory, temporary files, object stores.
pub(super) fn surroundings(settings: &StoreSettings, temporary: Option<&std::path::Path>) -> Result<Arc<RuntimeEnv>> {
    let builder = RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(Stores::new(settings)));
    let builder = match temporary {
        Some(folder) => builder.with_temp_file_path(folder),
        None => builder,
    };
    builder.build_arc()
}
