//! The channel protocol of `exec`: what each frame of the WebSocket means.
//!
//! Every message is binary; its first byte is the channel. `v5` can say that the standard input has ended, `v4` cannot. The
//! last message of the status channel is a `Status` of the API, which holds the exit code.

#[cfg(test)]
mod tests;

use bytes::{BufMut as _, Bytes, BytesMut};
use serde::Deserialize;

/// The protocols that are spoken here, the better one first.
pub const PROTOCOLS: [&str; 2] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const STATUS: u8 = 3;
const RESIZE: u8 = 4;
const CLOSE: u8 = 255;

/// What the other side says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Standard output; empty at the beginning, which says that the command is being started.
    Out(Bytes),
    /// Standard error.
    Err(Bytes),
    /// How it ended.
    End(End),
    /// A channel that says nothing here.
    Other,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Code(i32),
    /// It was never started, or nobody can say its code; the cluster's words.
    Refused(String),
}

/// Reads one message.
#[must_use]
pub fn read(mut message: Bytes) -> Frame {
    if message.is_empty() {
        return Frame::Other;
    }
    let channel = message.split_to(1);
    match channel.first() {
        Some(&STDOUT) => Frame::Out(message),
        Some(&STDERR) => Frame::Err(message),
        Some(&STATUS) => Frame::End(end(&message)),
        Some(_) | None => Frame::Other,
    }
}

/// Standard input.
#[must_use]
pub fn stdin(data: &[u8]) -> Bytes {
    message(STDIN, data)
}

/// The terminal has another size.
#[must_use]
pub fn resize(columns: u16, rows: u16) -> Bytes {
    message(RESIZE, format!(r#"{{"Width":{columns},"Height":{rows}}}"#).as_bytes())
}

/// Standard input has ended; none where the protocol cannot say so.
#[must_use]
pub fn stdin_ended(protocol: &str) -> Option<Bytes> {
    (protocol == "v5.channel.k8s.io").then(|| message(CLOSE, &[STDIN]))
}

fn message(channel: u8, data: &[u8]) -> Bytes {
    let mut message = BytesMut::with_capacity(data.len() + 1);
    message.put_u8(channel);
    message.put_slice(data);
    message.freeze()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    status: String,
    message: String,
    reason: String,
    details: Details,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    causes: Vec<Cause>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cause {
    reason: String,
    message: String,
}

fn end(text: &[u8]) -> End {
    let Ok(status) = serde_json::from_slice::<Status>(text) else {
        return End::Refused(crate::text::short(&String::from_utf8_lossy(text), 300));
    };
    if status.status == "Success" {
        return End::Code(0);
    }
    let code = status.details.causes.iter().find(|cause| cause.reason == "ExitCode");
    match code.and_then(|cause| cause.message.parse().ok()) {
        Some(code) if status.reason == "NonZeroExitCode" => End::Code(code),
        Some(_) | None => End::Refused(crate::text::short(&status.message, 600)),
    }
}
