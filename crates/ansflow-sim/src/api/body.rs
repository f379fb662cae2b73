//! A request's body as an object: decoded by its media type, and checked against what the path says.

use bytes::Bytes;
use serde_json::Value;

use super::Call;
use super::options::media;
use super::write::Strictness;
use crate::kind::Kind;
use crate::merge::{self, Expected, Fitted};
use crate::object::{Object, ObjectExt};
use crate::status::{Details, Status};
use crate::wire::{protobuf, yaml};

/// The object that a create or update sends.
pub(super) fn object(call: &Call<'_>, kind: &Kind, strictness: Strictness) -> Result<Fitted, Status> {
    let bytes = &call.request.body;
    let expected = Expected::from(kind);
    match media(call.request.header("content-type")) {
        "" | "application/json" => merge::decode(bytes, &expected, strictness),
        "application/yaml" => match from_yaml(bytes)? {
            Value::Object(object) => merge::fit(object, &expected, strictness),
            _ => Err(Status::bad_request("error decoding YAML: the body is no object")),
        },
        "application/vnd.kubernetes.protobuf" => {
            let object = protobuf::decode(bytes).map_err(|bad| Status::bad_request(bad.to_string()))?;
            merge::fit(object, &expected, Strictness::Ignore)
        }
        _ => Err(unsupported()),
    }
}

/// The value of a patch.
pub(super) fn patch(call: &Call<'_>) -> Result<Value, Status> {
    let bytes = &call.request.body;
    serde_json::from_slice(bytes).map_err(|bad| Status::bad_request(format!("error decoding patch: {bad}")))
}

/// The object of an apply, which is YAML or JSON.
pub(super) fn applied(call: &Call<'_>) -> Result<Object, Status> {
    match from_yaml(&call.request.body)? {
        Value::Object(object) => Ok(object),
        _ => Err(Status::bad_request("error decoding YAML: the patch is no object")),
    }
}

/// What is said of keys that stand twice in the YAML of an apply.
pub(super) fn repeated(call: &Call<'_>) -> Option<String> {
    yaml::repeated(std::str::from_utf8(&call.request.body).ok()?)
}

fn from_yaml(bytes: &Bytes) -> Result<Value, Status> {
    let text = std::str::from_utf8(bytes).map_err(|_| Status::bad_request("error decoding YAML: invalid UTF-8"))?;
    yaml::decode(text).map_err(|bad| {
        let line = bad.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        Status::bad_request(format!("error decoding YAML: error converting YAML to JSON: yaml: {line}{}", bad.why))
    })
}

/// The name and the namespace of a body are those of its path, where they are given.
pub(super) fn placed(call: &Call<'_>, object: &Object) -> Result<(), Status> {
    let namespace = call.route.namespace.as_deref().unwrap_or_default();
    if call.route.kind.namespaced && !object.namespace().is_empty() && object.namespace() != namespace {
        let why = "the namespace of the provided object does not match the namespace sent on the request";
        return Err(Status::bad_request(why));
    }
    let name = call.route.name.as_deref().unwrap_or_default();
    if !name.is_empty() && !object.name().is_empty() && object.name() != name {
        let why = format!("the name of the object ({}) does not match the name on the URL ({name})", object.name());
        return Err(Status::bad_request(why));
    }
    Ok(())
}

pub(super) fn unsupported() -> Status {
    Status::new(415, "UnsupportedMediaType", "415: Unsupported Media Type").detailed(Details::default())
}

/// Custom resources have no strategic merge patch.
pub(super) fn unsupported_for(_kind: &Kind) -> Status {
    let message = "the body of the request was in an unknown format - accepted media types include: \
                   application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";
    Status::new(415, "UnsupportedMediaType", message)
}
