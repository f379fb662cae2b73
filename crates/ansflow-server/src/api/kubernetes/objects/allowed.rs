//! Streams of what is in clusters end when the session, or the token, that opened them does.

use axum::http::HeaderMap;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::Instant;

use crate::App;
use crate::sse::HEARTBEAT;
use crate::ws;

/// The frames, for as long as who asked for them may have them. Something comes at least every [`HEARTBEAT`], so that this
/// is looked at about as often.
pub(super) fn while_allowed(
    app: App,
    headers: HeaderMap,
    frames: impl Stream<Item = Bytes> + Send + 'static,
) -> impl Stream<Item = Bytes> + Send + 'static {
    let begin = (frames.boxed(), Instant::now());
    stream::unfold(begin, move |(mut frames, mut looked)| {
        let (app, headers) = (app.clone(), headers.clone());
        async move {
            let frame = frames.next().await?;
            if looked.elapsed() >= HEARTBEAT {
                if !ws::still_may(&app, &headers).await {
                    return None;
                }
                looked = Instant::now();
            }
            Some((frame, (frames, looked)))
        }
    })
}
