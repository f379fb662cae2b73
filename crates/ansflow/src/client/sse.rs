//! Server-sent events: what `text/event-stream` says, message by message, across lost connections.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::StreamExt as _;
use reqwest::Method;
use reqwest::header::ACCEPT;

use super::Client;
use crate::exit::{Exit, Refused};
use crate::terminal::err;

/// Without a byte for so long (heartbeats come every 15 seconds) the connection is taken for dead.
const SILENCE: Duration = Duration::from_secs(45);
/// A server that nobody can reach for so long has gone.
const PATIENCE: Duration = Duration::from_secs(300);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its type; `message` where the server gives none.
    pub(crate) event: String,
    /// Where a new connection goes on behind it.
    pub(crate) id: Option<String>,
    /// What it says.
    pub(crate) data: String,
}

/// A stream that goes on behind the last message when its connection was lost.
pub(crate) struct Stream {
    client: Client,
    path: String,
    last: Option<String>,
    connection: Option<Connection>,
    said_lost: bool,
}

struct Connection {
    bytes: futures_util::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    parser: Parser,
    ready: std::collections::VecDeque<Message>,
}

impl Stream {
    /// The stream at a path, from behind message `last`.
    pub(crate) fn new(client: &Client, path: String, last: Option<String>) -> Self {
        Self { client: client.clone(), path, last, connection: None, said_lost: false }
    }

    /// Goes on at this path when the connection is lost: what was asked for loosely has turned out to be this.
    pub(crate) fn turns_out_to_be(&mut self, path: String) {
        self.path = path;
    }

    /// The next message. Connects, and again, until the server answers; a refusal is final.
    ///
    /// # Errors
    /// What the server refuses; that it was away for too long.
    pub(crate) async fn next(&mut self) -> Result<Message> {
        let (mut pause, mut lost) = (FIRST_PAUSE, None::<Instant>);
        loop {
            match self.attempt().await {
                Ok(Some(message)) => {
                    if message.id.is_some() {
                        self.last.clone_from(&message.id);
                    }
                    return Ok(message);
                }
                Ok(None) => (),
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => {
                    if lost.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
                        return Err(error);
                    }
                    if !std::mem::replace(&mut self.said_lost, true) {
                        err("the connection was lost; trying again\n");
                    }
                }
            }
            self.connection = None;
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// A message; none: the connection has ended.
    async fn attempt(&mut self) -> Result<Option<Message>> {
        if self.connection.is_none() {
            let mut request = self.client.request(Method::GET, &self.path).header(ACCEPT, "text/event-stream");
            if let Some(last) = &self.last {
                request = request.header("Last-Event-ID", last);
            }
            let response = self.client.send(request).await?;
            if std::mem::take(&mut self.said_lost) {
                err("connected again\n");
            }
            let bytes = response.bytes_stream().boxed();
            self.connection = Some(Connection { bytes, parser: Parser::default(), ready: Default::default() });
        }
        let Some(connection) = &mut self.connection else { return Ok(None) };
        loop {
            if let Some(message) = connection.ready.pop_front() {
                return Ok(Some(message));
            }
            match tokio::time::timeout(SILENCE, connection.bytes.next()).await {
                Ok(Some(Ok(bytes))) => connection.ready.extend(connection.parser.feed(&bytes)),
                Ok(Some(Err(_)) | None) | Err(_) => return Ok(None),
            }
        }
    }
}

/// Whether asking again is of no use.
fn is_final(error: &anyhow::Error) -> bool {
    match Exit::of(error) {
        Exit::Invalid | Exit::NotAllowed | Exit::NotFound | Exit::Conflict => true,
        Exit::Success | Exit::Failed | Exit::Cancelled | Exit::TimedOut | Exit::Code(_) | Exit::Signal(_) => {
            error.downcast_ref::<Refused>().is_none()
        }
    }
}

/// Puts messages together from bytes that come in any pieces.
#[derive(Debug, Default)]
struct Parser {
    line: Vec<u8>,
    message: Message,
    has_data: bool,
}

impl Parser {
    fn feed(&mut self, bytes: &[u8]) -> Vec<Message> {
        let mut done = Vec::new();
        for &byte in bytes {
            match byte {
                b'\n' => {
                    let line = std::mem::take(&mut self.line);
                    done.extend(self.take_line(String::from_utf8_lossy(&line).trim_end_matches('\r')));
                }
                byte => self.line.push(byte),
            }
        }
        done
    }

    fn take_line(&mut self, line: &str) -> Option<Message> {
        if line.is_empty() {
            let message = std::mem::take(&mut self.message);
            return std::mem::take(&mut self.has_data).then(|| match message.event.as_str() {
                "" => Message { event: "message".to_owned(), ..message },
                _ => message,
            });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.message.event),
            "id" => self.message.id = Some(value.to_owned()),
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.message.data.push('\n');
                }
                self.message.data.push_str(value);
            }
            // Comments are heartbeats; `retry` is ours to decide.
            _ => (),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_whole_however_their_bytes_are_cut() {
        let text = ": hello\n\nid: 7\ndata: {\"a\":\ndata: 1}\n\nevent: end\r\ndata:\r\n\r\nid: 8\n\ndata: 构建\n\n";
        let whole = Parser::default().feed(text.as_bytes());
        let said: Vec<_> = whole.iter().map(|m| (m.event.as_str(), m.id.as_deref(), m.data.as_str())).collect();
        assert_eq!(said, [("message", Some("7"), "{\"a\":\n1}"), ("end", None, ""), ("message", None, "构建")]);
        for cut in 0..text.len() {
            let mut parser = Parser::default();
            let mut pieces = parser.feed(&text.as_bytes()[..cut]);
            pieces.extend(parser.feed(&text.as_bytes()[cut..]));
            assert_eq!(pieces, whole, "cut at {cut}");
        }
    }
}
