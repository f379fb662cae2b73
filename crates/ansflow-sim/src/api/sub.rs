//! Subresources: the status is a part of its object; all others have a file of their own.

use super::{Answer, Call, eviction, get, patch, scale, token, update};
use crate::status::Status;
use crate::stream;

pub(super) fn answer(call: &Call<'_>, sub: &str, verb: &str) -> Result<Answer, Status> {
    match (sub, verb) {
        ("status", "get") => get::answer(call),
        ("status" | "ephemeralcontainers" | "finalize" | "approval" | "resize", "update") => update::answer(call),
        ("status" | "ephemeralcontainers" | "finalize" | "approval" | "resize", "patch") => patch::answer(call),
        ("log" | "exec" | "attach" | "portforward", "get" | "create") => {
            let pod = get::found(call)?.thaw(&call.route.kind);
            stream::answer(call, sub, &pod)
        }
        ("eviction", "create") => eviction::answer(call),
        ("token", "create") => token::answer(call),
        ("scale", verb) => scale::answer(call, verb),
        ("proxy", _) => Err(Status::new(503, "ServiceUnavailable", "the simulator forwards no requests")),
        _ => Err(Status::method_not_allowed()),
    }
}
