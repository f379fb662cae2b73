//! What the API says of itself: version, health, which resources there are, OpenAPI.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Reply, Request, definition};
use crate::door::token;
use crate::kind::Kind;
use crate::kinds::{self, Served};
use crate::object::ObjectExt;
use crate::sim::Sim;
use crate::status::Status;
use crate::store::Key;
use crate::time::Micros;
use crate::wire::accept::{self, DiscoveryForm};
use crate::wire::discovery::{self, Root};
use crate::wire::health::Health;
use crate::wire::{fresh, openapi, version};

pub(super) fn answer(sim: &Sim, request: &Request, parts: &[String]) -> Reply {
    found(sim, request, parts).unwrap_or_else(|status| Reply::refusal(&status))
}

fn found(sim: &Sim, request: &Request, parts: &[String]) -> Result<Reply, Status> {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let served = sim.kinds().served();
    let accepted = request.header("accept");
    let document = match parts.as_slice() {
        [] => Some(json!({"paths": ["/api", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"]})),
        ["version"] => Some(version::version()),
        ["healthz" | "livez" | "readyz", ..] => {
            let health = Health::at(&request.path).unwrap_or(Health::Healthz);
            return Ok(Reply::text(200, health.answer(request.options.flag("verbose"))));
        }
        ["api"] => match accept::discovery(accepted)? {
            DiscoveryForm::V2 => return Ok(aggregated(request, &discovery::aggregated(&served, Root::Core))),
            DiscoveryForm::Plain => Some(discovery::core(&sim.address())),
        },
        ["apis"] => match accept::discovery(accepted)? {
            DiscoveryForm::V2 => return Ok(aggregated(request, &discovery::aggregated(&served, Root::Groups))),
            DiscoveryForm::Plain => Some(discovery::groups(&served)),
        },
        ["apis", group] => discovery::group(&served, group),
        ["api", version] => discovery::resources(&served, "", version),
        ["apis", group, version] => discovery::resources(&served, group, version),
        [".well-known", "openid-configuration"] => Some(token::discovery()),
        ["openid", "v1", "jwks"] => Some(sim.door().keys.published()),
        ["openapi", "v2"] => return openapi_v2(request),
        ["openapi", "v3"] => return openapi_index(sim, request, &served),
        ["openapi", "v3", rest @ ..] => return openapi_document(sim, request, &served, &rest.join("/")),
        _ => None,
    };
    Ok(match document {
        Some(document) => Reply::json(200, document.to_string()),
        None => Reply::text(404, "404 page not found\n"),
    })
}

/// Discovery of everything at once, which clients keep until its tag changes.
fn aggregated(request: &Request, document: &Value) -> Reply {
    let body = Bytes::from(document.to_string());
    let tag = discovery::etag(&body);
    let is_known = fresh::is_known(&tag, request.header("if-none-match"));
    let headers = vec![("Cache-Control", "public".to_owned()), ("Etag", tag), ("Vary", "Accept".to_owned())];
    if is_known { unchanged(headers) } else { Reply { code: 200, content_type: discovery::AGGREGATED, headers, body } }
}

fn openapi_v2(request: &Request) -> Result<Reply, Status> {
    if !accept::openapi_v2(request.header("accept")) {
        return Err(accept::not_acceptable_document());
    }
    let headers = vec![
        ("Accept-Ranges", "bytes".to_owned()),
        ("Etag", discovery::etag(openapi::V2)),
        ("Vary", "Accept".to_owned()),
    ];
    Ok(Reply { code: 200, content_type: openapi::V2_TYPE, headers, body: Bytes::from_static(openapi::V2) })
}

fn openapi_index(sim: &Sim, request: &Request, served: &Served) -> Result<Reply, Status> {
    let modified = modified(sim, served);
    let mut headers = vec![("Last-Modified", fresh::date(modified))];
    if fresh::is_unmodified(modified, request.header("if-modified-since")) {
        return Ok(unchanged(headers));
    }
    headers.push(("Accept-Ranges", "bytes".to_owned()));
    // As recorded: the index is JSON that says it is text.
    let body = openapi::index(served).to_string().into();
    Ok(Reply { code: 200, content_type: "text/plain; charset=utf-8", headers, body })
}

fn openapi_document(sim: &Sim, request: &Request, served: &Served, path: &str) -> Result<Reply, Status> {
    accept::json_only(request.header("accept"))?;
    let schema = |kind: &Kind| definition::schema(sim, kind);
    let Some(body) = openapi::document(served, path, &schema) else {
        return Ok(Reply::text(404, "404 page not found\n"));
    };
    let tag = openapi::tag(served, path).unwrap_or_else(|| discovery::hash(&body));
    let mut headers = vec![
        ("Accept-Ranges", "bytes".to_owned()),
        ("Etag", format!("\"{tag}\"")),
        ("Last-Modified", fresh::date(modified(sim, served))),
        ("Vary", "Accept".to_owned()),
    ];
    match request.options.given("hash") {
        Some(asked) if asked != tag => {
            headers.push(("Location", format!("/openapi/v3/{path}?hash={tag}")));
            return Ok(Reply { code: 301, content_type: "text/plain; charset=utf-8", headers, body: Bytes::new() });
        }
        Some(_) => {
            let year = Duration::from_secs(365 * 86_400);
            headers.push(("Cache-Control", "public, immutable".to_owned()));
            headers.push(("Expires", fresh::date(sim.now_micros().plus(year)).replace("GMT", "UTC")));
        }
        None => {}
    }
    let is_known = fresh::is_known(&format!("\"{tag}\""), request.header("if-none-match"));
    Ok(if is_known { unchanged(headers) } else { Reply { code: 200, content_type: "application/json", headers, body } })
}

fn unchanged(headers: Vec<(&'static str, String)>) -> Reply {
    Reply { code: 304, content_type: "", headers, body: Bytes::new() }
}

/// When what is served last changed, nearly: a second for every change since the cluster was made, so that another cluster at
/// the same address is another date.
fn modified(sim: &Sim, served: &Served) -> Micros {
    let namespaces = kinds::id("", "Namespace");
    let system = sim.store().get(&Key::new(namespaces, "", "kube-system"));
    let made = system.zip(sim.kinds().stored(namespaces));
    let made = made.and_then(|(system, kind)| system.thaw(&kind).moment("/metadata/creationTimestamp"));
    made.unwrap_or_default().plus(Duration::from_secs(served.edition))
}
