//! Where bytes come from: paths, globs, folders, standard input, URLs; plain or gzip.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempPath;

use crate::error::ReadError;
use crate::remote::{self, Found, RemoteObject, StoreSettings};

/// Objects up to this size are copied to a temporary file before they are read; larger texts are read as they arrive.
const COPIED_BYTES: u64 = 64 << 20;

/// The first bytes of gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Names of files that a folder is searched for.
const EXTENSIONS: [&str; 12] =
    ["csv", "tsv", "txt", "tab", "xlsx", "xls", "ods", "jsonl", "ndjson", "json", "parquet", "gz"];

/// A file that can be opened several times (once to look at it, once to read it).
#[derive(Debug, Clone)]
pub struct Source {
    /// The file as people know it.
    pub name: String,
    place: Place,
    /// Size in bytes as stored.
    pub size: u64,
    /// Whether it is compressed with gzip.
    pub compressed: bool,
    /// Whether it was found in a folder or under a prefix, and not named itself.
    pub in_folder: bool,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    /// A copy that lives as long as it is needed.
    Copy(Arc<TempPath>),
    /// An object of a store, and its copy once there is one.
    Object(Arc<RemoteObject>, Arc<Mutex<Option<Arc<TempPath>>>>),
}

impl Source {
    /// One file by its path, `-` for standard input, or a URL.
    pub fn named(name: &str, settings: &StoreSettings) -> Result<Source, ReadError> {
        let mut found = Source::all_named(name, settings)?;
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => Err(ReadError::SeveralFiles(name.to_owned())),
        }
    }

    /// What a path, `-` or a URL leads to; URLs of object stores can be patterns and prefixes.
    fn all_named(name: &str, settings: &StoreSettings) -> Result<Vec<Source>, ReadError> {
        if name == "-" {
            return Ok(vec![Source::copy("standard input", &mut io::stdin().lock())?]);
        }
        if remote::is_remote(name) {
            return match remote::find(name, settings, &is_table_file)? {
                Found::Web(url) => Ok(vec![Source::copy(&remote::shown(&url), &mut remote::open_web(&url)?)?]),
                Found::Objects(objects) => {
                    let in_folder = |object: &RemoteObject| object.name != name && !name.contains('*');
                    let sources = objects
                        .into_iter()
                        .map(|object| Ok(Source { in_folder: in_folder(&object), ..Source::object(object)? }));
                    sources.collect()
                }
            };
        }
        let path = match name.split_once("://") {
            None => PathBuf::from(name),
            Some(("file", path)) => PathBuf::from(percent_decoded(path)),
            Some(_) => return Err(ReadError::Url(name.to_owned())),
        };
        Ok(vec![Source::at(name.to_owned(), Place::File(path))?])
    }

    /// Copies a stream to a temporary file, since the reader looks at a file before it reads it.
    pub fn copy(name: &str, input: &mut dyn Read) -> Result<Source, ReadError> {
        let copy = temporary_copy(input).map_err(|source| ReadError::Io { file: name.to_owned(), source })?;
        Source::at(name.to_owned(), Place::Copy(Arc::new(copy)))
    }

    fn object(object: RemoteObject) -> Result<Source, ReadError> {
        let compressed = object.head(2)? == GZIP;
        let (name, size) = (object.name.clone(), object.size);
        let place = Place::Object(Arc::new(object), Arc::default());
        Ok(Source { name, place, size, compressed, in_folder: false })
    }

    fn at(name: String, place: Place) -> Result<Source, ReadError> {
        let io_error = |source| ReadError::Io { file: name.clone(), source };
        let mut file = match &place {
            Place::File(path) => File::open(path),
            Place::Copy(path) => File::open(&**path),
            Place::Object(..) => Err(io::ErrorKind::Unsupported.into()),
        }
        .map_err(io_error)?;
        let size = file.metadata().map_err(io_error)?.len();
        let mut magic = [0; 2];
        let compressed = file.read(&mut magic).map_err(io_error)? == 2 && magic == GZIP;
        Ok(Source { name, place, size, compressed, in_folder: false })
    }

    /// Whether this is the file of a path or URL.
    pub fn is_at(&self, name: &str) -> bool {
        match &self.place {
            Place::File(path) => {
                let other = name.strip_prefix("file://").map_or_else(|| name.to_owned(), percent_decoded);
                path.canonicalize()
                    .ok()
                    .zip(Path::new(&other).canonicalize().ok())
                    .is_some_and(|(own, other)| own == other)
            }
            Place::Copy(_) | Place::Object(..) => self.name == name,
        }
    }

    /// The bytes from the start, decompressed.
    pub fn open(&self) -> Result<Box<dyn Read>, ReadError> {
        let stored: Box<dyn Read> = match &self.place {
            Place::Object(object, _) if self.size > COPIED_BYTES => object.open()?,
            _ => Box::new(self.open_file()?),
        };
        Ok(if self.compressed {
            Box::new(flate2::read::MultiGzDecoder::new(BufReader::with_capacity(1 << 17, stored)))
        } else {
            stored
        })
    }

    /// A file for readers that jump about; compressed ones are unpacked to a temporary file first.
    pub fn open_file(&self) -> Result<File, ReadError> {
        match &self.place {
            Place::File(path) => File::open(path),
            Place::Copy(path) => File::open(&**path),
            Place::Object(object, copy) => {
                let mut copy = copy.lock().unwrap_or_else(PoisonError::into_inner);
                let path = if let Some(path) = &*copy {
                    Arc::clone(path)
                } else {
                    let made = temporary_copy(&mut object.open()?).map_err(|source| self.io_error(source))?;
                    Arc::clone(copy.insert(Arc::new(made)))
                };
                File::open(&*path)
            }
        }
        .map_err(|source| self.io_error(source))
    }

    /// The same content without compression.
    pub fn unpacked(&self) -> Result<Source, ReadError> {
        if !self.compressed {
            return Ok(self.clone());
        }
        Source::copy(&self.name, &mut self.open()?)
    }

    /// The first bytes, at most `limit`.
    pub fn head(&self, limit: usize) -> Result<Vec<u8>, ReadError> {
        if let Place::Object(object, _) = &self.place
            && self.size > COPIED_BYTES
            && !self.compressed
        {
            return object.head(limit);
        }
        let expected = if self.compressed { 0 } else { usize::try_from(self.size).unwrap_or(limit).min(limit) };
        // One byte more, so that the end is found without asking for room again.
        let mut head = Vec::with_capacity(expected + 1);
        self.open()?.take(limit as u64).read_to_end(&mut head).map_err(|source| self.io_error(source))?;
        Ok(head)
    }

    /// An error of the operating system about this file.
    pub fn io_error(&self, source: io::Error) -> ReadError {
        if source.kind() == io::ErrorKind::InvalidData || source.kind() == io::ErrorKind::InvalidInput {
            return ReadError::Broken { file: self.name.clone(), kind: "gzip", message: source.to_string() };
        }
        ReadError::Io { file: self.name.clone(), source }
    }
}

