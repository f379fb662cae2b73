//! Certificate signing requests.

use serde_json::Value;

use super::column::{AGE, Column, NAME, text};
use super::{age, name, text_or};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) const REQUEST: &[Column] = &[
    NAME,
    AGE,
    text("SignerName", "signerName indicates the requested signer, and is a qualified name."),
    text(
        "Requestor",
        "request contains an x509 certificate signing request encoded in a \"CERTIFICATE REQUEST\" PEM block.",
    ),
    text("RequestedDuration", "expirationSeconds is the requested duration of validity of the issued certificate."),
    text("Condition", "conditions applied to the request."),
];

pub(super) fn request(request: &Object, now: Micros) -> Vec<Value> {
    let wanted = request.int("/spec/expirationSeconds").map_or_else(|| "<none>".to_owned(), age::human);
    vec![
        name(request),
        age::age(request, now),
        text_or(request, "/spec/signerName", "<none>"),
        request.text("/spec/username").into(),
        wanted.into(),
        condition(request).into(),
    ]
}

fn condition(request: &Object) -> String {
    let is = |ty: &str| request.items("/status/conditions").iter().any(|condition| condition["type"] == ty);
    let mut said = match (is("Denied"), is("Approved")) {
        (true, _) => "Denied",
        (false, true) => "Approved",
        (false, false) => "Pending",
    }
    .to_owned();
    if is("Failed") {
        said.push_str(",Failed");
    }
    if !request.text("/status/certificate").is_empty() {
        said.push_str(",Issued");
    }
    said
}
