//! How changes meet objects: reading what is sent, the patches, server-side apply, and who manages which field.
//!
//! Pure: objects and schemas in, objects out. `live` never holds `metadata.managedFields`; managers come beside it
//! (`manager.rs`). Inside: `path` and `set` are what managers own; `typed`, `compare` and `walk` see a value with its
//! shape; `managed` and `apply` are the rules of managers; `strict` reads; the rest are the three kinds of patches.

mod apply;
mod check;
mod compare;
mod json_patch;
mod managed;
mod merge_patch;
pub(crate) mod normal;
mod path;
mod set;
mod strategic;
mod strict;
mod typed;
mod walk;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod recordings;

pub(crate) use apply::{Applied, apply};
pub(crate) use json_patch::json_patch;
pub(crate) use managed::{By, sent_or_live};
pub(crate) use merge_patch::merge_patch;
pub(crate) use strategic::strategic;
pub(crate) use strict::{Expected, Fitted, decode, fit, fit_patched};

use crate::manager::Manager;
use crate::object::Object;
use crate::schema::TypeId;

/// The managers after a write that is no apply. `live` is nothing for a create; `managed` is what `sent_or_live` chose.
///
/// A create is compared with Go's zero value of the kind, which has the structs that are always written: whoever creates a
/// Deployment manages `strategy.rollingUpdate`, but not `strategy` itself.
pub(crate) fn updated(ty: TypeId, live: Option<&Object>, new: &Object, managed: Vec<Manager>, by: &By) -> Vec<Manager> {
    // An object that nobody managed stays so until somebody applies to it.
    if live.is_some() && managed.is_empty() {
        return managed;
    }
    let zero;
    let live = match live {
        Some(live) => live,
        None => {
            zero = typed::zero(ty);
            &zero
        }
    };
    let found = compare::compare_objects(ty.shape(), live, new).without(&managed::out_of_reach(ty, by));
    if found == compare::Comparison::default() {
        return managed;
    }
    let mut entries = managed::read(&managed);
    managed::take_over(&mut entries, &found, by);
    managed::cap(&mut entries);
    managed::write(entries)
}

/// The status of a new object, as Go writes it: what is never left out, and nothing else.
pub(crate) fn zero_status(ty: TypeId) -> Option<serde_json::Value> {
    typed::zero(ty).shift_remove("status")
}
