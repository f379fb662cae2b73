//! A new object.

use super::write::{Change, Write, write};
use super::{Answer, Call, body, question, show};
use crate::status::Status;
use crate::wire::accept;

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let form = accept::form(call.request.header("accept"))?;
    let strict = call.request.options.strictness();
    let sent = body::object(call, &call.route.kind, strict)?;
    body::placed(call, &sent.object)?;
    if !call.route.kind.can("get") {
        // A question, not an object: it is answered, and nothing remembers it.
        return question::answer(call, sent.object);
    }
    let manager = call.manager();
    let written = write(call.sim, &call.write(&manager)?, Change::Create(sent.object))?;
    let warnings = [sent.warnings, written.warnings].concat();
    Ok(Answer::Whole(show::object(call, form, 201, &written.stored)?.with_warnings(&warnings)))
}

impl Call<'_> {
    /// The write that the request asks for.
    pub(super) fn write<'a>(&'a self, manager: &'a str) -> Result<Write<'a>, Status> {
        Ok(Write {
            kind: &self.route.kind,
            sub: self.route.sub.as_deref(),
            key: self.key(),
            actor: self.actor,
            manager,
            dry_run: self.request.options.dry_run()?,
            strict: self.request.options.strictness(),
            now: self.sim.now_micros(),
        })
    }

    /// The field manager: the parameter, or the first word of the User-Agent.
    pub(super) fn manager(&self) -> String {
        let agent = self.request.header("user-agent").unwrap_or("unknown");
        let first = agent.split('/').next().unwrap_or_default();
        self.request.options.given("fieldManager").unwrap_or(first).chars().take(128).collect()
    }
}
