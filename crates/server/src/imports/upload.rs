//! Files on their way to the disk: never in memory whole.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use clove_http::{Problem, ProblemCode};
use futures::{Stream, StreamExt as _};
use tokio::io::AsyncWriteExt as _;

use super::plan::{ImportFile, ImportPlan};

/// Bytes of an import at most.
const LARGEST_IMPORT: u64 = 20 << 30;
/// Bytes of a field that is no file.
const LARGEST_FIELD: u64 = 1 << 20;
/// Files of an import at most.
const MOST_FILES: usize = 100;
/// How long to wait for the next piece.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// Where uploads lie, and how much has come.
pub(super) struct Upload {
    folder: PathBuf,
    bytes: u64,
    /// The files and options that came.
    pub plan: ImportPlan,
}

impl Upload {
    /// Makes the folder.
    pub async fn begin(folder: PathBuf) -> Result<Upload, Problem> {
        tokio::fs::create_dir_all(&folder).await.map_err(|error| unwritable(&error))?;
        Ok(Upload { folder, bytes: 0, plan: ImportPlan::default() })
    }

    /// Takes a body that is one file.
    pub async fn take_body(&mut self, kind: &str, name: &str, body: Body) -> Result<(), Problem> {
        self.take_file(kind, name, body.into_data_stream()).await
    }

    /// Takes a form: files by their kind, and fields of options.
    pub async fn take_form(&mut self, headers: &HeaderMap, body: Body) -> Result<(), Problem> {
        let malformed =
            |error: multer::Error| Problem::new(ProblemCode::InvalidBody, format!("the form cannot be read: {error}"));
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
        let mut form = multer::Multipart::new(body.into_data_stream(), boundary);
        while let Some(field) = form.next_field().await.map_err(malformed)? {
            let key = field.name().unwrap_or("").to_owned();
            let kind = if key == "file" { "orders" } else { key.as_str() };
            if ImportFile::KINDS.contains(&kind) {
                let name = field.file_name().unwrap_or(kind).to_owned();
                self.take_file(kind, &name, field).await?;
                continue;
            }
            let text = text_of(field).await?;
            let options = &mut self.plan.options;
            match key.as_str() {
                "time_zone" => options.time_zone = text,
                "currency" => options.currency = Some(text),
                "date_order" => options.date_order = Some(text),
                "map" => options.map = Some(text),
                "wholesale_tags" => {
                    options.wholesale_tags = Some(text.split(',').map(|tag| tag.trim().to_owned()).collect());
                }
                _ => {
                    let detail = format!(
                        "the form's field '{key}' is not known; there are {}, time_zone, currency, date_order, map, wholesale_tags",
                        ImportFile::KINDS.join(", ")
                    );
                    return Err(Problem::new(ProblemCode::InvalidBody, detail));
                }
            }
        }
        Ok(())
    }

    async fn take_file<E: std::fmt::Display>(
        &mut self,
        kind: &str,
        name: &str,
        mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<(), Problem> {
        if self.plan.files.len() >= MOST_FILES {
            return Err(Problem::new(ProblemCode::TooLarge, format!("an import has {MOST_FILES} files at most")));
        }
        let name = plain_name(name);
        let place = self.folder.join(format!("{}-{name}", self.plan.files.len() + 1));
        let mut file = tokio::fs::File::create(&place).await.map_err(|error| unwritable(&error))?;
        let before = self.bytes;
        loop {
            let next = tokio::time::timeout(LONGEST_SILENCE, pieces.next()).await.map_err(|_| {
                let detail = format!("nothing came for {} s; send the file again", LONGEST_SILENCE.as_secs());
                Problem::new(ProblemCode::InvalidBody, detail)
            })?;
            let Some(piece) = next else { break };
            let piece = piece.map_err(|error| {
                Problem::new(ProblemCode::InvalidBody, format!("the body broke off: {error}; send the file again"))
            })?;
            self.bytes += piece.len() as u64;
            if self.bytes > LARGEST_IMPORT {
                return Err(Problem::new(
                    ProblemCode::TooLarge,
                    format!("an import has {} GiB at most", LARGEST_IMPORT >> 30),
                ));
            }
            file.write_all(&piece).await.map_err(|error| unwritable(&error))?;
        }
        file.sync_all().await.map_err(|error| unwritable(&error))?;
        let bytes = self.bytes - before;
        let place = place.display().to_string();
        self.plan.files.push(ImportFile { kind: kind.to_owned(), name, place, bytes });
        Ok(())
    }

    /// Makes the names of the files durable, too.
    pub async fn finish(self) -> Result<ImportPlan, Problem> {
        sync_folder(&self.folder).await?;
        if let Some(parent) = self.folder.parent() {
            sync_folder(parent).await?;
        }
        Ok(self.plan)
    }
}

async fn sync_folder(folder: &Path) -> Result<(), Problem> {
    let opened = tokio::fs::File::open(folder).await.map_err(|error| unwritable(&error))?;
    opened.sync_all().await.map_err(|error| unwritable(&error))
}

async fn text_of(mut field: multer::Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    loop {
        let piece = field.chunk().await;
        let piece =
            piece.map_err(|error| Problem::new(ProblemCode::InvalidBody, format!("the form broke off: {error}")))?;
        let Some(piece) = piece else { break };
        if (bytes.len() + piece.len()) as u64 > LARGEST_FIELD {
            return Err(Problem::new(ProblemCode::TooLarge, "a field that is no file has 1 MiB at most"));
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| Problem::new(ProblemCode::InvalidBody, "a field of the form is no UTF-8 text"))
}

/// The last part of a name, without anything that means something to a file system.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain: String = last
        .chars()
        .map(|letter| if letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | ' ') { letter } else { '_' })
        .take(100)
        .collect();
    let plain = plain.trim().trim_start_matches('.').to_owned();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

fn unwritable(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "an upload could not be written");
    Problem::new(ProblemCode::Unavailable, "the file could not be written to the server's disk").retry_after(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within_their_folder() {
        for (name, plain) in [
            ("orders.csv", "orders.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Ordini\\ordini 2026.csv", "ordini 2026.csv"),
            ("..", "file"),
            ("a\0b\n.csv", "a_b_.csv"),
            ("طلبات.csv", "طلبات.csv"),
        ] {
            assert_eq!(plain_name(name), plain);
        }
    }
}
