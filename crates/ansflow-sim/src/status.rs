//! Every refusal of the API, as the `Status` object that a client is sent.

use serde_json::{Map, Value, json};

use crate::kind::Kind;

/// Why a request was refused. Clients branch on `code` and `reason`, people read `message`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Status {
    pub(crate) code: u16,
    /// As `NotFound`; empty where Kubernetes gives none.
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    pub(crate) details: Option<Box<Details>>,
    /// Where a list that cannot go on as it was may go on all the same.
    pub(crate) proceed: Option<String>,
}

/// What the refusal is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Details {
    pub(crate) name: String,
    pub(crate) group: String,
    /// The plural of the resource, or the kind where the reference does so (`Invalid`).
    pub(crate) kind: String,
    pub(crate) uid: String,
    pub(crate) causes: Vec<Cause>,
    /// Seconds; also the header `Retry-After`.
    pub(crate) retry_after: Option<u32>,
}

/// One of the reasons of a refusal that has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    /// As `FieldValueRequired`.
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) field: String,
}

impl Status {
    pub(crate) fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Status {
        Status { code, reason, message: message.into(), details: None, proceed: None }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Status {
        Status::new(400, "BadRequest", message)
    }

    pub(crate) fn not_found(kind: &Kind, name: &str) -> Status {
        let message = format!("{} \"{name}\" not found", kind.resource());
        Status::new(404, "NotFound", message).about(kind, name)
    }

    /// No such resource or path: "the server could not find the requested resource".
    pub(crate) fn unknown_resource() -> Status {
        Status::new(404, "NotFound", "the server could not find the requested resource").detailed(Details::default())
    }

    pub(crate) fn already_exists(kind: &Kind, name: &str) -> Status {
        let message = format!("{} \"{name}\" already exists", kind.resource());
        Status::new(409, "AlreadyExists", message).about(kind, name)
    }

    pub(crate) fn conflict(kind: &Kind, name: &str, why: &str) -> Status {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", kind.resource());
        Status::new(409, "Conflict", message).about(kind, name)
    }

    /// Somebody else wrote first: the message that clients retry on.
    pub(crate) fn outdated(kind: &Kind, name: &str) -> Status {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Status::conflict(kind, name, why)
    }

    /// 403 of a person who may not, and of admission: `resource "name" is forbidden: why`.
    pub(crate) fn forbidden(kind: &Kind, name: &str, why: &str) -> Status {
        let message = match name {
            "" => format!("{} is forbidden: {why}", kind.resource()),
            _ => format!("{} \"{name}\" is forbidden: {why}", kind.resource()),
        };
        Status::new(403, "Forbidden", message).about(kind, name)
    }

    /// 422 with all causes; the message is made of them as Kubernetes does: each text once.
    pub(crate) fn invalid(kind: &Kind, name: &str, causes: Vec<Cause>) -> Status {
        let mut said: Vec<String> = Vec::new();
        for text in causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)) {
            if !said.contains(&text) {
                said.push(text);
            }
        }
        let said = match said.as_slice() {
            [one] => one.clone(),
            _ => format!("[{}]", said.join(", ")),
        };
        let message = format!("{} \"{name}\" is invalid: {said}", kind.qualified());
        let details = Details {
            name: name.to_owned(),
            group: kind.group.to_string(),
            kind: kind.kind.to_string(),
            causes,
            ..Details::default()
        };
        Status::new(422, "Invalid", message).detailed(details)
    }

    pub(crate) fn expired(message: impl Into<String>) -> Status {
        Status::new(410, "Expired", message)
    }

    pub(crate) fn unauthorized() -> Status {
        Status::new(401, "Unauthorized", "Unauthorized")
    }

    pub(crate) fn method_not_allowed() -> Status {
        let message = "the server does not allow this method on the requested resource";
        Status::new(405, "MethodNotAllowed", message).detailed(Details::default())
    }

    pub(crate) fn internal(why: impl std::fmt::Display) -> Status {
        let why = why.to_string();
        let cause = Cause { reason: String::new(), message: why.clone(), field: String::new() };
        let details = Details { causes: vec![cause], ..Details::default() };
        Status::new(500, "InternalError", format!("Internal error occurred: {why}")).detailed(details)
    }

    /// Says which object of which resource is meant.
    pub(crate) fn about(self, kind: &Kind, name: &str) -> Status {
        let details = Details {
            name: name.to_owned(),
            group: kind.group.to_string(),
            kind: kind.plural.to_string(),
            ..self.details.clone().map(|details| *details).unwrap_or_default()
        };
        self.detailed(details)
    }

    pub(crate) fn detailed(mut self, details: Details) -> Status {
        self.details = Some(Box::new(details));
        self
    }

    pub(crate) fn with_causes(mut self, causes: Vec<Cause>) -> Status {
        self.details.get_or_insert_default().causes = causes;
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u32) -> Status {
        self.details.get_or_insert_default().retry_after = Some(seconds);
        self
    }

    /// The JSON that is sent.
    pub(crate) fn to_value(&self) -> Value {
        let mut value = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": self.message,
        });
        if !self.reason.is_empty() {
            value["reason"] = self.reason.into();
        }
        if let Some(token) = &self.proceed {
            value["metadata"]["continue"] = token.as_str().into();
        }
        if let Some(details) = &self.details {
            value["details"] = details.to_value();
        }
        value["code"] = self.code.into();
        value
    }
}

impl Details {
    pub(crate) fn to_value(&self) -> Value {
        let mut out = Map::new();
        for (field, text) in [("name", &self.name), ("group", &self.group), ("kind", &self.kind), ("uid", &self.uid)] {
            if !text.is_empty() {
                out.insert(field.to_owned(), text.as_str().into());
            }
        }
        if !self.causes.is_empty() {
            out.insert("causes".to_owned(), self.causes.iter().map(Cause::to_value).collect());
        }
        if let Some(seconds) = self.retry_after {
            out.insert("retryAfterSeconds".to_owned(), seconds.into());
        }
        Value::Object(out)
    }
}

impl Cause {
    pub(crate) fn new(reason: &str, field: impl Into<String>, message: impl Into<String>) -> Cause {
        Cause { reason: reason.to_owned(), message: message.into(), field: field.into() }
    }

    fn to_value(&self) -> Value {
        let mut out = Map::new();
        for (field, text) in [("reason", &self.reason), ("message", &self.message), ("field", &self.field)] {
            if !text.is_empty() {
                out.insert(field.to_owned(), text.as_str().into());
            }
        }
        Value::Object(out)
    }
}
