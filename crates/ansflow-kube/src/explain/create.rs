//! Pods that are not even made: quotas, policies, webhooks refuse them.

use super::scope::Owner;
use super::{Cx, Finding, seen, told};
use crate::Millis;
use crate::facts::condition;
use crate::patience::Class;
use crate::text::{between, short};
use crate::world::{Told, World};
use ansflow_core::verdict::{Cause, Evidence, EvidenceFrom, Object};

/// Why an owner lacks pods.
pub(super) fn find(cx: Cx<'_>, owner: &Owner) -> Option<Finding> {
    if owner.lacks <= 0 {
        return None;
    }
    let Refusal { message, tried: (first, at), evidence } = refusal(cx, owner)?;
    let namespace = owner.object.namespace.as_deref().unwrap_or_default();
    let (class, cause) = classify(cx.world, namespace, &message);
    let text = format!("cannot create pods: {}", short(&reason(&message), 110));
    let finding = Finding::new(class, cause.clone(), owner.object.clone(), text).seen_by([evidence]);
    // A rule says the same to every try, until somebody changes it. Room, webhooks and accounts come by themselves.
    let is_rule =
        cause == Cause::PodSecurity || (cause == Cause::AdmissionDenied && !message.contains("serviceaccount \""));
    let finding = if is_rule { finding } else { finding.tried_at(at).tried_since(first) };
    if cause != Cause::QuotaExceeded {
        return Some(finding);
    }
    // A pod that goes makes room, and the controller tries again in its own time: only what it says afterwards counts.
    let is_after = cx.world.last_removal(namespace).is_none_or(|removal| at > removal);
    Some(finding.ripe_when(is_after).held_while(owner.gets_room || cx.world.has_going_pod(namespace)))
}

/// How pods were refused.
struct Refusal {
    message: String,
    /// The first time, as far as it is known, and the last.
    tried: (Millis, Millis),
    evidence: Evidence,
}

/// What refused the last pod, unless one was made since: an event, or the owner's own condition.
fn refusal(cx: Cx<'_>, owner: &Owner) -> Option<Refusal> {
    let last = |reason: &str| cx.news(&owner.uid).rfind(|told| told.event.reason == reason);
    let made: Option<&Told> = last("SuccessfulCreate");
    let is_newest = |at| made.is_none_or(|made| made.at < at);
    if let Some(failed) = last("FailedCreate") {
        let since = cx.news(&owner.uid).filter(|told| told.event.reason == "FailedCreate" && is_newest(told.at));
        let tried = (first_try(cx, failed, since), failed.at);
        let refusal = Refusal { message: failed.event.message.clone(), tried, evidence: told(&failed.event) };
        return is_newest(failed.at).then_some(refusal);
    }
    let set = cx.world.set(&owner.uid)?;
    let failure = condition(&set.status.conditions, "ReplicaFailure").filter(|it| it.is_true())?;
    let at = cx.world.condition_changed(&owner.uid, "ReplicaFailure").filter(|at| *at >= cx.since && is_newest(*at))?;
    let text = format!("ReplicaFailure {}: {}", failure.reason, failure.message);
    let evidence = seen(EvidenceFrom::Condition, owner.object.clone(), &text);
    Some(Refusal { message: failure.message.clone(), tried: (at, at), evidence })
}

/// When the first of several tries was, by what the events say themselves: who hears of them late, because a list takes its
/// time, would otherwise wait for a try that comes seconds later. Their stamps are of whole seconds.
fn first_try<'a>(cx: Cx<'_>, last: &Told, all: impl Iterator<Item = &'a Told>) -> Millis {
    let began = |told: &Told| told.event.metadata.creation_timestamp.or_else(|| told.event.at());
    let Some((first, newest)) = all.filter_map(began).min().zip(last.event.at()) else { return last.at };
    let span = newest.as_millisecond().saturating_sub(first.as_millisecond()).max(0);
    last.at.saturating_sub(span).max(cx.since)
}

fn classify(world: &World, namespace: &str, message: &str) -> (Class, Cause) {
    if message.contains("failed calling webhook") {
        (webhook_class(world, message), Cause::WebhookUnreachable)
    } else if message.contains("exceeded quota") || message.contains("failed quota") {
        (Class::Admission, Cause::QuotaExceeded)
    } else if message.contains("violates PodSecurity") {
        (Class::Admission, Cause::PodSecurity)
    } else if message.contains("is being terminated") {
        (Class::Admission, Cause::NamespaceTerminating)
    } else if let Some(account) = between(message, "serviceaccount \"", "\"") {
        // A namespace that was just made gets its own account a moment later.
        let comes = account == "default" || world.has("ServiceAccount", namespace, account);
        let class = if comes { Class::Suspected } else { Class::Admission };
        (class, Cause::AdmissionDenied)
    } else if message.contains("is forbidden")
        || message.contains("denied the request")
        || message.contains("is invalid")
    {
        (Class::Admission, Cause::AdmissionDenied)
    } else {
        (Class::Suspected, Cause::AdmissionDenied)
    }
}

/// How long a webhook that does not answer may yet come up.
fn webhook_class(world: &World, message: &str) -> Class {
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if has(&["no endpoints available", "deadline exceeded", "Client.Timeout", "i/o timeout"]) {
        return Class::WebhookComing;
    }
    // Somewhere outside nobody listens, or whom the cluster does not trust.
    let Some((service, namespace)) = webhook_service(message) else { return Class::Admission };
    let has_starting_pod =
        world.pods().any(|pod| pod.metadata.namespace == namespace && !pod.is_ready() && !pod.has_ended());
    // With a certificate it answers, be it a wrong one; and what is not there does not restart.
    let is_final = has(&["x509:"]) || (message.contains("service \"") && message.contains("\" not found"));
    match has_starting_pod || (world.has("Service", namespace, service) && !is_final) {
        true => Class::WebhookComing,
        false if is_final => Class::Admission,
        false => Class::Webhook,
    }
}

/// Name and namespace of the service that a webhook is behind: `https://policy.system.svc:443/validate`.
pub(crate) fn webhook_service(message: &str) -> Option<(&str, &str)> {
    let (_, rest) = message.split_once("https://")?;
    let host = rest.split(['/', ':', '?', '"', ' ']).next()?;
    let mut parts = host.split('.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(service), Some(namespace), Some("svc")) => Some((service, namespace)),
        _ => None,
    }
}

/// What refuses, without the name of the pod that nobody has seen.
fn reason(message: &str) -> String {
    let text = message.strip_prefix("Error creating: ").unwrap_or(message);
    webhook(text).unwrap_or_else(|| text.split_once(" is forbidden: ").map_or(text, |(_, reason)| reason).to_owned())
}

/// Which webhook does not answer, and how one sees that.
pub(super) fn webhook(text: &str) -> Option<String> {
    let name = between(text, "failed calling webhook \"", "\"")?;
    let why = text.rsplit(": ").next().unwrap_or_default();
    Some(format!("webhook `{name}` does not answer: {}", short(why, 60)))
}

/// The object that a quota counts for, as people look it up.
pub(super) fn quota(text: &str) -> Option<Object> {
    let name = text.split_once("quota: ")?.1.split([',', ':']).next()?;
    Some(Object::new("ResourceQuota", None, name.trim()))
}
