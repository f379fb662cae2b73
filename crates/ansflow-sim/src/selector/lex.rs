//! The tokens of a label selector.

/// A token with the text that messages show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Identifier,
    In,
    NotIn,
    Comma,
    Open,
    Close,
    Equals,
    DoubleEquals,
    NotEquals,
    Not,
    Greater,
    Less,
    End,
    Unknown,
}

const SPECIAL: &str = "=!(),><";

/// All tokens, the last of which is `End`.
pub(super) fn tokens(text: &str) -> Vec<(Token, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while let Some(first) = rest.chars().next() {
        let length = if SPECIAL.contains(first) {
            special(rest)
        } else {
            rest.find(|c| SPECIAL.contains(c) || is_space(c)).unwrap_or(rest.len())
        };
        let (word, after) = rest.split_at(length);
        found.push(named(word));
        rest = after.trim_start_matches(is_space);
    }
    found.push((Token::End, String::new()));
    found
}

/// The longest special symbol at the start, or all special characters where none is one.
fn special(text: &str) -> usize {
    match text.as_bytes() {
        [b'=' | b'!', b'=', ..] => 2,
        _ => 1,
    }
}

fn named(word: &str) -> (Token, String) {
    let token = match word {
        "in" => Token::In,
        "notin" => Token::NotIn,
        "," => Token::Comma,
        "(" => Token::Open,
        ")" => Token::Close,
        "=" => Token::Equals,
        "==" => Token::DoubleEquals,
        "!=" => Token::NotEquals,
        "!" => Token::Not,
        ">" => Token::Greater,
        "<" => Token::Less,
        "" => Token::Unknown,
        _ => Token::Identifier,
    };
    (token, word.to_owned())
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}
