//! Expressions cut into tokens. Knows characters, not grammar.

use super::ExprError;
use serde_json::{Number, Value as Json};
use std::ops::Range;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number or a quoted text.
    Literal(Json),
    /// A name or a word of the language; which of the two, the parser knows.
    Word(String),
    /// An operator or bracket of one or two characters.
    Sign(&'static str),
}

/// Longer signs first, so that `<=` is not `<` and `=`.
const SIGNS: [&str; 16] = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ",", ".", "-"];

/// All tokens of `text[range]`, with where they stand in `text`.
pub(super) fn tokens(text: &str, range: Range<usize>) -> Result<Vec<(Token, Range<usize>)>, ExprError> {
    let end = range.end;
    let mut at = range.start;
    let mut found = Vec::new();
    while let Some(c) = text[at..end].chars().next() {
        let start = at;
        let token = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c == '"' || c == '\'' {
            quoted(text, &mut at, end)?
        } else if c.is_ascii_digit() {
            number(text, &mut at, end)?
        } else if is_word(c) {
            at += text[at..end].find(|c| !is_word(c)).unwrap_or(end - at);
            Token::Word(text[start..at].to_owned())
        } else if let Some(sign) = SIGNS.iter().find(|sign| text[at..end].starts_with(**sign)) {
            at += sign.len();
            Token::Sign(sign)
        } else {
            return Err(stranger(c, start));
        };
        found.push((token, start..at));
    }
    Ok(found)
}

/// Letters and digits of any script, and `_`.
fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn stranger(c: char, at: usize) -> ExprError {
    let error = ExprError::new(at..at + c.len_utf8(), format!("unexpected `{c}`"));
    match c {
        '=' => error.help("to compare, write =="),
        '&' => error.help("between conditions, write and"),
        '|' => error.help("between conditions, write or; instead of a filter, write default(x, y)"),
        '{' | '}' => error.help("write the expression without further braces"),
        '+' | '*' | '/' | '%' => error.help("there is no arithmetic; to join texts, write {{ a }}{{ b }}"),
        '“' | '”' | '‘' | '’' | '「' | '」' => {
            error.help("text stands in straight quotes: 'main' or \"main\"")
        }
        '，' | '（' | '）' | '！' | '＝' => error.help("write the ASCII character"),
        '?' | ':' => error.help("there is no choice between values; write default(x, y), or give the step a condition"),
        _ => error,
    }
}

/// A text in quotes; `at` stands on the opening one.
fn quoted(text: &str, at: &mut usize, end: usize) -> Result<Token, ExprError> {
    let start = *at;
    let quote = text.as_bytes()[start];
    let mut value = String::new();
    let mut chars = text[start + 1..end].char_indices().map(|(i, c)| (start + 1 + i, c));
    while let Some((place, c)) = chars.next() {
        match c {
            _ if c == char::from(quote) => {
                *at = place + 1;
                return Ok(Token::Literal(Json::String(value)));
            }
            '\\' => value.push(escape(text, place, &mut chars)?),
            '\n' => break,
            _ => value.push(c),
        }
    }
    let quote = char::from(quote);
    Err(ExprError::new(start..start + 1, format!("the text that opens with {quote} is never closed"))
        .help(format!("close it with {quote} on the same line")))
}

fn escape(text: &str, place: usize, chars: &mut impl Iterator<Item = (usize, char)>) -> Result<char, ExprError> {
    let Some((letter_at, letter)) = chars.next() else {
        return Err(ExprError::new(place..place + 1, "nothing follows the `\\`").help("write \\\\ for a backslash"));
    };
    let simple = match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '\\' | '\'' | '"' => letter,
        'u' => {
            let digits = text.get(letter_at + 1..letter_at + 5).unwrap_or_default();
            let code =
                if digits.bytes().all(|b| b.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None };
            let Some(c) = code.and_then(char::from_u32) else {
                return Err(ExprError::new(place..letter_at + 1, "`\\u` takes four hexadecimal digits of a character"));
            };
            chars.take(4).for_each(drop);
            c
        }
        _ => {
            let range = place..letter_at + letter.len_utf8();
            let message = format!("unknown escape `\\{letter}`");
            return Err(ExprError::new(range, message)
                .help("write \\\\ for a backslash; known are \\n \\t \\r \\\\ \\' \\\" \\uXXXX"));
        }
    };
    Ok(simple)
}

/// A number; `at` stands on its first digit.
fn number(text: &str, at: &mut usize, end: usize) -> Result<Token, ExprError> {
    let start = *at;
    let digits = |from: usize| from + text[from..end].find(|c: char| !c.is_ascii_digit()).unwrap_or(end - from);
    let mut stop = digits(start);
    if text[stop..end].starts_with('.') && digits(stop + 1) > stop + 1 {
        stop = digits(stop + 1);
    }
    if let Some(exponent) = text[stop..end].strip_prefix(['e', 'E']) {
        let signed = stop + 1 + usize::from(exponent.starts_with(['+', '-']));
        if digits(signed) > signed {
            stop = digits(signed);
        }
    }
    let tail = text[stop..end].find(|c| !is_word(c)).unwrap_or(end - stop);
    if tail > 0 {
        let word = &text[start..stop + tail];
        return Err(ExprError::new(start..stop + tail, format!("`{word}` is neither a number nor a name"))
            .help(format!("names do not start with a digit; a text is written \"{word}\"")));
    }
    *at = stop;
    let written = &text[start..stop];
    let number = match (written.parse::<i64>(), written.parse::<u64>()) {
        (Ok(whole), _) => Some(Number::from(whole)),
        (_, Ok(whole)) => Some(Number::from(whole)),
        _ => written.parse::<f64>().ok().and_then(Number::from_f64),
    };
    match number {
        Some(number) => Ok(Token::Literal(Json::Number(number))),
        None => Err(ExprError::new(start..stop, format!("the number `{written}` is too large"))),
    }
}
