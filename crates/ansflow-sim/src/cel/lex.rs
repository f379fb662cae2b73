//! Words of a rule.

use serde_json::Value;

use super::CelError;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Literal(Value),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// Longest first.
const SIGNS: [&str; 26] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", "(", ")", "[", "]", "{", "}",
    ",", ".", "=", ";",
];

pub(super) fn tokens(source: &str) -> Result<Vec<Token>, CelError> {
    let mut rest = source;
    let mut out = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return Ok(out) };
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some((text, after)) = quoted(rest)? {
            out.push(Token::Literal(text.into()));
            rest = after;
        } else if first.is_ascii_digit() {
            let (number, after) = number(rest)?;
            out.push(Token::Literal(number));
            rest = after;
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            out.push(match name {
                "true" => Token::Literal(true.into()),
                "false" => Token::Literal(false.into()),
                "null" => Token::Literal(Value::Null),
                name => Token::Name(name.to_owned()),
            });
            rest = after;
        } else {
            let Some(sign) = SIGNS.iter().copied().find(|sign| rest.starts_with(*sign)) else {
                return Err(CelError::Unknown(format!("token recognition error at: '{first}'")));
            };
            out.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        }
    }
}

/// A text in one of the four kinds of quotes, with what stands behind it.
fn quoted(source: &str) -> Result<Option<(String, &str)>, CelError> {
    let (raw, inner) = match source.strip_prefix(['r', 'R']) {
        Some(inner) if inner.starts_with(['"', '\'']) => (true, inner),
        _ => (false, source),
    };
    let Some(quote) = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| inner.starts_with(quote)) else {
        return Ok(None);
    };
    let mut out = String::new();
    let mut rest = &inner[quote.len()..];
    loop {
        if let Some(after) = rest.strip_prefix(quote) {
            return Ok(Some((out, after)));
        }
        let Some(c) = rest.chars().next() else {
            return Err(CelError::Unknown("a text does not end".to_owned()));
        };
        rest = &rest[c.len_utf8()..];
        if c != '\\' || raw {
            out.push(c);
            continue;
        }
        let Some(escaped) = rest.chars().next() else { continue };
        rest = &rest[escaped.len_utf8()..];
        match escaped {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'u' => {
                let digits = rest.get(..4).ok_or_else(|| CelError::Unknown("\\u needs four digits".to_owned()))?;
                out.extend(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32));
                rest = &rest[4..];
            }
            other => out.push(other),
        }
    }
}

fn number(source: &str) -> Result<(Value, &str), CelError> {
    let wrong = |text: &str| CelError::Unknown(format!("invalid number: {text}"));
    if let Some(hex) = source.strip_prefix("0x") {
        let end = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        let number = i64::from_str_radix(&hex[..end], 16).map_err(|_| wrong(source))?;
        return Ok((number.into(), &hex[end..]));
    }
    let mut end = source.find(|c: char| !c.is_ascii_digit()).unwrap_or(source.len());
    let mut whole = true;
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if let Some(fraction) =
        source[end..].strip_prefix('.').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        whole = false;
        end += 1 + digits(fraction);
    }
    if let Some(exponent) = source[end..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let length = digits(&exponent[sign..]);
        if length > 0 {
            whole = false;
            end += 1 + sign + length;
        }
    }
    let (text, after) = source.split_at(end);
    // An unsigned number is a number like others: JSON knows no difference.
    let after = after.strip_prefix(['u', 'U']).unwrap_or(after);
    let value = match whole {
        true => text.parse::<i64>().map(Value::from).map_err(|_| wrong(text))?,
        false => text.parse::<f64>().map(Value::from).map_err(|_| wrong(text))?,
    };
    Ok((value, after))
}
