//! The functions that rules may call.

use std::cmp::Ordering;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::eval::{overflow, overload};
use super::value::same;
use super::{CelError, Val};
use crate::quantity::Quantity;
use crate::time::Micros;

/// A text for a key of a map: numbers and truth values are keys too.
pub(super) fn text(value: &Val<'_>) -> Result<String, CelError> {
    match value.json() {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(value.to_string()),
        _ => Err(overload("string", &[value])),
    }
}

pub(super) fn contains(of: &Val<'_>, item: &Val<'_>) -> Result<bool, CelError> {
    match of.json() {
        Some(Value::Array(items)) => Ok(item.json().is_some_and(|item| items.iter().any(|one| same(one, item)))),
        Some(Value::Object(fields)) => Ok(text(item).is_ok_and(|name| fields.contains_key(&name))),
        _ => Err(overload("@in", &[item, of])),
    }
}

pub(super) fn arithmetic<'a>(sign: &str, a: &Val<'_>, b: &Val<'_>) -> Result<Val<'a>, CelError> {
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
        if b == 0 && matches!(sign, "/" | "%") {
            let what = if sign == "/" { "division" } else { "modulus" };
            return Err(CelError::Failed(format!("{what} by zero")));
        }
        let result = match sign {
            "+" => a.checked_add(b),
            "-" => a.checked_sub(b),
            "*" => a.checked_mul(b),
            "/" => a.checked_div(b),
            _ => a.checked_rem(b),
        };
        return result.map(Val::own).ok_or_else(overflow);
    }
    match (a, b, sign) {
        (Val::Duration(a), Val::Duration(b), "+") => return Ok(Val::Duration(a + b)),
        (Val::Duration(a), Val::Duration(b), "-") => return Ok(Val::Duration(a - b)),
        _ => {}
    }
    match (a.json(), b.json(), sign) {
        (Some(Value::String(a)), Some(Value::String(b)), "+") => Ok(Val::own(format!("{a}{b}"))),
        (Some(Value::Array(a)), Some(Value::Array(b)), "+") => Ok(Val::own([a.as_slice(), b.as_slice()].concat())),
        (Some(Value::Number(_)), Some(Value::Number(_)), "+" | "-" | "*" | "/") => {
            let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
            Ok(Val::own(match sign {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                _ => a / b,
            }))
        }
        _ => Err(overload(&format!("_{sign}_"), &[a, b])),
    }
}

