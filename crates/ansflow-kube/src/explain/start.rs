//! Containers that cannot be started: their configuration, their program, the hook after their start.

use super::container::Place;
use super::{Cx, Finding, seen, told};
use crate::patience::Class;
use crate::text::{between, short};
use crate::world::World;
use ansflow_core::verdict::{Cause, EvidenceFrom};

/// Kinds that make ConfigMaps and Secrets after they are applied.
const MAKERS: [&str; 5] = ["ExternalSecret", "SealedSecret", "Certificate", "VaultStaticSecret", "SecretProviderClass"];

/// What a runtime says when it is slow or full, not when a program is missing.
const SLOW: [&str; 6] =
    ["deadline exceeded", "is reserved for", "timed out", "no space left", "temporarily unavailable", "connection"];

/// Its configuration refers to what is not there, or not allowed.
pub(super) fn config(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    let waits = at.waits_for() == "CreateContainerConfigError";
    let event = cx.news(at.uid()).rfind(|told| {
        let event = &told.event;
        event.reason == "Failed" && event.container() == Some(at.name()) && is_config(&event.message)
    });
    let event = event.filter(|told| !cx.went_on(at.pod, Some(at.name()), &["Created", "Started"], told.at));
    if !waits && (event.is_none() || at.was_started()) {
        return None;
    }
    let said = at.container.state.waiting.as_ref().map_or("", |waiting| waiting.message.as_str());
    let text = event.map_or(said, |told| told.event.message.as_str());
    let text = text.strip_prefix("Error: ").unwrap_or(text);
    let class = match (is_config(text), may_come(cx.world, &at.pod.metadata.namespace, text)) {
        (true, false) if is_never(text) => Class::Never,
        (true, false) => Class::Config,
        (true, true) | (false, _) => Class::ConfigComing,
    };
    let words = text.split(" (pod: ").next().unwrap_or(text);
    let state = waits
        .then(|| seen(EvidenceFrom::State, super::pod_object(at.pod), &format!("CreateContainerConfigError: {said}")));
    let is_new = cx.world.changed(at.uid(), at.name()).is_some_and(|changed| changed >= cx.since);
    let finding = Finding::of_pod(
        class,
        Cause::ContainerConfig,
        at.pod,
        format!("container {}: {}", at.name(), short(words, 110)),
    );
    Some(
        finding
            .seen_by(event.map(|told_event| told(&told_event.event)))
            .seen_by(state)
            .ripe_when(event.is_some() || is_new),
    )
}

/// Texts that no waiting mends; caches that are not filled yet read otherwise.
fn is_config(text: &str) -> bool {
    let text = text.strip_prefix("Error: ").unwrap_or(text);
    let is_missing = (text.starts_with("configmap ") || text.starts_with("secret ")) && text.contains("not found");
    is_missing || text.starts_with("couldn't find key") || is_never(text)
}

/// What the pod itself asks for and can never have: who creates things elsewhere changes nothing about it.
fn is_never(text: &str) -> bool {
    text.contains("runAsNonRoot") || text.contains("run as root")
}

/// Whether what a text misses is there meanwhile, or something in its namespace may make it.
pub(super) fn may_come(world: &World, namespace: &str, text: &str) -> bool {
    let named = between(text, "\"", "\"").unwrap_or_default();
    let is_there = ["ConfigMap", "Secret"].iter().any(|kind| world.has(kind, namespace, named));
    let has_maker = MAKERS.iter().any(|kind| world.whole_of(kind, namespace).next().is_some());
    let has_running_job =
        world.whole_of("Job", namespace).any(|job| job.int(&["status", "active"]).unwrap_or_default() > 0);
    is_there || has_maker || has_running_job
}

/// The runtime cannot start its program.
pub(super) fn start(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    let state = &at.container.state;
    if state.running.is_some() {
        return None;
    }
    let waiting =
        state.waiting.as_ref().filter(|it| ["RunContainerError", "CreateContainerError"].contains(&it.reason.as_str()));
    let ended = state.terminated.as_ref().or(at.container.last_state.terminated.as_ref());
    let ended = ended.filter(|end| ["StartError", "ContainerCannotRun"].contains(&end.reason.as_str()));
    let text = match (ended, waiting) {
        (Some(end), _) => &end.message,
        (None, Some(waiting)) => &waiting.message,
        (None, None) => return None,
    };
    let lower = text.to_lowercase();
    let class = if SLOW.iter().any(|word| lower.contains(word)) { Class::StartOther } else { Class::Start };
    let is_new = cx.world.changed(at.uid(), at.name()).is_some_and(|changed| changed >= cx.since);
    let words = format!("container {} cannot be started: {}", at.name(), short(program(text), 90));
    let evidence = seen(EvidenceFrom::State, super::pod_object(at.pod), text);
    Some(Finding::of_pod(class, Cause::ContainerStart, at.pod, words).seen_by([evidence]).ripe_when(is_new))
}

/// What a runtime says at last, behind all that it says about itself.
fn program(text: &str) -> &str {
    let text = text.split_once("exec: ").map_or(text, |(_, rest)| rest);
    let text = text.strip_suffix(": unknown").unwrap_or(text);
    if text.is_empty() { "the runtime does not say why" } else { text }
}

/// The hook after its start failed, more than once.
pub(super) fn hook(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    let failures: Vec<_> = cx
        .news(at.uid())
        .filter(|told| told.event.reason == "FailedPostStartHook" && told.event.concerns(at.name()))
        .collect();
    let times: u32 = failures.iter().map(|told| cx.times(told)).sum();
    let newest = failures.last()?;
    let class = if times >= 2 { Class::Hook } else { Class::Suspected };
    let text =
        format!("container {}: its postStart hook failed, {}", at.name(), crate::text::count(i64::from(times), "time"));
    Some(Finding::of_pod(class, Cause::ContainerStart, at.pod, text).seen_by([told(&newest.event)]))
}
