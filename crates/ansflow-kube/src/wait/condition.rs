//! What an object is waited for to be: `condition=Ready`, `jsonpath={.status.phase}=Running`, `delete`, `exists`, `ready`, …
//!
//! The words are those of `kubectl wait --for`, and those of the first implementation.

#[cfg(test)]
mod tests;

use super::jsonpath::JsonPath;
use crate::judge::{Readiness, judge};
use crate::object::Obj;
use crate::text::short;
use serde_json::Value as Json;

/// One thing to wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A condition of its status has a value, `True` where none is named; neither cares for capitals.
    Is {
        /// `Ready`.
        name: String,
        /// `True`.
        value: String,
    },
    /// Something stands at a path; this value where one is named.
    Path {
        /// Where.
        path: JsonPath,
        /// What, as text.
        value: Option<String>,
    },
    /// It is not there, or not any more.
    Deleted,
    /// It is there.
    Exists,
    /// It is what it should be, by the rules of its kind.
    Ready,
    /// A Job or a pod has ended well; others have the condition `Complete`.
    Complete,
}

/// Whether it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// It is.
    Yes,
    /// Not yet; what there is in its place.
    No(String),
    /// It never will be, and why.
    Never(String),
}

impl Condition {
    /// Reads one word of `for`; an error says which there are.
    pub fn parse(text: &str) -> Result<Condition, String> {
        let (word, rest) = text.trim().split_once('=').unwrap_or((text.trim(), ""));
        match (word.trim().to_ascii_lowercase().as_str(), rest.trim()) {
            ("condition", "") | ("jsonpath", "") => Err(format!("`{text}` names nothing behind `=`")),
            ("condition", rest) => {
                let (name, value) = rest.split_once('=').unwrap_or((rest, "True"));
                Ok(Condition::Is { name: name.trim().to_owned(), value: value.trim().to_owned() })
            }
            ("jsonpath", rest) => {
                let (path, value) = split(rest);
                let value = value.map(|value| unquoted(value).trim().to_owned());
                Ok(Condition::Path { path: JsonPath::parse(unquoted(path))?, value })
            }
            ("delete" | "deleted", "") => Ok(Condition::Deleted),
            ("create" | "exists", "") => Ok(Condition::Exists),
            ("ready", "") => Ok(Condition::Ready),
            ("complete", "") => Ok(Condition::Complete),
            // What the first implementation knew besides, each a condition of a Deployment.
            ("available", "") => Ok(Condition::is_true("Available")),
            ("progressing", "") => Ok(Condition::is_true("Progressing")),
            _ => Err(format!(
                "`{text}` is nothing to wait for: use `condition=NAME`, `jsonpath={{.path}}=VALUE`, `ready`, `complete`, `exists` or `delete`"
            )),
        }
    }

    /// Whether an object is so; none: it is not there.
    #[must_use]
    pub fn check(&self, object: Option<&Obj>) -> Met {
        let Some(object) = object else {
            return if *self == Condition::Deleted { Met::Yes } else { Met::No("it is not there yet".to_owned()) };
        };
        match self {
            Condition::Deleted => Met::No(still_there(object)),
            Condition::Exists => Met::Yes,
            Condition::Ready => of(judge(object)),
            Condition::Complete => complete(object),
            // Only Deployments have it; of other kinds the same is meant by what makes them ready.
            Condition::Is { name, value } if means_ready(object, name, value) => of(judge(object)),
            Condition::Is { name, value } => is(object, name, value),
            Condition::Path { path, value } => at(object, path, value.as_deref()),
        }
    }

    /// Whether only what goes well can make it so: then what is hopeless ends the waiting. Who waits for an object to go, or
    /// to fail, must not be stopped by that.
    #[must_use]
    pub fn wishes_well(&self) -> bool {
        match self {
            Condition::Ready | Condition::Complete => true,
            Condition::Deleted | Condition::Exists => false,
            Condition::Is { name, value } => {
                let names = ["ready", "available", "complete", "containersready", "succeeded", "successcriteriamet"];
                value.eq_ignore_ascii_case("true") && names.contains(&name.to_ascii_lowercase().as_str())
            }
            Condition::Path { path, value } => {
                let fields =
                    ["readyReplicas", "availableReplicas", "updatedReplicas", "succeeded", "ready", "numberReady"];
                let values = ["Running", "Succeeded", "Bound"];
                let value = value.as_deref();
                path.last_field().is_some_and(|field| fields.contains(&field))
                    && !["0", "false"].map(Some).contains(&value)
                    || value.is_some_and(|value| values.contains(&value))
            }
        }
    }

