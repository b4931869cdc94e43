//! Objects of S3, Google Cloud Storage and Azure, and files of web servers.
//!
//! Reading is blocking for the caller; the requests run on a thread of their own, so that it does not matter whether the
//! caller itself runs inside an asynchronous runtime.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::{self, Read};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::{BoxStream, StreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::client::{HttpConnector, HttpRequest, HttpRequestBody, ReqwestConnector};
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt, ObjectStoreScheme, RetryConfig,
};
use tokio::runtime::Runtime;
use url::Url;

use crate::error::ReadError;

/// Settings of object stores by the names of their environment variables.
pub type StoreSettings = BTreeMap<String, String>;

/// Schemes whose paths are raw keys, not percent-encoded ones.
const STORE_SCHEMES: [&str; 8] = ["s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss"];
/// Blocks of an object that wait to be read.
const BLOCKS_AHEAD: usize = 4;
/// A whole download may take this long.
const TRANSFER_TIME: Duration = Duration::from_hours(1);
/// A server that does not answer within this time is not there.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// The thread that moves bytes; it lives as long as the process.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("object-store").enable_all().build()
});

fn runtime() -> io::Result<&'static Runtime> {
    RUNTIME.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))
}

/// Waits for a future on a thread that is in no runtime.
fn wait<T: Send>(future: impl Future<Output = T> + Send) -> io::Result<T> {
    let runtime = runtime()?;
    std::thread::scope(|scope| scope.spawn(|| runtime.block_on(future)).join())
        .map_err(|_| io::Error::other("the request broke off"))
}

/// Whether a name is the URL of an object store or web server.
pub fn is_remote(name: &str) -> bool {
    scheme_of(name).is_some_and(|scheme| STORE_SCHEMES.contains(&scheme.as_str()) || is_web(&scheme))
}

fn scheme_of(name: &str) -> Option<String> {
    name.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase())
}

fn is_web(scheme: &str) -> bool {
    scheme == "http" || scheme == "https"
}

/// An object of a store, found.
#[derive(Debug, Clone)]
pub struct RemoteObject {
    /// Its URL as people know it.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    store: Arc<dyn ObjectStore>,
    path: Path,
    e_tag: Option<String>,
}

/// What a URL leads to.
#[derive(Debug)]
pub enum Found {
    /// Objects of a store, by name.
    Objects(Vec<RemoteObject>),
    /// A file on a web server.
    Web(Url),
}

/// What a URL leads to: one object, all objects that match a pattern (`*`), or all table files under a prefix.
pub fn find(name: &str, settings: &StoreSettings, is_table: &dyn Fn(&str) -> bool) -> Result<Found, ReadError> {
    let scheme = scheme_of(name).unwrap_or_default();
    let malformed = |reason: &str| remote_error(name, reason, "write for instance s3://bucket/folder/orders.csv");
    let raw_keys = STORE_SCHEMES.contains(&scheme.as_str());
    let star = name.find('*');
    // The part of the name that stands for itself.
    let literal = match star {
        None => name,
        Some(star) => &name[..=name[..star].rfind('/').unwrap_or(0)],
    };
    if star.is_some() && literal.matches('/').count() < 3 {
        return Err(malformed("a pattern can stand behind the bucket only"));
    }
    let url = parse(literal, raw_keys).map_err(|error| malformed(&error.to_string()))?;
    if !raw_keys {
        let known = ObjectStoreScheme::parse(&url);
        // A query is a signature of its own.
        if url.query().is_some() || !matches!(&known, Ok((store, _)) if *store != ObjectStoreScheme::Http) {
            if star.is_some() {
                return Err(remote_error(name, "a web server does not list its files", "name each file"));
            }
            return Ok(Found::Web(url));
        }
    }
    let (store, path) = open_store(&url, settings).map_err(|error| fault(name, &error))?;
    let objects = match star {
        Some(_) => matching(name, literal, &store, &path)?,
        None if path.as_ref().is_empty() || name.ends_with('/') => under(name, &store, &path, is_table)?,
        None => match wait_for(name, store.head(&path)) {
            Ok(meta) => vec![object(name.to_owned(), &store, meta)],
            Err(object_store::Error::NotFound { .. }) => under(name, &store, &path, is_table)?,
            Err(error) => return Err(fault(name, &error)),
        },
    };
    Ok(Found::Objects(objects))
}

