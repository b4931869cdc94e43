//! Where bytes come from: paths, globs, folders, standard input, URLs; plain or gzip.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use crate::error::ReadError;

/// Names of files that a folder is searched for.
const EXTENSIONS: [&str; 12] =
    ["csv", "tsv", "txt", "tab", "xlsx", "xls", "ods", "jsonl", "ndjson", "json", "parquet", "gz"];

/// A file that can be opened several times (once to look at it, once to read it).
#[derive(Debug, Clone)]
pub struct Source {
    /// The file as people know it.
    pub name: String,
    path: PathBuf,
    /// Keeps a copy of standard input alive while it is needed.
    _spooled: Option<Arc<TempPath>>,
    /// Size in bytes as stored.
    pub size: u64,
    /// Whether it is compressed with gzip.
    pub compressed: bool,
}

impl Source {
    /// A file by its path, `-` for standard input, or a `file://` URL.
    pub fn named(name: &str) -> Result<Source, ReadError> {
        if name == "-" {
            return Source::spool("standard input", &mut io::stdin().lock());
        }
        let path = match name.split_once("://") {
            None => PathBuf::from(name),
            Some(("file", path)) => PathBuf::from(percent_decoded(path)),
            Some(_) => return Err(ReadError::Url(name.to_owned())),
        };
        Source::at(name.to_owned(), path, None)
    }

    /// Copies a stream to a temporary file, since the reader looks at a file before it reads it.
    pub fn spool(name: &str, input: &mut dyn Read) -> Result<Source, ReadError> {
        let io_error = |source| ReadError::Io { file: name.to_owned(), source };
        let mut copy = tempfile::NamedTempFile::new().map_err(io_error)?;
        io::copy(input, &mut copy).map_err(io_error)?;
        copy.flush().map_err(io_error)?;
        let path = copy.into_temp_path();
        let location = path.to_path_buf();
        Source::at(name.to_owned(), location, Some(Arc::new(path)))
    }

    fn at(name: String, path: PathBuf, spooled: Option<Arc<TempPath>>) -> Result<Source, ReadError> {
        let io_error = |source| ReadError::Io { file: name.clone(), source };
        let mut file = File::open(&path).map_err(io_error)?;
        let size = file.metadata().map_err(io_error)?.len();
        let mut magic = [0; 2];
        let compressed = file.read(&mut magic).map_err(io_error)? == 2 && magic == [0x1f, 0x8b];
        Ok(Source { name, path, _spooled: spooled, size, compressed })
    }

    /// The bytes from the start, decompressed.
    pub fn open(&self) -> Result<Box<dyn Read>, ReadError> {
        let file = self.open_file()?;
        Ok(if self.compressed {
            Box::new(flate2::read::MultiGzDecoder::new(BufReader::with_capacity(1 << 17, file)))
        } else {
            Box::new(file)
        })
    }

    /// A file for readers that jump about; compressed ones are unpacked to a temporary file first.
    pub fn open_file(&self) -> Result<File, ReadError> {
        File::open(&self.path).map_err(|source| self.io_error(source))
    }

    /// The same content without compression.
    pub fn unpacked(&self) -> Result<Source, ReadError> {
        if !self.compressed {
            return Ok(self.clone());
        }
        Source::spool(&self.name, &mut self.open()?)
    }

    /// The first bytes, at most `limit`.
    pub fn head(&self, limit: usize) -> Result<Vec<u8>, ReadError> {
        let mut head = Vec::new();
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
pub fn expand(names: &[String]) -> Result<Vec<Source>, ReadError> {
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
                sources.push(Source::named(&file.to_string_lossy())?);
            }
        } else if !path.exists() && name.contains(['*', '?', '[']) && !name.contains("://") {
            let pattern_error = |message: String| ReadError::Pattern { pattern: name.clone(), message };
            let mut matched = 0;
            for entry in glob::glob(name).map_err(|error| pattern_error(error.to_string()))? {
                let file = entry.map_err(|error| pattern_error(error.to_string()))?;
                if file.is_file() {
                    sources.push(Source::named(&file.to_string_lossy())?);
                    matched += 1;
                }
            }
            if matched == 0 {
                return Err(ReadError::NoMatch(name.clone()));
            }
        } else if name != "-" && !name.contains("://") && !path.exists() {
            return Err(ReadError::NoMatch(name.clone()));
        } else {
            sources.push(Source::named(name)?);
        }
    }
    Ok(sources)
}

fn files_of_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let known = path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()));
        if known && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
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
        for name in ["b.csv", "a.csv", "notes.md"] {
            std::fs::write(folder.path().join(name), "x\n1\n").unwrap();
        }
        let base = folder.path().to_str().unwrap();
        let names = |pattern: String| -> Vec<String> {
            expand(&[pattern]).unwrap().into_iter().map(|s| s.name.rsplit('/').next().unwrap().to_owned()).collect()
        };
        assert_eq!(names(format!("{base}/*.csv")), ["a.csv", "b.csv"]);
        assert_eq!(names(base.to_owned()), ["a.csv", "b.csv"]);
        assert_eq!(names(format!("file://{base}/a%2Ecsv")), ["a%2Ecsv"]);
        assert!(matches!(expand(&[format!("{base}/none*.csv")]), Err(ReadError::NoMatch(_))));
        assert!(matches!(expand(&["s3://bucket/orders.csv".to_owned()]), Err(ReadError::Url(_))));
        assert!(matches!(expand(&[]), Err(ReadError::NothingNamed)));
    }

    #[test]
    fn gzip_is_unpacked_on_the_way() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"customer,date\n").unwrap();
        let source = Source::spool("x.gz", &mut packed.finish().unwrap().as_slice()).unwrap();
        assert!(source.compressed);
        assert_eq!(source.head(100).unwrap(), b"customer,date\n");
    }
}
