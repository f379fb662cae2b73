//! Defaults as data: a line says what a field is where nobody said it.
//!
//! `a.b = 1` makes `a` where it is absent; `a?.b = 1` only looks into an `a` that is there; `a[].b = 1` goes through the
//! items; `a : Table` fills what stands at `a` by another table. Conditional defaults are code (`conditional.rs`).

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::{conditional, tables};
use crate::kind::Kind;
use crate::object::Object;

/// Fills in what the object leaves open.
pub(super) fn fill(kind: &Kind, object: &mut Object) {
    let name = match &*kind.group {
        "" => kind.kind.to_string(),
        group => format!("{}.{group}", kind.kind),
    };
    let mut value = Value::Object(std::mem::take(object));
    if let Some(lines) = all().get(name.as_str()) {
        run(lines, &mut value);
    }
    if let Value::Object(mut filled) = value {
        conditional::fill(kind, &mut filled);
        *object = filled;
    }
}

/// One line of a table.
struct Line {
    path: Vec<Step>,
    rule: Rule,
}

enum Rule {
    Is(Value),
    Table(&'static str),
}

struct Step {
    field: &'static str,
    /// Only where it is there.
    given: bool,
    items: bool,
}

fn all() -> &'static HashMap<&'static str, Vec<Line>> {
    static TABLES: OnceLock<HashMap<&'static str, Vec<Line>>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let table = |(name, text): &(&'static str, &'static str)| (*name, text.lines().filter_map(read).collect());
        tables::DEFAULTS.iter().map(table).collect()
    })
}

fn read(line: &'static str) -> Option<Line> {
    let line = line.trim();
    let (path, rule) = match line.split_once(" = ") {
        Some((path, value)) => {
            (path, Rule::Is(serde_json::from_str(value).expect("a default is JSON, a test reads all")))
        }
        None => {
            let (path, table) = line.split_once(" : ")?;
            (path, Rule::Table(table))
        }
    };
    let step = |word: &'static str| {
        let (field, items) = word.strip_suffix("[]").map_or((word, false), |field| (field, true));
        let (field, given) = field.strip_suffix('?').map_or((field, false), |field| (field, true));
        Step { field, given: given || items, items }
    };
    Some(Line { path: path.split('.').map(step).collect(), rule })
}

fn run(lines: &[Line], value: &mut Value) {
    for line in lines {
        walk(&line.path, &line.rule, value);
    }
}

fn walk(path: &[Step], rule: &Rule, value: &mut Value) {
    let Value::Object(fields) = value else { return };
    match (path, rule) {
        ([], _) => {}
        ([last], Rule::Is(default)) => {
            let open = fields.get(last.field).is_none_or(Value::is_null);
            if open {
                fields.insert(last.field.to_owned(), default.clone());
            }
        }
        ([step, rest @ ..], _) => {
            if step.given && fields.get(step.field).is_none_or(Value::is_null) {
                return;
            }
            let inner = fields.entry(step.field.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            let go_on = |inner: &mut Value| match (rest, rule) {
                ([], Rule::Table(table)) => run(&all()[table], inner),
                _ => walk(rest, rule, inner),
            };
            match inner {
                Value::Array(items) if step.items => items.iter_mut().for_each(go_on),
                inner => go_on(inner),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_line_is_read_and_every_table_that_is_named_is_there() {
        for (name, text) in tables::DEFAULTS {
            let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
            assert_eq!(all()[name].len(), lines, "{name}");
            for line in &all()[name] {
                if let Rule::Table(table) = line.rule {
                    assert!(all().contains_key(table), "{table}");
                }
            }
        }
    }

    #[test]
    fn what_was_said_stays_and_what_is_absent_is_not_looked_into() {
        let lines: Vec<Line> = ["a.b = 1", "c?.d = 2", "e[].f = 3"].into_iter().filter_map(read).collect();
        let mut value = json!({"a": {"b": 0}, "e": [{}, {"f": 4}]});
        run(&lines, &mut value);
        assert_eq!(value, json!({"a": {"b": 0}, "e": [{"f": 3}, {"f": 4}]}));
    }
}