/// Reads the settings' names and values into a URL's store; gives the store and the path in it.
fn open_store(url: &Url, settings: &StoreSettings) -> object_store::Result<(Arc<dyn ObjectStore>, Path)> {
    let (scheme, path) = ObjectStoreScheme::parse(url)?;
    let client = client_options(settings.values().any(|value| value.starts_with("http://")));
    let retry =
        RetryConfig { backoff: BackoffConfig::default(), max_retries: 3, retry_timeout: Duration::from_secs(30) };
    macro_rules! build {
        ($builder:ty) => {{
            let mut builder = <$builder>::new().with_client_options(client).with_retry(retry);
            for (name, value) in settings {
                if let Ok(key) = name.to_ascii_lowercase().parse() {
                    builder = builder.with_config(key, value);
                }
            }
            Arc::new(builder.with_url(url.to_string()).build()?)
        }};
    }
    let store: Arc<dyn ObjectStore> = match scheme {
        ObjectStoreScheme::AmazonS3 => build!(AmazonS3Builder),
        ObjectStoreScheme::GoogleCloudStorage => build!(GoogleCloudStorageBuilder),
        ObjectStoreScheme::MicrosoftAzure => build!(MicrosoftAzureBuilder),
        other => {
            return Err(object_store::Error::NotSupported { source: format!("{other:?} is no object store").into() });
        }
    };
    Ok((store, path))
}

fn client_options(allow_http: bool) -> ClientOptions {
    ClientOptions::new().with_allow_http(allow_http).with_connect_timeout(CONNECT_TIME).with_timeout(TRANSFER_TIME)
}

/// A URL whose path may hold raw keys with signs that mean something in URLs.
fn parse(name: &str, raw_keys: bool) -> Result<Url, url::ParseError> {
    if raw_keys {
        Url::parse(&name.replace('%', "%25").replace('#', "%23").replace('?', "%3F"))
    } else {
        Url::parse(name)
    }
}

fn object(name: String, store: &Arc<dyn ObjectStore>, meta: ObjectMeta) -> RemoteObject {
    RemoteObject { name, size: meta.size, store: Arc::clone(store), path: meta.location, e_tag: meta.e_tag }
}

fn wait_for<T: Send>(
    name: &str,
    request: impl Future<Output = object_store::Result<T>> + Send,
) -> object_store::Result<T> {
    wait(request).unwrap_or_else(|error| {
        Err(object_store::Error::Generic { store: "network", source: format!("{name}: {error}").into() })
    })
}

/// Objects that match a pattern; `*` stands for anything but a slash.
fn matching(
    name: &str,
    literal: &str,
    store: &Arc<dyn ObjectStore>,
    prefix: &Path,
) -> Result<Vec<RemoteObject>, ReadError> {
    let rest = &name[literal.len()..];
    let pattern = rest.split('*').map(glob::Pattern::escape).collect::<Vec<_>>().join("*");
    let pattern = glob::Pattern::new(&pattern)
        .map_err(|error| ReadError::Pattern { pattern: name.to_owned(), message: error.to_string() })?;
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    let listed = if rest.contains('/') {
        wait_for(name, store.list(Some(prefix)).try_collect::<Vec<_>>())
    } else {
        wait_for(name, store.list_with_delimiter(Some(prefix))).map(|list| list.objects)
    };
    let listed = listed.map_err(|error| fault(name, &error))?;
    let found = named_under(literal, prefix, listed, store)
        .into_iter()
        .filter(|object| pattern.matches_with(&object.name[literal.len()..], options))
        .collect::<Vec<_>>();
    if found.is_empty() {
        return Err(remote_error(name, "no object matches the pattern", "check the spelling; * stops at a slash"));
    }
    Ok(found)
}

/// Table files under a prefix, at any depth.
fn under(
    name: &str,
    store: &Arc<dyn ObjectStore>,
    prefix: &Path,
    is_table: &dyn Fn(&str) -> bool,
) -> Result<Vec<RemoteObject>, ReadError> {
    let listed =
        wait_for(name, store.list(Some(prefix)).try_collect::<Vec<_>>()).map_err(|error| fault(name, &error))?;
    let any = !listed.is_empty();
    let base = format!("{}/", name.trim_end_matches('/'));
    let found: Vec<RemoteObject> =
        named_under(&base, prefix, listed, store).into_iter().filter(|object| is_table(&object.name)).collect();
    match (found.is_empty(), any) {
        (false, _) => Ok(found),
        (true, true) => {
            Err(remote_error(name, "there is no table file under this prefix", "name the files themselves"))
        }
        (true, false) => Err(remote_error(
            name,
            "there is no such object, and nothing under it as a prefix",
            "check the spelling of bucket and key",
        )),
    }
}

