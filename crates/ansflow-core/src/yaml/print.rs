//! A tree as YAML in block style that every reader reads the same: YAML 1.1 and 1.2, strict and lenient.

use serde_json::Value as Json;

/// The tree, with a line break at its end.
#[must_use]
pub fn print(json: &Json) -> String {
    let mut out = String::new();
    value(json, 0, &mut out);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.trim_start_matches([' ', '\n']).to_owned()
}

/// Writes what stands behind `key:` or `-`, its own space or line break first.
fn value(json: &Json, depth: usize, out: &mut String) {
    match json {
        Json::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                out.push('\n');
                indent(depth, out);
                entry(key, inner, depth, out);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for item in items {
                out.push('\n');
                indent(depth, out);
                out.push('-');
                self::item(item, depth, out);
            }
        }
        Json::Object(_) => out.push_str(" {}"),
        Json::Array(_) => out.push_str(" []"),
        Json::String(text) if is_block(text) => block(text, depth, out),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
            out.push(' ');
            out.push_str(&scalar(json));
        }
    }
}

fn entry(key: &str, inner: &Json, depth: usize, out: &mut String) {
    /// A key that stands on the line of its value may be no longer, in characters.
    const LONGEST_KEY: usize = 1000;
    let key = text(key);
    if key.chars().count() > LONGEST_KEY {
        out.push_str("? ");
        out.push_str(&key);
        out.push('\n');
        indent(depth, out);
    } else {
        out.push_str(&key);
    }
    out.push(':');
    value(inner, depth + 1, out);
}

/// A map begins on the line of its dash.
fn item(json: &Json, depth: usize, out: &mut String) {
    match json {
        Json::Object(map) if !map.is_empty() => {
            for (at, (key, inner)) in map.iter().enumerate() {
                if at == 0 {
                    out.push(' ');
                } else {
                    out.push('\n');
                    indent(depth + 1, out);
                }
                entry(key, inner, depth + 1, out);
            }
        }
        _ => value(json, depth + 1, out),
    }
}

fn indent(depth: usize, out: &mut String) {
    (0..depth).for_each(|_| out.push_str("  "));
}

fn scalar(json: &Json) -> String {
    match json {
        Json::String(text) => self::text(text),
        Json::Number(number) => {
            // Without a point YAML 1.1 takes `1e5` for a text.
            let number = number.to_string();
            match number.split_once('e') {
                Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
                _ => number,
            }
        }
        other => other.to_string(),
    }
}

/// A text on one line: as it is where nothing in it means anything to any reader, else in double quotes.
pub(crate) fn text(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    // Some readers take these for truth values or nothing.
    let means_more = matches!(word.as_str(), "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n");
    let begins = text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '/');
    let quiet = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '@' | '+' | '(' | ')' | ';');
    begins && !means_more && !text.ends_with(' ') && text.chars().all(quiet)
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => match u32::from(c) {
                code @ 0..=0xff => out.push_str(&format!("\\x{code:02x}")),
                code @ 0x100..=0xffff => out.push_str(&format!("\\u{code:04x}")),
                code => out.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    out.push('"');
    out
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text of several lines reads the same as a block: nothing hidden, no blank where indentation is guessed,
/// and at most one line break at the end, for a file's last lines are easily lost.
fn is_block(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    text.len() - body.len() <= 1
        && body.contains('\n')
        && !body.starts_with(['\n', ' ', '\t'])
        && body.chars().all(|c| c == '\n' || c == '\t' || is_printable(c))
        && body.lines().all(|line| line.is_empty() || !line.trim_end_matches([' ', '\t']).is_empty())
}

fn block(text: &str, depth: usize, out: &mut String) {
    let body = text.trim_end_matches('\n');
    out.push_str(if body.len() == text.len() { " |-" } else { " |" });
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            indent(depth, out);
            out.push_str(line);
        }
    }
}
