//! Files to a running server, and what became of them.

use std::time::Duration;

use anyhow::{Context as _, bail};
use clove_core::Source;
use clove_server::imports::{ImportFile, ImportPlan};
use futures::stream::{self, StreamExt as _};
use reqwest::{Body, Client, Response};
use serde_json::Value;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use crate::UsageError;

/// How often to ask how far the server is.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// What separates the parts of the form; it cannot stand in a file by chance.
const BOUNDARY: &str = "clove-5c1f0a4e7b9d4c86-form-5c1f0a4e7b9d4c86";

/// Sends the files, waits until the server has taken them in, and returns what it says.
pub async fn send(server: &str, key: &str, source: &Source, plan: &ImportPlan) -> anyhow::Result<Value> {
    let server = server.trim_end_matches('/');
    let client = Client::builder().connect_timeout(Duration::from_secs(10)).build()?;
    let mut form: Vec<(String, Option<&ImportFile>)> = Vec::new();
    for file in &plan.files {
        if !std::path::Path::new(&file.place).is_file() {
            let detail = format!("'{}' is no file: name each file that the server is to get", file.name);
            return Err(UsageError(detail).into());
        }
        let name = file.name.rsplit(['/', '\\']).next().unwrap_or(&file.name).replace(['"', '\r', '\n'], "_");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            file.kind
        );
        form.push((head, Some(file)));
    }
    let options = &plan.options;
    let tags = options.wholesale_tags.as_ref().map(|tags| tags.join(","));
    let fields = [
        ("time_zone", Some(&options.time_zone).filter(|zone| !zone.is_empty())),
        ("currency", options.currency.as_ref()),
        ("date_order", options.date_order.as_ref()),
        ("map", options.map.as_ref()),
        ("wholesale_tags", tags.as_ref()),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}");
            form.push((head, None));
        }
    }
    let mut pieces = stream::empty().boxed();
    for (head, file) in form {
        let head = stream::iter([Ok(head.into_bytes().into())]);
        let end = stream::iter([Ok("\r\n".into())]);
        pieces = match file {
            Some(file) => {
                let opened = File::open(&file.place).await.with_context(|| format!("cannot read '{}'", file.name))?;
                pieces.chain(head).chain(ReaderStream::with_capacity(opened, 64 << 10)).chain(end).boxed()
            }
            None => pieces.chain(head).chain(end).boxed(),
        };
    }
    let pieces = pieces.chain(stream::iter([Ok(format!("--{BOUNDARY}--\r\n").into())]));
    let address = reqwest::Url::parse_with_params(&format!("{server}/api/v1/imports"), [("source", source.as_str())])
        .map_err(|error| UsageError(format!("'{server}' is no address: {error}")))?;
    let answer = client
        .post(address)
        .bearer_auth(key)
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::wrap_stream(pieces))
        .send()
        .await
        .with_context(|| format!("the server at {server} cannot be reached"))?;
    let mut body = json_of(answer).await?;
    loop {
        if ["done", "failed"].contains(&body["state"].as_str().unwrap_or("")) {
            return Ok(body);
        }
        tokio::time::sleep(ASK_EVERY).await;
        let id = body["id"].as_str().unwrap_or("").to_owned();
        let answer = client.get(format!("{server}/api/v1/imports/{id}")).bearer_auth(key).send().await;
        body =
            json_of(answer.with_context(|| {
                format!("the server at {server} went away; the import {id} goes on when it is back")
            })?)
            .await?;
    }
}

/// The body of an answer; a problem as an error.
async fn json_of(answer: Response) -> anyhow::Result<Value> {
    let status = answer.status();
    let text = answer.text().await.context("the server's answer broke off")?;
    let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if status.is_success() {
        return Ok(body);
    }
    match body["detail"].as_str() {
        Some(detail) => bail!("the server refused the files: {detail}"),
        None => bail!("the server answered {status}"),
    }
}