/// Objects with the names that people would write for them, sorted.
fn named_under(base: &str, prefix: &Path, listed: Vec<ObjectMeta>, store: &Arc<dyn ObjectStore>) -> Vec<RemoteObject> {
    let mut objects: Vec<RemoteObject> = listed
        .into_iter()
        .filter(|meta| meta.size > 0)
        .map(|meta| {
            let key = meta.location.as_ref();
            let rest = key.strip_prefix(prefix.as_ref()).unwrap_or(key).trim_start_matches('/');
            object(format!("{base}{rest}"), store, meta.clone())
        })
        .collect();
    objects.sort_by(|a, b| a.name.cmp(&b.name));
    objects
}

impl RemoteObject {
    /// The bytes from the start, at most `limit`.
    pub fn head(&self, limit: usize) -> Result<Vec<u8>, ReadError> {
        let end = self.size.min(limit as u64);
        if end == 0 {
            return Ok(Vec::new());
        }
        let bytes = wait_for(&self.name, self.store.get_range(&self.path, 0..end));
        bytes.map(|bytes| bytes.to_vec()).map_err(|error| fault(&self.name, &error))
    }

    /// All bytes, as they arrive. If the object changes between looking at it and reading it, the reading fails.
    pub fn open(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        let options = GetOptions { if_match: self.e_tag.clone(), ..GetOptions::default() };
        let result = wait_for(&self.name, self.store.get_opts(&self.path, options))
            .map_err(|error| fault(&self.name, &error))?;
        download(result.into_stream().map_err(io::Error::from).boxed())
            .map_err(|source| ReadError::Io { file: self.name.clone(), source })
    }
}

/// The content of a file on a web server.
pub fn open_web(url: &Url) -> Result<Box<dyn Read + Send>, ReadError> {
    let name = shown(url);
    let network = |message: String| {
        remote_error(&name, &message, "check the address and the connection (proxies are taken from HTTPS_PROXY)")
    };
    let client =
        ReqwestConnector::default().connect(&client_options(true)).map_err(|error| network(last_cause(&error)))?;
    let mut request = HttpRequest::new(HttpRequestBody::empty());
    *request.uri_mut() = url.as_str().parse().map_err(|_| remote_error(&name, "no valid URL", "check the address"))?;
    let answer = wait(async move { client.execute(request).await })
        .map_err(|error| network(error.to_string()))?
        .map_err(|error| network(last_cause(&error)))?;
    let status = answer.status();
    if !status.is_success() {
        let remedy = match status.as_u16() {
            401 | 403 => "the server wants to know who asks: use a signed URL, or copy the file here first",
            404 | 410 => "check the spelling of the address",
            _ => "try again later, or copy the file here first",
        };
        return Err(remote_error(&name, &format!("the server answers {status}"), remedy));
    }
    download(answer.into_body().bytes_stream().map_err(io::Error::other).boxed())
        .map_err(|source| ReadError::Io { file: name, source })
}

/// A URL without its query, which may be a signature.
pub fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    shown.to_string()
}

/// A stream that is being read on the thread of requests.
struct Download {
    blocks: tokio::sync::mpsc::Receiver<io::Result<Bytes>>,
    block: Bytes,
}

fn download(mut stream: BoxStream<'static, io::Result<Bytes>>) -> io::Result<Box<dyn Read + Send>> {
    let (sender, blocks) = tokio::sync::mpsc::channel(BLOCKS_AHEAD);
    runtime()?.spawn(async move {
        while let Some(block) = stream.next().await {
            // Nobody reads on: the request ends here.
            if sender.send(block).await.is_err() {
                break;
            }
        }
    });
    Ok(Box::new(Download { blocks, block: Bytes::new() }))
}

impl Read for Download {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.block.is_empty() {
            match futures::executor::block_on(self.blocks.recv()) {
                Some(block) => self.block = block?,
                None => return Ok(0),
            }
        }
        let count = self.block.len().min(out.len());
        out[..count].copy_from_slice(&self.block.split_to(count));
        Ok(count)
    }
}