/// A function, or a method of `of`.
pub(super) fn call<'a>(of: Option<&Val<'a>>, name: &str, arguments: &[Val<'a>]) -> Result<Val<'a>, CelError> {
    let first = of.or(arguments.first());
    let rest = if of.is_some() { arguments } else { arguments.get(1..).unwrap_or_default() };
    let Some(first) = first else { return Err(unknown(name)) };
    if let Val::Quantity(amount) = first {
        return quantities(*amount, name, rest);
    }
    match (name, first.json(), rest) {
        ("size", Some(Value::String(text)), []) => count(text.chars().count()),
        ("size", Some(Value::Array(items)), []) => count(items.len()),
        ("size", Some(Value::Object(fields)), []) => count(fields.len()),
        ("type", _, []) => Ok(Val::Type(first.type_name())),
        ("dyn" | "string" | "int" | "uint" | "double" | "bool" | "duration" | "timestamp" | "quantity", _, []) => {
            converted(name, first)
        }
        ("isQuantity", Some(value), []) => Ok(Val::own(Quantity::read(value).is_some())),
        (_, Some(Value::String(text)), _) => texts(text, name, rest),
        (_, Some(Value::Array(items)), _) => lists(items, name, rest),
        _ => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> CelError {
    CelError::Unknown(format!("undeclared reference to '{name}'"))
}

fn count<'a>(number: usize) -> Result<Val<'a>, CelError> {
    i64::try_from(number).map(Val::own).map_err(|_| overflow())
}

fn converted<'a>(name: &str, value: &Val<'a>) -> Result<Val<'a>, CelError> {
    let wrong = || CelError::Failed(format!("type conversion error from '{}' to '{name}'", value.type_name()));
    match (name, value.json()) {
        ("dyn", _) => Ok(value.clone()),
        ("string", Some(Value::String(text))) => Ok(Val::own(text.as_str())),
        ("string", Some(value @ (Value::Number(_) | Value::Bool(_)))) => Ok(Val::own(value.to_string())),
        ("int" | "uint", Some(Value::String(text))) => text.parse::<i64>().map(Val::own).map_err(|_| wrong()),
        ("int" | "uint", Some(number @ Value::Number(_))) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Ok(Val::own(whole)),
            (None, Some(number)) => format!("{:.0}", number.trunc()).parse::<i64>().map(Val::own).map_err(|_| wrong()),
            (None, None) => Err(wrong()),
        },
        ("double", Some(Value::String(text))) => text.parse::<f64>().map(Val::own).map_err(|_| wrong()),
        ("double", Some(number @ Value::Number(_))) => number.as_f64().map(Val::own).ok_or_else(wrong),
        ("bool", Some(Value::Bool(yes))) => Ok(Val::own(*yes)),
        ("bool", Some(Value::String(text))) => match text.as_str() {
            "true" => Ok(Val::own(true)),
            "false" => Ok(Val::own(false)),
            _ => Err(wrong()),
        },
        ("quantity", Some(amount)) => Quantity::read(amount).map(Val::Quantity).ok_or_else(wrong),
        ("duration", Some(Value::String(text))) => duration(text).map(Val::Duration).ok_or_else(wrong),
        ("timestamp", Some(Value::String(text))) => {
            Micros::parse(text).map(|moment| Val::Time(moment.0)).ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}

/// `1h30m`, `1.5s`, `100ms`.
fn duration(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(end);
        let units = [("ms", 0.001), ("us", 0.000_001), ("ns", 0.000_000_001), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
        let (unit, scale) = units.into_iter().find(|(unit, _)| after.starts_with(unit))?;
        seconds += number.parse::<f64>().ok()? * scale;
        rest = &after[unit.len()..];
    }
    Some(if text.starts_with('-') { -seconds } else { seconds })
}

fn quantities<'a>(amount: Quantity, name: &str, rest: &[Val<'a>]) -> Result<Val<'a>, CelError> {
    let other = match rest.first() {
        Some(Val::Quantity(other)) => Some(*other),
        Some(Val::Json(number)) => Quantity::read(number),
        Some(Val::Duration(_) | Val::Time(_) | Val::Type(_)) | None => None,
    };
    let order = |order: Ordering| match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    };
    let whole = || amount.over(Quantity::whole(1)).filter(|number| number.fract() == 0.0);
    match (name, other) {
        ("isGreaterThan", Some(other)) => Ok(Val::own(amount > other)),
        ("isLessThan", Some(other)) => Ok(Val::own(amount < other)),
        ("compareTo", Some(other)) => Ok(Val::own(order(amount.cmp(&other)))),
        ("add", Some(other)) => Ok(Val::Quantity(amount.plus(other))),
        ("sub", Some(other)) => Ok(Val::Quantity(amount.minus(other))),
        ("isInteger", None) => Ok(Val::own(whole().is_some())),
        ("sign", None) => Ok(Val::own(order(amount.cmp(&Quantity::ZERO)))),
        ("asInteger", None) => {
            let number = whole().and_then(|number| format!("{number:.0}").parse::<i64>().ok());
            number.map(Val::own).ok_or_else(|| CelError::Failed("cannot convert value to integer".to_owned()))
        }
        ("quantity", None) => Ok(Val::Quantity(amount)),
        _ => Err(unknown(name)),
    }
}

