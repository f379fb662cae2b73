//! One object.

use super::{Answer, Call, show};
use crate::status::Status;
use crate::store::{Key, Stored};
use crate::wire::accept;
use std::sync::Arc;

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let form = accept::form(call.request.header("accept"))?;
    let stored = found(call)?;
    show::object(call, form, 200, &stored).map(Answer::Whole)
}

/// The object that the path names, or 404.
pub(super) fn found(call: &Call<'_>) -> Result<Arc<Stored>, Status> {
    let key = call.key();
    call.sim.store().get(&key).ok_or_else(|| Status::not_found(&call.route.kind, &key.name))
}

impl Call<'_> {
    /// Where the object stands that the path names; the name is "" where it names none.
    pub(super) fn key(&self) -> Key {
        let namespace = self.route.namespace.as_deref().unwrap_or_default();
        Key::new(self.route.kind.id, namespace, self.route.name.as_deref().unwrap_or_default())
    }
}
