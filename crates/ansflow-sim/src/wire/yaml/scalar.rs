//! What a plain word of YAML means in JSON, and how a text is written so that it stays one.

use serde_json::{Number, Value};

/// A plain scalar by the rules of Go's yaml (1.1 for booleans, numbers with underscores are texts).
pub(super) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let negative = text.starts_with('-');
    let radix = |digits: &str, radix| {
        i64::from_str_radix(digits, radix).ok().map(|number| if negative { -number } else { number })
    };
    if let Some(hex) = digits.strip_prefix("0x") {
        return radix(hex, 16).map(Number::from);
    }
    if let Some(octal) = digits.strip_prefix("0o") {
        return radix(octal, 8).map(Number::from);
    }
    if let Some(binary) = digits.strip_prefix("0b") {
        return radix(binary, 2).map(Number::from);
    }
    // `0644` is octal, as in file modes.
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|digit| (b'0'..=b'7').contains(&digit)) {
        return radix(digits, 8).map(Number::from);
    }
    if digits.bytes().all(|digit| digit.is_ascii_digit()) {
        let text = text.strip_prefix('+').unwrap_or(text);
        return text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    }
    let is_float = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if is_float && digits.bytes().any(|byte| byte.is_ascii_digit()) {
        text.parse::<f64>().ok().and_then(Number::from_f64)
    } else {
        None
    }
}

/// A text as YAML: plain where it would be read as the same text, quoted otherwise.
pub(super) fn written(text: &str) -> String {
    let starts_badly = text.starts_with(|c: char| "-?:,[]{}#&*!|>'\"%@` ".contains(c)) && !is_plain_dash(text);
    let is_plain = matches!(plain(text), Value::String(_))
        && !starts_badly
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(is_unprintable)
        && !looks_like_time(text);
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// As JSON quotes it, which YAML reads too, but for what YAML calls unprintable and JSON does not.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    for c in Value::from(text).to_string().chars() {
        match c {
            _ if !is_unprintable(c) => quoted.push(c),
            _ if u32::from(c) <= 0xffff => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            _ => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted
}

fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// `-x` and `:x` are plain, `- x` is a list.
fn is_plain_dash(text: &str) -> bool {
    text.starts_with(['-', '?', ':']) && text.chars().nth(1).is_some_and(|second| second != ' ')
}

/// Go quotes what YAML 1.1 would read as a time.
fn looks_like_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit)
}
