//! Field selectors: `status.phase=Running,spec.nodeName!=node-1`. Every kind has a few fields that can be asked for, and all others are refused.

use serde_json::Value;

use crate::selector::BadSelector;

/// What must hold, by paths that the kind allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldSelector {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    path: String,
    equal: bool,
    value: String,
}

impl FieldSelector {
    /// `also` are further paths of a custom resource, its `selectableFields` without the leading dot.
    pub(crate) fn parse(text: &str, group: &str, kind: &str, also: &[String]) -> Result<FieldSelector, BadSelector> {
        let mut terms = Vec::new();
        for part in split(text) {
            let Some((path, equal, raw)) = term(part) else {
                return Err(BadSelector(format!("invalid selector: '{text}'; can't understand '{part}'")));
            };
            let path = if kind == "Pod" && path == "spec.host" { "spec.nodeName" } else { path };
            if !allowed(group, kind, path) && !also.iter().any(|one| one == path) {
                return Err(BadSelector(unsupported(group, kind, path)));
            }
            terms.push(Term { path: path.to_owned(), equal, value: unescape(raw)? });
        }
        Ok(FieldSelector { terms })
    }

    pub(crate) fn is_everything(&self) -> bool {
        self.terms.is_empty()
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        self.terms.iter().all(|term| (value(object, &term.path) == term.value) == term.equal)
    }

    /// The name that this selector asks for, where it asks for one: a list of one object, which authorisation looks at.
    pub(crate) fn name(&self) -> Option<&str> {
        let named = self.terms.iter().find(|term| term.equal && term.path == "metadata.name");
        named.map(|term| term.value.as_str())
    }

    /// Whether metadata alone decides, so that a list need not open its objects.
    pub(crate) fn needs_only_metadata(&self) -> bool {
        self.terms.iter().all(|term| term.path.starts_with("metadata."))
    }
}

fn allowed(group: &str, kind: &str, path: &str) -> bool {
    if matches!(path, "metadata.name" | "metadata.namespace") {
        return true;
    }
    let fields: &[&str] = match (group, kind) {
        ("", "Pod") => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        ("", "Node") => &["spec.unschedulable"],
        ("", "Namespace") => &["status.phase"],
        ("", "Secret") => &["type"],
        ("", "Service") => &["spec.clusterIP", "spec.type"],
        ("", "ReplicationController") | ("apps", "ReplicaSet") => &["status.replicas"],
        ("batch", "Job") => &["status.successful"],
        ("certificates.k8s.io", "CertificateSigningRequest") => &["spec.signerName"],
        ("", "Event") => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        ("events.k8s.io", "Event") => &[
            "regarding.kind",
            "regarding.namespace",
            "regarding.name",
            "regarding.uid",
            "regarding.apiVersion",
            "regarding.resourceVersion",
            "regarding.fieldPath",
            "reason",
            "reportingController",
            "type",
        ],
        _ => &[],
    };
    fields.contains(&path)
}

/// Kinds with fields of their own name the one that was asked for; the others also say which two they have.
fn unsupported(group: &str, kind: &str, path: &str) -> String {
    let has_own = matches!(
        (group, kind),
        ("", "Pod" | "Node" | "Namespace" | "Secret" | "Service" | "ReplicationController" | "Event")
            | ("batch", "Job")
            | ("events.k8s.io", "Event")
    );
    if has_own {
        format!("field label not supported: {path}")
    } else {
        format!("{path:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
    }
}

/// What an object has at a path, as text; absent is the empty text, or what Go's zero value prints.
fn value(object: &Value, path: &str) -> String {
    let found = path.split('.').try_fold(object, |at, step| at.get(step));
    match (path, found) {
        ("source", _) => {
            let source = object.pointer("/source/component").and_then(Value::as_str).unwrap_or_default();
            let source = if source.is_empty() {
                object.get("reportingComponent").and_then(Value::as_str).unwrap_or_default()
            } else {
                source
            };
            source.to_owned()
        }
        ("status.podIPs", _) => {
            let ips = object.pointer("/status/podIPs").and_then(Value::as_array);
            ips.and_then(|ips| ips.first()).and_then(|ip| ip["ip"].as_str()).unwrap_or_default().to_owned()
        }
        ("status.successful", _) => {
            object.pointer("/status/succeeded").and_then(Value::as_i64).unwrap_or(0).to_string()
        }
        ("spec.unschedulable" | "spec.hostNetwork", None) => "false".to_owned(),
        ("status.replicas", None) => "0".to_owned(),
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(Value::Number(number))) => number.to_string(),
        (_, Some(Value::Bool(yes))) => yes.to_string(),
        (_, Some(Value::Null | Value::Array(_) | Value::Object(_)) | None) => String::new(),
    }
}

