//! The end of many objects: what a list would show is deleted one by one.

use super::delete::{Deleted, delete, options};
use super::{Answer, Call, list, show};
use crate::status::Status;
use crate::wire::accept;

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let form = accept::form(call.request.header("accept"))?;
    let options = options(call)?;
    let mut page = list::page(call)?;
    let manager = call.manager();
    let mut w = call.write(&manager)?;
    for stored in &mut page.items {
        w.key = stored.key.clone();
        match delete(call.sim, &w, &options) {
            Ok(Deleted::Gone(_)) => {}
            Ok(Deleted::Going(now)) => *stored = now,
            // Somebody else was quicker.
            Err(status) if status.code == 404 => {}
            Err(status) => return Err(status),
        }
    }
    page.revision = call.sim.store().revision();
    show::list(call, form, &page).map(Answer::Whole)
}
