//! Messages, as a real cluster sent them (`api/exec-ws-*` of the recordings).

use super::{End, Frame, read, resize, stdin, stdin_ended};
use bytes::Bytes;

fn check(message: &[u8], expected: &Frame) {
    assert_eq!(&read(Bytes::copy_from_slice(message)), expected, "{}", String::from_utf8_lossy(message));
}

#[test]
fn outputs_are_told_apart() {
    check(b"\x01", &Frame::Out(Bytes::new()));
    check(b"\x01out\n", &Frame::Out(Bytes::from_static(b"out\n")));
    check(b"\x02err\n", &Frame::Err(Bytes::from_static(b"err\n")));
    check(b"", &Frame::Other);
    check(b"\x09what", &Frame::Other);
}

/// What a text on the status channel means.
fn ends(status: &str, expected: &End) {
    check(format!("\u{3}{status}").as_bytes(), &Frame::End(expected.clone()));
}

#[test]
fn the_status_is_the_exit_code() {
    ends(r#"{"metadata":{},"status":"Success"}"#, &End::Code(0));
    ends(
        r#"{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"#,
        &End::Code(3),
    );
}

#[test]
fn a_command_that_is_not_there_has_no_exit_code_but_words() {
    ends(
        r#"{"metadata":{},"status":"Failure","message":"exec: \"nosuch\": executable file not found in $PATH","reason":"InternalError","details":{"causes":[{"message":"error"}]},"code":500}"#,
        &End::Refused("exec: \"nosuch\": executable file not found in $PATH".to_owned()),
    );
    ends("no JSON", &End::Refused("no JSON".to_owned()));
}

#[test]
fn what_is_sent_has_its_channel_in_front() {
    assert_eq!(&stdin(b"abc\n")[..], b"\x00abc\n");
    assert_eq!(&resize(120, 40)[..], b"\x04{\"Width\":120,\"Height\":40}");
    assert_eq!(stdin_ended("v5.channel.k8s.io").as_deref(), Some(&b"\xff\x00"[..]));
    assert_eq!(stdin_ended("v4.channel.k8s.io"), None);
}

/// Every conversation that was recorded: what the client sends is what it sent, and what it gets is how it ended.
#[test]
fn recorded_conversations_are_understood() {
    let ends = [
        ("success", "out=hello\n code 0"),
        ("v4", "out=hello\n code 0"),
        ("stdout-stderr-exit-3", "out=out\n err=err\n code 3"),
        ("stdin-close", "out=abc\n code 0"),
        ("command-missing", "refused executable file not found"),
        ("tty-resize", "out=40 120\r\n code 5"),
    ];
    for (name, expected) in ends {
        let path = format!("{}/../ansflow-sim/tests/fixtures/api/exec-ws-{name}.json", env!("CARGO_MANIFEST_DIR"));
        let recorded: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut said = String::new();
        for frame in recorded["response"]["frames"].as_array().unwrap().iter().filter(|frame| frame["from"] == "server")
        {
            if frame["opcode"] != 2 {
                continue;
            }
            match read(bytes_of(frame["hex"].as_str().unwrap())) {
                Frame::Out(out) if out.is_empty() => {}
                Frame::Out(out) => said.push_str(&format!("out={} ", String::from_utf8_lossy(&out))),
                Frame::Err(err) => said.push_str(&format!("err={} ", String::from_utf8_lossy(&err))),
                Frame::End(End::Code(code)) => said.push_str(&format!("code {code}")),
                Frame::End(End::Refused(why)) => said.push_str(&format!("refused {why}")),
                Frame::Other => panic!("{frame}"),
            }
        }
        let is_there = expected.split_once(' ').map(|(head, tail)| said.contains(head) && said.contains(tail));
        assert_eq!(is_there, Some(true), "{name}: {said}");
    }
    let recorded = std::fs::read_to_string(format!(
        "{}/../ansflow-sim/tests/fixtures/api/exec-ws-tty-resize.json",
        env!("CARGO_MANIFEST_DIR")
    ));
    let sent = String::from_utf8_lossy(&resize(120, 40)).into_owned();
    let hex: String = sent.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(recorded.unwrap().contains(&hex), "kubectl sends the size so");
}

fn bytes_of(hex: &str) -> Bytes {
    let digits: Vec<u8> =
        hex.bytes().map(|digit| u8::try_from(char::from(digit).to_digit(16).unwrap()).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect::<Vec<u8>>().into()
}
