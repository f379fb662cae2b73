//! Settings that a step and its pipeline share: environment, retry, approval, cache.

use crate::catalog;
use crate::diagnostic::Diagnostic;
use crate::duration;
use crate::pipeline::{Approval, Backoff, Cache, EnvVar, Params, Retry, RetryOn, Spanned, Text};
use crate::yaml::{Entry, Node, Value};

use super::fields::{Fields, unknown_key};
use super::params;
use super::problems::Problems;

/// The spellings of the environment.
pub(super) const ENV: &[&str] = &["env", "environment", "environment_vars"];
/// The spellings of a time limit.
pub(super) const TIMEOUT: &[&str] = &["timeout", "timeout_seconds"];

/// A map, or a list of `{key, value}` or `KEY=VALUE`.
pub(super) fn env(entry: &Entry, problems: &mut Problems) -> Vec<EnvVar> {
    let pairs = pairs(&entry.value, &format!("`{}`", entry.key.text), problems);
    for pair in &pairs {
        check_name(&pair.name, problems);
    }
    let mut seen = std::collections::HashMap::new();
    for pair in &pairs {
        if let Some(first) = seen.insert(pair.name.value.as_str(), pair.name.span) {
            let message = format!("`{}` is already given on line {}", pair.name.value, first.start.line);
            problems.add(Diagnostic::error("given-twice", pair.name.span, message).help("keep one of the two"));
        }
    }
    pairs
}

fn check_name(name: &Spanned<String>, problems: &mut Problems) {
    let well_formed =
        name.chars().enumerate().all(|(at, c)| c == '_' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit()));
    if name.is_empty() || !well_formed {
        let message = format!("`{}` is no name of an environment variable", super::problems::short(name));
        let help = "use letters of a to z, digits and `_`, and begin with no digit";
        problems.add(Diagnostic::error("bad-name", name.span, message).help(help));
    } else if name.starts_with("ANSFLOW_") {
        let message = format!("`{}` is one of AnsFlow's own", name.value);
        problems
            .add(Diagnostic::error("bad-name", name.span, message).help("names that begin with `ANSFLOW_` are taken"));
    }
}

/// A map of texts in one of its three shapes.
pub(super) fn pairs(node: &Node, what: &str, problems: &mut Problems) -> Vec<EnvVar> {
    match &node.value {
        Value::Null => Vec::new(),
        Value::Map(entries) => entries
            .iter()
            .filter_map(|entry| {
                let value = value_text(&entry.value, &format!("`{}` of {what}", entry.key.text), problems)?;
                Some(EnvVar { name: Spanned::new(entry.key.text.clone(), entry.key.span), value })
            })
            .collect(),
        Value::List(items) => items.iter().filter_map(|item| pair(item, what, problems)).collect(),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            problems.wrong_type(node, what, "a map");
            Vec::new()
        }
    }
}

fn pair(item: &Node, what: &str, problems: &mut Problems) -> Option<EnvVar> {
    if let Some(text) = item.text() {
        let Some((name, value)) = text.split_once('=') else {
            let message = format!("{what} holds `{}`, which has no `=`", super::problems::short(text));
            problems.add(Diagnostic::error("wrong-type", item.span, message).help("write `KEY=VALUE`"));
            return None;
        };
        let value = Text { text: value.to_owned(), node: item.clone(), offset: name.len() + 1 };
        return Some(EnvVar { name: Spanned::new(name.to_owned(), item.span), value });
    }
    let mut fields = Fields::of(item, format!("an entry of {what}"), problems)?;
    let name = fields.take(&["key", "name"], problems).and_then(|entry| problems.name(&entry.value, "`key`"));
    let value = fields.take(&["value"], problems).and_then(|entry| value_text(&entry.value, "`value`", problems));
    fields.finish(problems);
    match (name, value) {
        (Some(name), Some(value)) => Some(EnvVar { name, value }),
        _ => {
            problems.error("wrong-type", item.span, format!("an entry of {what} needs `key` and `value`"));
            None
        }
    }
}

/// Nothing at all is the empty text.
fn value_text(node: &Node, what: &str, problems: &mut Problems) -> Option<Text> {
    if matches!(node.value, Value::Null) {
        return Some(Text { text: String::new(), node: node.clone(), offset: 0 });
    }
    problems.text_node(node, what)
}

