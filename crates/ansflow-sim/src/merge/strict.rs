//! Reading what clients send as a Go server reads it: types are checked, unknown and repeated fields are told, and the
//! object comes out as Go would write it back.

mod fit;
mod json;
mod zeros;

use serde_json::Value;

use crate::api::write::Strictness;
use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::schema::TypeId;
use crate::status::{Cause, Status};

pub(super) use fit::go_kind;

/// What a body has to be.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) ty: TypeId,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
}

impl From<&Kind> for Expected {
    fn from(kind: &Kind) -> Expected {
        Expected {
            ty: kind.ty,
            group: kind.group.to_string(),
            version: kind.version.to_string(),
            kind: kind.kind.to_string(),
        }
    }
}

/// An object that was read, and what is to be told about it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted {
    pub(crate) object: Object,
    /// For `Warning` headers.
    pub(crate) warnings: Vec<String>,
}

/// Reads a JSON body.
pub(crate) fn decode(body: &[u8], expected: &Expected, strict: Strictness) -> Result<Fitted, Status> {
    let (value, repeated) = json::read(body)
        .map_err(|why| unrecognized(expected, body, &format!("couldn't get version/kind; json parse error: {why}")))?;
    let Value::Object(object) = value else {
        let why = format!(
            "couldn't get version/kind; json parse error: json: cannot unmarshal {} into Go value of type struct {{ APIVersion \
             string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}",
            go_kind(&value)
        );
        return Err(unrecognized(expected, body, &why));
    };
    finish(object, repeated, expected, strict)
}

/// Takes an object that was read from YAML or protobuf.
pub(crate) fn fit(object: Object, expected: &Expected, strict: Strictness) -> Result<Fitted, Status> {
    finish(object, Vec::new(), expected, strict)
}

/// Takes what a patch made of an object; what does not fit is the patch's fault.
pub(crate) fn fit_patched(object: Object, ty: TypeId, strict: Strictness) -> Result<Fitted, Status> {
    let shown = Value::Object(object.clone());
    let refused = |why: &str| {
        let why = format!("Invalid value: {}: {why}", Value::from(shown.to_string()));
        let cause = Cause::new("FieldValueInvalid", "patch", why.clone());
        Status::new(422, "Invalid", format!(" \"\" is invalid: patch: {why}")).with_causes(vec![cause])
    };
    let (object, unknown) = fit::fit(ty, object).map_err(|why| refused(&why))?;
    told(unknown, strict).map(|warnings| Fitted { object, warnings }).map_err(|why| refused(&why))
}

/// What an apply made, as Go would write it. It was checked before, but for what only Go's types know.
pub(super) fn settled(ty: TypeId, object: Object) -> Result<Object, Status> {
    let (object, _) = fit::fit(ty, object)
        .map_err(|why| Status::bad_request(format!("failed to convert new typed object to object: {why}")))?;
    Ok(object)
}

fn finish(object: Object, mut told_of: Vec<String>, expected: &Expected, strict: Strictness) -> Result<Fitted, Status> {
    let (said_version, said_kind) = said(&object, expected);
    let refused = |why: &str| {
        let version = said_version.rsplit('/').next().unwrap_or_default();
        let kind = &expected.kind;
        Status::bad_request(format!("{said_kind} in version \"{version}\" cannot be handled as a {kind}: {why}"))
    };
    if said_kind != expected.kind {
        return Err(refused(&other_kind(&said_version, &said_kind, expected)));
    }
    let wanted = version_of(expected);
    if said_version != wanted {
        return Err(Status::bad_request(format!(
            "the API version in the data ({said_version}) does not match the expected API version ({wanted})"
        )));
    }
    let (mut object, unknown) = fit::fit(expected.ty, object).map_err(|why| refused(&why))?;
    told_of.extend(unknown);
    let warnings = told(told_of, strict).map_err(|why| refused(&why))?;
    object.insert("apiVersion".to_owned(), wanted.into());
    object.insert("kind".to_owned(), expected.kind.as_str().into());
    Ok(Fitted { object, warnings })
}

/// What becomes of fields that are unknown or stand there twice: warnings, or one error.
fn told(fields: Vec<String>, strict: Strictness) -> Result<Vec<String>, String> {
    match strict {
        Strictness::Ignore => Ok(Vec::new()),
        Strictness::Warn => Ok(fields),
        Strictness::Strict if fields.is_empty() => Ok(fields),
        Strictness::Strict => Err(format!("strict decoding error: {}", fields.join(", "))),
    }
}

/// What the body says it is; the path says it where the body does not.
fn said(object: &Object, expected: &Expected) -> (String, String) {
    let or = |said: &str, expected: String| if said.is_empty() { expected } else { said.to_owned() };
    (or(object.api_version(), version_of(expected)), or(object.kind(), expected.kind.clone()))
}

fn version_of(expected: &Expected) -> String {
    match expected.group.as_str() {
        "" => expected.version.clone(),
        group => format!("{group}/{}", expected.version),
    }
}

/// Why an object of one kind is not one of another: Go has no conversion, or does not know it at all.
fn other_kind(version: &str, kind: &str, expected: &Expected) -> String {
    let (group, short) = version.split_once('/').unwrap_or(("", version));
    let known = crate::schema::all()
        .iter()
        .flat_map(|ty| &ty.kinds)
        .any(|known| &*known.group == group && &*known.version == short && &*known.kind == kind);
    if !known {
        return format!(
            "no kind \"{kind}\" is registered for version \"{version}\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\""
        );
    }
    let internal = match expected.group.split('.').next() {
        None | Some("") => "core",
        Some(first) => first,
    };
    format!("converting ({short}.{kind}) to ({internal}.{}): unknown conversion", expected.kind)
}

fn unrecognized(expected: &Expected, body: &[u8], why: &str) -> Status {
    Status::bad_request(format!(
        "the object provided is unrecognized (must be of type {}): {why} ({})",
        expected.kind,
        summary(body)
    ))
}

/// The beginning of a body, as Kubernetes shows it.
fn summary(body: &[u8]) -> String {
    const MOST: usize = 30;
    let (shown, more) = match body.get(..MOST) {
        Some(shown) if body.len() > MOST => (shown, " ..."),
        _ => (body, ""),
    };
    match body.first() {
        None => "<empty>".to_owned(),
        Some(b'{') => format!("{}{more}", String::from_utf8_lossy(shown)),
        Some(_) => format!("{}{more}", shown.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
    }
}

#[cfg(test)]
mod tests;
