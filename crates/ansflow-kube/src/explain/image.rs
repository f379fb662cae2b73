//! Images: names that are none, tags that are not there, registries that refuse or do not answer.

use super::container::Place;
use super::{Cx, Finding, seen, told};
use crate::facts::{Event, Pod};
use crate::patience::Class;
use crate::text::{between, short};
use crate::world::Told;
use ansflow_core::verdict::{Cause, EvidenceFrom};

/// Reasons for which a container waits that speak of its image.
const WAITING: [&str; 5] =
    ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"];

/// What is over in a while: the registry, or the way to it. Asked before [`FINAL`].
const TRANSIENT: [&str; 21] = [
    "toomanyrequests",
    "too many requests",
    "rate limit",
    "status: 429",
    "429 too many",
    "status: 50",
    "500 internal",
    "502 bad",
    "503 service",
    "504 gateway",
    "i/o timeout",
    "timed out",
    "timeout",
    "deadline exceeded",
    "connection refused",
    "connection reset",
    "unexpected eof",
    "server misbehaving",
    "temporary failure",
    "try again",
    "no space left",
];

/// What stays as it is until somebody changes something.
const FINAL: [&str; 15] = [
    "not found",
    "no such host",
    "denied",
    "unauthorized",
    "authorization failed",
    "forbidden",
    "manifest unknown",
    "name unknown",
    "not present with pull policy",
    "does not exist",
    "invalid reference",
    "x509",
    "certificate",
    "no match for platform",
    "http response to https",
];

/// The image of a container that has a status.
pub(super) fn find(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    let waits = at.waits_for();
    if at.was_started() && !WAITING.contains(&waits) {
        return None;
    }
    let image = at.pod.container(at.name()).map(|spec| spec.image.as_str()).unwrap_or_default();
    let failure = match tries(cx, at.pod, at.name()) {
        // Its status comes after the events.
        Tries::WentOn => return None,
        Tries::Failed(newest) => Some(newest),
        Tries::None => None,
    };
    let message = at.container.state.waiting.as_ref().map_or("", |waiting| waiting.message.as_str());
    let is_waiting = WAITING.contains(&waits);
    if failure.is_none() && !is_waiting {
        return None;
    }
    // What a registry said before our write proves nothing: somebody may have pushed the image since.
    let is_new = cx.world.changed(at.uid(), at.name()).is_some_and(|changed| changed >= cx.since);
    let state =
        is_waiting.then(|| seen(EvidenceFrom::State, super::pod_object(at.pod), &format!("{waits}: {message}")));
    let text = failure.map_or(message, |told| told.event.message.as_str());
    let finding = judge_text(cx, at.pod, image, waits, text, failure).ripe_when(is_new || failure.is_some());
    Some(finding.seen_by(state))
}

/// Events come before the pod's status does.
pub(super) fn before_status(cx: Cx<'_>, pod: &Pod) -> Vec<Finding> {
    let has_status = |name: &str| pod.all_containers().any(|(container, _)| container.name == name);
    let specs = pod.spec.init_containers.iter().chain(&pod.spec.containers).filter(|spec| !has_status(&spec.name));
    let of = |name: &str, image: &str| {
        let Tries::Failed(failure) = tries(cx, pod, name) else { return None };
        let reason = if failure.event.reason == "InspectFailed" { "InvalidImageName" } else { "" };
        Some(judge_text(cx, pod, image, reason, &failure.event.message, Some(failure)).in_container(name))
    };
    specs.filter_map(|spec| of(&spec.name, &spec.image)).collect()
}

/// How an image was tried, as the events tell.
enum Tries<'a> {
    /// They tell nothing.
    None,
    /// In vain, for this reason at last.
    Failed(&'a Told),
    /// In vain, and well since.
    WentOn,
}

