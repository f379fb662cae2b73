//! Why what was applied is not ready: every sign of trouble that the world shows, each with its class.
//!
//! Pure, and without time: a finding says what is seen now. Whether it is certain is a matter of how long it stands, which
//! `track` knows; how certain each class is stands in `patience`.

mod advice;
mod container;
mod crash;
mod create;
mod evict;
mod final_state;
mod image;
mod log_words;
mod mount;
mod node;
mod probe;
mod refused;
mod schedule;
mod scope;
mod start;
#[cfg(test)]
mod tests;
mod volume;
mod words;

pub use crash::LogWish;
pub(crate) use create::webhook_service;
pub(crate) use final_state::{hanging_init, strongest};
pub use refused::{Answer, AnswerCause, refused};
pub(crate) use scope::{Scope, scope};
pub(crate) use words::verdict;

use crate::Millis;
use crate::facts::{Event, Pod};
use crate::goal::{Goal, Want};
use crate::judge::Readiness;
use crate::patience::Class;
use crate::text::short;
use crate::world::{Told, World};
use ansflow_core::verdict::{Cause, Evidence, EvidenceFrom, Object};

/// A sign of trouble.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind of sign.
    pub class: Class,
    /// What it would be as a verdict.
    pub cause: Cause,
    /// What it is about.
    pub object: Object,
    /// Which of its containers.
    pub container: Option<String>,
    /// What is wrong, as a part of a sentence about the object.
    pub text: String,
    /// What was seen.
    pub evidence: Vec<Evidence>,
    /// Whether enough was seen, since our write, for a verdict after its grace.
    pub ripe: bool,
    /// Whether its grace stands still just now.
    pub held: bool,
    /// Its grace begins no earlier than this.
    pub not_before: Option<Millis>,
    /// When it was last tried again in vain, where somebody tries again: what has healed shows at the next try only, so that
    /// a grace which nobody tried to the end proves nothing.
    pub tried: Option<Millis>,
    /// When it was first tried in vain, where that was before it was seen.
    pub tried_since: Option<Millis>,
}

/// Everything that is wrong with what was applied, as far as the world shows it.
#[must_use]
pub fn explain(world: &World, goal: &Goal) -> Vec<Finding> {
    let cx = Cx { world, since: goal.since };
    goal.wants.iter().filter(|want| want.is_seen(world)).flat_map(|want| of_want(cx, want)).collect()
}

/// The logs that would tell more.
#[must_use]
pub fn wishes(world: &World, goal: &Goal) -> Vec<LogWish> {
    let cx = Cx { world, since: goal.since };
    let pods = goal.wants.iter().filter(|want| want.is_seen(world)).flat_map(|want| scope(world, want).pods);
    pods.flat_map(|pod| crash::wishes(cx, pod)).collect()
}

fn of_want(cx: Cx<'_>, want: &Want) -> Vec<Finding> {
    let readiness = want.readiness(cx.world);
    if readiness.is_ready() || cx.world.is_gone(&want.key) {
        return Vec::new();
    }
    let scope = scope(cx.world, want);
    let mut found: Vec<Finding> = scope.owners.iter().filter_map(|owner| create::find(cx, owner)).collect();
    for pod in &scope.pods {
        found.extend(of_pod(cx, pod, &scope));
    }
    found.extend(volume::of_claims(cx, want, &scope.pods));
    found.extend(scope.owners.iter().filter_map(|owner| evict::find(cx, owner)));
    let last = final_state::find(cx, want, &readiness, &scope, &found);
    found.extend(last);
    found
}

fn of_pod(cx: Cx<'_>, pod: &Pod, scope: &Scope<'_>) -> Vec<Finding> {
    if pod.is_going() || pod.has_ended() {
        return Vec::new();
    }
    if let Some(unscheduled) = schedule::find(cx, pod) {
        return vec![unscheduled];
    }
    let mut found: Vec<Finding> = container::find(cx, pod, scope.counts_tries);
    if found.iter().all(|finding| finding.class == Class::Suspected) {
        found.extend(mount::find(cx, pod));
        found.extend(mount::sandbox(cx, pod));
    }
    found.extend(node::find(cx, pod));
    found
}

/// What the rules look at.
#[derive(Clone, Copy)]
struct Cx<'a> {
    world: &'a World,
    since: Millis,
}

impl<'a> Cx<'a> {
    /// The events of an object that say something new since our write.
    fn news(self, uid: &'a str) -> impl DoubleEndedIterator<Item = &'a Told> {
        let told: Vec<&Told> = self.world.events(uid).filter(|told| told.at >= self.since).collect();
        told.into_iter()
    }

    /// How often an event was told since our write; of one that was there before only the last is known to be newer.
    fn times(self, told: &Told) -> u32 {
        match (told.first >= self.since, told.at >= self.since) {
            (true, _) => told.event.times(),
            (false, true) => 1,
            (false, false) => 0,
        }
    }

    /// Whether a container, or any of a pod, got further after a moment: one of these reasons was told.
    fn went_on(self, pod: &Pod, container: Option<&str>, reasons: &[&str], at: Millis) -> bool {
        let goes_on = |told: &Told| {
            reasons.contains(&told.event.reason.as_str()) && container.is_none_or(|name| told.event.concerns(name))
        };
        self.world.events(&pod.metadata.uid).any(|told| told.at > at && goes_on(told))
    }
}

impl Finding {
    fn new(class: Class, cause: Cause, object: Object, text: impl Into<String>) -> Finding {
        Finding {
            class,
            cause,
            object,
            container: None,
            text: text.into(),
            evidence: Vec::new(),
            ripe: true,
            held: false,
            not_before: None,
            tried: None,
            tried_since: None,
        }
    }

    fn of_pod(class: Class, cause: Cause, pod: &Pod, text: impl Into<String>) -> Finding {
        Finding::new(class, cause, pod_object(pod), text)
    }

    fn in_container(mut self, name: &str) -> Finding {
        self.container = Some(name.to_owned());
        self
    }

    fn seen_by(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Finding {
        self.evidence.extend(evidence);
        self
    }

    fn ripe_when(mut self, ripe: bool) -> Finding {
        self.ripe &= ripe;
        self
    }

    fn held_while(mut self, held: bool) -> Finding {
        self.held |= held;
        self
    }

    fn not_before(mut self, at: Option<Millis>) -> Finding {
        self.not_before = at;
        self
    }

    fn tried_at(mut self, at: Millis) -> Finding {
        self.tried = Some(at);
        self
    }

    fn tried_since(mut self, at: Millis) -> Finding {
        self.tried_since = Some(at);
        self
    }
}

fn pod_object(pod: &Pod) -> Object {
    Object::new("Pod", Some(&pod.metadata.namespace), &pod.metadata.name)
}

/// An event as evidence.
fn told(event: &Event) -> Evidence {
    let of = &event.involved_object;
    let namespace = (!of.namespace.is_empty()).then_some(of.namespace.as_str());
    Evidence {
        from: EvidenceFrom::Event,
        object: Object::new(&of.kind, namespace, &of.name),
        text: short(&format!("{}: {}", event.reason, event.message), 600),
        at: event.at(),
        times: event.times(),
    }
}

/// Anything else as evidence.
fn seen(from: EvidenceFrom, object: Object, text: &str) -> Evidence {
    Evidence { from, object, text: short(text, 600), at: None, times: 1 }
}

/// What to do about a cause of which no more is known.
pub(crate) fn advice_of(cause: &Cause) -> Option<String> {
    advice::advice(cause, "")
}

/// A word for a readiness that is none.
fn why(readiness: &Readiness) -> &str {
    readiness.message().unwrap_or_default()
}
