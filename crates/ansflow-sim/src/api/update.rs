//! An object as its author wants the whole of it.

use super::write::{Change, write};
use super::{Answer, Call, body, show};
use crate::status::Status;
use crate::wire::accept;

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let form = accept::form(call.request.header("accept"))?;
    let sent = body::object(call, &call.route.kind, call.request.options.strictness())?;
    body::placed(call, &sent.object)?;
    let manager = call.manager();
    let written = write(call.sim, &call.write(&manager)?, Change::Replace(sent.object))?;
    let warnings = [sent.warnings, written.warnings].concat();
    let code = if written.created { 201 } else { 200 };
    Ok(Answer::Whole(show::object(call, form, code, &written.stored)?.with_warnings(&warnings)))
}