    fn is_true(name: &str) -> Condition {
        Condition::Is { name: name.to_owned(), value: "True".to_owned() }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Condition::Is { name, value } if value.eq_ignore_ascii_case("true") => write!(f, "condition {name}"),
            Condition::Is { name, value } => write!(f, "condition {name}={value}"),
            Condition::Path { path, value: Some(value) } => write!(f, "{}={value}", path.text()),
            Condition::Path { path, value: None } => write!(f, "{}", path.text()),
            Condition::Deleted => f.write_str("deleted"),
            Condition::Exists => f.write_str("there"),
            Condition::Ready => f.write_str("ready"),
            Condition::Complete => f.write_str("complete"),
        }
    }
}

fn still_there(object: &Obj) -> String {
    let is_going = object.at(&["metadata", "deletionTimestamp"]).is_some_and(|at| !at.is_null());
    if is_going { "it is being deleted".to_owned() } else { "it is there, and nobody deletes it".to_owned() }
}

fn of(readiness: Readiness) -> Met {
    match readiness {
        Readiness::Ready { .. } => Met::Yes,
        Readiness::Progressing(text) | Readiness::Stuck(text) | Readiness::Unknown(text) => Met::No(text),
        Readiness::Failed { why, .. } => Met::Never(why),
    }
}

fn complete(object: &Obj) -> Met {
    match (object.group(), object.kind()) {
        ("batch", "Job") => match of(judge(object)) {
            // A suspended Job counts as ready where nothing runs of it, and is not complete.
            Met::Yes => is(object, "Complete", "True"),
            other @ (Met::No(_) | Met::Never(_)) => other,
        },
        ("", "Pod") => match object.text(&["status", "phase"]) {
            Some("Succeeded") => Met::Yes,
            Some("Failed") => of(judge(object)),
            phase => Met::No(format!("its phase is {}", phase.unwrap_or("not known yet"))),
        },
        _ => is(object, "Complete", "True"),
    }
}

fn means_ready(object: &Obj, name: &str, value: &str) -> bool {
    let has_none = object.group() == "apps" && ["StatefulSet", "DaemonSet", "ReplicaSet"].contains(&object.kind());
    let is_asked = ["available", "ready"].contains(&name.to_ascii_lowercase().as_str());
    let deployment = object.group() == "apps" && object.kind() == "Deployment" && name.eq_ignore_ascii_case("ready");
    value.eq_ignore_ascii_case("true") && ((has_none && is_asked) || deployment)
}

/// As kubectl has it: a condition, or a status, that speaks of an older generation says nothing.
fn is(object: &Obj, name: &str, value: &str) -> Met {
    let conditions =
        object.at(&["status", "conditions"]).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let text =
        |condition: &Json, field: &str| condition.get(field).and_then(Json::as_str).unwrap_or_default().to_owned();
    let Some(condition) = conditions.iter().find(|condition| text(condition, "type").eq_ignore_ascii_case(name)) else {
        return Met::No(format!("it has no condition {name} yet"));
    };
    let seen = condition.get("observedGeneration").and_then(Json::as_i64);
    let seen = seen.or_else(|| object.int(&["status", "observedGeneration"]));
    if seen.is_some_and(|seen| seen < object.generation()) {
        return Met::No("its controller has not seen this version yet".to_owned());
    }
    let status = text(condition, "status");
    if status.eq_ignore_ascii_case(value) {
        return Met::Yes;
    }
    let why = [text(condition, "reason"), text(condition, "message")].into_iter().filter(|text| !text.is_empty());
    let why = why.collect::<Vec<_>>().join(": ");
    let colon = if why.is_empty() { "" } else { ": " };
    Met::No(short(&format!("{name} is {status}{colon}{why}"), 200))
}

fn at(object: &Obj, path: &JsonPath, value: Option<&str>) -> Met {
    let found = path.find(object.map());
    match (found.as_slice(), value) {
        ([], _) => Met::No(format!("nothing stands at {}", path.text())),
        ([_, ..], None) => Met::Yes,
        ([Json::Object(_) | Json::Array(_)], Some(_)) => Met::No(format!("{} is no single value", path.text())),
        ([one], Some(value)) => {
            let text = one.as_str().map_or_else(|| one.to_string(), str::to_owned);
            if text.trim() == value { Met::Yes } else { Met::No(short(&format!("{} is `{text}`", path.text()), 200)) }
        }
        ([_, _, ..], Some(_)) => Met::No(format!("{} names {} values", path.text(), found.len())),
    }
}

/// Path and value at the first `=` outside of brackets, braces and quotes.
fn split(text: &str) -> (&str, Option<&str>) {
    let (mut depth, mut quote) = (0_i32, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '{' | '[' | '(') => depth += 1,
            (None, '}' | ']' | ')') => depth -= 1,
            (None, '=') if depth <= 0 => {
                let (path, value) = text.split_at(at);
                return (path, value.get(1..));
            }
            (None, _) => {}
        }
    }
    (text, None)
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).unwrap_or(text)
}
