//! Streams end when the session, or the token, that opened them does, or may not open them any more.

use axum::http::HeaderMap;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

use crate::App;
use crate::access::Action;
use crate::ws;

/// The frames, for as long as who asked for them may have them; `action` is what the route asks. It is looked at as often as
/// [`ws::every`] says, whether anything comes or not.
pub(crate) fn while_allowed(
    app: App,
    headers: HeaderMap,
    action: Action,
    frames: impl Stream<Item = Bytes> + Send + 'static,
) -> impl Stream<Item = Bytes> + Send + 'static {
    let every = ws::every(&app);
    let begin = (frames.boxed(), Instant::now() + every);
    stream::unfold(begin, move |(mut frames, mut look_at)| {
        let (app, headers) = (app.clone(), headers.clone());
        async move {
            loop {
                if Instant::now() >= look_at {
                    if !ws::still_may(&app, &headers, action).await {
                        return None;
                    }
                    look_at = Instant::now() + every;
                }
                if let Ok(frame) = timeout_at(look_at, frames.next()).await {
                    return Some((frame?, (frames, look_at)));
                }
            }
        }
    })
}
