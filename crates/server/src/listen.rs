//! Connections: accepted, limited in number, and given up when their other end is too slow.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use clove_http::client::Peer;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// Connections at the same time. More wait to be accepted.
    pub connections: usize,
    /// How long the head of a request may take, from the first moment the connection is idle: also how long an idle
    /// connection is kept.
    pub head: Duration,
    /// Bytes of a request's head at most.
    pub head_bytes: usize,
    /// Header lines at most.
    pub header_lines: usize,
}

impl Default for ConnectionLimits {
    fn default() -> ConnectionLimits {
        ConnectionLimits { connections: 4_096, head: Duration::from_secs(20), head_bytes: 64 << 10, header_lines: 100 }
    }
}

/// When to end connections.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endings {
    /// No more requests; what is under way is answered.
    pub stop: CancellationToken,
    /// Nothing more is answered: for clients that do not read what they asked for.
    pub cut: CancellationToken,
}

/// Answers connections with `app` until it is to stop, then waits until those that are open have got their answers or are cut.
pub(crate) async fn serve(listener: TcpListener, app: Router, limits: ConnectionLimits, endings: Endings) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let open = TaskTracker::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = endings.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connection(stream, Peer(peer), app.clone(), limits, endings.clone());
                open.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Too many open files, or a connection that broke before it was accepted: others may still come.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    open.close();
    open.wait().await;
}

async fn connection(stream: TcpStream, peer: Peer, app: Router, limits: ConnectionLimits, endings: Endings) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays slow");
    }
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        let app = app.clone();
        async move { Ok::<_, Infallible>(answer(app, request.map(Body::new)).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_bytes)
        .max_headers(limits.header_lines)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    // Clients go away in the middle of things; that is theirs to do.
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            () = endings.cut.cancelled() => return,
            () = endings.stop.cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

async fn answer(app: Router, request: Request<Body>) -> axum::response::Response {
    match app.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
