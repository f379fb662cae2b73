//! WebSockets: who may open one, and how it is known to live. A browser sends its cookie along with every page's sockets, and
//! asks nobody; so where a cookie opens it, the page must be ours.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::http::{HeaderMap, Method};

use crate::App;
use crate::access::{Action, Actor, Via};
use crate::api::auth::{must_be_ours, must_not_be_anothers, who};
use crate::error::ApiResult;

/// Something is sent at least so often, so that nobody in between takes the connection for dead; and as often it is looked
/// whether who opened it may still have it.
const PING: Duration = Duration::from_secs(15);

/// A message of a client is no longer, in bytes.
pub(crate) const LARGEST: usize = 1024 * 1024;

/// The code of a socket that is closed because its session has ended.
const SIGNED_OUT: u16 = 4401;

/// Whether this page, or this program, may open a socket.
///
/// # Errors
/// 403 when a browser says that it is another site's page.
pub(crate) fn check_origin(headers: &HeaderMap, actor: &Actor) -> ApiResult<()> {
    match actor.via {
        Via::Session(_) => must_be_ours(headers),
        Via::Token { .. } => must_not_be_anothers(headers),
    }
}

/// How often it is pinged, and looked whether who opened it may still have it.
pub(crate) fn every(app: &App) -> Duration {
    app.config().look_again.unwrap_or(PING)
}

/// Whether the session, or the token, that opened it is still there, and may still do what it was opened for.
pub(crate) async fn still_may(app: &App, headers: &HeaderMap, action: Action) -> bool {
    who(app, headers, &Method::GET).await.is_ok_and(|actor| actor.may(action).is_ok())
}

/// A sign of life; false where nobody is there any more.
pub(crate) async fn ping(socket: &mut WebSocket) -> bool {
    socket.send(Message::Ping(axum::body::Bytes::new())).await.is_ok()
}

/// The last word to somebody whose session has ended.
pub(crate) async fn signed_out(mut socket: WebSocket) {
    let frame = CloseFrame { code: SIGNED_OUT, reason: "the session has ended".into() };
    // Who has gone need not be told.
    let _ = socket.send(Message::Close(Some(frame))).await;
}