pub(super) fn retry(entry: &Entry, problems: &mut Problems) -> Option<Retry> {
    if let Value::Int(count) = entry.value.value {
        let help = format!("write `retry: {{ attempts: {} }}`; the first try counts", count.clamp(1, 1000));
        problems.wrong_type_with(&entry.value, &format!("`{}`", entry.key.text), "a map", &help);
        return None;
    }
    let mut fields = Fields::of(&entry.value, format!("`{}`", entry.key.text), problems)?;
    let mut retry = Retry::default();
    if let Some(entry) = fields.take(&["attempts", "max_retries"], problems) {
        let more = u32::from(entry.key.text == "max_retries");
        let what = format!("`{}`", entry.key.text);
        let least = 1 - i64::from(more);
        if let Some(count) = problems.integer(&entry.value, &what, least, least + 999) {
            retry.attempts = u32::try_from(count).expect("a number up to 1,000") + more;
        }
    }
    if let Some(entry) = fields.take(&["delay", "retry_delay_seconds", "delay_seconds"], problems) {
        retry.delay_ms = problems.duration(&entry.value, &format!("`{}`", entry.key.text)).unwrap_or_default();
    }
    if let Some(entry) = fields.take(&["backoff", "backoff_strategy"], problems) {
        let words = [("fixed", Backoff::Fixed), ("linear", Backoff::Linear), ("exponential", Backoff::Exponential)];
        retry.backoff = problems.choice(&entry.value, "`backoff`", &words).unwrap_or_default();
    }
    if let Some(entry) = fields.take(&["max_delay", "max_delay_seconds"], problems) {
        retry.max_delay_ms = problems.duration(&entry.value, &format!("`{}`", entry.key.text));
    }
    if let Some(entry) = fields.take(&["on"], problems) {
        let words = [
            ("failed", RetryOn::Failed),
            ("timed_out", RetryOn::TimedOut),
            ("lost", RetryOn::Lost),
            ("broken", RetryOn::Broken),
        ];
        let items = match &entry.value.value {
            Value::Text(_) => std::slice::from_ref(&entry.value),
            _ => problems.list(&entry.value, "`on`", "outcomes"),
        };
        retry.on = items.iter().filter_map(|item| problems.choice(item, "`on`", &words)).collect();
    }
    fields.finish(problems);
    Some(retry)
}

/// `approval` on any step; takes what an `approval` step takes.
pub(super) fn approval(entry: &Entry, problems: &mut Problems) -> Option<Approval> {
    let Value::Map(entries) = &entry.value.value else {
        if !matches!(entry.value.value, Value::Null) {
            let help = "write `approval: {}`, or name people: `approval: { approvers: [ops] }`";
            problems.wrong_type_with(&entry.value, "`approval`", "a map", help);
            return None;
        }
        return Some(Approval { approvers: Vec::new(), required: 1, timeout_ms: None, message: None });
    };
    let known: Vec<&'static str> = catalog::APPROVAL_PARAMS.iter().map(|param| param.key).collect();
    let unknown = |entry: &Entry| unknown_key(&entry.key, "`approval`", &known);
    let entries: Vec<&Entry> = entries.iter().collect();
    let settings = params::settings(catalog::APPROVAL_PARAMS, &entries, &unknown, problems);
    Some(approval_of(&Params { settings }, problems))
}

/// The same from the parameters of an `approval` step.
pub(super) fn approval_of(params: &Params, problems: &mut Problems) -> Approval {
    let approvers = match params.get("approvers").map(|setting| &setting.value.value) {
        Some(Value::List(items)) => items.iter().filter_map(Node::scalar).collect(),
        Some(Value::Text(text)) => {
            text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
        }
        _ => Vec::new(),
    };
    let required = params.get("required").and_then(|setting| match setting.value.value {
        Value::Int(required) => Some((setting, u32::try_from(required).ok()?)),
        _ => None,
    });
    if let Some((setting, required)) = required {
        enough(&setting.written, required, &approvers, problems);
    }
    let timeout = params.get("timeout").and_then(|setting| duration::parse(&setting.value.scalar()?).ok());
    let message = params.get("message").map(|setting| Text {
        text: setting.value.scalar().unwrap_or_default(),
        node: setting.written.clone(),
        offset: 0,
    });
    Approval { approvers, required: required.map_or(1, |(_, required)| required), timeout_ms: timeout, message }
}

/// More people than there are can never agree.
fn enough(node: &Node, required: u32, approvers: &[String], problems: &mut Problems) {
    if !approvers.is_empty() && usize::try_from(required).is_ok_and(|required| required > approvers.len()) {
        let message = format!("`required` asks for {required} of {} approvers", approvers.len());
        problems
            .add(Diagnostic::error("out-of-range", node.span, message).help("name more approvers, or ask for fewer"));
    }
}

fn texts(entry: &Entry, problems: &mut Problems) -> Vec<String> {
    let texts = problems.texts(&entry.value, &format!("`{}`", entry.key.text));
    texts.into_iter().map(|text| text.text).collect()
}

/// A list of `{key, paths}`; one such map is a list of one.
pub(super) fn cache(entry: &Entry, problems: &mut Problems) -> Vec<Cache> {
    let items = match &entry.value.value {
        Value::Map(_) => std::slice::from_ref(&entry.value),
        _ => problems.list(&entry.value, "`cache`", "`{key, paths}`"),
    };
    let mut caches = Vec::new();
    for item in items {
        let Some(mut fields) = Fields::of(item, "an entry of `cache`", problems) else { continue };
        let key = fields.take(&["key"], problems).and_then(|entry| problems.name(&entry.value, "`key` of `cache`"));
        let paths = fields.take(&["paths"], problems).map(|entry| texts(entry, problems)).unwrap_or_default();
        fields.finish(problems);
        match key {
            Some(key) if !paths.is_empty() => caches.push(Cache { key: key.value, paths }),
            Some(_) | None => {
                problems.error("missing-key", item.span, "an entry of `cache` needs `key` and `paths`");
            }
        }
    }
    caches
}
