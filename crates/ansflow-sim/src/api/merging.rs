//! The seam to the merge rules: what becomes of an object and of its managers.

use serde_json::Value;

use super::write::{Patch, Write};
use crate::kind::Kind;
use crate::manager::{Manager, ManagerId, Operation};
use crate::merge;
use crate::object::Object;
use crate::status::Status;

/// Who writes, as an entry of managedFields names them.
pub(super) fn by(w: &Write<'_>, operation: Operation) -> merge::By {
    merge::By {
        id: ManagerId {
            name: w.manager.into(),
            operation,
            api_version: w.kind.api_version().into(),
            subresource: w.sub.unwrap_or_default().into(),
        },
        now: w.now,
        status_apart: w.kind.sub("status").is_some(),
    }
}

/// The managers after an update. `sent` is what the client sent as managedFields.
pub(super) fn updated(
    w: &Write<'_>,
    live: Option<&Object>,
    new: &Object,
    sent: Option<&Value>,
    managed: &[Manager],
) -> Vec<Manager> {
    let managed = merge::sent_or_live(sent, managed, w.sub.unwrap_or_default());
    merge::updated(w.kind.ty, live, new, managed, &by(w, Operation::Update))
}

/// The object and its managers after an apply.
pub(super) fn applied(
    w: &Write<'_>,
    live: Option<&Object>,
    managed: &[Manager],
    patch: &Object,
    force: bool,
) -> Result<merge::Applied, Status> {
    merge::apply(w.kind.ty, live, managed, patch, &by(w, Operation::Apply), force)
}

/// Patches in place.
pub(super) fn patched(kind: &Kind, how: Patch, live: &mut Object, patch: &Value) -> Result<(), Status> {
    let mut value = Value::Object(std::mem::take(live));
    match how {
        Patch::Json => merge::json_patch(&mut value, patch)?,
        Patch::Merge => merge::merge_patch(&mut value, patch),
        Patch::Strategic => merge::strategic(kind.ty, &mut value, patch)?,
    }
    let Value::Object(object) = value else { return Err(Status::bad_request("a patch made no object")) };
    *live = object;
    Ok(())
}
