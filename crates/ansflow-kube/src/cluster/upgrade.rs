//! A request that becomes a WebSocket: commands in pods. The handshake is ours, so that pings are ours, too.

use super::Cluster;
use super::ask::Ask;
use crate::connect::Why;
use crate::error::Error;
use base64::Engine as _;
use hyper::StatusCode;
use hyper::header::{
    CONNECTION, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// How much one message may be.
const MESSAGE: usize = 16 * 1024 * 1024;

/// A WebSocket to a cluster.
pub struct Socket {
    /// Messages both ways.
    pub stream: WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>,
    /// The protocol that the cluster chose: `v5.channel.k8s.io`.
    pub protocol: String,
}

impl Cluster {
    /// Asks for a WebSocket at a path, with its query, that speaks one of the protocols, the best first.
    pub async fn upgrade(&self, path: &str, protocols: &[&str]) -> Result<Socket, Error> {
        let failed = |why: String| Error::from(self.trouble(Why::Other(format!("it did not become a stream: {why}"))));
        let mut nonce = [0_u8; 16];
        getrandom::fill(&mut nonce).map_err(|error| failed(error.to_string()))?;
        let key = base64::engine::general_purpose::STANDARD.encode(nonce);
        let mut ask = Ask::get(path);
        ask.accept = "*/*";
        ask.headers = headers(&key, protocols).map_err(|error| failed(error.to_string()))?;
        let answer = self.open(&ask).await?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(failed(format!("the answer was {}", answer.status())));
        }
        // The answer itself must not be borrowed while its connection is waited for: it is not to be shared by threads.
        let headers = answer.headers().clone();
        let said = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if said(SEC_WEBSOCKET_ACCEPT) != Some(derive_accept_key(key.as_bytes()).as_str()) {
            return Err(failed("the answer is to another question".to_owned()));
        }
        let protocol = said(SEC_WEBSOCKET_PROTOCOL).unwrap_or_default().to_owned();
        if !protocols.contains(&protocol.as_str()) {
            return Err(failed(format!("it speaks `{protocol}`, not one of {}", protocols.join(", "))));
        }
        let upgraded = hyper::upgrade::on(answer).await.map_err(|error| failed(error.to_string()))?;
        let config = WebSocketConfig::default().max_message_size(Some(MESSAGE)).max_frame_size(Some(MESSAGE));
        let stream = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, Some(config)).await;
        Ok(Socket { stream, protocol })
    }
}

fn headers(key: &str, protocols: &[&str]) -> Result<HeaderMap, hyper::http::Error> {
    let mut headers = HeaderMap::new();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    headers.insert(SEC_WEBSOCKET_KEY, HeaderValue::from_str(key)?);
    // One header with all of them: several are not understood.
    headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_str(&protocols.join(", "))?);
    Ok(headers)
}