fn remote_error(name: &str, reason: &str, remedy: &str) -> ReadError {
    ReadError::Remote { url: name.to_owned(), reason: reason.to_owned(), remedy: remedy.to_owned() }
}

/// What the innermost error says: the outer ones repeat URLs and counts of attempts.
fn last_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// A store's error in words that help.
fn fault(name: &str, error: &object_store::Error) -> ReadError {
    let scheme = scheme_of(name).unwrap_or_default();
    let (credentials, place) = match scheme.as_str() {
        "gs" => ("GOOGLE_APPLICATION_CREDENTIALS (or GOOGLE_SERVICE_ACCOUNT)", "the bucket's name"),
        "az" | "azure" | "adl" | "abfs" | "abfss" => (
            "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY (or AZURE_STORAGE_SAS_KEY)",
            "the container's name and AZURE_STORAGE_ACCOUNT_NAME",
        ),
        _ => (
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_SKIP_SIGNATURE=true for public data)",
            "the bucket's name, AWS_REGION and, for other stores than Amazon's, AWS_ENDPOINT_URL",
        ),
    };
    let chain = error.to_string();
    let asks_machine = ["169.254.169.254", "metadata.google.internal", "metadata/identity"];
    let (reason, remedy) = match error {
        _ if chain.contains("NoSuchBucket") || chain.contains("ContainerNotFound") => {
            ("there is no such bucket".to_owned(), format!("check {place}"))
        }
        object_store::Error::NotFound { .. } => (
            "there is no such object".to_owned(),
            "check the spelling; * matches several, a name ending in / all below".to_owned(),
        ),
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => (
            "the store denies access".to_owned(),
            format!("set {credentials} to keys that may read it, and check {place}"),
        ),
        object_store::Error::Precondition { .. } => {
            ("the object changed while it was read".to_owned(), "read it again".to_owned())
        }
        _ if asks_machine.iter().any(|address| chain.contains(address)) => {
            ("no credentials are set, and this machine has none of its own".to_owned(), format!("set {credentials}"))
        }
        _ => (last_cause(error), format!("check {place} and {credentials}")),
    };
    ReadError::Remote { url: name.to_owned(), reason, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_stores_and_servers_are_known() {
        for name in ["s3://b/k.csv", "gs://b/k", "az://c/k", "abfss://c@a.dfs.core.windows.net/k", "HTTPS://x.org/k"] {
            assert!(is_remote(name), "{name}");
        }
        for name in ["file:///x.csv", "orders.csv", "ftp://x.org/k", "C:\\x.csv"] {
            assert!(!is_remote(name), "{name}");
        }
    }

    #[test]
    fn raw_keys_may_hold_any_sign_and_signatures_are_not_shown() {
        let url = parse("s3://bucket/My #1 orders?50%.csv", true).unwrap();
        let (_, path) = ObjectStoreScheme::parse(&url).unwrap();
        assert_eq!(path.as_ref(), "My #1 orders?50%.csv");
        let url = parse("https://x.org/a.csv?signature=secret", false).unwrap();
        assert_eq!(shown(&url), "https://x.org/a.csv");
    }

    #[test]
    fn an_object_is_read_as_it_arrives_unless_it_changes() {
        let store: Arc<dyn ObjectStore> = Arc::new(object_store::memory::InMemory::new());
        let path = Path::from("orders.csv");
        let content: Vec<u8> = (0..3_000_000_u32).map(|index| (index % 251) as u8).collect();
        wait(store.put(&path, content.clone().into())).unwrap().unwrap();
        let meta = wait(store.head(&path)).unwrap().unwrap();
        let found = object("memory".to_owned(), &store, meta);
        assert_eq!(found.head(5).unwrap(), content[..5]);
        let mut read = Vec::new();
        found.open().unwrap().read_to_end(&mut read).unwrap();
        assert!(read == content);
        wait(store.put(&path, "other".into())).unwrap().unwrap();
        let changed = found.open().map(|_| ()).unwrap_err().to_string();
        assert!(changed.contains("changed"), "{changed}");
    }

    #[test]
    fn a_pattern_needs_a_bucket_and_a_listing() {
        let settings = StoreSettings::new();
        let message = |name: &str| find(name, &settings, &|_| true).unwrap_err().to_string();
        assert!(message("s3://buck*/orders.csv").contains("behind the bucket"));
        assert!(message("https://x.org/orders*.csv").contains("does not list"));
    }
}
