//! From a notice — something happened in a run — to the messages that it comes to: whom it concerns, and what is known
//! of the run at that event.

use ansflow_core::duration;
use ansflow_core::plan::StepIndex;
use ansflow_core::preview;
use ansflow_core::run::{Event, Fact, Run, RunStatus, StepStatus};
use ansflow_store::messages::{Body, Message, NewMessage, Notice};
use ansflow_store::notifications::{Notification, NotificationEvent};
use ansflow_store::runs::RunRow;
use ansflow_store::{Error, Result, Store};
use jiff::Timestamp;
use tracing::error;

use super::AskSettings;

/// So many notices at a time.
const BATCH: u64 = 100;

/// Makes messages of everything that happened.
pub(super) async fn all(store: &Store, settings: &AskSettings, now: Timestamp) -> Result<()> {
    loop {
        let notices = store.messages().notices(BATCH).await?;
        if notices.is_empty() {
            return Ok(());
        }
        let notifications = store.notifications().enabled().await?;
        let base_url = settings().await?.base_url;
        for notice in &notices {
            match one(store, notice, &notifications, base_url.as_deref(), now).await {
                Ok(()) => {}
                // One run that nobody can read must not silence all others (lesson 14).
                Err(Error::Corrupt(why) | Error::NotFound(why)) => {
                    error!(run.id = %notice.run, "nobody is told of event {} of {}: {why}", notice.seq, notice.run);
                    store.messages().take(notice, &[], now).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

async fn one(
    store: &Store,
    notice: &Notice,
    notifications: &[Notification],
    base_url: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let row = store.runs().get(&notice.run).await?;
    let event = happened(store, notice, &row).await?;
    let told: Vec<(&Notification, NotificationEvent)> = notifications
        .iter()
        .filter(|one| one.pipelines.is_empty() || one.pipelines.contains(&row.pipeline))
        .filter_map(|one| Some((one, wanted(one, event)?)))
        .collect();
    let body = if told.is_empty() { Body::default() } else { body(store, notice, base_url).await? };
    let message = |(one, event): &(&'_ Notification, NotificationEvent)| NewMessage {
        id: Message::new_id(),
        notification: one.id.clone(),
        event: Some(*event),
        run: notice.run.clone(),
        body: body.clone(),
    };
    let messages: Vec<NewMessage> = told.iter().map(message).collect();
    store.messages().take(notice, &messages, now).await
}

/// What the notice says; a success after a failure is a recovery.
async fn happened(store: &Store, notice: &Notice, row: &RunRow) -> Result<NotificationEvent> {
    let event = NotificationEvent::of(&notice.event)
        .ok_or_else(|| Error::Corrupt(format!("there is no event `{}`", notice.event)))?;
    if event != NotificationEvent::Success {
        return Ok(event);
    }
    let before = store.messages().ended_before(&row.pipeline, row.number).await?;
    let was_well = before.is_none_or(|status| status == RunStatus::Success.as_str());
    Ok(if was_well { NotificationEvent::Success } else { NotificationEvent::Recovered })
}

/// As what somebody is told of it. A recovery is a success to who asked for those only, and never both.
fn wanted(one: &Notification, event: NotificationEvent) -> Option<NotificationEvent> {
    let asks = |event| one.events.contains(&event);
    if asks(event) {
        return Some(event);
    }
    (event == NotificationEvent::Recovered && asks(NotificationEvent::Success)).then_some(NotificationEvent::Success)
}

/// What was known of the run at that event, whatever has become of it since.
async fn body(store: &Store, notice: &Notice, base_url: Option<&str>) -> Result<Body> {
    let mut events = store.runs().load(&notice.run).await?;
    events.truncate(usize::try_from(notice.seq).unwrap_or(usize::MAX));
    let run = Run::replay(&events).map_err(|why| Error::Corrupt(why.to_string()))?;
    let (created, status) = (run.created(), run.status());
    let known = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut body = Body {
        pipeline: run.plan().pipeline.clone(),
        number: created.facts.build_number,
        status: status.as_str().to_owned(),
        by: created.facts.by.clone(),
        branch: known(&created.facts.git_branch),
        commit: known(&created.facts.git_commit),
        link: base_url.map(|base| format!("{}/runs/{}", base.trim_end_matches('/'), notice.run)),
        ..Body::default()
    };
    match telling(notice, &events) {
        Some(Telling::End { duration_ms }) => {
            body.duration_ms = Some(duration_ms);
            match status {
                RunStatus::Failed | RunStatus::TimedOut => blame(&run, &events, &mut body),
                RunStatus::Cancelled => body.why = cancelled_by(&events),
                RunStatus::Success | RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => {}
            }
        }
        Some(Telling::Approval { step, deadline }) => {
            let planned = &run.plan().steps[step];
            body.step = Some(planned.name.clone());
            body.question = preview::message(&run, step);
            body.approvers = planned.approval.iter().flat_map(|asked| asked.approvers.clone()).collect();
            body.deadline = deadline;
        }
        None => return Err(Error::Corrupt(format!("there is nothing to tell of run `{}`", notice.run))),
    }
    Ok(body)
}

/// The event that a notice is about.
enum Telling {
    End { duration_ms: u64 },
    Approval { step: StepIndex, deadline: Option<Timestamp> },
}

fn telling(notice: &Notice, events: &[Event]) -> Option<Telling> {
    let is_approval = notice.event == NotificationEvent::Approval.as_str();
    events.iter().rev().find_map(|event| {
        if let Fact::ApprovalOpened { step, deadline } = event.fact {
            is_approval.then_some(Telling::Approval { step, deadline })
        } else if let Fact::RunFinished { duration_ms, .. } = event.fact {
            (!is_approval).then_some(Telling::End { duration_ms })
        } else {
            None
        }
    })
}

/// The step that failed first, of those whose failure counts.
fn blame(run: &Run, events: &[Event], body: &mut Body) {
    let failed = events.iter().find_map(|event| {
        let Fact::StepFinished(ended) = &event.fact else { return None };
        let counts = !run.plan().steps[ended.step].continue_on_failure;
        Some(ended).filter(|ended| counts && matches!(ended.status, StepStatus::Failed | StepStatus::TimedOut))
    });
    match failed {
        Some(ended) => {
            body.step = Some(run.plan().steps[ended.step].name.clone());
            body.exit_code = ended.exit_code;
            body.why = ended.why.clone();
        }
        None => body.why = ran_out(run),
    }
}

/// Nothing failed, and yet the run did: its time was over.
fn ran_out(run: &Run) -> Option<String> {
    let limit = run.plan().timeout_ms.filter(|_| run.status() == RunStatus::TimedOut)?;
    Some(format!("the run took longer than {}", duration::print(limit)))
}

fn cancelled_by(events: &[Event]) -> Option<String> {
    events.iter().rev().find_map(|event| {
        let Fact::CancelRequested { by } = &event.fact else { return None };
        Some(format!("cancelled by {by}"))
    })
}
