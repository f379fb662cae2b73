//! Label selectors: `app=web,tier in (front,back),!old`, as text in a query and as `matchLabels`/`matchExpressions` in an object.
//!
//! The grammar and the messages are those of apimachinery, which people and tests read. It knows labels only as text pairs.

mod lex;
mod parse;

use std::fmt;

use serde_json::{Map, Value};

pub(crate) use parse::BadSelector;

/// All requirements must hold; none of them means everything matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selector {
    requirements: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    rule: Rule,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    Equals(String, EqualsSign),
    NotEquals(String),
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists,
    Absent,
    Greater(i64),
    Less(i64),
}

/// Only for printing: `=` and `==` mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EqualsSign {
    Single,
    Double,
}

impl Selector {
    /// The selector of a query, `labelSelector=…`.
    pub(crate) fn parse(text: &str) -> Result<Selector, BadSelector> {
        let mut requirements = parse::requirements(text)?;
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Selector { requirements })
    }

    /// The selector of an object, `{matchLabels, matchExpressions}`. Null selects nothing in Kubernetes, which is the caller's to know.
    pub(crate) fn of(selector: &Value) -> Result<Selector, BadSelector> {
        let mut requirements = Vec::new();
        for (key, value) in selector["matchLabels"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap_or_default().to_owned();
            requirements.push(Requirement { key: key.clone(), rule: Rule::Equals(value, EqualsSign::Single) });
        }
        for expression in selector["matchExpressions"].as_array().into_iter().flatten() {
            requirements.push(parse::expression(expression)?);
        }
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Selector { requirements })
    }

    /// The selector of a Service or a ReplicationController: a plain map.
    pub(crate) fn of_map(labels: &Value) -> Selector {
        let pairs = labels.as_object().into_iter().flatten();
        let mut requirements: Vec<Requirement> = pairs
            .map(|(key, value)| Requirement {
                key: key.clone(),
                rule: Rule::Equals(value.as_str().unwrap_or_default().to_owned(), EqualsSign::Single),
            })
            .collect();
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Selector { requirements }
    }

    /// Whether nothing is asked, and everything matches.
    pub(crate) fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Against the labels of an object, which may be missing.
    pub(crate) fn matches_map(&self, labels: Option<&Map<String, Value>>) -> bool {
        self.requirements.iter().all(|requirement| {
            requirement.matches(labels.and_then(|labels| labels.get(&requirement.key)).and_then(Value::as_str))
        })
    }

    /// Against sorted or unsorted pairs, as the store keeps them.
    pub(crate) fn matches_pairs<S: AsRef<str>>(&self, labels: &[(S, S)]) -> bool {
        self.requirements.iter().all(|requirement| {
            let value = labels.iter().find(|(key, _)| key.as_ref() == requirement.key).map(|(_, value)| value.as_ref());
            requirement.matches(value)
        })
    }
}

impl Requirement {
    fn matches(&self, value: Option<&str>) -> bool {
        let number = || value.and_then(|text| text.parse::<i64>().ok());
        match &self.rule {
            Rule::Equals(wanted, _) => value == Some(wanted),
            Rule::NotEquals(unwanted) => value != Some(unwanted),
            Rule::In(wanted) => value.is_some_and(|value| wanted.iter().any(|one| one == value)),
            Rule::NotIn(unwanted) => value.is_none_or(|value| unwanted.iter().all(|one| one != value)),
            Rule::Exists => value.is_some(),
            Rule::Absent => value.is_none(),
            Rule::Greater(than) => number().is_some_and(|number| number > *than),
            Rule::Less(than) => number().is_some_and(|number| number < *than),
        }
    }
}

/// As `kubectl get -o wide` shows it: `app=web,tier in (back,front)`.
impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            if index > 0 {
                out.write_str(",")?;
            }
            let key = &requirement.key;
            match &requirement.rule {
                Rule::Equals(value, EqualsSign::Single) => write!(out, "{key}={value}")?,
                Rule::Equals(value, EqualsSign::Double) => write!(out, "{key}=={value}")?,
                Rule::NotEquals(value) => write!(out, "{key}!={value}")?,
                Rule::In(values) => write!(out, "{key} in ({})", values.join(","))?,
                Rule::NotIn(values) => write!(out, "{key} notin ({})", values.join(","))?,
                Rule::Exists => out.write_str(key)?,
                Rule::Absent => write!(out, "!{key}")?,
                Rule::Greater(than) => write!(out, "{key}>{than}")?,
                Rule::Less(than) => write!(out, "{key}<{than}")?,
            }
        }
        Ok(())
    }
}

/// How a table shows an object's selector: `matchLabels` as `k=v`, then the expressions; `<none>` without any.
pub(crate) fn shown(selector: &Value) -> String {
    match Selector::of(selector) {
        Ok(selector) if selector.is_everything() => "<none>".to_owned(),
        Ok(selector) => selector.to_string(),
        Err(_) => "<error>".to_owned(),
    }
}

/// How a table shows a plain map of labels: `a=b,c=d`, sorted; `<none>` without any.
pub(crate) fn shown_map(labels: &Value) -> String {
    let selector = Selector::of_map(labels);
    if selector.is_everything() { "<none>".to_owned() } else { selector.to_string() }
}

#[cfg(test)]
mod tests;
