//! A client that opens WebSockets over TLS, header by header.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::config::Who;
use crate::sim::Sim;

const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Client {
    address: String,
    connector: TlsConnector,
}

/// What came of asking for another protocol.
pub(super) struct Handshake {
    pub(super) code: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
    pub(super) socket: Socket,
}

pub(super) struct Socket {
    stream: WebSocketStream<TlsStream<TcpStream>>,
    pub(super) messages: Vec<Vec<u8>>,
}

/// The headers of a WebSocket.
pub(super) fn websocket(protocol: &str) -> Vec<(String, String)> {
    [
        ("Host", "127.0.0.1:6443"),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg=="),
        ("Sec-WebSocket-Protocol", protocol),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

impl Client {
    pub(super) fn new(sim: &Sim, who: &Who) -> Client {
        let (certificate, key) = sim.certificate(who);
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(sim.ca_pem().as_bytes()).unwrap()).unwrap();
        let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_client_auth_cert(chain, key);
        Client { address: sim.address(), connector: TlsConnector::from(Arc::new(config.unwrap())) }
    }

    pub(super) async fn open(&self, path: &str, headers: &[(String, String)]) -> Handshake {
        let socket = TcpStream::connect(&self.address).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let mut stream = self.connector.connect(name, socket).await.unwrap();
        let mut head = format!("GET {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name == "Host") {
            head.push_str("Host: 127.0.0.1\r\n");
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        let answer = String::from_utf8(answer).unwrap();
        let code = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let headers: BTreeMap<String, String> = answer
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).await.unwrap();
        let stream = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
        let socket = Socket { stream, messages: Vec::new() };
        Handshake { code, headers, body: String::from_utf8(body).unwrap(), socket }
    }
}

impl Socket {
    pub(super) async fn send(&mut self, bytes: Vec<u8>) {
        self.stream.send(Message::Binary(bytes.into())).await.unwrap();
    }

    /// Reads until so many bytes have come; a message of a channel only counts as one.
    pub(super) async fn until(&mut self, wanted: usize) {
        let count = |messages: &[Vec<u8>]| messages.iter().map(|message| message.len().max(2) - 1).sum::<usize>();
        while count(&self.messages) < wanted {
            assert_eq!(self.read().await, None, "closed after {:?}", self.messages);
        }
    }

    /// Reads to the end; the code of the close, when there was one.
    pub(super) async fn rest(&mut self) -> Option<u16> {
        loop {
            if let Some(end) = self.read().await {
                return end;
            }
        }
    }

    /// One message more, or how it ended.
    async fn read(&mut self) -> Option<Option<u16>> {
        match tokio::time::timeout(PATIENCE, self.stream.next()).await.unwrap() {
            Some(Ok(Message::Binary(bytes))) => {
                self.messages.push(bytes.to_vec());
                None
            }
            Some(Ok(Message::Close(frame))) => Some(frame.map(|frame| frame.code.into())),
            Some(Ok(_)) => None,
            Some(Err(_)) | None => Some(None),
        }
    }
}
