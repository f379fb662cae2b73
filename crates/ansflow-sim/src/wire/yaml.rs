//! YAML bodies, read as `sigs.k8s.io/yaml` reads them: into JSON, with the words of YAML 1.1 for booleans.
//!
//! Aliases are followed within a budget, so that no small body becomes a large one.

mod build;
mod scalar;

use serde_json::Value;

/// Why a body is no YAML: where and what, as Go's yaml says it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("error converting YAML to JSON: yaml: {}", match line { Some(line) => format!("line {line}: {why}"), None => why.clone() })]
pub(crate) struct BadYaml {
    pub(crate) line: Option<usize>,
    pub(crate) why: String,
}

/// The first document of a text.
pub(crate) fn decode(text: &str) -> Result<Value, BadYaml> {
    build::document(text).map(|(value, _)| value)
}

/// What a strict reader says of keys that stand twice in a map; nothing where none does.
pub(crate) fn repeated(text: &str) -> Option<String> {
    let (_, repeated) = build::document(text).ok()?;
    let lines: Vec<String> =
        repeated.iter().map(|(line, key)| format!("  line {line}: key {key:?} already set in map")).collect();
    (!lines.is_empty()).then(|| format!("error converting YAML to JSON: yaml: unmarshal errors:\n{}", lines.join("\n")))
}

/// Answers as YAML: block style, as `application/yaml` asks for.
pub(crate) fn encode(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0);
    out
}

fn write(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (index, (key, value)) in sorted(fields).into_iter().enumerate() {
                if index > 0 {
                    out.push_str(&"  ".repeat(indent));
                }
                out.push_str(&scalar::written(key));
                out.push(':');
                nested(out, value, indent);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(&"  ".repeat(indent));
                }
                out.push_str("- ");
                write(out, item, indent + 1);
            }
        }
        Value::Object(_) => out.push_str("{}\n"),
        Value::Array(_) => out.push_str("[]\n"),
        Value::String(text) => {
            out.push_str(&scalar::written(text));
            out.push('\n');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            out.push_str(&value.to_string());
            out.push('\n');
        }
    }
}

fn nested(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            out.push('\n');
            out.push_str(&"  ".repeat(indent + 1));
            write(out, value, indent + 1);
        }
        // Go's yaml does not indent lists in maps.
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            out.push_str(&"  ".repeat(indent));
            write(out, value, indent);
        }
        _ => {
            out.push(' ');
            write(out, value, indent);
        }
    }
}

fn sorted(fields: &serde_json::Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(b.0));
    sorted
}

#[cfg(test)]
mod tests;
