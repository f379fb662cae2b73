//! One object as a row of a list: who it is, the judge's word, and its kind's cells. The object itself is not kept.

pub mod cluster;
pub mod network;
pub mod pod;
pub mod workload;

use super::columns::Cell;
use super::known::Known;
use crate::judge::judge;
use crate::object::Obj;
use crate::text::short;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;

/// What is said of an object is no longer, in characters.
const LONGEST_MESSAGE: usize = 300;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its namespace; none for what belongs to the whole cluster.
    pub namespace: Option<Box<str>>,
    /// Its name.
    pub name: Box<str>,
    /// What tells it from another of the same name.
    pub uid: Box<str>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// `ready`, `progressing`, `stuck`, `failed` or `unknown`, as the judge has it.
    pub state: &'static str,
    /// What the judge says besides.
    pub message: Option<Box<str>>,
    /// What its kind's columns say.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The row of an object of a kind that is known.
    #[must_use]
    pub fn of(object: &Obj, known: &Known) -> Row {
        Row { cells: (known.cells)(object), ..Row::bare(object) }
    }

    /// The row of an object of any kind, without cells.
    #[must_use]
    pub fn bare(object: &Obj) -> Row {
        let readiness = judge(object);
        Row {
            namespace: object.namespace().map(Box::from),
            name: object.name().into(),
            uid: object.uid().into(),
            created_at: time(object.at(&["metadata", "creationTimestamp"])),
            state: readiness.word(),
            message: readiness.message().map(|text| short(text, LONGEST_MESSAGE).into()),
            cells: Vec::new(),
        }
    }

    /// Where it stands among others.
    #[must_use]
    pub fn place(&self) -> (&str, &str) {
        (self.namespace.as_deref().unwrap_or_default(), &self.name)
    }
}

/// A moment as the API writes it.
pub(super) fn time(value: Option<&Json>) -> Option<Timestamp> {
    value?.as_str()?.parse().ok()
}

/// The list at a path; empty where there is none.
pub(super) fn items<'a>(object: &'a Obj, path: &[&str]) -> &'a [Json] {
    object.at(path).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// The text of a field of a value; empty where there is none.
pub(super) fn field<'a>(value: &'a Json, name: &str) -> &'a str {
    value.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// The number at a path, 0 where there is none.
fn number(object: &Obj, path: &[&str]) -> i64 {
    object.int(path).unwrap_or_default()
}

/// How many entries the maps at these paths have together.
fn entries(object: &Obj, paths: &[&[&str]]) -> Cell {
    let count: usize = paths.iter().filter_map(|path| object.at(path)?.as_object()).map(serde_json::Map::len).sum();
    Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
}
