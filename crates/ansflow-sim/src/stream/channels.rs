//! `v4.channel.k8s.io` and `v5.channel.k8s.io`: the first byte of a message says which stream the rest belongs to.

use serde_json::{Value, json};

pub(crate) const STDIN: u8 = 0;
pub(crate) const STDOUT: u8 = 1;
pub(crate) const STDERR: u8 = 2;
pub(crate) const ERROR: u8 = 3;
const RESIZE: u8 = 4;
/// Of v5: the client closes a channel.
const CLOSE: u8 = 255;

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    Input(&'a [u8]),
    InputEnds,
    Resize {
        rows: u16,
        columns: u16,
    },
    /// Nothing that means anything here.
    Other,
}

pub(crate) fn read(message: &[u8]) -> Message<'_> {
    match message.split_first() {
        Some((&STDIN, bytes)) => Message::Input(bytes),
        Some((&CLOSE, [STDIN])) => Message::InputEnds,
        Some((&RESIZE, bytes)) => {
            let size: Value = serde_json::from_slice(bytes).unwrap_or_default();
            let number = |name: &str| size[name].as_u64().and_then(|number| u16::try_from(number).ok());
            match (number("Height"), number("Width")) {
                (Some(rows), Some(columns)) => Message::Resize { rows, columns },
                _ => Message::Other,
            }
        }
        _ => Message::Other,
    }
}

pub(crate) fn message(channel: u8, bytes: &[u8]) -> Vec<u8> {
    [&[channel], bytes].concat()
}

/// The empty message that tells a client that the connection stands: on the first channel that is written to.
pub(crate) fn greeting(stdout: bool, stderr: bool) -> Vec<u8> {
    vec![if stdout {
        STDOUT
    } else if stderr {
        STDERR
    } else {
        ERROR
    }]
}

/// How a command ended, as channel 3 tells it.
pub(crate) fn outcome(code: i32) -> Value {
    if code == 0 {
        return json!({"metadata": {}, "status": "Success"});
    }
    json!({
        "metadata": {},
        "status": "Failure",
        "message": format!("command terminated with non-zero exit code: command terminated with exit code {code}"),
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": code.to_string()}]},
    })
}

/// A command that could not be run, as channel 3 tells it.
pub(crate) fn failure(why: &str) -> Value {
    let cause = format!("Internal error occurred: {why}");
    json!({
        "metadata": {},
        "status": "Failure",
        "message": format!("Internal error occurred: {cause}"),
        "reason": "InternalError",
        "details": {"causes": [{"message": cause}]},
        "code": 500,
    })
}

/// Which subprotocol of those that a client offers is spoken: the first that is known.
pub(crate) fn choose<'a>(offered: &'a str, known: &[&str]) -> Option<&'a str> {
    offered.split(',').map(str::trim).find(|name| known.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_by_their_channel() {
        assert_eq!(read(b"\x00abc\n"), Message::Input(b"abc\n"));
        assert_eq!(read(b"\xff\x00"), Message::InputEnds);
        assert_eq!(read(b"\x04{\"Width\":120,\"Height\":40}"), Message::Resize { rows: 40, columns: 120 });
        for other in [&b""[..], b"\x04{}", b"\x04{\"Width\":-1,\"Height\":99999999}", b"\xff\x01", b"\x01x"] {
            assert_eq!(read(other), Message::Other, "{other:?}");
        }
    }

    #[test]
    fn the_first_known_protocol_is_spoken() {
        let known = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
        assert_eq!(choose("v5.channel.k8s.io", &known), Some("v5.channel.k8s.io"));
        assert_eq!(choose("v9.channel.k8s.io, v4.channel.k8s.io", &known), Some("v4.channel.k8s.io"));
        assert_eq!(choose("v9.channel.k8s.io", &known), None);
    }

    #[test]
    fn outcomes_are_as_recorded() {
        assert_eq!(outcome(0).to_string(), r#"{"metadata":{},"status":"Success"}"#);
        let recorded = r#"{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: command terminated with exit code 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"#;
        assert_eq!(outcome(3).to_string(), recorded);
        let why = "error executing command in container: no";
        let recorded = r#"{"metadata":{},"status":"Failure","message":"Internal error occurred: Internal error occurred: error executing command in container: no","reason":"InternalError","details":{"causes":[{"message":"Internal error occurred: error executing command in container: no"}]},"code":500}"#;
        assert_eq!(failure(why).to_string(), recorded);
    }
}
