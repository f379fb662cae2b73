//! Says who asks: by the client's certificate, then by a bearer token. Who brings neither is anonymous.

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use sha2::{Digest, Sha256};

use super::{Actor, impersonate, token};
use crate::sim::Sim;
use crate::status::Status;

/// Says who asks, by token or by certificate (DER).
pub(crate) fn authenticate(sim: &Sim, head: &HeaderMap, peer: Option<&[u8]>) -> Result<Actor, Status> {
    let actor = match (peer, head.get(AUTHORIZATION)) {
        (Some(certificate), _) => holder(sim, certificate)?,
        (None, Some(value)) => {
            let token = value.to_str().ok().and_then(after_bearer);
            token.and_then(|token| bearer(sim, token, &[])).ok_or_else(Status::unauthorized)?
        }
        (None, None) => Actor::anonymous(),
    };
    impersonate::instead(sim, actor, head)
}

/// Whose token this is, for one of these audiences; for the API itself where none is named.
pub(crate) fn bearer(sim: &Sim, token: &str, audiences: &[&str]) -> Option<Actor> {
    let given = sim.config().tokens.iter().find(|(known, _)| known == token);
    match given {
        Some((_, who)) => Some(Actor::of(who)),
        None => token::holder(sim, token, audiences),
    }
}

fn holder(sim: &Sim, certificate: &[u8]) -> Result<Actor, Status> {
    let print: [u8; 32] = Sha256::digest(certificate).into();
    let who = sim.door().bearer_of(&print).ok_or_else(Status::unauthorized)?;
    let hex: String = print.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Actor::of(&who).with_credential(format!("X509SHA256={hex}")))
}

fn after_bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}
