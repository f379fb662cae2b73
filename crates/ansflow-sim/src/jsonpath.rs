//! The part of Kubernetes' JSONPath that custom resources use: columns of a table, paths of a scale subresource, selectable fields.
//!
//! `.spec.size`, `.status.conditions[?(@.type=="Ready")].status`, `.a[0].b`, `.a[*].b`, `.metadata.labels['a\.b/c']`.

use serde_json::Value;

/// A path that was read, so that a table of ten thousand rows reads it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonPath {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    Index(i64),
    All,
    /// `[?(@.type=="Ready")]`: the items whose field is, or is not, that text.
    Where {
        field: Vec<String>,
        equal: bool,
        text: String,
    },
}

impl JsonPath {
    /// None where the text is no path that we know; Kubernetes refuses such a definition with its own words.
    pub(crate) fn parse(text: &str) -> Option<JsonPath> {
        let mut rest = text.trim();
        rest = rest.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(rest);
        rest = rest.strip_prefix('$').unwrap_or(rest);
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (step, after) = bracket(inner)?;
                steps.push(step);
                rest = after;
            } else if let Some(after) = rest.strip_prefix('.') {
                if after.starts_with('[') || after.is_empty() {
                    rest = after;
                    continue;
                }
                let (name, after) = name(after);
                steps.push(if name == "*" { Step::All } else { Step::Field(name) });
                rest = after;
            } else {
                return None;
            }
        }
        Some(JsonPath { steps })
    }

    /// All values at the path.
    pub(crate) fn find<'a>(&self, root: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![root];
        for step in &self.steps {
            found = found.into_iter().flat_map(|value| step.of(value)).collect();
        }
        found
    }
}

impl Step {
    fn of<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        match self {
            Step::Field(name) => value.get(name).into_iter().collect(),
            Step::Index(index) => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let index = if *index < 0 { length + index } else { *index };
                usize::try_from(index).ok().and_then(|index| items.get(index)).into_iter().collect()
            }
            Step::All => match value {
                Value::Array(items) => items.iter().collect(),
                Value::Object(fields) => fields.values().collect(),
                _ => Vec::new(),
            },
            Step::Where { field, equal, text } => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                let said = |item: &&Value| {
                    let found = field.iter().try_fold(*item, |at, name| at.get(name));
                    found.is_some_and(|found| {
                        (found.as_str().map_or_else(|| found.to_string(), str::to_owned) == *text) == *equal
                    })
                };
                items.iter().filter(said).collect()
            }
        }
    }
}

/// A field name up to the next `.` or `[`; a backslash takes the next character as it is.
fn name(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((index, c)) = chars.next() {
        match c {
            '\\' => name.extend(chars.next().map(|(_, escaped)| escaped)),
            '.' | '[' => return (name, &text[index..]),
            _ => name.push(c),
        }
    }
    (name, "")
}

/// What stands after `[`, up to and with the `]`.
fn bracket(text: &str) -> Option<(Step, &str)> {
    if let Some(quote @ ('\'' | '"')) = text.chars().next() {
        let end = text[1..].find(&format!("{quote}]"))? + 1;
        return Some((Step::Field(text[1..end].replace("\\.", ".")), &text[end + 2..]));
    }
    if let Some(filter) = text.strip_prefix("?(") {
        let end = filter.find(")]")?;
        return Some((condition(&filter[..end])?, &filter[end + 2..]));
    }
    let end = text.find(']')?;
    let (inner, after) = (&text[..end], &text[end + 1..]);
    let step = if inner == "*" { Step::All } else { Step::Index(inner.trim().parse().ok()?) };
    Some((step, after))
}

/// `@.type=="Ready"`.
fn condition(text: &str) -> Option<Step> {
    let (equal, left, right) = match text.split_once("==") {
        Some((left, right)) => (true, left, right),
        None => text.split_once("!=").map(|(left, right)| (false, left, right))?,
    };
    let field = left.trim().strip_prefix("@.")?.split('.').map(str::to_owned).collect();
    let text = right.trim().trim_matches(|c| c == '"' || c == '\'').to_owned();
    Some(Step::Where { field, equal, text })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::JsonPath;

    #[expect(clippy::needless_pass_by_value, reason = "cases are read more easily so")]
    fn check(path: &str, expect: Value) {
        let object = json!({"spec": {"size": 2, "hosts": [{"name": "a"}, {"name": "b"}]},
            "metadata": {"labels": {"a.b/c": "x"}},
            "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Other", "status": "False"}]}});
        let found: Vec<Value> = JsonPath::parse(path).unwrap().find(&object).into_iter().cloned().collect();
        assert_eq!(Value::Array(found), expect, "{path}");
    }

    #[test]
    fn the_paths_of_custom_resources_are_followed() {
        check(".spec.size", json!([2]));
        check("{.spec.size}", json!([2]));
        check(".spec.missing", json!([]));
        check(".spec.hosts[1].name", json!(["b"]));
        check(".spec.hosts[-1].name", json!(["b"]));
        check(".spec.hosts[*].name", json!(["a", "b"]));
        check(".metadata.labels['a\\.b/c']", json!(["x"]));
        check(".metadata.labels.a\\.b/c", json!(["x"]));
        check(".status.conditions[?(@.type==\"Ready\")].status", json!(["True"]));
        check(".status.conditions[?(@.type!='Ready')].status", json!(["False"]));
    }

    #[test]
    fn what_is_no_path_is_none() {
        assert_eq!(JsonPath::parse("spec.size"), None);
        assert_eq!(JsonPath::parse(".spec[x]"), None);
    }
}
