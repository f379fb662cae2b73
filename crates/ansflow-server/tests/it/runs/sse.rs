//! A client of event streams that can hang up after any frame.

use futures_util::StreamExt as _;
use serde_json::Value as Json;

use crate::world::TestApp;

/// A frame with data.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frame {
    /// `message` where none is named.
    pub(crate) event: String,
    pub(crate) id: u64,
    pub(crate) data: Json,
}

/// An open stream.
pub(crate) struct Frames {
    response: reqwest::Response,
    buffer: String,
    bytes: Vec<u8>,
}

impl TestApp {
    /// Opens a stream, as a browser that saw the frame `last`, where there is one.
    pub(crate) async fn frames(&self, path: &str, last: Option<u64>) -> Frames {
        let mut request = self.request("GET", path).header("Accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last.to_string());
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Frames { response, buffer: String::new(), bytes: Vec::new() }
    }
}

impl Frames {
    /// The next frame with data; none: the server has hung up.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, rest)) = self.buffer.split_once("\n\n") {
                let (frame, rest) = (parse(frame), rest.to_owned());
                self.buffer = rest;
                match frame {
                    Some(frame) => return Some(frame),
                    None => continue,
                }
            }
            self.bytes.extend_from_slice(&self.response.chunk().await.ok()??);
            let whole = std::str::from_utf8(&self.bytes).map_or_else(|error| error.valid_up_to(), str::len);
            self.buffer.push_str(std::str::from_utf8(&self.bytes[..whole]).unwrap());
            self.bytes.drain(..whole);
        }
    }

    /// Reads until this comes, without a look at frames: of hundreds of streams even that would take its time.
    pub(crate) async fn until(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.bytes).contains(text) {
            // A text may come in two parts.
            let keep = self.bytes.len().saturating_sub(text.len());
            self.bytes.drain(..keep);
            self.bytes.extend_from_slice(&self.response.chunk().await.unwrap().expect("the stream goes on"));
        }
    }

    /// All frames up to and with `end`; the server hangs up then.
    pub(crate) async fn until_the_end(mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Some(frame) = self.next().await {
            frames.push(frame);
        }
        assert_eq!(frames.last().map(|frame| frame.event.as_str()), Some("end"));
        frames
    }
}

fn parse(text: &str) -> Option<Frame> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = serde_json::from_str(field("data")?).unwrap();
    let event = field("event").unwrap_or("message").to_owned();
    Some(Frame { event, id: field("id").unwrap().parse().unwrap(), data })
}

/// Waits for many at once.
pub(crate) async fn all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    futures.collect::<futures_util::stream::FuturesUnordered<_>>().collect().await
}
