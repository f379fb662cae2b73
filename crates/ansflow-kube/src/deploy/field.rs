//! Paths of fields as the server writes them: `.spec.template.spec.containers[name="app"].image`.

use serde_json::Value as Json;

/// One part of a path.
#[derive(Debug, PartialEq, Eq)]
enum Part<'p> {
    Key(&'p str),
    Place(usize),
    /// The item whose keys have these values.
    Item(Vec<(&'p str, Json)>),
    /// The item of a set that has this value.
    Value(Json),
}

/// What stands at a path of the server's.
pub(super) fn at<'v>(value: &'v Json, path: &str) -> Option<&'v Json> {
    parts(path)?.iter().try_fold(value, |value, part| match part {
        Part::Key(key) => value.get(*key),
        Part::Place(place) => value.get(*place),
        Part::Value(wanted) => value.as_array()?.iter().find(|item| *item == wanted),
        Part::Item(keys) => value.as_array()?.iter().find(|item| {
            // A key that has a default, such as a port's protocol, may not be written.
            keys.iter().all(|(key, wanted)| item.get(key).is_none_or(|found| found == wanted))
                && keys.iter().any(|(key, wanted)| item.get(key) == Some(wanted))
        }),
    })
}

/// None where it is no such path.
fn parts(path: &str) -> Option<Vec<Part<'_>>> {
    let (mut parts, mut rest) = (Vec::new(), path);
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let end = end_of(inner)?;
            parts.push(selector(inner.get(..end)?)?);
            rest = inner.get(end + 1..)?;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, behind) = name.split_at(end);
            parts.push(Part::Key(name));
            rest = behind;
        }
    }
    Some(parts)
}

/// The place of the bracket that closes, quotes minded.
fn end_of(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    text.char_indices().find_map(|(at, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            ']' if !quoted => return Some(at),
            _ => {}
        }
        None
    })
}

fn selector(text: &str) -> Option<Part<'_>> {
    if let Ok(place) = text.parse() {
        return Some(Part::Place(place));
    }
    if let Some(value) = text.strip_prefix('=') {
        return serde_json::from_str(value).ok().map(Part::Value);
    }
    let pairs = text.split(',').map(|pair| {
        let (key, value) = pair.split_once('=')?;
        Some((key.trim(), serde_json::from_str(value.trim()).ok()?))
    });
    pairs.collect::<Option<Vec<_>>>().map(Part::Item)
}