/// All files that the given names lead to, in the order given and by name within a pattern or folder.
pub fn expand(names: &[String], settings: &StoreSettings) -> Result<Vec<Source>, ReadError> {
    if names.is_empty() {
        return Err(ReadError::NothingNamed);
    }
    let mut sources = Vec::new();
    for name in names {
        let path = Path::new(name);
        if path.is_dir() {
            let found = files_of_folder(path).map_err(|source| ReadError::Io { file: name.clone(), source })?;
            if found.is_empty() {
                return Err(ReadError::NoMatch(name.clone()));
            }
            for file in found {
                let found = Source::at(file.to_string_lossy().into_owned(), Place::File(file))?;
                sources.push(Source { in_folder: true, ..found });
            }
        } else if !path.exists() && name.contains(['*', '?', '[']) && !name.contains("://") {
            let pattern_error = |message: String| ReadError::Pattern { pattern: name.clone(), message };
            let mut matched = 0;
            for entry in glob::glob(name).map_err(|error| pattern_error(error.to_string()))? {
                let file = entry.map_err(|error| pattern_error(error.to_string()))?;
                if file.is_file() {
                    sources.push(Source::at(file.to_string_lossy().into_owned(), Place::File(file))?);
                    matched += 1;
                }
            }
            if matched == 0 {
                return Err(ReadError::NoMatch(name.clone()));
            }
        } else if name != "-" && !name.contains("://") && !path.exists() {
            return Err(ReadError::NoMatch(name.clone()));
        } else {
            sources.extend(Source::all_named(name, settings)?);
        }
    }
    Ok(sources)
}

fn files_of_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && path.to_str().is_some_and(is_table_file) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file in a folder is a table by its name; hidden ones and those of other programs (`_SUCCESS`, `~$x.xlsx`) are not.
fn is_table_file(name: &str) -> bool {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    !name.starts_with(['.', '_', '~']) && extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

fn temporary_copy(input: &mut dyn Read) -> io::Result<TempPath> {
    let mut copy = tempfile::NamedTempFile::new()?;
    io::copy(input, &mut copy)?;
    copy.flush()?;
    Ok(copy.into_temp_path())
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let code = (byte == b'%' && tail.len() >= 2)
            .then(|| std::str::from_utf8(&tail[..2]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        if let Some(code) = code {
            bytes.push(code);
            rest = &tail[2..];
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_folders_and_urls_lead_to_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "notes.md", "_a.csv", ".b.csv"] {
            std::fs::write(folder.path().join(name), "x\n1\n").unwrap();
        }
        let base = folder.path().to_str().unwrap();
        let names = |pattern: String| -> Vec<String> {
            expand(&[pattern], &StoreSettings::new())
                .unwrap()
                .into_iter()
                .map(|s| s.name.rsplit('/').next().unwrap().to_owned())
                .collect()
        };
        assert_eq!(names(format!("{base}/[ab].csv")), ["a.csv", "b.csv"]);
        assert_eq!(names(base.to_owned()), ["a.csv", "b.csv"]);
        assert_eq!(names(format!("file://{base}/a%2Ecsv")), ["a%2Ecsv"]);
        let refused = |names: &[String]| expand(names, &StoreSettings::new()).unwrap_err();
        assert!(matches!(refused(&[format!("{base}/none*.csv")]), ReadError::NoMatch(_)));
        assert!(matches!(refused(&["ftp://server/orders.csv".to_owned()]), ReadError::Url(_)));
        assert!(matches!(refused(&[]), ReadError::NothingNamed));
    }

    #[test]
    fn gzip_is_unpacked_on_the_way() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"customer,date\n").unwrap();
        let source = Source::copy("x.gz", &mut packed.finish().unwrap().as_slice()).unwrap();
        assert!(source.compressed);
        assert_eq!(source.head(100).unwrap(), b"customer,date\n");
    }
}
