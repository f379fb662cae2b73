//! The tree of an expression. Parsing keeps it shallow, so that recursion over it is safe.

use serde_json::Value as Json;
use std::ops::Range;

#[derive(Debug, Clone)]
pub(super) struct Ast {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Literal(Json),
    /// A path as the scope is asked for it.
    Name(Vec<String>),
    /// What follows a value that no scope can look up, such as `hosts[0].name`.
    Index(Box<Ast>, Vec<Segment>),
    List(Vec<Ast>),
    Not(Box<Ast>),
    All(Vec<Ast>),
    Any(Vec<Ast>),
    Compare(Comparison, Box<Ast>, Box<Ast>),
    In {
        negated: bool,
        item: Box<Ast>,
        whole: Box<Ast>,
    },
    Default(Box<Ast>, Box<Ast>),
}

#[derive(Debug, Clone)]
pub(super) enum Segment {
    Key(String),
    Place(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}
