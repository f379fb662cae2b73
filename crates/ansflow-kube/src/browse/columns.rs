//! What stands in the columns of a list. A list says its columns once, and each row has its cells in their order. The name
//! of a column that ends with `_at` says that its cells are moments.

use jiff::Timestamp;
use serde::Serialize;

/// What stands in a column; as JSON a text, a number or null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Nothing.
    None,
    /// A number.
    Number(i64),
    /// A text.
    Text(Box<str>),
    /// A moment, as RFC 3339.
    Time(Timestamp),
}

impl Cell {
    /// A text, or nothing where there is none.
    #[must_use]
    pub fn text(text: impl AsRef<str>) -> Cell {
        match text.as_ref() {
            "" => Cell::None,
            text => Cell::Text(text.into()),
        }
    }

    /// So many of so many: `1/3`.
    #[must_use]
    pub fn ratio(part: i64, whole: i64) -> Cell {
        Cell::Text(format!("{part}/{whole}").into())
    }

    /// A moment, if there was one.
    #[must_use]
    pub fn time(at: Option<Timestamp>) -> Cell {
        at.map_or(Cell::None, Cell::Time)
    }

    /// Several texts with commas between them, each once and in their order.
    pub fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Cell {
        let mut found: Vec<String> = Vec::new();
        for text in texts {
            let text = text.as_ref();
            if !text.is_empty() && !found.iter().any(|known| known == text) {
                found.push(text.to_owned());
            }
        }
        Cell::text(found.join(", "))
    }
}