/// A pattern that is compiled in little time: it is compiled at each look, while the store waits.
fn regex(pattern: &str) -> Result<Regex, CelError> {
    RegexBuilder::new(pattern).size_limit(1 << 18).build().map_err(|bad| CelError::Failed(bad.to_string()))
}

fn texts<'a>(text: &str, name: &str, rest: &[Val<'a>]) -> Result<Val<'a>, CelError> {
    let word = rest.first().and_then(Val::as_str);
    let chars = || text.chars().collect::<Vec<char>>();
    match (name, word, rest) {
        ("startsWith", Some(word), [_]) => Ok(Val::own(text.starts_with(word))),
        ("endsWith", Some(word), [_]) => Ok(Val::own(text.ends_with(word))),
        ("contains", Some(word), [_]) => Ok(Val::own(text.contains(word))),
        ("matches", Some(pattern), [_]) => Ok(Val::own(regex(pattern)?.is_match(text))),
        ("find", Some(pattern), [_]) => Ok(Val::own(regex(pattern)?.find(text).map_or("", |found| found.as_str()))),
        ("indexOf", Some(word), [_]) => match text.find(word) {
            Some(at) => count(text[..at].chars().count()),
            None => Ok(Val::own(-1)),
        },
        ("split", Some(word), [_]) => Ok(Val::own(text.split(word).map(Value::from).collect::<Vec<_>>())),
        ("replace", Some(word), [_, with]) => match with.as_str() {
            Some(with) => Ok(Val::own(text.replace(word, with))),
            None => Err(overload(name, &[with])),
        },
        ("charAt", None, [at]) => {
            let found = at.as_i64().and_then(|at| usize::try_from(at).ok()).and_then(|at| chars().get(at).copied());
            Ok(Val::own(found.map(String::from).unwrap_or_default()))
        }
        ("substring", None, [from, to @ ..]) => {
            let place = |value: &Val<'_>| value.as_i64().and_then(|at| usize::try_from(at).ok());
            let all = chars();
            let to = to.first().map_or(Some(all.len()), place);
            let part = place(from).zip(to).and_then(|(from, to)| all.get(from..to));
            let part = part.ok_or_else(|| CelError::Failed("index out of range".to_owned()))?;
            Ok(Val::own(part.iter().collect::<String>()))
        }
        ("lowerAscii", None, []) => Ok(Val::own(text.to_ascii_lowercase())),
        ("upperAscii", None, []) => Ok(Val::own(text.to_ascii_uppercase())),
        ("trim", None, []) => Ok(Val::own(text.trim())),
        _ => Err(unknown(name)),
    }
}

fn lists<'a>(items: &[Value], name: &str, rest: &[Val<'a>]) -> Result<Val<'a>, CelError> {
    match (name, rest) {
        ("join", []) => Ok(Val::own(joined(items, ""))),
        ("join", [by]) => Ok(Val::own(joined(items, by.as_str().unwrap_or_default()))),
        ("sum", []) => {
            let sum = items.iter().try_fold(0_i64, |sum, item| sum.checked_add(item.as_i64()?));
            sum.map(Val::own).ok_or_else(overflow)
        }
        ("min" | "max", []) => {
            let mut numbers: Vec<i64> = items.iter().filter_map(Value::as_i64).collect();
            numbers.sort_unstable();
            let found = if name == "min" { numbers.first() } else { numbers.last() };
            found
                .map(|number| Val::own(*number))
                .ok_or_else(|| CelError::Failed(format!("{name} called on empty list")))
        }
        ("isSorted", []) => Ok(Val::own(items.is_sorted_by(|a, b| {
            let (a, b) = (Val::own(a.clone()), Val::own(b.clone()));
            a.compare(&b).is_none_or(Ordering::is_le)
        }))),
        _ => Err(unknown(name)),
    }
}

fn joined(items: &[Value], by: &str) -> String {
    items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(by)
}
