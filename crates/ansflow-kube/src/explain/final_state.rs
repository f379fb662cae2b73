//! An object's own last word: a Job has failed, a deadline has passed, a Deployment is paused.

use super::scope::Scope;
use super::{Cx, Finding, seen, why};
use crate::facts::Pod;
use crate::goal::Want;
use crate::judge::Readiness;
use crate::object::Obj;
use crate::patience::Class;
use crate::text::short;
use ansflow_core::verdict::{Cause, EvidenceFrom};
use serde_json::Value as Json;

/// What an object says itself. A deadline only says that time is up: where something else was seen, that is the cause.
pub(super) fn find(
    cx: Cx<'_>,
    want: &Want,
    readiness: &Readiness,
    scope: &Scope<'_>,
    found: &[Finding],
) -> Option<Finding> {
    let object = cx.world.object(&want.key)?;
    if matches!(readiness, Readiness::Stuck(_)) && is_paused(object) {
        return Some(of(want, Class::FinalState, Cause::Paused, "is paused: this version is not rolled out"));
    }
    // A Job that has given up says so while its pods still end, which may take their whole grace.
    let gives_up = matches!(readiness, Readiness::Stuck(_)) && object.kind() == "Job";
    let cause = match readiness {
        Readiness::Failed { cause, .. } => cause,
        Readiness::Stuck(why) if gives_up && why.starts_with("DeadlineExceeded") => &Cause::JobDeadline,
        Readiness::Stuck(_) if gives_up => &Cause::JobFailed,
        _ => return None,
    };
    let found = said(cx, want, (cause, &short(why(readiness), 90)), scope, found)?;
    Some(if gives_up { Finding { class: Class::Never, ..found } } else { found })
}

/// What an object says, as a finding.
fn said(
    cx: Cx<'_>,
    want: &Want,
    (cause, text): (&Cause, &str),
    scope: &Scope<'_>,
    found: &[Finding],
) -> Option<Finding> {
    let object = cx.world.object(&want.key)?;
    match cause {
        Cause::ProgressDeadline if !is_news(cx, object, "Progressing") => None,
        Cause::ProgressDeadline | Cause::JobDeadline => {
            let says = format!("did not get ready within its own deadline ({text})");
            Some(
                strongest(found)
                    .or_else(|| hanging_init(scope))
                    .unwrap_or_else(|| of(want, Class::FinalState, cause.clone(), &says)),
            )
        }
        Cause::Unknown(_) => Some(of(want, Class::Custom, cause.clone(), &format!("has failed: {text}"))),
        Cause::Evicted => Some(of(want, Class::FinalState, cause.clone(), text)),
        _ => Some(of(want, Class::FinalState, cause.clone(), &format!("has failed: {text}{}", last_words(cx, scope)))),
    }
}

fn of(want: &Want, class: Class, cause: Cause, text: &str) -> Finding {
    let object = want.key.object();
    Finding::new(class, cause, object.clone(), text).seen_by([seen(EvidenceFrom::Condition, object, text)])
}

fn is_paused(object: &Obj) -> bool {
    object.kind() == "Deployment" && object.at(&["spec", "paused"]).and_then(Json::as_bool) == Some(true)
}

/// Whether a condition was set since our write: that of the version before may stand for a moment.
fn is_news(cx: Cx<'_>, object: &Obj, condition: &str) -> bool {
    cx.world.condition_changed(object.uid(), condition).is_some_and(|at| at >= cx.since)
}

/// The strongest sign, which a passed deadline makes certain.
pub(crate) fn strongest(found: &[Finding]) -> Option<Finding> {
    let finding = found.iter().min_by_key(|finding| (finding.class == Class::Suspected, finding.class))?;
    Some(Finding {
        class: Class::FinalState,
        ripe: true,
        held: false,
        not_before: None,
        tried: None,
        tried_since: None,
        ..finding.clone()
    })
}

/// An init container that runs on and on says nothing, and is what all others wait for.
pub(crate) fn hanging_init(scope: &Scope<'_>) -> Option<Finding> {
    let of = |pod: &&Pod| {
        let (container, _) = pod.all_containers().find(|(it, is_init)| *is_init && it.state.running.is_some())?;
        let text = format!("init container {} is still running when the deadline has passed", container.name);
        let finding = Finding::of_pod(Class::FinalState, Cause::InitContainer, pod, text).in_container(&container.name);
        let state =
            seen(EvidenceFrom::State, super::pod_object(pod), &format!("init container {} is running", container.name));
        Some(finding.seen_by([state]))
    };
    scope.pods.iter().find_map(of)
}

/// How a Job's last pod ended.
fn last_words(cx: Cx<'_>, scope: &Scope<'_>) -> String {
    let ended = scope.pods.iter().flat_map(|pod| pod.status.container_statuses.iter().map(move |it| (pod, it)));
    let mut codes = ended.filter_map(|(pod, container)| {
        let end = container.state.terminated.as_ref().filter(|end| end.exit_code != 0)?;
        let log = cx.world.log(&pod.metadata.name, &container.name).and_then(|log| log.current.as_deref());
        let said = log.and_then(super::log_words::telling).map(|line| format!(": \"{}\"", short(line, 60)));
        Some(format!("; its program exited with {}{}", end.exit_code, said.unwrap_or_default()))
    });
    codes.next().unwrap_or_default()
}
