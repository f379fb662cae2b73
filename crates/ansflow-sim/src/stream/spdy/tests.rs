//! The recorded beginning of a port-forward, and what may come instead.

use super::frame::{self, Frame};
use super::headers::{Packer, Unpacker, dictionary};
use super::{Broken, Event, Session};

/// What kubectl 1.36 sends first: the error stream, its end, and the data stream.
const RECORDED: &str = "8003 0001 0000003d 00000001 00000000 00 00 \
    78f9e3c6a7c202253a48f95b044aab4c16060c0c0c9c4590d8ca04a5624603703a2c294a4dcc851635aca9a08800000000ffff \
    00000001 01000000 8003 0001 0000001a 00000003 00000000 00 00 826a459502954289840c04000000ffff";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().filter(|c| !c.is_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

fn pairs(headers: &[(String, String)]) -> String {
    let mut pairs: Vec<String> = headers.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.sort();
    pairs.join(" ")
}

#[test]
fn the_recorded_streams_are_understood_in_pieces_of_any_size() {
    for size in [1, 3, 7, 1_000] {
        let mut session = Session::new();
        let mut events = Vec::new();
        for piece in bytes(RECORDED).chunks(size) {
            events.extend(session.receive(piece).unwrap());
        }
        let told: Vec<String> = events
            .iter()
            .map(|event| match event {
                Event::Opened { id, headers } => format!("opened {id} {}", pairs(headers)),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(
            told,
            [
                "opened 1 port=80 requestid=0 streamtype=error",
                "Finished { id: 1 }",
                "opened 3 port=80 requestid=0 streamtype=data",
            ],
            "pieces of {size}"
        );
    }
}

#[test]
fn a_stream_is_answered_written_to_and_closed() {
    let mut session = Session::new();
    session.receive(&bytes(RECORDED)).unwrap();
    session.send(3, b"hello");
    session.finish(3);
    session.finish(3);
    session.send(3, b"too late");
    session.finish(1);
    let (mut out, mut unpacker) = (session.take_output(), Unpacker::new());
    let mut told = Vec::new();
    while let Some(frame) = frame::take(&mut out).unwrap() {
        told.push(match frame {
            Frame::SynReply { id, block, .. } => format!("reply {id} {:?}", unpacker.read(&block).unwrap()),
            Frame::Data { id, fin, bytes } => format!("data {id} {fin} {}", String::from_utf8(bytes).unwrap()),
            other => format!("{other:?}"),
        });
    }
    assert_eq!(told, ["reply 1 []", "reply 3 []", "data 3 false hello", "data 3 true ", "data 1 true "]);
}

#[test]
fn pings_come_back_and_broken_peers_are_told_apart() {
    let mut session = Session::new();
    assert_eq!(session.receive(&bytes("80030006 00000004 00000001")).unwrap(), []);
    assert_eq!(session.take_output(), bytes("80030006 00000004 00000001"));
    assert_eq!(session.receive(&bytes("80030009 00000008 00000001 00000001 80030004 00000004 00000000")).unwrap(), []);
    assert_eq!(session.receive(&bytes("80030007 00000008 00000003 00000000")).unwrap(), [Event::Leaving]);
    assert_eq!(Session::new().receive(b"GET / HTTP/1.1\r\n\r\n").unwrap_err(), Broken("frame too large"));
    assert_eq!(Session::new().receive(&bytes("80020001 00000000")).unwrap_err(), Broken("not SPDY/3"));
    let garbage = bytes("80030001 0000000e 00000001 00000000 0000 ffffffff");
    assert_eq!(Session::new().receive(&garbage).unwrap_err(), Broken("header block is not zlib"));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_understood_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), at in 0..60_usize) {
        let _either = Session::new().receive(&bytes);
        // What was recorded, with a few bytes changed.
        let mut changed = self::bytes(RECORDED);
        for (index, byte) in bytes.iter().take(4).enumerate() {
            changed[at + index] = *byte;
        }
        let _either = Session::new().receive(&changed);
    }
}

#[test]
fn what_is_packed_is_unpacked_again() {
    assert_eq!(dictionary().len(), 1_423);
    let (mut packer, mut unpacker) = (Packer::new(), Unpacker::new());
    for round in 0..3 {
        let value = "x".repeat(round * 5_000);
        let block = packer.write(&[("streamtype", "data"), ("port", &value)]);
        let headers = unpacker.read(&block).unwrap();
        assert_eq!(headers, [("streamtype".to_owned(), "data".to_owned()), ("port".to_owned(), value)]);
    }
    let zeros = packer.write(&[("a", &"0".repeat(100_000))]);
    assert_eq!(unpacker.read(&zeros).unwrap_err(), Broken("header block too large"));
}
