//! From tokens to requirements, with apimachinery's messages.

use serde_json::Value;

use super::lex::{Token, tokens};
use super::{EqualsSign, Requirement, Rule};

/// Why a selector is none; answered as 400 with exactly this text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadSelector(pub(crate) String);

fn bad<T>(message: String) -> Result<T, BadSelector> {
    Err(BadSelector(message))
}

pub(super) fn requirements(text: &str) -> Result<Vec<Requirement>, BadSelector> {
    let mut parser = Parser { tokens: tokens(text), at: 0 };
    let mut found = Vec::new();
    loop {
        match parser.look() {
            (Token::Identifier | Token::Not, _) => {
                found.push(
                    parser
                        .requirement()
                        .map_err(|cause| BadSelector(format!("unable to parse requirement: {cause}")))?,
                );
                match parser.next() {
                    (Token::End, _) => return Ok(found),
                    (Token::Comma, _) => {
                        let (token, text) = parser.look();
                        if !matches!(token, Token::Identifier | Token::Not) {
                            return bad(format!("found '{text}', expected: identifier after ','"));
                        }
                    }
                    (_, text) => return bad(format!("found '{text}', expected: ',' or 'end of string'")),
                }
            }
            (Token::End, _) => return Ok(found),
            (_, text) => return bad(format!("found '{text}', expected: !, identifier, or 'end of string'")),
        }
    }
}

/// One of `matchExpressions`.
pub(super) fn expression(expression: &Value) -> Result<Requirement, BadSelector> {
    let key = expression["key"].as_str().unwrap_or_default().to_owned();
    let values = || {
        let mut values: Vec<String> = expression["values"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        values.sort();
        values
    };
    let rule = match expression["operator"].as_str().unwrap_or_default() {
        "In" => Rule::In(values()),
        "NotIn" => Rule::NotIn(values()),
        "Exists" => Rule::Exists,
        "DoesNotExist" => Rule::Absent,
        "Gt" => Rule::Greater(integer(values().first())?),
        "Lt" => Rule::Less(integer(values().first())?),
        other => return bad(format!("\"{other}\" is not a valid label selector operator")),
    };
    if let Rule::In(values) | Rule::NotIn(values) = &rule
        && values.is_empty()
    {
        return bad("for 'in', 'notin' operators, values set can't be empty".to_owned());
    }
    Ok(Requirement { key, rule })
}

struct Parser {
    tokens: Vec<(Token, String)>,
    at: usize,
}

impl Parser {
    /// The next token where `in` and `notin` are names like any other.
    fn look(&self) -> (Token, String) {
        let (token, text) = self.tokens.get(self.at).cloned().unwrap_or((Token::End, String::new()));
        (if matches!(token, Token::In | Token::NotIn) { Token::Identifier } else { token }, text)
    }

    fn next(&mut self) -> (Token, String) {
        let found = self.look();
        self.at += 1;
        found
    }

    fn operator(&mut self) -> (Token, String) {
        let found = self.tokens.get(self.at).cloned().unwrap_or((Token::End, String::new()));
        self.at += 1;
        found
    }

    fn requirement(&mut self) -> Result<Requirement, BadSelector> {
        let (mut token, mut key) = self.next();
        let negated = token == Token::Not;
        if negated {
            (token, key) = self.next();
        }
        if token != Token::Identifier {
            return bad(format!("found '{key}', expected: identifier"));
        }
        check_key(&key)?;
        if negated {
            return Ok(Requirement { key, rule: Rule::Absent });
        }
        if matches!(self.look().0, Token::End | Token::Comma) {
            return Ok(Requirement { key, rule: Rule::Exists });
        }
        let rule = match self.operator() {
            (Token::In, _) => Rule::In(self.values()?),
            (Token::NotIn, _) => Rule::NotIn(self.values()?),
            (Token::Equals, _) => Rule::Equals(self.value()?, EqualsSign::Single),
            (Token::DoubleEquals, _) => Rule::Equals(self.value()?, EqualsSign::Double),
            (Token::NotEquals, _) => Rule::NotEquals(self.value()?),
            (Token::Greater, _) => Rule::Greater(integer(Some(&self.value()?))?),
            (Token::Less, _) => Rule::Less(integer(Some(&self.value()?))?),
            (_, text) => return bad(format!("found '{text}', expected: in, notin, =, ==, !=, gt, lt")),
        };
        check_values(&key, &rule)?;
        Ok(Requirement { key, rule })
    }

    fn value(&mut self) -> Result<String, BadSelector> {
        if matches!(self.look().0, Token::End | Token::Comma) {
            return Ok(String::new());
        }
        match self.next() {
            (Token::Identifier, text) => Ok(text),
            (_, text) => bad(format!("found '{text}', expected: identifier")),
        }
    }

    /// `(a,b,)`: empty places are the empty value.
    fn values(&mut self) -> Result<Vec<String>, BadSelector> {
        match self.next() {
            (Token::Open, _) => {}
            (_, text) => return bad(format!("found '{text}' expected: '('")),
        }
        let mut values = Vec::new();
        let mut expects_value = true;
        loop {
            match self.next() {
                (Token::Identifier, text) if expects_value => {
                    values.push(text);
                    expects_value = false;
                }
                (Token::Comma, _) => {
                    if expects_value {
                        values.push(String::new());
                    }
                    expects_value = true;
                }
                (Token::Close, _) => {
                    if expects_value {
                        values.push(String::new());
                    }
                    values.sort();
                    values.dedup();
                    return Ok(values);
                }
                (_, text) if expects_value => return bad(format!("found '{text}', expected: ',', or identifier")),
                (_, text) => return bad(format!("found '{text}', expected: ',' or ')'")),
            }
        }
    }
}

fn integer(text: Option<&String>) -> Result<i64, BadSelector> {
    match text.and_then(|text| text.parse().ok()) {
        Some(number) => Ok(number),
        None => bad("for 'Gt', 'Lt' operators, the value must be an integer".to_owned()),
    }
}

const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

fn check_key(key: &str) -> Result<(), BadSelector> {
    let name = key.rsplit('/').next().unwrap_or(key);
    if name.len() > 63 {
        return bad(format!("key: Invalid value: {key:?}: name part must be no more than 63 bytes"));
    }
    if name.is_empty() || !is_name(name) {
        return bad(format!("key: Invalid value: {key:?}: {NAME_PART}"));
    }
    Ok(())
}

fn check_values(key: &str, rule: &Rule) -> Result<(), BadSelector> {
    let values: Vec<&String> = match rule {
        Rule::Equals(value, _) | Rule::NotEquals(value) => vec![value],
        Rule::In(values) | Rule::NotIn(values) => values.iter().collect(),
        Rule::Exists | Rule::Absent | Rule::Greater(_) | Rule::Less(_) => Vec::new(),
    };
    for (index, value) in values.into_iter().enumerate() {
        if value.len() > 63 {
            return bad(format!("values[{index}][{key}]: Invalid value: {value:?}: must be no more than 63 bytes"));
        }
        if !value.is_empty() && !is_name(value) {
            return bad(format!("values[{index}][{key}]: Invalid value: {value:?}: {VALUE}"));
        }
    }
    Ok(())
}

fn is_name(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    edge(text.chars().next())
        && edge(text.chars().last())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}
