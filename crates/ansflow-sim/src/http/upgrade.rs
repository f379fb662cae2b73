//! From HTTP to a WebSocket.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::StatusCode;
use hyper::header::{CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use hyper::upgrade::OnUpgrade;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use super::answer::Response;
use crate::api::Request;
use crate::sim::Sim;
use crate::stream::{self, Session, Socket};

/// Switches protocols, and talks on in a task of its own. A subprotocol that nobody speaks is refused without a word.
pub(super) fn switch(sim: &Sim, request: &Request, upgrade: Option<OnUpgrade>, session: Session) -> Response {
    let offered: Vec<&str> =
        request.headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok()).collect();
    let offered = offered.join(",");
    let protocol = stream::choose(&offered, session.protocols());
    let key = request.header("sec-websocket-key").unwrap_or_default();
    let (Some(protocol), Some(upgrade)) = (protocol, upgrade) else {
        return empty(StatusCode::FORBIDDEN, &[(CONNECTION, "close")]);
    };
    let accept = accepted(key);
    let response = empty(
        StatusCode::SWITCHING_PROTOCOLS,
        &[
            (UPGRADE, "websocket"),
            (CONNECTION, "Upgrade"),
            (SEC_WEBSOCKET_ACCEPT, &accept),
            (SEC_WEBSOCKET_PROTOCOL, protocol),
        ],
    );
    let (sim, protocol) = (sim.clone(), protocol.to_owned());
    tokio::spawn(async move {
        match upgrade.await {
            Ok(upgraded) => session.run(sim, &protocol, Socket::new(upgraded).await).await,
            Err(error) => tracing::debug!(%error, "a client did not wait for its upgrade"),
        }
    });
    response
}

fn empty(code: StatusCode, headers: &[(hyper::header::HeaderName, &str)]) -> Response {
    let body = Empty::<Bytes>::new().map_err(|never| match never {}).boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = code;
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// What proves that the key was read (RFC 6455, section 4.2.2).
fn accepted(key: &str) -> String {
    let text = format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_key_is_answered_as_recorded() {
        assert_eq!(super::accepted("MDEyMzQ1Njc4OWFiY2RlZg=="), "BACScCJPNqyz+UBoqMH89VmURoA=");
    }
}
