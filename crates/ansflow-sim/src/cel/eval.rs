//! What a rule answers.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::parse::{Expr, Loop};
use super::{CelError, Val, lib};

/// Steps that a rule may take.
const BUDGET: u32 = 100_000;

pub(super) fn evaluate<'a>(root: &'a Expr, variables: &[(&'a str, &'a Value)]) -> Result<Val<'a>, CelError> {
    let names = variables.iter().map(|(name, value)| (*name, Val::Json(Cow::Borrowed(*value)))).collect();
    Run { names, left: BUDGET }.value(root)
}

struct Run<'a> {
    /// The innermost is last.
    names: Vec<(&'a str, Val<'a>)>,
    left: u32,
}

impl<'a> Run<'a> {
    fn value(&mut self, expr: &'a Expr) -> Result<Val<'a>, CelError> {
        self.left = self.left.checked_sub(1).ok_or(CelError::Budget)?;
        match expr {
            Expr::Literal(value) => Ok(Val::Json(Cow::Borrowed(value))),
            Expr::Name(name) => self.named(name),
            Expr::List(items) => {
                let items = items.iter().map(|item| self.value(item).and_then(json)).collect::<Result<Vec<_>, _>>()?;
                Ok(Val::own(items))
            }
            Expr::Map(pairs) => {
                let mut out = Map::new();
                for (key, value) in pairs {
                    let key = lib::text(&self.value(key)?)?;
                    out.insert(key, self.value(value).and_then(json)?);
                }
                Ok(Val::own(Value::Object(out)))
            }
            Expr::Field(of, field) => {
                let of = self.value(of)?;
                of.child(|value| value.get(field)).ok_or_else(|| CelError::Failed(format!("no such key: {field}")))
            }
            Expr::Has(of, field) => {
                let of = self.value(of)?;
                Ok(Val::own(of.child(|value| value.get(field).filter(|value| !value.is_null())).is_some()))
            }
            Expr::Index(of, index) => {
                let (of, index) = (self.value(of)?, self.value(index)?);
                at(of, &index)
            }
            Expr::Not(inner) => Ok(Val::own(!self.truth(inner)?)),
            Expr::Negative(inner) => {
                let inner = self.value(inner)?;
                match (inner.as_i64(), inner.as_f64()) {
                    (Some(number), _) => number.checked_neg().map(Val::own).ok_or_else(overflow),
                    (None, Some(number)) => Ok(Val::own(-number)),
                    (None, None) => Err(overload("-_", &[&inner])),
                }
            }
            Expr::If(condition, yes, no) => match self.truth(condition)? {
                true => self.value(yes),
                false => self.value(no),
            },
            Expr::Binary(sign, a, b) => self.binary(sign, a, b),
            Expr::Call(of, name, arguments) => {
                let of = of.as_ref().map(|of| self.value(of)).transpose()?;
                let arguments = arguments.iter().map(|one| self.value(one)).collect::<Result<Vec<_>, _>>()?;
                let size: usize = of.iter().chain(&arguments).filter_map(Val::as_str).map(str::len).sum();
                self.spend(size / 10)?;
                lib::call(of.as_ref(), name, &arguments)
            }
            Expr::Loop { over, how, variable, filter, body } => {
                let over = self.value(over)?;
                self.over(over, *how, variable, filter.as_deref(), body)
            }
        }
    }

    fn spend(&mut self, cost: usize) -> Result<(), CelError> {
        let cost = u32::try_from(cost).unwrap_or(u32::MAX);
        self.left = self.left.checked_sub(cost).ok_or(CelError::Budget)?;
        Ok(())
    }

    fn named(&self, name: &str) -> Result<Val<'a>, CelError> {
        if let Some((_, value)) = self.names.iter().rev().find(|(known, _)| *known == name) {
            return Ok(value.clone());
        }
        match name {
            "int" | "uint" => Ok(Val::Type("int")),
            "double" => Ok(Val::Type("double")),
            "string" => Ok(Val::Type("string")),
            "bool" => Ok(Val::Type("bool")),
            "list" => Ok(Val::Type("list")),
            "map" => Ok(Val::Type("map")),
            "null_type" => Ok(Val::Type("null_type")),
            _ => Err(CelError::Unknown(format!("undeclared reference to '{name}'"))),
        }
    }

    fn truth(&mut self, expr: &'a Expr) -> Result<bool, CelError> {
        let value = self.value(expr)?;
        value.as_bool().ok_or_else(|| overload("bool", &[&value]))
    }

