//! Connections over the streams that kubectl opens.

use super::*;

struct Web;

impl Far for Web {
    fn refusal(&self, port: u16) -> Option<String> {
        (port != 80).then(|| "connection refused".to_owned())
    }

    fn page(&self, _port: u16, path: &str) -> Option<(u16, Vec<u8>)> {
        Some((200, path.as_bytes().to_vec()))
    }
}

fn open(id: u32, kind: &str, port: &str, request: Option<&str>) -> Event {
    let mut headers = vec![("streamtype".to_owned(), kind.to_owned()), ("port".to_owned(), port.to_owned())];
    headers.extend(request.map(|request| ("requestid".to_owned(), request.to_owned())));
    Event::Opened { id, headers }
}

/// Which connections are open after these events.
fn after(events: Vec<Event>) -> Vec<(u32, u32, u16)> {
    let (mut session, mut connections) = (Session::new(), Connections::default());
    for event in events {
        connections.handle(event, &mut session, &Web);
    }
    connections.open.iter().map(|(data, connection)| (*data, connection.error, connection.port)).collect()
}

#[test]
fn streams_are_paired_by_their_request() {
    let events = vec![
        open(1, "error", "80", Some("0")),
        open(3, "error", "80", Some("1")),
        open(5, "data", "80", Some("1")),
        open(7, "data", "80", Some("0")),
    ];
    assert_eq!(after(events), [(5, 3, 80), (7, 1, 80)]);
    assert_eq!(after(vec![open(1, "error", "80", None), open(3, "data", "80", None)]), [(3, 1, 80)]);
}

#[test]
fn nobody_is_connected_to_a_closed_port_or_by_halves() {
    assert_eq!(after(vec![open(1, "error", "81", Some("0")), open(3, "data", "81", Some("0"))]), []);
    assert_eq!(after(vec![open(1, "data", "80", Some("0")), open(3, "data", "x", Some("0"))]), []);
}

#[test]
fn a_connection_ends_with_its_client() {
    for end in [Event::Finished { id: 3 }, Event::Reset { id: 3 }, Event::Reset { id: 1 }] {
        assert_eq!(after(vec![open(1, "error", "80", Some("0")), open(3, "data", "80", Some("0")), end]), []);
    }
}
