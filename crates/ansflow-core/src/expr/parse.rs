//! Tokens become a tree. Binding from loose to tight: `or`, `and`, `not`, comparisons and `in`, `!`, then `.` and `[…]`.
//!
//! Chains of `and` and `or` are flat, paths are flat, and everything else counts against [`super::DEEPEST`]: a tree is
//! never so deep that walking it could exhaust the stack.

use super::ast::{Ast, Comparison, Kind, Segment};
use super::token::{Token, tokens};
use super::{DEEPEST, ExprError, LONGEST};
use serde_json::Value as Json;
use std::ops::Range;

/// How tight an operand holds together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bind {
    Or,
    And,
    Not,
    Compare,
    Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Infix {
    Or,
    And,
    Compare(Comparison),
    In { negated: bool },
}

impl Infix {
    fn bind(self) -> Bind {
        match self {
            Infix::Or => Bind::Or,
            Infix::And => Bind::And,
            Infix::Compare(_) | Infix::In { .. } => Bind::Compare,
        }
    }
}

pub(super) fn parse(text: &str, range: Range<usize>) -> Result<Ast, ExprError> {
    if range.len() > LONGEST {
        let message = format!("the expression is longer than {LONGEST} bytes");
        return Err(ExprError::new(range, message));
    }
    let mut parser = Parser { end: range.end, tokens: tokens(text, range.clone())?, next: 0, text };
    if parser.tokens.is_empty() {
        return Err(ExprError::new(range, "the expression is empty"));
    }
    let ast = parser.operand(Bind::Or, 0)?;
    match parser.peek() {
        None => Ok(ast),
        Some(_) => Err(parser.unexpected("")),
    }
}

struct Parser<'t> {
    text: &'t str,
    end: usize,
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
}

