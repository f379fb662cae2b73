//! Server-sent events. Frames are bytes, so that one that many are sent is encoded once.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use crate::error::{ApiError, ApiResult};

/// Something is sent at least so often, so that nobody in between takes the connection for dead.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(15);

/// A comment, which clients leave out.
pub(crate) const BEAT: Bytes = Bytes::from_static(b":\n\n");

/// One event. `data` has no line breaks; JSON has none.
pub(crate) fn frame(event: Option<&str>, id: u64, data: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(data.len() + 64);
    if let Some(event) = event {
        frame.extend_from_slice(b"event: ");
        frame.extend_from_slice(event.as_bytes());
        frame.push(b'\n');
    }
    frame.extend_from_slice(b"id: ");
    frame.extend_from_slice(id.to_string().as_bytes());
    frame.extend_from_slice(b"\ndata: ");
    frame.extend_from_slice(data);
    frame.extend_from_slice(b"\n\n");
    frame
}

/// Sends the frames as they come.
pub(crate) fn response(frames: impl Stream<Item = Bytes> + Send + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(frames.map(Ok::<_, Infallible>)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // nginx would collect them first.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// Where to go on: what a browser says when it comes again, else what the address says, else the beginning.
///
/// # Errors
/// 422 when it is no number.
pub(crate) fn go_on(headers: &HeaderMap, asked: Option<u64>) -> ApiResult<u64> {
    let Some(last) = headers.get("last-event-id").filter(|last| !last.is_empty()) else {
        return Ok(asked.unwrap_or_default());
    };
    let number = last.to_str().ok().and_then(|last| last.parse().ok());
    // Numbers are stored as 63 bits; nothing is behind them.
    let number = number.filter(|number| i64::try_from(*number).is_ok());
    number.ok_or_else(|| ApiError::invalid("Last-Event-ID", "`Last-Event-ID` is not a number that was sent"))
}
