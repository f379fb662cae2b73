//! An object of a watch, made a row as soon as its kind is known: the rest of it is not kept.

use super::super::known::Known;
use super::super::rows::Row;
use crate::cluster::Item;
use crate::kind::Kind;
use crate::object::Obj;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};

/// What is kept of an object.
#[derive(Clone, PartialEq)]
pub(super) enum Slim {
    /// All, for the moment between reading it and knowing what it is.
    Whole(Obj),
    /// Its row.
    Row(Box<Row>),
}

impl<'de> Deserialize<'de> for Slim {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Slim, D::Error> {
        Ok(Slim::Whole(Obj::from(Map::<String, Json>::deserialize(from)?)))
    }
}

impl Item for Slim {
    fn is_a(&mut self, kind: &Kind) {
        if let Slim::Whole(object) = self {
            object.is_a(kind);
            let row = match Known::find(&kind.group, &kind.kind) {
                Some(known) => Row::of(object, known),
                None => Row::bare(object),
            };
            *self = Slim::Row(Box::new(row));
        }
    }
}
