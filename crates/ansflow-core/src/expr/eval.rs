//! Trees become values. Knows types, not where values come from.

use super::ast::{Ast, Comparison, Kind, Segment};
use super::{ExprError, Lookup, Scope};
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::ops::Range;

/// Why there is no value.
enum Stop {
    /// The name is right but has no value here.
    Absent(ExprError),
    /// There is no such thing.
    Unknown(ExprError),
    /// The expression is wrong for these values.
    Wrong(ExprError),
}

impl Stop {
    fn error(self) -> ExprError {
        match self {
            Stop::Absent(error) | Stop::Unknown(error) | Stop::Wrong(error) => error,
        }
    }
}

pub(super) fn eval(ast: &Ast, scope: &Scope<'_>) -> Result<Json, ExprError> {
    value(ast, scope).map_err(Stop::error)
}

pub(super) fn holds(ast: &Ast, scope: &Scope<'_>) -> Result<bool, ExprError> {
    match truth(ast, scope, "a condition") {
        Ok(truth) => Ok(truth),
        Err(Stop::Absent(_)) => Ok(false),
        Err(Stop::Unknown(error) | Stop::Wrong(error)) => Err(error),
    }
}

fn value(ast: &Ast, scope: &Scope<'_>) -> Result<Json, Stop> {
    match &ast.kind {
        Kind::Literal(json) => Ok(json.clone()),
        Kind::Name(path) => look_up(path, &ast.range, scope),
        Kind::Index(inner, segments) => descend(value(inner, scope)?, segments, &ast.range),
        Kind::List(items) => items.iter().map(|item| value(item, scope)).collect::<Result<_, _>>().map(Json::Array),
        Kind::Not(inner) => truth(inner, scope, "`not`").map(|truth| Json::Bool(!truth)),
        Kind::All(operands) => decide(operands, scope, false, "`and`"),
        Kind::Any(operands) => decide(operands, scope, true, "`or`"),
        Kind::Compare(comparison, left, right) => {
            compare(*comparison, &value(left, scope)?, &value(right, scope)?, &ast.range).map(Json::Bool)
        }
        Kind::In { negated, item, whole } => {
            contains(&value(item, scope)?, &value(whole, scope)?, &ast.range).map(|found| Json::Bool(found != *negated))
        }
        Kind::Default(inner, fallback) => match value(inner, scope) {
            Ok(Json::Null) | Err(Stop::Absent(_) | Stop::Unknown(_)) => value(fallback, scope),
            found => found,
        },
    }
}

/// `and` ends at the first false, `or` at the first true.
fn decide(operands: &[Ast], scope: &Scope<'_>, ends_at: bool, who: &str) -> Result<Json, Stop> {
    for operand in operands {
        if truth(operand, scope, who)? == ends_at {
            return Ok(Json::Bool(ends_at));
        }
    }
    Ok(Json::Bool(!ends_at))
}

fn truth(ast: &Ast, scope: &Scope<'_>, who: &str) -> Result<bool, Stop> {
    match value(ast, scope)? {
        Json::Bool(truth) => Ok(truth),
        other => {
            let message = format!("{who} takes true or false, not {}", describe(&other));
            let help = match other {
                Json::Number(_) => "write x != 0",
                Json::Array(_) => "write x != []",
                Json::Null | Json::Bool(_) | Json::String(_) | Json::Object(_) => "write x != \"\"",
            };
            Err(Stop::Wrong(ExprError::new(ast.range.clone(), message).help(help)))
        }
    }
}

fn look_up(path: &[String], range: &Range<usize>, scope: &Scope<'_>) -> Result<Json, Stop> {
    let said = |sentence: String| match sentence.split_once('\n') {
        Some((message, help)) => ExprError::new(range.clone(), message).help(help),
        None => ExprError::new(range.clone(), sentence),
    };
    match scope(path) {
        Lookup::Value(json) => Ok(json),
        Lookup::Absent(why) => {
            let reason = if why.is_empty() { String::new() } else { format!(": {why}") };
            Err(Stop::Absent(said(format!("`{}` has no value{reason}", path.join(".")))))
        }
        Lookup::Unknown(why) => Err(Stop::Unknown(said(why))),
        Lookup::Masked(advice) => Err(Stop::Wrong(said(advice))),
    }
}

fn descend(mut json: Json, segments: &[Segment], range: &Range<usize>) -> Result<Json, Stop> {
    for segment in segments {
        let (found, asked) = match (&mut json, segment) {
            (Json::Object(map), Segment::Key(key)) => (map.get_mut(key), format!("key `{key}`")),
            (Json::Object(map), Segment::Place(place)) => (map.get_mut(&place.to_string()), format!("key `{place}`")),
            (Json::Array(list), Segment::Place(place)) => (list.get_mut(*place), format!("entry {place}")),
            (other, segment) => {
                let asked = match segment {
                    Segment::Key(key) => format!("key `{key}`"),
                    Segment::Place(place) => format!("entry {place}"),
                };
                let message = format!("{} has no {asked}", describe(other));
                return Err(Stop::Wrong(ExprError::new(range.clone(), message)));
            }
        };
        json = match found {
            Some(found) => found.take(),
            None => {
                return Err(Stop::Unknown(ExprError::new(
                    range.clone(),
                    format!("{} has no {asked}", describe(&json)),
                )));
            }
        };
    }
    Ok(json)
}

fn compare(comparison: Comparison, left: &Json, right: &Json, range: &Range<usize>) -> Result<bool, Stop> {
    let ordered = || match (left, right) {
        (Json::Number(a), Json::Number(b)) => Ok(order(a, b)),
        (Json::String(a), Json::String(b)) => Ok(a.cmp(b)),
        _ => {
            let (a, b) = (describe(left), describe(right));
            let error = ExprError::new(range.clone(), format!("`{}` cannot compare {a} with {b}", comparison.sign()));
            Err(Stop::Wrong(match (left, right) {
                (Json::Number(_), Json::String(_)) | (Json::String(_), Json::Number(_)) => {
                    error.help("a number in quotes is a text; write it without quotes where it is defined")
                }
                _ => error.help("only two numbers or two texts have an order"),
            }))
        }
    };
    Ok(match comparison {
        Comparison::Equal => same(left, right),
        Comparison::NotEqual => !same(left, right),
        Comparison::Less => ordered()?.is_lt(),
        Comparison::LessOrEqual => ordered()?.is_le(),
        Comparison::Greater => ordered()?.is_gt(),
        Comparison::GreaterOrEqual => ordered()?.is_ge(),
    })
}

/// Equal as values: `1 == 1.0`, but never a number and a text.
fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(a), Json::Number(b)) => order(a, b).is_eq(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => left == right,
    }
}

/// Whole numbers exactly, everything else as floating point.
fn order(a: &serde_json::Number, b: &serde_json::Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        // JSON numbers are finite, so there always is an order.
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}

fn contains(item: &Json, whole: &Json, range: &Range<usize>) -> Result<bool, Stop> {
    match (item, whole) {
        (_, Json::Array(list)) => Ok(list.iter().any(|entry| same(item, entry))),
        (Json::String(key), Json::Object(map)) => Ok(map.contains_key(key)),
        (Json::String(part), Json::String(text)) => Ok(text.contains(part.as_str())),
        _ => {
            let message = format!("`in` cannot look for {} in {}", describe(item), describe(whole));
            Err(Stop::Wrong(
                ExprError::new(range.clone(), message)
                    .help("it finds an entry of a list, a key of a map, or a part of a text"),
            ))
        }
    }
}

/// The type of a value, as a person says it.
fn describe(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a truth value",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a map",
    }
}
