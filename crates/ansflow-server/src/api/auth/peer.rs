//! From which address a request comes, for counting attempts.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderName;
use axum::http::request::Parts;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of who sends a request; a proxy on this machine is believed about where it comes from.
pub(super) struct Peer(Option<IpAddr>);

impl Peer {
    /// The key under which its attempts are counted. A network of IPv6 counts as one: whoever has an address there has
    /// them all.
    pub(super) fn key(&self) -> String {
        match self.0 {
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("address {a:x}:{b:x}:{c:x}:{d:x}")
            }
            Some(IpAddr::V4(address)) => format!("address {address}"),
            None => "address".to_owned(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
        // What the nearest proxy has added stands last; what stands before it anybody may have written.
        let last = parts.headers.get_all(FORWARDED_FOR).iter().next_back().and_then(|value| value.to_str().ok());
        let told = last.and_then(|text| text.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
        let believed = told.filter(|_| peer.is_some_and(|peer| peer.is_loopback()));
        Ok(Peer(believed.or(peer)))
    }
}
