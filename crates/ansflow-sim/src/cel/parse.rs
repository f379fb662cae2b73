//! The grammar of rules.

use serde_json::Value;

use super::CelError;
use super::lex::{Token, tokens};

/// How deep brackets may go.
const DEEPEST: usize = 64;
/// How many words a rule may have: a chain of operators is as deep as it is long.
const LONGEST: usize = 1_000;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    Literal(Value),
    Name(String),
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Field(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    /// `has(a.b)`.
    Has(Box<Expr>, String),
    /// A function, or a method of something.
    Call(Option<Box<Expr>>, String, Vec<Expr>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `over.all(variable, body)`; a second variable or a filter where the macro has one.
    Loop {
        over: Box<Expr>,
        how: Loop,
        variable: String,
        filter: Option<Box<Expr>>,
        body: Box<Expr>,
    },
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Loop {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
}

pub(super) fn parse(source: &str) -> Result<Expr, CelError> {
    let tokens = tokens(source)?;
    if tokens.len() > LONGEST {
        return Err(CelError::Unknown(format!("a rule of more than {LONGEST} words")));
    }
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let root = parser.ternary()?;
    match parser.tokens.get(parser.at) {
        None => Ok(root),
        Some(token) => Err(CelError::Unknown(format!("mismatched input {token:?}"))),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Binary operators, those that bind least first.
const LEVELS: [&[&str]; 5] =
    [&["||"], &["&&"], &["==", "!=", "<=", ">=", "<", ">", "in"], &["+", "-"], &["*", "/", "%"]];

impl Parser {
    fn ternary(&mut self) -> Result<Expr, CelError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(CelError::Unknown("expression recursion limit exceeded".to_owned()));
        }
        let condition = self.binary(0)?;
        let expr = if self.takes("?") {
            let yes = self.binary(0)?;
            self.needs(":")?;
            let no = self.ternary()?;
            Expr::If(condition.into(), yes.into(), no.into())
        } else {
            condition
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn binary(&mut self, level: usize) -> Result<Expr, CelError> {
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        while let Some(sign) = signs.iter().copied().find(|sign| self.is_next(sign)) {
            self.at += 1;
            let right = self.binary(level + 1)?;
            left = Expr::Binary(sign, left.into(), right.into());
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, CelError> {
        if self.takes("!") {
            self.deeper()?;
            let inner = self.unary()?;
            self.depth -= 1;
            return Ok(Expr::Not(inner.into()));
        }
        if self.takes("-") {
            self.deeper()?;
            let inner = self.unary()?;
            self.depth -= 1;
            return Ok(Expr::Negative(inner.into()));
        }
        self.member()
    }

    fn deeper(&mut self) -> Result<(), CelError> {
        self.depth += 1;
        match self.depth > DEEPEST {
            true => Err(CelError::Unknown("expression recursion limit exceeded".to_owned())),
            false => Ok(()),
        }
    }

    fn member(&mut self) -> Result<Expr, CelError> {
        let mut expr = self.primary()?;
        loop {
            if self.takes(".") {
                let name = self.name()?;
                if self.takes("(") {
                    let arguments = self.arguments(")")?;
                    expr = method(expr, name, arguments)?;
                } else {
                    expr = Expr::Field(expr.into(), unescaped(&name));
                }
            } else if self.takes("[") {
                let index = self.ternary()?;
                self.needs("]")?;
                expr = Expr::Index(expr.into(), index.into());
            } else {
                return Ok(expr);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, CelError> {
        if self.takes("(") {
            let inner = self.ternary()?;
            self.needs(")")?;
            return Ok(inner);
        }
        if self.takes("[") {
            return Ok(Expr::List(self.arguments("]")?));
        }
        if self.takes("{") {
            return self.map();
        }
        // A leading dot names the root, where all our names are.
        let _root = self.takes(".");
        match self.tokens.get(self.at).cloned() {
            Some(Token::Literal(value)) => {
                self.at += 1;
                Ok(Expr::Literal(value))
            }
            Some(Token::Name(name)) => {
                self.at += 1;
                match self.takes("(") {
                    true => function(name, self.arguments(")")?),
                    false => Ok(Expr::Name(name)),
                }
            }
            other => Err(CelError::Unknown(format!("mismatched input {other:?}"))),
        }
    }

    fn map(&mut self) -> Result<Expr, CelError> {
        let mut pairs = Vec::new();
        while !self.takes("}") {
            let key = self.ternary()?;
            self.needs(":")?;
            pairs.push((key, self.ternary()?));
            if !self.takes(",") {
                self.needs("}")?;
                break;
            }
        }
        Ok(Expr::Map(pairs))
    }

    fn arguments(&mut self, end: &str) -> Result<Vec<Expr>, CelError> {
        let mut out = Vec::new();
        while !self.takes(end) {
            out.push(self.ternary()?);
            if !self.takes(",") {
                self.needs(end)?;
                break;
            }
        }
        Ok(out)
    }

    fn is_next(&self, sign: &str) -> bool {
        match self.tokens.get(self.at) {
            Some(Token::Sign(next)) => *next == sign,
            Some(Token::Name(name)) => sign == "in" && name == "in",
            Some(Token::Literal(_)) | None => false,
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let takes = self.is_next(sign);
        self.at += usize::from(takes);
        takes
    }

    fn needs(&mut self, sign: &str) -> Result<(), CelError> {
        match self.takes(sign) {
            true => Ok(()),
            false => {
                Err(CelError::Unknown(format!("mismatched input {:?} expecting '{sign}'", self.tokens.get(self.at))))
            }
        }
    }

    fn name(&mut self) -> Result<String, CelError> {
        match self.tokens.get(self.at) {
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            other => Err(CelError::Unknown(format!("no viable alternative at input {other:?}"))),
        }
    }
}

fn function(name: String, mut arguments: Vec<Expr>) -> Result<Expr, CelError> {
    if name != "has" {
        return Ok(Expr::Call(None, name, arguments));
    }
    match (arguments.pop(), arguments.is_empty()) {
        (Some(Expr::Field(of, field)), true) => Ok(Expr::Has(of, field)),
        _ => Err(CelError::Unknown("invalid argument to has() macro".to_owned())),
    }
}

fn method(over: Expr, name: String, arguments: Vec<Expr>) -> Result<Expr, CelError> {
    let how = match (name.as_str(), arguments.len()) {
        ("all", 2) => Loop::All,
        ("exists", 2) => Loop::Exists,
        ("exists_one" | "existsOne", 2) => Loop::ExistsOne,
        ("map", 2 | 3) => Loop::Map,
        ("filter", 2) => Loop::Filter,
        _ => return Ok(Expr::Call(Some(over.into()), name, arguments)),
    };
    let mut arguments = arguments.into_iter();
    let Some(Expr::Name(variable)) = arguments.next() else {
        return Err(CelError::Unknown("argument must be a simple name".to_owned()));
    };
    let (second, third) = (arguments.next(), arguments.next());
    let (filter, body) = match (second, third) {
        (Some(filter), Some(body)) => (Some(Box::new(filter)), body),
        (Some(body), None) => (None, body),
        (None, _) => return Err(CelError::Unknown(format!("{name}() needs a body"))),
    };
    Ok(Expr::Loop { over: over.into(), how, variable, filter, body: body.into() })
}

/// Names that no identifier may have, as Kubernetes writes them.
fn unescaped(name: &str) -> String {
    if !name.contains("__") {
        return name.to_owned();
    }
    let out = name.replace("__dot__", ".").replace("__dash__", "-").replace("__slash__", "/");
    match out.strip_prefix("__").and_then(|inner| inner.strip_suffix("__")) {
        Some(keyword) if !keyword.is_empty() && keyword != "underscores" => keyword.to_owned(),
        _ => out.replace("__underscores__", "__"),
    }
}

impl Expr {
    pub(super) fn names(&self, variable: &str) -> bool {
        let any = |all: &[Expr]| all.iter().any(|one| one.names(variable));
        match self {
            Expr::Literal(_) => false,
            Expr::Name(name) => name == variable,
            Expr::List(items) => any(items),
            Expr::Map(pairs) => pairs.iter().any(|(key, value)| key.names(variable) || value.names(variable)),
            Expr::Field(of, _) | Expr::Has(of, _) | Expr::Not(of) | Expr::Negative(of) => of.names(variable),
            Expr::Index(a, b) | Expr::Binary(_, a, b) => a.names(variable) || b.names(variable),
            Expr::Call(of, _, arguments) => of.as_ref().is_some_and(|of| of.names(variable)) || any(arguments),
            Expr::If(a, b, c) => a.names(variable) || b.names(variable) || c.names(variable),
            Expr::Loop { over, filter, body, .. } => {
                over.names(variable)
                    || body.names(variable)
                    || filter.as_ref().is_some_and(|filter| filter.names(variable))
            }
        }
    }
}
