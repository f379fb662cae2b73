//! Events as everybody outside is told of them: one JSON object each, with `event`, `at`, `run` and `seq`.
//!
//! The language of `ansflow run -o json` and of the server's event streams, made in one place. Scripts hold on to it:
//! words and fields are added, never changed.

use serde_json::{Map, Value as Json, json};

use super::Run;
use super::event::{Event, Fact};
use crate::plan::StepIndex;
use crate::preview;

/// An event, told.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its word, such as `step_started`.
    pub word: &'static str,
    /// All that is said, `event` included.
    pub object: Map<String, Json>,
}

/// The event with number `seq`, told; none for what is AnsFlow's own business. `run` has come as far as this event, or
/// further.
#[must_use]
pub fn tell(seq: u64, event: &Event, run: &Run) -> Option<Told> {
    let (word, details) = describe(event, run)?;
    let mut object = Map::new();
    object.insert("event".into(), word.into());
    object.insert("at".into(), event.at.to_string().into());
    object.insert("run".into(), run.created().run.clone().into());
    object.insert("seq".into(), seq.into());
    object.extend(details);
    Some(Told { word, object })
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
        Fact::Noted { step, attempt, waiting, simulated, .. } => {
            let mut details = of_step(step);
            let objects: Vec<Json> = waiting.objects.iter().map(|object| json!(object)).collect();
            details.extend(object(json!({ "attempt": attempt, "for": waiting.r#for, "objects": objects })));
            insert(&mut details, "simulated", simulated.then_some(true));
            ("waiting", details)
        }
        Fact::Judged { step, attempt, verdict, simulated } => {
            let mut details = of_step(step);
            details.insert("attempt".into(), (*attempt).into());
            details.extend(object(json!(verdict)));
            insert(&mut details, "simulated", simulated.then_some(true));
            ("verdict", details)
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
