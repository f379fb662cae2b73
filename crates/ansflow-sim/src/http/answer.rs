//! An answer as HTTP sends it, with the headers that every answer of Kubernetes has.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::header::{HeaderName, HeaderValue};

use crate::api::Reply;
use crate::sim::Sim;

pub(super) type Body = UnsyncBoxBody<Bytes, Broken>;
pub(super) type Response = hyper::Response<Body>;

/// A connection that is broken on purpose, before an answer or in the middle of one.
#[derive(Debug, thiserror::Error)]
#[error("the connection is broken on purpose")]
pub(super) struct Broken;

/// The flow schema and priority level that every request falls under.
const FLOW_SCHEMA: &str = "39f69acf-2370-4dfc-aa97-79fe068d0da6";
const PRIORITY_LEVEL: &str = "4bfc869b-e80f-4c84-9f1c-ec4023846289";

/// An answer that is all there.
pub(super) fn whole(sim: &Sim, reply: Reply) -> Response {
    let mut response = headed(
        sim,
        reply.code,
        reply.content_type,
        Full::new(reply.body).map_err(|never| match never {}).boxed_unsync(),
    );
    for (name, value) in reply.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) else { continue };
        // Warnings may be several; all else is said once, and may take the place of a common header.
        if name == "warning" {
            response.headers_mut().append(name, value);
        } else {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A response with the common headers.
pub(super) fn headed(sim: &Sim, code: u16, content_type: &'static str, body: Body) -> Response {
    let mut response = hyper::Response::new(body);
    *response.status_mut() = hyper::StatusCode::from_u16(code).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&sim.audit_id()) {
        headers.insert("audit-id", id);
    }
    // By its own clock, as everything it says.
    if let Ok(date) = HeaderValue::from_str(&sim.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        headers.insert("date", date);
    }
    headers.insert("cache-control", HeaderValue::from_static("no-cache, private"));
    // 304 has none.
    if !content_type.is_empty() {
        headers.insert("content-type", HeaderValue::from_static(content_type));
    }
    headers.insert("x-kubernetes-pf-flowschema-uid", HeaderValue::from_static(FLOW_SCHEMA));
    headers.insert("x-kubernetes-pf-prioritylevel-uid", HeaderValue::from_static(PRIORITY_LEVEL));
    response
}
