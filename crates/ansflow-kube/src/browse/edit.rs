//! What a person has written of an object, and what it changes.

use super::secrets::{self, NotStored};
use super::yaml;
use crate::object::{Obj, ReadError, read_all};
use ansflow_core::yaml as text;
use similar::TextDiff;

/// An edited text is no longer, in bytes; no object is larger in a cluster.
pub const LARGEST: usize = 2 * 1024 * 1024;

/// Why a text cannot be sent to a cluster.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is no object.
    #[error("{0}")]
    Unreadable(#[from] ReadError),
    /// It holds none, or more than one.
    #[error("the text holds {0} objects, and exactly one is edited here")]
    NotOne(usize),
    /// It holds no object at all.
    #[error("the text holds no object")]
    Nothing,
    /// It is about another one.
    #[error("the text is about {written}, and this edits {wanted}; a copy is created as a new object")]
    Another {
        /// What it is about.
        written: String,
        /// What is edited.
        wanted: String,
    },
    /// It is too long.
    #[error("the text has {0} bytes, and no object of a cluster is larger than 2 MiB")]
    TooLong(usize),
    /// A Secret's value is needed.
    #[error(transparent)]
    NotStored(#[from] NotStored),
}

/// What a change would do, as two texts and the lines between them. A Secret's values are hidden in all three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// What people may change of it, as it was; empty where there was none.
    pub before: String,
    /// The same as it is to be.
    pub after: String,
    /// In the way of `diff -u`, without file names; empty where nothing changes.
    pub lines: String,
}

/// The one object of an edited text, with a Secret's hidden values put back.
///
/// # Errors
/// The text is none of `stored`.
pub fn edited(text: &str, stored: &Obj) -> Result<Obj, Unfit> {
    let mut objects = read(text)?;
    let written = match (objects.pop(), objects.len()) {
        (Some(written), 0) => written,
        (Some(_), more) => return Err(Unfit::NotOne(more + 1)),
        (None, _) => return Err(Unfit::Nothing),
    };
    let named = |object: &Obj| format!("{} {}", object.api_version(), object.object());
    let is_same = (written.group(), written.kind(), written.name()) == (stored.group(), stored.kind(), stored.name())
        && written.namespace().is_none_or(|namespace| Some(namespace) == stored.namespace());
    if !is_same {
        return Err(Unfit::Another { written: named(&written), wanted: named(stored) });
    }
    Ok(secrets::restored(&written, Some(stored))?)
}

/// The objects of a text that are to be made.
///
/// # Errors
/// There are none, or they cannot be made of this text.
pub fn new_objects(text: &str) -> Result<Vec<Obj>, Unfit> {
    let objects = read(text)?;
    if objects.is_empty() {
        return Err(Unfit::Nothing);
    }
    objects.iter().map(|object| Ok(secrets::restored(object, None)?)).collect()
}

/// What lies between two states of an object.
#[must_use]
pub fn diff(before: Option<&Obj>, after: &Obj) -> Diff {
    let shown = match before {
        Some(before) => yaml::wish_beside(after, before),
        None => yaml::wish(after),
    };
    texts(before.map(|before| text::print(&yaml::wish(before))).unwrap_or_default(), text::print(&shown))
}

/// What lies between two texts.
#[must_use]
pub fn texts(before: String, after: String) -> Diff {
    let lines = match before == after {
        true => String::new(),
        false => TextDiff::from_lines(&before, &after).unified_diff().context_radius(3).to_string(),
    };
    Diff { before, after, lines }
}

impl Diff {
    /// Whether anything changes.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }
}

fn read(text: &str) -> Result<Vec<Obj>, Unfit> {
    if text.len() > LARGEST {
        return Err(Unfit::TooLong(text.len()));
    }
    Ok(read_all(text)?)
}
