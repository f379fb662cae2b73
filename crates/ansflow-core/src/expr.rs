//! The language of conditions and of `{{ }}`: literals, names, comparisons, `and or not`, `in`, `default(x, y)`.
//!
//! It computes a JSON value from names that a scope looks up, and nothing else: no arithmetic, no loops, no functions
//! besides `default`, no way to reach a file or a clock. What it does not know it refuses by name.
//!
//! Values of different types are never equal: `"3" == 3` is false, and `"3" < 4` is an error that names both types.
//! A condition is a truth value; text, numbers and lists are not, so `when: image` is refused with `image != ""` as help.

mod ast;
mod eval;
mod parse;
#[cfg(test)]
mod tests;
mod token;

use ast::{Ast, Kind};
use serde_json::Value as Json;
use std::ops::Range;

/// Expressions nest no deeper than this.
pub const DEEPEST: usize = 64;

/// Expressions are no longer than this, in bytes.
pub const LONGEST: usize = 8 * 1024;

/// What is wrong with an expression, and where in the text it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExprError {
    /// Lower-case fragment that names the thing.
    pub message: String,
    /// What to do, where we know.
    pub help: Option<String>,
    /// Bytes of the text that was parsed.
    pub range: Range<usize>,
}

impl ExprError {
    pub(crate) fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, range }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A name in an expression, as the scope will be asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameUse {
    /// `steps["unit tests"].outputs.image` is `steps`, `unit tests`, `outputs`, `image`.
    pub path: Vec<String>,
    /// Bytes of the text that was parsed.
    pub range: Range<usize>,
    /// It stands in the first argument of a `default(…)`: it may have no value.
    pub optional: bool,
}

/// What a scope answers to a name.
///
/// The sentence of `Unknown` and `Masked` is shown as it is; a second line in it becomes the help.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// The name has this value.
    Value(Json),
    /// The name is right but has no value here; why, as in "this is not a git checkout". Makes a condition false.
    Absent(String),
    /// There is no such name; why. `default` covers it, a condition fails.
    Unknown(String),
    /// The value may not be used; what to do instead. Nothing covers this.
    Masked(String),
}

/// How names get their values.
pub type Scope<'s> = dyn Fn(&[String]) -> Lookup + 's;

/// A parsed expression. Its ranges are bytes of the text it was parsed from.
#[derive(Debug, Clone)]
pub struct Expr {
    root: Ast,
}

impl Expr {
    /// Parses a whole text.
    ///
    /// # Errors
    /// The first thing that is not of the language, with what to write instead where we know.
    pub fn parse(text: &str) -> Result<Expr, ExprError> {
        Expr::parse_within(text, 0..text.len())
    }

    /// Parses a part of a text; ranges count from the start of the text.
    pub(crate) fn parse_within(text: &str, range: Range<usize>) -> Result<Expr, ExprError> {
        parse::parse(text, range).map(|root| Expr { root })
    }

    /// Every name the expression may look up, in the order of the text.
    #[must_use]
    pub fn names(&self) -> Vec<NameUse> {
        let mut names = Vec::new();
        collect_names(&self.root, false, &mut names);
        names
    }

    /// The value of the expression.
    ///
    /// # Errors
    /// A name without a value, types that do not fit.
    pub fn eval(&self, scope: &Scope<'_>) -> Result<Json, ExprError> {
        eval::eval(&self.root, scope)
    }

    /// Whether the condition holds. A name that is [`Lookup::Absent`] makes it false, wherever it was needed.
    ///
    /// # Errors
    /// As [`Expr::eval`], and a value that is neither true nor false.
    pub fn holds(&self, scope: &Scope<'_>) -> Result<bool, ExprError> {
        eval::holds(&self.root, scope)
    }
}

fn collect_names(ast: &Ast, optional: bool, names: &mut Vec<NameUse>) {
    match &ast.kind {
        Kind::Literal(_) => {}
        Kind::Name(path) => names.push(NameUse { path: path.clone(), range: ast.range.clone(), optional }),
        Kind::Index(inner, _) | Kind::Not(inner) => collect_names(inner, optional, names),
        Kind::List(items) | Kind::All(items) | Kind::Any(items) => {
            items.iter().for_each(|item| collect_names(item, optional, names));
        }
        Kind::Compare(_, left, right) | Kind::In { item: left, whole: right, .. } => {
            collect_names(left, optional, names);
            collect_names(right, optional, names);
        }
        Kind::Default(value, fallback) => {
            collect_names(value, true, names);
            collect_names(fallback, optional, names);
        }
    }
}
