//! JSON events, the language of `interfaces.md`: one object a line, each with `event`, `at`, `run` and `seq`.

use std::io::{self, Write};

use ansflow_core::plan::StepIndex;
use ansflow_core::preview;
use ansflow_core::run::Run;
use ansflow_core::run::event::{Event, Fact};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::Line;

/// Lines are collected up to this size before they are written; `flush` writes what is there.
const BUFFER: usize = 256 * 1024;

/// Writes events to standard output.
#[derive(Debug)]
pub(crate) struct JsonView<W: Write = io::Stdout> {
    run: String,
    buffer: Vec<u8>,
    out: W,
    /// `at` of log lines, as text: many lines share a millisecond.
    at: (u64, String),
}

impl<W: Write> JsonView<W> {
    /// Events of one run, to `out`.
    pub(crate) fn new(run: &str, out: W) -> Self {
        Self { run: run.to_owned(), buffer: Vec::with_capacity(BUFFER), out, at: (u64::MAX, String::new()) }
    }

    pub(crate) fn event(&mut self, seq: u64, event: &Event, run: &Run) -> io::Result<()> {
        if let Some((word, details)) = describe(event, run) {
            let mut object = Map::new();
            object.insert("event".into(), word.into());
            object.insert("at".into(), event.at.to_string().into());
            object.insert("run".into(), self.run.clone().into());
            object.insert("seq".into(), seq.into());
            object.extend(details);
            serde_json::to_writer(&mut self.buffer, &object)?;
            self.buffer.push(b'\n');
        }
        self.flush()
    }

    pub(crate) fn line(&mut self, line: Line<'_>) -> io::Result<()> {
        if self.at.0 != line.at_ms {
            let at =
                i64::try_from(line.at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or_default();
            self.at = (line.at_ms, at.to_string());
        }
        let stream = if line.is_error { "stderr" } else { "stdout" };
        write!(self.buffer, r#"{{"event":"log","at":"{}","run":"{}","seq":null,"step":"#, self.at.1, self.run)?;
        serde_json::to_writer(&mut self.buffer, line.step)?;
        write!(self.buffer, r#","stream":"{stream}","offset":{},"line":"#, line.offset)?;
        serde_json::to_writer(&mut self.buffer, &*String::from_utf8_lossy(line.text))?;
        self.buffer.extend_from_slice(b"}\n");
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        self.out.flush()
    }
}

/// The event's word and what it says besides; none for events that are the engine's own business.
fn describe(event: &Event, run: &Run) -> Option<(&'static str, Map<String, Json>)> {
    let name = |step: &StepIndex| run.plan().steps[*step].name.clone();
    let of_step = |step: &StepIndex| {
        Map::from_iter([
            ("step".to_owned(), Json::from(name(step))),
            ("step_run".to_owned(), Json::from(format!("{}.{step}", run.created().run))),
        ])
    };
    let (word, mut details) = match &event.fact {
        Fact::RunCreated(_) | Fact::AttemptStopping { .. } | Fact::AttemptEnded { .. } => return None,
        Fact::RunStarted => {
            let created = run.created();
            let steps: Vec<&str> = run.plan().steps.iter().map(|step| step.name.as_str()).collect();
            let details = json!({
                "pipeline": run.plan().pipeline, "build_number": created.facts.build_number,
                "trigger": created.facts.trigger, "workspace": created.facts.workspace, "steps": steps,
            });
            return Some(("run_started", object(details)));
        }
        Fact::ApprovalOpened { step, deadline } => {
            let mut details = of_step(step);
            if let Some(approval) = &run.plan().steps[*step].approval {
                details.extend(object(json!({ "approvers": approval.approvers, "required": approval.required })));
                insert(&mut details, "message", preview::message(run, *step));
            }
            insert(&mut details, "deadline", deadline.map(|at| at.to_string()));
            ("approval_opened", details)
        }
        Fact::Approved { step, by, via, comment } => {
            let mut details = of_step(step);
            details.extend(object(json!({ "by": by, "via": via })));
            insert(&mut details, "comment", comment.clone());
            ("approved", details)
        }
        Fact::Rejected { step, by, comment } => {
            let mut details = of_step(step);
            details.insert("by".into(), by.clone().into());
            insert(&mut details, "comment", comment.clone());
            ("rejected", details)
        }
        Fact::AttemptStarted { step, attempt, .. } => {
            let mut details = of_step(step);
            details.insert("attempt".into(), (*attempt).into());
            ("step_started", details)
        }
        Fact::RetryScheduled { step, attempt, not_before } => {
            let mut details = of_step(step);
            details.extend(object(json!({ "attempt": attempt, "not_before": not_before.to_string() })));
            ("retry_scheduled", details)
        }
        Fact::StepFinished(finished) => {
            let mut details = of_step(&finished.step);
            details.insert("status".into(), finished.status.as_str().into());
            insert(&mut details, "exit_code", finished.exit_code);
            details.insert("duration_ms".into(), finished.duration_ms.into());
            details.insert("outputs".into(), Json::Object(finished.gains.outputs.clone()));
            insert(&mut details, "why", finished.why.clone());
            ("step_finished", details)
        }
        Fact::CancelRequested { by } => ("cancel_requested", object(json!({ "by": by }))),
        Fact::RunTimedOut => ("run_timed_out", Map::new()),
        Fact::GroupTimedOut { group } => {
            ("group_timed_out", object(json!({ "group": run.plan().groups[*group].name })))
        }
        Fact::RunFinished { status, duration_ms } => {
            ("run_finished", object(json!({ "status": status.as_str(), "duration_ms": duration_ms })))
        }
    };
    details.retain(|_, value| !value.is_null());
    Some((word, details))
}

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

fn insert<T: Into<Json>>(details: &mut Map<String, Json>, key: &str, value: Option<T>) {
    if let Some(value) = value {
        details.insert(key.to_owned(), value.into());
    }
}