/// Terms between commas that no backslash escapes; empty ones are left out.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Path, whether equal, and the raw value, at the first operator.
fn term(text: &str) -> Option<(&str, bool, &str)> {
    let at = text.char_indices().find(|(index, c)| *c == '=' || text[*index..].starts_with("!="))?.0;
    let (path, rest) = text.split_at(at);
    let (equal, rest) = match rest {
        _ if rest.starts_with("!=") => (false, &rest[2..]),
        _ if rest.starts_with("==") => (true, &rest[2..]),
        _ => (true, &rest[1..]),
    };
    Some((path, equal, rest))
}

fn unescape(raw: &str) -> Result<String, BadSelector> {
    let mut value = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ ('\\' | ',' | '=')) => value.push(escaped),
                Some(other) => {
                    return Err(BadSelector(format!("invalid field selector: invalid escape sequence: \\{other}")));
                }
                None => return Err(BadSelector("invalid field selector: invalid escape sequence: \\".to_owned())),
            },
            ',' | '=' => {
                return Err(BadSelector(format!(
                    "invalid field selector: unescaped character in value: {}",
                    u32::from(c)
                )));
            }
            _ => value.push(c),
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::FieldSelector;

    fn check(group: &str, kind: &str, text: &str, expect: bool) {
        let pod = json!({"metadata": {"name": "a", "namespace": "demo"}, "spec": {"nodeName": "n1"}, "status": {"phase": "Running"},
            "involvedObject": {"kind": "Pod", "name": "a"}, "source": {"component": "kubelet"}});
        let selector = FieldSelector::parse(text, group, kind, &[]).unwrap();
        assert_eq!(selector.matches(&pod), expect, "{text}");
    }

    #[test]
    fn fields_are_compared_as_text() {
        check("", "Pod", "", true);
        check("", "Pod", "metadata.name=a", true);
        check("", "Pod", "status.phase=Running,spec.nodeName!=n2", true);
        check("", "Pod", "spec.host==n1", true);
        check("", "Pod", "spec.hostNetwork=false", true);
        check("", "Event", "involvedObject.name=a,involvedObject.kind=Pod,source=kubelet", true);
        check("apps", "Deployment", "metadata.namespace!=demo", false);
    }

    #[test]
    fn a_field_that_cannot_be_asked_for_is_refused() {
        let refused = |group, kind, text| FieldSelector::parse(text, group, kind, &[]).unwrap_err().to_string();
        assert_eq!(refused("", "Pod", "spec.foo=bar"), "field label not supported: spec.foo");
        assert_eq!(refused("", "Pod", "spec.foo"), "invalid selector: 'spec.foo'; can't understand 'spec.foo'");
        assert_eq!(
            refused("apps", "Deployment", "spec.replicas=1"),
            "\"spec.replicas\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        );
    }

    #[test]
    fn a_custom_resource_brings_its_own_fields() {
        let selector =
            FieldSelector::parse("spec.color=red", "example.com", "Widget", &["spec.color".to_owned()]).unwrap();
        assert!(selector.matches(&json!({"spec": {"color": "red"}})));
        assert_eq!(FieldSelector::parse("metadata.name=x\\,y", "", "Pod", &[]).unwrap().name(), Some("x,y"));
    }
}
