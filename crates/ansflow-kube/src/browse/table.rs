//! Rows of kinds that are not known here: the cluster prints them itself (`meta.k8s.io/v1` Table).

use super::columns::Cell;
use super::rows::{Row, field};
use crate::object::Obj;
use crate::text::short;
use serde_json::Value as Json;

/// A page as a cluster prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Its columns, without the name and the age, which every row has anyway.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Where the next page begins; none: this is the last.
    pub next: Option<String>,
}

/// How to ask for one.
pub const ACCEPT: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

/// A cell's text is no longer, in characters.
const LONGEST: usize = 300;

/// Reads a table; none where it is none.
#[must_use]
pub fn read(table: &Json) -> Option<Printed> {
    if field(table, "kind") != "Table" {
        return None;
    }
    let definitions = table.get("columnDefinitions")?.as_array()?;
    let shown: Vec<usize> = (0..definitions.len()).filter(|at| definitions.get(*at).is_some_and(is_shown)).collect();
    let columns = shown.iter().filter_map(|at| definitions.get(*at)).map(column).collect();
    let rows = table.get("rows").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let rows = rows.iter().filter_map(|row| self::row(row, &shown)).collect();
    let next = table.get("metadata").map(|metadata| field(metadata, "continue")).filter(|next| !next.is_empty());
    Some(Printed { columns, rows, next: next.map(str::to_owned) })
}

/// Whether a column is one of the usual ones and not said already.
fn is_shown(definition: &Json) -> bool {
    let is_usual = definition.get("priority").and_then(Json::as_i64).unwrap_or_default() == 0;
    is_usual && field(definition, "format") != "name" && !["Name", "Age"].contains(&field(definition, "name"))
}

fn column(definition: &Json) -> String {
    short(field(definition, "name"), 60)
}

/// A row that carries its whole object is judged by it; one that carries its metadata only is what it is.
fn row(row: &Json, shown: &[usize]) -> Option<Row> {
    let cells = row.get("cells")?.as_array()?;
    let object = Obj::new(row.get("object")?.clone())?;
    Some(Row { cells: shown.iter().map(|at| cell(cells.get(*at))).collect(), ..Row::bare(&object) })
}

fn cell(value: Option<&Json>) -> Cell {
    match value {
        None | Some(Json::Null) => Cell::None,
        Some(Json::String(text)) => Cell::text(short(text, LONGEST)),
        Some(Json::Number(number)) => number.as_i64().map_or_else(|| Cell::text(number.to_string()), Cell::Number),
        Some(other) => Cell::text(short(&other.to_string(), LONGEST)),
    }
}