    fn binary(&mut self, sign: &str, a: &'a Expr, b: &'a Expr) -> Result<Val<'a>, CelError> {
        if let "&&" | "||" = sign {
            // One side may decide although the other has no answer.
            let decides = sign == "||";
            return match self.truth(a) {
                Ok(answer) if answer == decides => Ok(Val::own(decides)),
                Ok(_) => Ok(Val::own(self.truth(b)?)),
                Err(failed @ CelError::Failed(_)) => match self.truth(b) {
                    Ok(answer) if answer == decides => Ok(Val::own(decides)),
                    _ => Err(failed),
                },
                Err(other) => Err(other),
            };
        }
        let (a, b) = (self.value(a)?, self.value(b)?);
        let ordered = |wanted: fn(Ordering) -> bool| match a.compare(&b) {
            Some(order) => Ok(Val::own(wanted(order))),
            None => Err(overload(&format!("_{sign}_"), &[&a, &b])),
        };
        match sign {
            "==" => Ok(Val::own(a.equals(&b))),
            "!=" => Ok(Val::own(!a.equals(&b))),
            "<" => ordered(Ordering::is_lt),
            "<=" => ordered(Ordering::is_le),
            ">" => ordered(Ordering::is_gt),
            ">=" => ordered(Ordering::is_ge),
            "in" => lib::contains(&b, &a).map(Val::own),
            _ => lib::arithmetic(sign, &a, &b),
        }
    }

    fn over(
        &mut self,
        over: Val<'a>,
        how: Loop,
        variable: &'a str,
        filter: Option<&'a Expr>,
        body: &'a Expr,
    ) -> Result<Val<'a>, CelError> {
        let mut found = Vec::new();
        let mut failed = None;
        let mut hits = 0;
        for item in over.items()? {
            self.names.push((variable, item.clone()));
            let kept = filter.map_or(Ok(true), |filter| self.truth(filter));
            let answer = match kept {
                Ok(true) => self.value(body).map(Some),
                Ok(false) => Ok(None),
                Err(error) => Err(error),
            };
            self.names.pop();
            let answer = match (answer, how) {
                // Another item may decide.
                (Err(error @ CelError::Failed(_)), Loop::All | Loop::Exists) => {
                    failed = Some(error);
                    continue;
                }
                (Err(error), _) => return Err(error),
                (Ok(None), _) => continue,
                (Ok(Some(answer)), _) => answer,
            };
            let yes = answer.as_bool();
            match how {
                Loop::Map => found.push(json(answer)?),
                Loop::All if yes == Some(false) => return Ok(Val::own(false)),
                Loop::Exists if yes == Some(true) => return Ok(Val::own(true)),
                Loop::ExistsOne => hits += usize::from(yes == Some(true)),
                Loop::Filter if yes == Some(true) => found.push(json(item)?),
                Loop::All | Loop::Exists | Loop::Filter => {}
            }
        }
        match (how, failed) {
            (Loop::All | Loop::Exists, Some(error)) => Err(error),
            (Loop::All, None) => Ok(Val::own(true)),
            (Loop::Exists, None) => Ok(Val::own(false)),
            (Loop::ExistsOne, _) => Ok(Val::own(hits == 1)),
            (Loop::Map | Loop::Filter, _) => Ok(Val::own(found)),
        }
    }
}

fn at<'a>(of: Val<'a>, index: &Val<'_>) -> Result<Val<'a>, CelError> {
    match (index.as_str(), index.as_i64()) {
        (Some(name), _) => {
            of.child(|value| value.get(name)).ok_or_else(|| CelError::Failed(format!("no such key: {name}")))
        }
        (None, Some(at)) => {
            let place = usize::try_from(at).ok();
            of.child(|value| value.get(place?)).ok_or_else(|| CelError::Failed(format!("index out of bounds: {at}")))
        }
        (None, None) => Err(overload("_[_]", &[&of, index])),
    }
}

fn json(value: Val<'_>) -> Result<Value, CelError> {
    match value {
        Val::Json(value) => Ok(value.into_owned()),
        Val::Quantity(_) | Val::Duration(_) | Val::Time(_) | Val::Type(_) => {
            Err(CelError::Unknown("lists and maps of such values".to_owned()))
        }
    }
}

pub(super) fn overload(name: &str, of: &[&Val<'_>]) -> CelError {
    let types: Vec<&str> = of.iter().map(|one| one.type_name()).collect();
    CelError::Failed(format!("found no matching overload for '{name}' applied to '({})'", types.join(", ")))
}

pub(super) fn overflow() -> CelError {
    CelError::Failed("integer overflow".to_owned())
}
