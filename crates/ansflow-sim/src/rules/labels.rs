//! Labels and annotations: what their names and values may be.

use serde_json::Value;

use super::{Causes, said};
use crate::object::{Object, ObjectExt};
use crate::status::Cause;

const QUALIFIED: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                         alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
                         '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must \
                           start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used \
                           for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const PREFIX: &str = "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and \
                      must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
                      '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const MOST_ANNOTATIONS: usize = 256 << 10;

/// The labels and annotations of an object's metadata.
pub(super) fn metadata(object: &Object, causes: &mut Causes) {
    labels(object.at("/metadata/labels"), "metadata.labels", causes);
    let annotations = object.at("/metadata/annotations").and_then(Value::as_object);
    let mut size = 0;
    for (name, value) in annotations.into_iter().flatten() {
        size += name.len() + value.as_str().map_or(0, str::len);
        for why in wrong_name(&name.to_lowercase()) {
            said::invalid(causes, "metadata.annotations", &Value::from(name.as_str()), &why);
        }
    }
    if size > MOST_ANNOTATIONS {
        let why = format!("Too long: may not be more than {MOST_ANNOTATIONS} bytes");
        causes.push(Cause::new("FieldValueTooLong", "metadata.annotations", why));
    }
}

/// Labels at a path.
pub(super) fn labels(labels: Option<&Value>, path: &str, causes: &mut Causes) {
    for (name, value) in labels.and_then(Value::as_object).into_iter().flatten() {
        for why in wrong_name(name) {
            said::invalid(causes, path, &Value::from(name.as_str()), &why);
        }
        let text = value.as_str().unwrap_or_default();
        if text.len() > 63 {
            said::invalid(causes, path, value, "must be no more than 63 bytes");
        }
        if !text.is_empty() && !word(text) {
            said::invalid(causes, path, value, LABEL_VALUE);
        }
    }
}

/// What is wrong with a name that may have a prefix: `example.com/name`.
pub(super) fn wrong_name(name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let (prefix, last) = match name.split_once('/') {
        Some((_, last)) if last.contains('/') => {
            let text = QUALIFIED.strip_prefix("name part ").unwrap_or(QUALIFIED);
            return vec![format!(
                "a qualified name {text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
        Some((prefix, last)) => (Some(prefix), last),
        None => (None, name),
    };
    match prefix {
        Some("") => wrong.push("prefix part must be non-empty".to_owned()),
        Some(prefix) if !prefix.split('.').all(host) => wrong.push(PREFIX.to_owned()),
        _ => {}
    }
    if last.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    } else if last.len() > 63 {
        wrong.push("name part must be no more than 63 bytes".to_owned());
    }
    if !word(last) {
        wrong.push(QUALIFIED.to_owned());
    }
    wrong
}

fn word(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = bytes.first().zip(bytes.last());
    ends.is_some_and(|(first, last)| first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// A part of a name of a host; also the name of a container.
pub(super) fn host(text: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = text.as_bytes().first().zip(text.as_bytes().last());
    ends.is_some_and(|(first, last)| alphanumeric(*first) && alphanumeric(*last))
        && text.len() <= 63
        && text.bytes().all(|byte| alphanumeric(byte) || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_labels_may_have_a_prefix() {
        for name in ["a", "app.kubernetes.io/name", "A_b.c", "1"] {
            assert!(wrong_name(name).is_empty(), "{name}");
        }
        for name in ["", "-a", "a/b/c", "/a", "UPPER.com/a", "a/", &"x".repeat(64)] {
            assert!(!wrong_name(name).is_empty(), "{name}");
        }
    }

    #[test]
    fn values_of_labels_are_words() {
        let mut causes = Causes::new();
        labels(Some(&serde_json::json!({"a": "b", "c": "", "d": "e f"})), "metadata.labels", &mut causes);
        assert_eq!(causes.len(), 1);
        assert!(causes[0].message.starts_with("Invalid value: \"e f\": a valid label must be"));
    }
}
