//! A shop's orders from a running server, over HTTP.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clove_measure::live::{Assembling, LoadedShop};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

use crate::{DataError, UsageError, output};

/// How long the connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the server may say nothing: it may have to handle first what it accepted.
const SILENCE: Duration = Duration::from_mins(1);

/// How often to ask a server that is busy.
const ATTEMPTS: u32 = 10;
/// How long to wait in between.
const PAUSE: Duration = Duration::from_secs(2);

/// How to come by a key, whether or not the server may be stopped.
const MAKE_A_KEY: &str = "an admin makes one with `POST /api/v1/keys`, or, while the server is stopped, \
    `clove keys create --name NAME --scope read --data FOLDER`";

/// Reads the shop of the server at this address, with a key that may read.
pub fn load(server: &str, key: &str) -> anyhow::Result<LoadedShop> {
    let server = server.trim_end_matches('/');
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("the command cannot start")?;
    runtime.block_on(async {
        let address = reqwest::Url::parse(&format!("{server}/api/v1/shop-data"))
            .map_err(|error| UsageError(format!("'{server}' is no address: {error}")))?;
        // A redirect would have to carry the key to another address, which it must not: it is said instead.
        let client = Client::builder().connect_timeout(CONNECT).read_timeout(SILENCE).redirect(Policy::none()).build()?;
        for attempt in 1..=ATTEMPTS {
            let answer = client.get(address.clone()).bearer_auth(key).send().await.map_err(|error| {
                let detail = output::sentence(&anyhow::Error::from(error));
                anyhow!("the server at {server} cannot be reached ({detail}): does `clove serve` run there, and is the port right?")
            })?;
            // It waits for a while until what it accepted is handled: a large import takes longer.
            match answer.status() {
                StatusCode::OK if gives_lines(&answer) => return read(server, answer).await,
                StatusCode::OK => return Err(not_ours(server).into()),
                status if status.is_redirection() => return Err(elsewhere(server, &answer).into()),
                StatusCode::SERVICE_UNAVAILABLE if attempt < ATTEMPTS => {
                    output::note("the server is still busy with what it accepted; waiting for it");
                    tokio::time::sleep(PAUSE).await;
                }
                _ => return Err(refusal(server, answer).await),
            }
        }
        Err(anyhow!("the server at {server} stays busy"))
    })
}

/// Puts the lines of an answer together as they come.
async fn read(server: &str, mut answer: Response) -> anyhow::Result<LoadedShop> {
    let style = ProgressStyle::with_template("{spinner} {bytes} of {prefix}, {msg} orders");
    let bar = ProgressBar::no_length().with_prefix(server.to_owned()).with_message("no");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    let mut assembling = Assembling::lines();
    let mut pending: Vec<u8> = Vec::new();
    while let Some(bytes) =
        answer.chunk().await.with_context(|| format!("the answer of {server} broke off; ask again"))?
    {
        bar.inc(bytes.len() as u64);
        let mut rest = &bytes[..];
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            pending.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
            let line = std::str::from_utf8(&pending).map_err(|_| not_ours(server))?;
            let orders = assembling.line(line).map_err(|error| DataError(format!("{server}: {error}")))?;
            bar.set_message(output::thousands(orders as i64));
            pending.clear();
        }
        pending.extend_from_slice(rest);
    }
    bar.finish_and_clear();
    assembling.finish().map_err(|error| DataError(format!("{server}: {error}")).into())
}

/// Whether the answer is a shop's data rather than, say, the page of another program.
fn gives_lines(answer: &Response) -> bool {
    answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-ndjson"))
}

/// Where the server is, if not here.
fn elsewhere(server: &str, answer: &Response) -> DataError {
    let place = answer.headers().get(LOCATION).and_then(|place| answer.url().join(place.to_str().ok()?).ok());
    let place = place.map_or_else(String::new, |mut place| {
        let path = place.path().trim_end_matches("/api/v1/shop-data").to_owned();
        place.set_path(&path);
        format!(" {}", place.as_str().trim_end_matches('/'))
    });
    DataError(format!("{server} sends callers elsewhere; name that address:{place}"))
}

/// Why a server gave nothing, and what to do.
async fn refusal(server: &str, answer: Response) -> anyhow::Error {
    let status = answer.status();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap_or_default()).unwrap_or(Value::Null);
    let (code, detail) = (body["code"].as_str(), body["detail"].as_str().unwrap_or(""));
    match (status, code) {
        (StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT, None) => {
            anyhow!("what stands before the server at {server} answered {status}: does `clove serve` run behind it?")
        }
        (_, None) => not_ours(server).into(),
        (StatusCode::UNAUTHORIZED, _) => {
            anyhow!("the server at {server} does not know this key: {MAKE_A_KEY}")
        }
        (StatusCode::FORBIDDEN, _) => {
            anyhow!("this key may not read ({detail}): {MAKE_A_KEY}")
        }
        (StatusCode::NOT_FOUND, _) => DataError(format!(
            "the server at {server} is an older version of Clove, which does not give its data over HTTP"
        ))
        .into(),
        _ => anyhow!("the server at {server} answered {status}: {detail}"),
    }
}

fn not_ours(server: &str) -> DataError {
    DataError(format!("what answers at {server} is no server of Clove; name the address that `clove serve` printed"))
}
