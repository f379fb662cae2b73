//! A part of CEL, the language of rules: in custom resource definitions, admission policies and webhooks' match conditions.
//!
//! Literals, operators, `in`, the ternary, `has`, `all`/`exists`/`exists_one`/`map`/`filter`, indexes, texts, `matches`,
//! conversions, `quantity`. What is not known is an error of the program, not of the object: the caller lets such a rule pass.

mod eval;
mod lex;
mod lib;
mod parse;
mod value;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub(crate) use value::Val;

/// A rule that was read.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    root: parse::Expr,
}

/// Why a rule gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CelError {
    /// It is not CEL, or more of it than we know.
    #[error("{0}")]
    Unknown(String),
    /// It is, and what it was asked of has no answer: `no such key: color`.
    #[error("{0}")]
    Failed(String),
    /// It took too long.
    #[error("operation cancelled: actual cost limit exceeded")]
    Budget,
}

impl Program {
    /// Reads a rule.
    pub(crate) fn parse(source: &str) -> Result<Program, CelError> {
        Ok(Program { root: parse::parse(source)? })
    }

    /// Whether the rule names a variable, as `oldSelf`.
    pub(crate) fn names(&self, variable: &str) -> bool {
        self.root.names(variable)
    }

    /// The answer, with these variables.
    pub(crate) fn evaluate<'a>(&'a self, variables: &[(&'a str, &'a Value)]) -> Result<Val<'a>, CelError> {
        eval::evaluate(&self.root, variables)
    }

    /// The answer of a rule that says yes or no.
    pub(crate) fn holds(&self, variables: &[(&str, &Value)]) -> Result<bool, CelError> {
        // The lifetimes of what is asked and of the rule meet here.
        match eval::evaluate(&self.root, variables)?.as_bool() {
            Some(answer) => Ok(answer),
            None => Err(CelError::Failed("the rule is neither true nor false".to_owned())),
        }
    }

    /// The answer of a rule that says a text: `messageExpression`.
    pub(crate) fn text(&self, variables: &[(&str, &Value)]) -> Result<String, CelError> {
        match eval::evaluate(&self.root, variables)?.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(CelError::Failed("the rule is no text".to_owned())),
        }
    }
}
