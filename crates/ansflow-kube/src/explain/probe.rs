//! Probes: those that kill, and those that keep a container from being ready.

use super::container::Place;
use super::{Cx, Finding, told};
use crate::patience::Class;
use crate::text::{count, short};
use crate::world::Told;
use ansflow_core::verdict::Cause;

/// Answers that mean "later", not "never".
const LATER: [u16; 4] = [408, 425, 429, 503];

/// A probe has it killed again and again.
pub(super) fn kills(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    let kills: Vec<&Told> = all_kills(cx, at).collect();
    let times: u32 = kills.iter().map(|told| cx.times(told)).sum();
    if times < 2 { None } else { killed(at, Class::ProbeKills, &kills, times) }
}

/// A probe has had it killed once: a suspicion.
pub(super) fn one_kill(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    let kills: Vec<&Told> = all_kills(cx, at).collect();
    killed(at, Class::Suspected, &kills, 1)
}

/// Whether deaths of it may be a probe's doing.
pub(super) fn was_killed(cx: Cx<'_>, at: Place<'_>) -> bool {
    cx.world.events(at.uid()).any(|told| is_kill(told, at.name()))
}

fn all_kills<'a>(cx: Cx<'a>, at: Place<'a>) -> impl Iterator<Item = &'a Told> {
    cx.news(&at.pod.metadata.uid).filter(move |told| is_kill(told, &at.container.name))
}

fn is_kill(told: &Told, container: &str) -> bool {
    let message = &told.event.message;
    let by_probe = message.contains("failed liveness probe") || message.contains("failed startup probe");
    told.event.reason == "Killing" && by_probe && told.event.concerns(container)
}

fn killed(at: Place<'_>, class: Class, kills: &[&Told], times: u32) -> Option<Finding> {
    let newest = kills.last()?;
    let probe = if newest.event.message.contains("startup") { "startup" } else { "liveness" };
    let text =
        format!("container {} fails its {probe} probe and is killed, {}", at.name(), count(i64::from(times), "time"));
    Some(Finding::of_pod(class, Cause::LivenessProbe, at.pod, text).seen_by([told(&newest.event)]))
}

/// It runs and does not become ready.
pub(super) fn readiness(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    if at.container.state.running.is_none() || at.is_init {
        return None;
    }
    let of_probe = |told: &&Told| {
        ["Unhealthy", "ProbeWarning"].contains(&told.event.reason.as_str())
            && told.event.message.contains("Readiness")
            && told.event.concerns(at.name())
    };
    let newest = cx.news(at.uid()).rfind(of_probe)?;
    let message = newest.event.message.as_str();
    let threshold = at.pod.container(at.name()).and_then(|spec| spec.readiness_probe.as_ref()?.failure_threshold);
    let enough = u32::try_from(threshold.unwrap_or(3).max(3)).unwrap_or(3);
    let class = class(message);
    let is_counted = matches!(class, Class::Ready4xx | Class::Ready5xx);
    let text = format!("container {} runs and is not ready: {}", at.name(), short(reason(message), 90));
    let finding = Finding::of_pod(class, Cause::ReadinessProbe, at.pod, text).seen_by([told(&newest.event)]);
    Some(finding.ripe_when(!is_counted || cx.times(newest) >= enough))
}

fn class(message: &str) -> Class {
    if message.contains("errored") {
        // The port is a name that no port of its container has.
        return if message.contains("strconv.Atoi") { Class::Never } else { Class::ReadyErrored };
    }
    match status(message) {
        Some(code) if LATER.contains(&code) => Class::Suspected,
        Some(400..=499) => Class::Ready4xx,
        Some(500..=599) => Class::Ready5xx,
        _ if message.contains("HTTP response to HTTPS client") => Class::Ready4xx,
        _ => Class::Suspected,
    }
}

/// The status with which a probe was answered.
fn status(message: &str) -> Option<u16> {
    let (_, rest) = message.split_once("statuscode: ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn reason(message: &str) -> &str {
    let text = message.trim();
    let text = text.strip_prefix("Readiness probe failed: ").unwrap_or(text);
    let text = text.strip_prefix("Readiness probe errored and resulted in unknown state: ").unwrap_or(text);
    let text = text.trim_end_matches("Readiness probe failed:").trim();
    if text.is_empty() { "its readiness probe fails" } else { text }
}
