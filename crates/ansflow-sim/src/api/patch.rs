//! A change of an object: JSON patch, merge patch, strategic merge patch, or server-side apply.

use super::options::{invalid, media, patch_of};
use super::write::{Change, Patch, Strictness, write};
use super::{Answer, Call, body, show};
use crate::status::{Cause, Status};
use crate::wire::accept;

const APPLY: &str = "application/apply-patch+yaml";

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let form = accept::form(call.request.header("accept"))?;
    let change = change(call)?;
    let manager = call.manager();
    let mut w = call.write(&manager)?;
    let repeated = match change {
        Change::Apply { .. } => body::repeated(call),
        _ => None,
    };
    let refused = repeated.as_ref().filter(|_| w.strict == Strictness::Strict);
    // What else is wrong with it is said first.
    w.dry_run |= refused.is_some();
    let mut written = write(call.sim, &w, change)?;
    if let Some(said) = refused {
        return Err(Status::bad_request(format!("error strict decoding YAML: {said}")));
    }
    written.warnings.extend(repeated.filter(|_| w.strict == Strictness::Warn));
    let code = if written.created { 201 } else { 200 };
    Ok(Answer::Whole(show::object(call, form, code, &written.stored)?.with_warnings(&written.warnings)))
}

/// What the body asks for.
pub(super) fn change(call: &Call<'_>) -> Result<Change<'static>, Status> {
    let media = media(call.request.header("content-type"));
    if media == APPLY {
        if call.request.options.given("fieldManager").is_none() {
            let why = "Required value: is required for apply patch";
            return Err(invalid("PatchOptions", vec![Cause::new("FieldValueRequired", "fieldManager", why)]));
        }
        let patch = body::applied(call)?;
        body::placed(call, &patch)?;
        return Ok(Change::Apply { patch, force: call.request.options.flag("force") });
    }
    match patch_of(media) {
        Some(Patch::Strategic) if call.route.kind.is_custom() => Err(body::unsupported_for(&call.route.kind)),
        Some(how) => Ok(Change::Patch(how, body::patch(call)?)),
        None => Err(body::unsupported()),
    }
}