fn tries<'a>(cx: Cx<'a>, pod: &'a Pod, container: &str) -> Tries<'a> {
    let is_failure = |event: &Event| {
        let names_it = event.container().is_some_and(|name| name == container);
        names_it && (["InspectFailed", "ErrImageNeverPull"].contains(&event.reason.as_str()) || is_failed_pull(event))
    };
    match cx.news(&pod.metadata.uid).rfind(|told| is_failure(&told.event)) {
        None => Tries::None,
        Some(newest) if cx.went_on(pod, Some(container), &["Pulled", "Created", "Started"], newest.at) => Tries::WentOn,
        Some(newest) => Tries::Failed(newest),
    }
}

fn is_failed_pull(event: &Event) -> bool {
    event.reason == "Failed" && event.message.starts_with("Failed to pull image")
}

fn judge_text(cx: Cx<'_>, pod: &Pod, image: &str, waits: &str, text: &str, failure: Option<&Told>) -> Finding {
    let is_inspection = failure.is_some_and(|told| told.event.reason == "InspectFailed");
    let lower = text.to_lowercase().replace(&image.to_lowercase(), "");
    let is_name =
        waits == "InvalidImageName" || ((is_inspection || waits == "ImageInspectError") && lower.contains("parse"));
    let evidence = failure.map(|failure| told(&failure.event));
    if is_name {
        let text = format!("`{image}` is no name of an image ({})", name_problem(text));
        return Finding::of_pod(Class::ImageFinal, Cause::ImageName, pod, text).seen_by(evidence);
    }
    let is_transient = TRANSIENT.iter().any(|word| lower.contains(word));
    let is_final = waits == "ErrImageNeverPull" || (!is_transient && FINAL.iter().any(|word| lower.contains(word)));
    let text = format!("the image `{image}` {}", problem(&lower, waits, image, text));
    if is_final {
        return Finding::of_pod(Class::ImageFinal, Cause::ImagePull, pod, text).seen_by(evidence);
    }
    // One event stands for all failures of the same text; different texts come as different events.
    let pulls: u32 =
        cx.news(&pod.metadata.uid).filter(|told| is_failed_pull(&told.event)).map(|told| cx.times(told)).sum();
    let finding = Finding::of_pod(Class::ImageTransient, Cause::ImagePull, pod, text).seen_by(evidence);
    let finding = failure.iter().fold(finding, |finding, failure| finding.tried_at(failure.at));
    finding.ripe_when(pulls >= 3)
}

/// What is wrong with an image, in a few words.
fn problem(lower: &str, waits: &str, image: &str, text: &str) -> String {
    let registry = registry(image);
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["not present with pull policy"]) || waits == "ErrImageNeverPull" {
        "is not on the node, and imagePullPolicy is Never".to_owned()
    } else if has(&["too many requests", "toomanyrequests", "rate limit"]) {
        format!("cannot be pulled: {registry} answers that there were too many requests")
    } else if has(&["no such host"]) {
        format!("cannot be pulled: no such host {registry}")
    } else if has(&["denied", "unauthorized", "authorization failed", "forbidden"]) {
        format!("cannot be pulled: {registry} refuses access, or has no such repository")
    } else if has(&["x509", "certificate"]) {
        format!("cannot be pulled: the certificate of {registry} is not trusted")
    } else if has(&["not found", "manifest unknown", "name unknown"]) {
        format!("does not exist in {registry} (not found)")
    } else {
        format!("cannot be pulled: {}", short(text.rsplit(": ").next().unwrap_or(text), 80))
    }
}

fn name_problem(text: &str) -> String {
    let reason =
        text.rsplit_once("invalid reference format: ").map_or("invalid reference format", |(_, reason)| reason);
    short(reason, 80)
}

/// The host of an image's name; Docker Hub where it names none.
pub(super) fn registry(image: &str) -> &str {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
        Some(_) | None => "docker.io",
    }
}

/// The image that a text speaks of, between backticks.
pub(super) fn named(text: &str) -> Option<&str> {
    between(text, "`", "`")
}
