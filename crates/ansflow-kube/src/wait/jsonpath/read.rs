//! The text of a path, taken apart.

use super::{Compare, Step};
use serde_json::Value as Json;

/// The steps of a path, with or without its braces.
pub(super) fn steps(text: &str) -> Result<Vec<Step>, String> {
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}').ok_or("its brace is not closed")?.trim(),
        None => text,
    };
    if inner.contains(['{', '}']) {
        return Err("it is more than one path".to_owned());
    }
    let inner = inner.strip_prefix(['$', '@']).unwrap_or(inner);
    if inner.trim_matches('.').is_empty() {
        return Err("it names nothing".to_owned());
    }
    let dotted = if inner.starts_with(['.', '[']) { inner.to_owned() } else { format!(".{inner}") };
    path(&dotted)
}

/// `.a.b[0]`
fn path(mut rest: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (body, after) = bracket(inner).ok_or("a bracket is not closed")?;
            steps.push(in_brackets(body.trim())?);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("..") {
            let (name, after) = name(after);
            steps.push(Step::Deep(named(name)?));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            if !rest.starts_with('[') {
                let (word, after) = name(rest);
                steps.push(if word == "*" { Step::All } else { Step::Field(named(word)?) });
                rest = after;
            }
        } else {
            return Err(format!("`{rest}` follows no dot"));
        }
    }
    Ok(steps)
}

fn named(name: String) -> Result<String, String> {
    let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || "&|()=<>\"'".contains(c));
    if is_name { Ok(name) } else { Err(format!("`{name}` is no name of a field")) }
}

/// A name up to the next dot or bracket; a backslash takes the next character as it is.
fn name(text: &str) -> (String, &str) {
    let (mut name, mut escaped) = (String::new(), false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => name.push(c),
            '\\' => {}
            '.' | '[' => return (name, text.get(at..).unwrap_or_default()),
            _ => name.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    (name, "")
}

/// What stands before the bracket that closes this one, and what follows it; brackets in quotes are text.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let (mut quote, mut depth) = (None, 0_u32);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            (None, ']') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}

fn in_brackets(body: &str) -> Result<Step, String> {
    if body == "*" {
        return Ok(Step::All);
    }
    if let Some(key) = quoted(body) {
        return Ok(Step::Field(key.replace("\\.", ".")));
    }
    if let Some(filter) = body.strip_prefix("?(").and_then(|rest| rest.strip_suffix(')')) {
        return filter_step(filter.trim());
    }
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| format!("`[{body}]` is no index"));
    if !body.contains(':') {
        return Ok(Step::Index(body.split(',').map(number).collect::<Result<_, _>>()?));
    }
    let mut bounds = body.split(':').map(|text| if text.trim().is_empty() { Ok(None) } else { number(text).map(Some) });
    let mut next = || bounds.next().unwrap_or(Ok(None));
    let (from, to, stride) = (next()?, next()?, next()?.unwrap_or(1));
    let stride = usize::try_from(stride).ok().filter(|stride| *stride > 0);
    match (stride, bounds.next()) {
        (Some(stride), None) => Ok(Step::Slice { from, to, stride }),
        _ => Err(format!("`[{body}]` is no slice")),
    }
}

fn quoted(text: &str) -> Option<&str> {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote));
    inner('\'').or_else(|| inner('"'))
}

/// `@.type=="Ready"`, `@.restartCount>1`, `@.ready`
fn filter_step(filter: &str) -> Result<Step, String> {
    let compares = [
        ("==", Compare::Equal),
        ("!=", Compare::Unequal),
        ("<=", Compare::AtMost),
        (">=", Compare::AtLeast),
        ("<", Compare::Less),
        (">", Compare::More),
    ];
    let found = compares.iter().find_map(|(sign, compare)| Some((filter.split_once(sign)?, *compare)));
    let (field, test) = match found {
        Some(((field, value), compare)) => (field.trim(), Some((compare, literal(value.trim())?))),
        None => (filter, None),
    };
    let field = field.strip_prefix('@').ok_or_else(|| format!("`{field}` does not begin with `@`"))?;
    Ok(Step::Where { field: path(field)?, test })
}

fn literal(text: &str) -> Result<Json, String> {
    match quoted(text) {
        Some(inner) => Ok(inner.into()),
        None => {
            let value: Option<Json> = serde_json::from_str(text).ok();
            value.filter(|value| !value.is_array() && !value.is_object()).ok_or_else(|| format!("`{text}` is no value"))
        }
    }
}
