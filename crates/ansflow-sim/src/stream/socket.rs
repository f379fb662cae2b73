//! A WebSocket as conversations use it: binary messages in, binary messages out, a proper end.

use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

/// The server's side of a WebSocket.
pub(crate) struct Socket(WebSocketStream<TokioIo<Upgraded>>);

impl Socket {
    pub(crate) async fn new(upgraded: Upgraded) -> Socket {
        Socket(WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await)
    }

    /// The next message; nothing when the client has gone.
    pub(crate) async fn receive(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.0.next().await? {
                Ok(Message::Binary(bytes)) => return Some(bytes.to_vec()),
                Ok(Message::Text(text)) => return Some(text.as_bytes().to_vec()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            }
        }
    }

    /// Whether it could be sent.
    pub(crate) async fn send(&mut self, bytes: Vec<u8>) -> bool {
        self.0.send(Message::Binary(bytes.into())).await.is_ok()
    }

    /// Says that all is said, and waits for the client to have heard it.
    pub(crate) async fn close(mut self) {
        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        if self.0.close(Some(frame)).await.is_err() {
            return;
        }
        // The client answers with a close of its own, or goes.
        let answer = async { while let Some(Ok(_)) = self.0.next().await {} };
        let _late = tokio::time::timeout(std::time::Duration::from_secs(2), answer).await;
    }
}
