//! What a person on call reads first: which run or cluster, what became of it, why; then how long, of what, by whom. One line, in
//! English; a link is beside it.

use ansflow_store::messages::Body;
use ansflow_store::notifications::NotificationEvent;
use serde_json::{Map, Value as Json};

use super::Message;

/// The message about an event of a run or a cluster, or a test of the notification that is called so.
#[must_use]
pub fn message(id: &str, event: Option<NotificationEvent>, run: &str, body: &Body, notification: &str) -> Message {
    let text = match event {
        Some(NotificationEvent::Cluster) => of_cluster(body),
        Some(event) => of_run(event, body),
        None => {
            let by = clean(&body.by);
            format!("✓ a test of the notification `{}`, by {by}: messages arrive here", clean(notification))
        }
    };
    let (kind, facts) = match event {
        None => ("test".to_owned(), Map::new()),
        Some(NotificationEvent::Cluster) => (format!("cluster.{}", body.status), cluster_facts(body)),
        Some(event) => (format!("run.{}", event.as_str()), facts(run, body)),
    };
    Message { id: id.to_owned(), kind, heading: None, text, link: body.link.clone(), facts }
}

fn of_run(event: NotificationEvent, body: &Body) -> String {
    let run = format!("{} #{}", clean(&body.pipeline), body.number);
    let what = match event {
        NotificationEvent::Success => format!("✓ {run} succeeded"),
        NotificationEvent::Recovered => format!("✓ {run} succeeded: it is well again"),
        NotificationEvent::Failure => format!("✗ {run} {}{}", failed(body), because(body)),
        NotificationEvent::Cancelled => {
            let cancelled = body.why.as_deref().map_or_else(|| "cancelled".to_owned(), clean);
            format!("■ {run} was {cancelled}")
        }
        NotificationEvent::Approval => format!("? {run} waits for approval{}", asked(body)),
        NotificationEvent::Cluster => of_cluster(body),
    };
    let more = more(body);
    let more = if more.is_empty() { String::new() } else { format!(" — {}", more.join(", ")) };
    let question = body.question.as_ref().filter(|_| event == NotificationEvent::Approval);
    let question = question.map(|question| format!("\n{question}")).unwrap_or_default();
    format!("{what}{more}{question}")
}

/// What became of a cluster, and how long it was otherwise.
fn of_cluster(body: &Body) -> String {
    let name = clean(body.cluster.as_deref().unwrap_or_default());
    let why = body.why.as_deref().map(|why| format!(": {}", clean(why))).unwrap_or_default();
    let long = body.duration_ms.map(duration);
    match body.status.as_str() {
        "connected" => {
            format!(
                "✓ cluster {name} is connected again{}",
                long.map(|long| format!(", after {long}")).unwrap_or_default()
            )
        }
        "disconnected" => format!("✗ cluster {name} does not answer{why}"),
        _ => format!("✗ cluster {name} answers, and is of no use{why}"),
    }
}

fn cluster_facts(body: &Body) -> Map<String, Json> {
    let fields = [("cluster", &body.cluster), ("status", &Some(body.status.clone())), ("why", &body.why)];
    let mut facts: Map<String, Json> =
        fields.into_iter().map(|(name, text)| (name.to_owned(), text.clone().into())).collect();
    facts.insert("was_so_for_ms".to_owned(), body.duration_ms.into());
    facts.insert("link".to_owned(), body.link.clone().into());
    facts
}

fn failed(body: &Body) -> &'static str {
    if body.status == "timed_out" { "took too long" } else { "failed" }
}

/// `: step X exited with 2`.
fn because(body: &Body) -> String {
    let step = body.step.as_ref().map(|step| format!("step `{}`", clean(step)));
    let why = body.why.as_deref().map(clean);
    match (step, body.exit_code, why) {
        // The sentence of a process says no more than its number.
        (Some(step), Some(code), Some(why)) if why.ends_with(&format!("exit code {code}")) => {
            format!(": {step} exited with {code}")
        }
        (Some(step), _, Some(why)) => format!(": {step}: {why}"),
        (Some(step), Some(code), None) => format!(": {step} exited with {code}"),
        (Some(step), None, None) => format!(": {step}"),
        (None, _, Some(why)) => format!(": {why}"),
        (None, _, None) => String::new(),
    }
}

fn asked(body: &Body) -> String {
    let step = body.step.as_ref().map(|step| format!(" of `{}`", clean(step))).unwrap_or_default();
    let who = body.approvers.iter().map(|who| clean(who)).collect::<Vec<_>>().join(", ");
    let who = if who.is_empty() { String::new() } else { format!(" by {who}") };
    let until = body.deadline.map(|at| format!(" until {} UTC", at.strftime("%Y-%m-%d %H:%M"))).unwrap_or_default();
    format!("{step}{who}{until}")
}

/// How long, of what, by whom; as far as it is known.
fn more(body: &Body) -> Vec<String> {
    let commit = body.commit.as_deref().map(|commit| clean(commit).chars().take(7).collect::<String>());
    let source = match (body.branch.as_deref().map(clean), commit) {
        (Some(branch), Some(commit)) => Some(format!("{branch}@{commit}")),
        (Some(only), None) | (None, Some(only)) => Some(only),
        (None, None) => None,
    };
    let by = Some(clean(&body.by)).filter(|by| !by.is_empty()).map(|by| format!("by {by}"));
    [body.duration_ms.map(duration), source, by].into_iter().flatten().collect()
}

/// Two units are enough: `3m12s`, `2h5m`, `0.4s`.
fn duration(ms: u64) -> String {
    let (seconds, minutes, hours) = (ms / 1_000, ms / 60_000, ms / 3_600_000);
    match (hours, minutes, seconds) {
        (0, 0, 0) => format!("0.{}s", ms / 100),
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m{}s", seconds % 60),
        (hours, minutes, _) => format!("{hours}h{}m", minutes % 60),
    }
}

/// One line of somebody's text: names and reasons may hold what begins another.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn facts(run: &str, body: &Body) -> Map<String, Json> {
    let mut facts = Map::from_iter([("run".to_owned(), Json::from(run))]);
    if let Ok(Json::Object(fields)) = serde_json::to_value(body) {
        facts.extend(fields);
    }
    facts
}

#[cfg(test)]
mod tests;
