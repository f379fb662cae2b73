//! The part of kubectl's JSONPath that leads to values: fields, indexes, slices, `*`, `..` and simple filters.
//!
//! `.spec.replicas`, `{.status.conditions[?(@.type=="Ready")].status}`, `a[-1]`, `a[0:2]`, `labels['a.b/c']`, `labels.a\.b/c`.
//! Held against kubectl 1.32. It differs in two things, on purpose: a quoted key may hold dots (kubectl wants them escaped and
//! finds nothing otherwise), and what leads nowhere finds nothing, where kubectl sometimes ends with an error.

mod read;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value as Json};

/// A path that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    /// Every item, or every value.
    All,
    /// Every value of that name, however deep.
    Deep(String),
    /// Items from, to and in strides, counted from the end where negative.
    Slice {
        from: Option<i64>,
        to: Option<i64>,
        stride: usize,
    },
    Index(Vec<i64>),
    /// The items whose field compares so; without a comparison those that have the field.
    Where {
        field: Vec<Step>,
        test: Option<(Compare, Json)>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl JsonPath {
    /// Reads `{.a.b}`, `.a.b` or `a.b`; an error says what of it is not understood.
    pub fn parse(text: &str) -> Result<JsonPath, String> {
        let steps =
            read::steps(text.trim()).map_err(|why| format!("`{text}` is no JSONPath that is known here: {why}"))?;
        Ok(JsonPath { text: text.trim().to_owned(), steps })
    }

    /// All values at the path, in their order; none where it leads nowhere.
    #[must_use]
    pub fn find<'a>(&self, object: &'a Map<String, Json>) -> Vec<&'a Json> {
        let Some((first, rest)) = self.steps.split_first() else { return Vec::new() };
        let found = match first {
            Step::Field(name) => object.get(name).into_iter().collect(),
            Step::All => object.values().collect(),
            Step::Deep(name) => deep_in(object, name),
            Step::Slice { .. } | Step::Index(_) | Step::Where { .. } => Vec::new(),
        };
        follow(rest, found)
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The last field that is named in it: `readyReplicas`.
    #[must_use]
    pub(crate) fn last_field(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Field(name) | Step::Deep(name) => Some(name.as_str()),
            Step::All | Step::Slice { .. } | Step::Index(_) | Step::Where { .. } => None,
        })
    }
}

fn follow<'a>(steps: &[Step], found: Vec<&'a Json>) -> Vec<&'a Json> {
    steps.iter().fold(found, |found, step| found.into_iter().flat_map(|value| step.of(value)).collect())
}

impl Step {
    fn of<'a>(&self, value: &'a Json) -> Vec<&'a Json> {
        let items = || value.as_array().map(Vec::as_slice).unwrap_or_default();
        match self {
            Step::Field(name) => value.get(name).into_iter().collect(),
            Step::All => match value {
                Json::Object(fields) => fields.values().collect(),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                    items().iter().collect()
                }
            },
            Step::Deep(name) => deep(value, name),
            Step::Index(indexes) => {
                indexes.iter().filter_map(|index| items().get(place(*index, items().len())?)).collect()
            }
            Step::Slice { from, to, stride } => {
                let length = items().len();
                let end = |bound: i64| place(bound, length).unwrap_or(0).min(length);
                let (from, to) = (from.map_or(0, end), to.map_or(length, end));
                items().get(from..to.max(from)).unwrap_or_default().iter().step_by(*stride).collect()
            }
            Step::Where { field, test } => items().iter().filter(|item| holds(item, field, test.as_ref())).collect(),
        }
    }
}

/// An index from the front, where it counts from the end.
fn place(index: i64, length: usize) -> Option<usize> {
    let from_end = if index < 0 { i64::try_from(length).ok()? } else { 0 };
    usize::try_from(index.checked_add(from_end)?).ok()
}

fn deep<'a>(value: &'a Json, name: &str) -> Vec<&'a Json> {
    match value {
        Json::Object(map) => deep_in(map, name),
        Json::Array(items) => items.iter().flat_map(|item| deep(item, name)).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
    }
}

fn deep_in<'a>(map: &'a Map<String, Json>, name: &str) -> Vec<&'a Json> {
    let here = map.get(name).into_iter();
    here.chain(map.values().flat_map(|inner| deep(inner, name))).collect()
}

fn holds(item: &Json, field: &[Step], test: Option<&(Compare, Json)>) -> bool {
    let found = follow(field, vec![item]);
    match test {
        None => !found.is_empty(),
        Some((compare, wanted)) => found.first().is_some_and(|value| compare.holds(value, wanted)),
    }
}

impl Compare {
    fn holds(self, value: &Json, wanted: &Json) -> bool {
        let order = match (value.as_f64(), wanted.as_f64()) {
            (Some(value), Some(wanted)) => value.partial_cmp(&wanted),
            (None, _) | (_, None) => match (value.as_str(), wanted.as_str()) {
                (Some(value), Some(wanted)) => Some(value.cmp(wanted)),
                (None, _) | (_, None) => None,
            },
        };
        match self {
            Compare::Equal => value == wanted || order.is_some_and(std::cmp::Ordering::is_eq),
            Compare::Unequal => value != wanted && !order.is_some_and(std::cmp::Ordering::is_eq),
            Compare::Less => order.is_some_and(std::cmp::Ordering::is_lt),
            Compare::AtMost => order.is_some_and(std::cmp::Ordering::is_le),
            Compare::More => order.is_some_and(std::cmp::Ordering::is_gt),
            Compare::AtLeast => order.is_some_and(std::cmp::Ordering::is_ge),
        }
    }
}
