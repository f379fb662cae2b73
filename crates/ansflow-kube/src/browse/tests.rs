//! Objects in, what is shown of them out.

mod edits;
mod histories;
mod lists;

use crate::object::{Obj, read_all};

/// The one object of a YAML text.
fn object(yaml: &str) -> Obj {
    read_all(yaml).unwrap().remove(0)
}
