//! One cause per container: the strongest sign wins, weaker ones follow from it.

use super::{Cx, Finding, crash, image, probe, start};
use crate::facts::{Container, Pod};
use crate::patience::Class;

/// A container of a pod, with what the rules about it share.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) pod: &'a Pod,
    pub(super) container: &'a Container,
    /// It has to end before the others start.
    pub(super) is_init: bool,
    /// Its controller counts failures itself.
    pub(super) counts_tries: bool,
}

/// What is wrong with the containers of a pod.
pub(super) fn find(cx: Cx<'_>, pod: &Pod, counts_tries: bool) -> Vec<Finding> {
    let one = |(container, is_init)| {
        let place = Place { pod, container, is_init, counts_tries };
        of_container(cx, place).map(|finding| finding.in_container(&container.name))
    };
    let mut found: Vec<Finding> = pod.all_containers().filter_map(one).collect();
    found.extend(image::before_status(cx, pod));
    found
}

fn of_container(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    // A container that is killed again and again looks ready in between.
    if let Some(kills) = probe::kills(cx, at) {
        return Some(kills);
    }
    if at.container.ready || at.has_ended_well() {
        return None;
    }
    let rules = [
        image::find,
        start::config,
        start::start,
        start::hook,
        crash::memory,
        crash::find,
        probe::readiness,
        probe::one_kill,
    ];
    let mut suspected = None;
    for rule in rules {
        match rule(cx, at) {
            Some(finding) if finding.class == Class::Suspected => suspected = suspected.or(Some(finding)),
            Some(finding) => return Some(finding),
            None => {}
        }
    }
    suspected
}

impl Place<'_> {
    /// The uid of its pod.
    pub(super) fn uid(&self) -> &str {
        &self.pod.metadata.uid
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.container.name
    }

    /// The reason for which it waits.
    pub(super) fn waits_for(&self) -> &str {
        self.container.state.waiting.as_ref().map_or("", |waiting| waiting.reason.as_str())
    }

    /// Whether it has ever run, as far as its status says.
    pub(super) fn was_started(&self) -> bool {
        let state = &self.container.state;
        state.running.is_some()
            || state.terminated.is_some()
            || self.container.restart_count > 0
            || self.container.started
    }

    fn has_ended_well(&self) -> bool {
        self.container.state.terminated.as_ref().is_some_and(|end| end.exit_code == 0 && end.reason != "OOMKilled")
            && self.is_init
    }
}
