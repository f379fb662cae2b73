//! The map: everything that can be asked, and what every question passes through.

mod alias;
mod document;

use std::any::Any;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt as _;
use tower::Layer as _;
use tower::util::{MapRequest, MapRequestLayer};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};

use crate::error::ApiError;
use crate::{App, guard, headers, metrics, requests, ui};

pub use document::document;

/// A body is no larger, except where a route says so.
const BODY_BYTES: usize = 2 * 1024 * 1024;
/// Streams end when they notice; a server that stops waits so long for them.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// The whole service. A path with a slash at its end is the path without; that is settled before anything else looks
/// at it, so that no two parts see different paths.
pub fn service(app: App) -> NormalizePath<MapRequest<Router, Settle>> {
    let settle: Settle = alias::settle;
    NormalizePathLayer::trim_trailing_slash().layer(MapRequestLayer::new(settle).layer(router(app)))
}

/// What brings other spellings of a path to the one of its route.
type Settle = fn(Request) -> Request;

/// The same without that. From the last layer to the first: what stands below is passed through earlier.
fn router(app: App) -> Router {
    let (router, _) = document::split();
    router
        .fallback(ui::answer)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), headers::check_host))
        .layer(from_fn(headers::add))
        .layer(from_fn_with_state(app.clone(), metrics::count))
        .layer(from_fn(requests::give_id))
        .with_state(app)
}

#[cfg(not(panic = "unwind"))]
compile_error!("a panic in one request must not end the server: build it with `panic = \"unwind\"`");

fn panicked(_: Box<dyn Any + Send>) -> Response {
    ApiError::panicked().into_response()
}

/// Answers until the listener fails.
///
/// # Errors
/// When no connection can be accepted any more.
pub async fn serve(listener: tokio::net::TcpListener, app: App) -> std::io::Result<()> {
    serve_until(listener, app, std::future::pending()).await
}

/// Answers until it is told to stop; then takes no more connections, and gives those that there are a moment.
///
/// # Errors
/// When no connection can be accepted any more.
pub async fn serve_until(
    listener: tokio::net::TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // Small pieces of a stream are wanted now. A socket that cannot do it is a slow one, not a broken one.
    let listener = listener.tap_io(|socket| drop(socket.set_nodelay(true)));
    let (tell, told) = tokio::sync::oneshot::channel::<()>();
    let stop = async move {
        stop.await;
        drop(tell);
    };
    let service = service(app);
    let make = axum::ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    let serving = axum::serve(listener, make).with_graceful_shutdown(stop);
    tokio::select! {
        ended = serving.into_future() => ended,
        () = async {
            let _ = told.await; // Dropping is telling.
            tokio::time::sleep(LAST_WORDS).await;
        } => Ok(()),
    }
}