impl Parser<'_> {
    /// An operand and all operators after it that bind at least as tight as `least`.
    fn operand(&mut self, least: Bind, depth: usize) -> Result<Ast, ExprError> {
        if depth > DEEPEST {
            return Err(ExprError::new(self.here(), format!("the expression nests deeper than {DEEPEST} levels")));
        }
        let mut left = self.prefix(least, depth)?;
        while let Some((infix, width)) = self.infix() {
            if infix.bind() < least {
                break;
            }
            self.next += width;
            left = match infix {
                Infix::Or | Infix::And => self.chain(left, infix, depth)?,
                Infix::Compare(_) | Infix::In { .. } => {
                    let right = self.operand(Bind::Value, depth + 1)?;
                    if matches!(self.infix(), Some((Infix::Compare(_) | Infix::In { .. }, _))) {
                        return Err(
                            ExprError::new(self.here(), "comparisons do not chain").help("write a < b and b < c")
                        );
                    }
                    let range = left.range.start..right.range.end;
                    let (left, right) = (Box::new(left), Box::new(right));
                    let kind = match infix {
                        Infix::In { negated } => Kind::In { negated, item: left, whole: right },
                        Infix::Compare(comparison) => Kind::Compare(comparison, left, right),
                        Infix::Or | Infix::And => unreachable!("the outer match took these"),
                    };
                    Ast { range, kind }
                }
            };
        }
        Ok(left)
    }

    /// The rest of `left and b and c …`, flat. The first operator is consumed already.
    fn chain(&mut self, left: Ast, infix: Infix, depth: usize) -> Result<Ast, ExprError> {
        let (tighter, wrap): (Bind, fn(Vec<Ast>) -> Kind) = match infix {
            Infix::Or => (Bind::And, Kind::Any),
            Infix::And | Infix::Compare(_) | Infix::In { .. } => (Bind::Not, Kind::All),
        };
        let start = left.range.start;
        let mut operands = vec![left];
        loop {
            operands.push(self.operand(tighter, depth + 1)?);
            match self.infix() {
                Some((next, width)) if next == infix => self.next += width,
                _ => break,
            }
        }
        let end = operands.last().map_or(start, |last| last.range.end);
        Ok(Ast { range: start..end, kind: wrap(operands) })
    }

    fn prefix(&mut self, least: Bind, depth: usize) -> Result<Ast, ExprError> {
        let start = self.here().start;
        let inner = match self.peek() {
            Some(Token::Word(word)) if word == "not" => {
                if least > Bind::Not {
                    return Err(ExprError::new(self.here(), "`not` binds looser than a comparison")
                        .help("put it in parentheses: a == (not b)"));
                }
                Bind::Not
            }
            Some(Token::Sign("!")) => Bind::Value,
            _ => return self.value(depth),
        };
        self.next += 1;
        let inner = self.operand(inner, depth + 1)?;
        Ok(Ast { range: start..inner.range.end, kind: Kind::Not(Box::new(inner)) })
    }

    /// A literal, name, list, call or parenthesis, with what hangs on it.
    fn value(&mut self, depth: usize) -> Result<Ast, ExprError> {
        let range = self.here();
        let Some(token) = self.peek().cloned() else {
            return Err(ExprError::new(range, "the expression ends where a value should follow"));
        };
        let kind = match token {
            Token::Literal(json) => {
                self.next += 1;
                Kind::Literal(json)
            }
            Token::Sign("-") => return self.negative(),
            Token::Sign("(") => {
                self.next += 1;
                let inner = self.operand(Bind::Or, depth + 1)?;
                self.expect(")", &range)?;
                inner.kind
            }
            Token::Sign("[") => {
                self.next += 1;
                Kind::List(self.items("]", &range, depth)?)
            }
            Token::Word(word) => match word.as_str() {
                "true" => self.literal(Json::Bool(true)),
                "false" => self.literal(Json::Bool(false)),
                "null" => self.literal(Json::Null),
                "and" | "or" | "in" => return Err(self.unexpected("where a value should stand")),
                _ => {
                    self.next += 1;
                    if self.peek() == Some(&Token::Sign("(")) {
                        self.call(&word, range.clone(), depth)?
                    } else {
                        Kind::Name(vec![word])
                    }
                }
            },
            Token::Sign(_) => return Err(self.unexpected("where a value should stand")),
        };
        let end = self.tokens[self.next - 1].1.end;
        self.postfix(Ast { range: range.start..end, kind })
    }

    fn literal(&mut self, value: Json) -> Kind {
        self.next += 1;
        Kind::Literal(value)
    }

    fn negative(&mut self) -> Result<Ast, ExprError> {
        let sign = self.here();
        self.next += 1;
        let number = match self.peek() {
            Some(Token::Literal(Json::Number(number))) => number.clone(),
            _ => {
                return Err(
                    ExprError::new(sign, "unexpected `-`").help("there is no arithmetic; only a number may follow")
                );
            }
        };
        let range = sign.start..self.here().end;
        self.next += 1;
        // Text is the way to the smallest integer, whose opposite does not exist.
        let negated = format!("-{number}").parse::<serde_json::Number>();
        let negated =
            negated.map_err(|_| ExprError::new(range.clone(), format!("the number `-{number}` is too large")))?;
        Ok(Ast { range, kind: Kind::Literal(Json::Number(negated)) })
    }

    /// `default(x, y)`; any other function is refused by name.
    fn call(&mut self, name: &str, range: Range<usize>, depth: usize) -> Result<Kind, ExprError> {
        if name != "default" {
            // What other systems ask of the steps before.
            let condition = match name {
                "always" => Some("always"),
                "failure" | "failed" | "on_failure" => Some("on_failure"),
                "success" | "succeeded" | "on_success" => Some("on_success"),
                _ => None,
            };
            let help = match condition {
                Some(condition) => format!("write `conditions: [{{ type: {condition} }}]` on the step"),
                None => "the only function is default(x, y): x, or y where x has no value".to_owned(),
            };
            return Err(ExprError::new(range, format!("there is no function `{name}`")).help(help));
        }
        let open = self.here();
        self.next += 1;
        let arguments = self.items(")", &open, depth)?;
        let count = arguments.len();
        match <[Ast; 2]>::try_from(arguments) {
            Ok([value, fallback]) => Ok(Kind::Default(Box::new(value), Box::new(fallback))),
            Err(_) => Err(ExprError::new(
                range.start..self.tokens[self.next - 1].1.end,
                format!("`default` takes 2 arguments, not {count}"),
            )
            .help("write default(x, y): x, or y where x has no value")),
        }
    }

    /// Values between commas up to `close`; a comma may trail.
    fn items(&mut self, close: &'static str, open: &Range<usize>, depth: usize) -> Result<Vec<Ast>, ExprError> {
        let mut items = Vec::new();
        while self.peek() != Some(&Token::Sign(close)) {
            if self.peek().is_none() {
                return Err(self.unclosed(open));
            }
            items.push(self.operand(Bind::Or, depth + 1)?);
            if self.peek() != Some(&Token::Sign(",")) {
                break;
            }
            self.next += 1;
        }
        self.expect(close, open)?;
        Ok(items)
    }

    /// `.name`, `["any text"]` and `[0]` after a value. As long as all is fixed text, a name only grows.
    fn postfix(&mut self, mut base: Ast) -> Result<Ast, ExprError> {
        while let Some(Token::Sign(sign @ ("." | "["))) = self.peek() {
            let (dotted, open) = (*sign == ".", self.here());
            // `range .Items` is Go, and no path of ours.
            if dotted && open.start != base.range.end {
                break;
            }
            self.next += 1;
            let at = self.here();
            let segment = match self.peek() {
                Some(Token::Word(word)) if dotted && at.start == open.end => Segment::Key(word.clone()),
                Some(Token::Literal(Json::String(text))) if !dotted => Segment::Key(text.clone()),
                Some(Token::Literal(Json::Number(number))) if !dotted => {
                    let place = number.as_u64().and_then(|n| usize::try_from(n).ok());
                    Segment::Place(
                        place.ok_or_else(|| ExprError::new(at, "a place in a list is a whole number from 0"))?,
                    )
                }
                _ if dotted => {
                    return Err(
                        ExprError::new(at, "a name should follow the `.`").help("write a[\"any text\"] for other keys")
                    );
                }
                _ => {
                    return Err(ExprError::new(at, "a text in quotes or a number should follow the `[`")
                        .help("write steps[\"unit tests\"]"));
                }
            };
            self.next += 1;
            if !dotted {
                self.expect("]", &open)?;
            }
            base.range.end = self.tokens[self.next - 1].1.end;
            match (&mut base.kind, segment) {
                (Kind::Name(path), Segment::Key(key)) => path.push(key),
                (Kind::Index(_, segments), segment) => segments.push(segment),
                (_, segment) => {
                    let range = base.range.clone();
                    base = Ast { range, kind: Kind::Index(Box::new(base), vec![segment]) };
                }
            }
        }
        Ok(base)
    }

    fn infix(&self) -> Option<(Infix, usize)> {
        let one = |infix| Some((infix, 1));
        match self.peek()? {
            Token::Sign("&&") => one(Infix::And),
            Token::Sign("||") => one(Infix::Or),
            Token::Sign("==") => one(Infix::Compare(Comparison::Equal)),
            Token::Sign("!=") => one(Infix::Compare(Comparison::NotEqual)),
            Token::Sign("<") => one(Infix::Compare(Comparison::Less)),
            Token::Sign("<=") => one(Infix::Compare(Comparison::LessOrEqual)),
            Token::Sign(">") => one(Infix::Compare(Comparison::Greater)),
            Token::Sign(">=") => one(Infix::Compare(Comparison::GreaterOrEqual)),
            Token::Word(word) => match word.as_str() {
                "and" => one(Infix::And),
                "or" => one(Infix::Or),
                "in" => one(Infix::In { negated: false }),
                "not" => match self.tokens.get(self.next + 1) {
                    Some((Token::Word(next), _)) if next == "in" => Some((Infix::In { negated: true }, 2)),
                    _ => None,
                },
                _ => None,
            },
            Token::Literal(_) | Token::Sign(_) => None,
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    /// Where the next token stands; at the end, the empty place there.
    fn here(&self) -> Range<usize> {
        self.tokens.get(self.next).map_or(self.end..self.end, |(_, range)| range.clone())
    }

    fn expect(&mut self, sign: &'static str, open: &Range<usize>) -> Result<(), ExprError> {
        match self.peek() {
            Some(Token::Sign(found)) if *found == sign => {
                self.next += 1;
                Ok(())
            }
            None => Err(self.unclosed(open)),
            Some(_) => Err(self.unexpected(&format!("where `{sign}` should stand"))),
        }
    }

    fn unclosed(&self, open: &Range<usize>) -> ExprError {
        ExprError::new(open.clone(), format!("the `{}` is never closed", &self.text[open.clone()]))
    }

    fn unexpected(&self, place: &str) -> ExprError {
        let range = self.here();
        let found = &self.text[range.clone()];
        let message = format!("unexpected `{found}` {place}");
        let error = ExprError::new(range, message.trim_end());
        let after_name = self.next > 0 && matches!(self.tokens[self.next - 1].0, Token::Word(_));
        match self.peek() {
            Some(Token::Sign("-")) if after_name => {
                error.help("there is no arithmetic; a name with a `-` is written steps[\"unit-tests\"]")
            }
            Some(Token::Word(_)) if after_name => error.help("a name with a space is written steps[\"unit tests\"]"),
            Some(Token::Word(_) | Token::Literal(_)) if place.is_empty() => {
                error.help("an operator such as == or and should stand between two values")
            }
            _ => error,
        }
    }
}
