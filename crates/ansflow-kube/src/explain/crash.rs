//! Containers that die: how often, of what, and what they said last.

use super::container::Place;
use super::{Cx, Finding, log_words, probe, seen};
use crate::facts::{Pod, Terminated};
use crate::patience::Class;
use crate::text::short;
use crate::world::{Death, Log};
use ansflow_core::verdict::{Cause, Evidence, EvidenceFrom};

/// A program that waits for another may well come up at its fourth start.
const DEATHS: usize = 4;

/// A program that lives shorter than this has not got far.
const SHORT_LIFE_SECONDS: i64 = 10;

/// A log that would tell more, for who can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogWish {
    /// Of which namespace.
    pub namespace: String,
    /// Of which pod.
    pub pod: String,
    /// Of which container.
    pub container: String,
    /// After how many deaths: a log that was read for fewer is out of date.
    pub deaths: usize,
}

/// Killed for its memory.
pub(super) fn memory(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    let kills = deaths(cx, at).filter(|death| death.end.reason == "OOMKilled").count();
    let class = match kills {
        0 => return None,
        1 => Class::Suspected,
        _ if at.counts_tries => Class::Suspected,
        _ => Class::OutOfMemory,
    };
    let times = crate::text::count(i64::try_from(kills).unwrap_or(i64::MAX), "time");
    let text = format!("container {} was killed for using more memory than its limit, {times}", at.name());
    let evidence = seen(EvidenceFrom::State, super::pod_object(at.pod), &format!("{} ended: OOMKilled", at.name()));
    Some(Finding::of_pod(class, Cause::OomKilled, at.pod, text).seen_by([evidence]))
}

/// Dies again and again.
pub(super) fn find(cx: Cx<'_>, at: Place<'_>) -> Option<Finding> {
    let deaths: Vec<&Death> = deaths(cx, at).collect();
    let newest = deaths.last()?;
    if at.pod.runs_once() || probe::was_killed(cx, at) {
        return None;
    }
    let cause = if at.is_init { Cause::InitContainer } else { Cause::CrashLoop };
    let class = match deaths.len() {
        _ if at.counts_tries => Class::Suspected,
        DEATHS.. => Class::Crash,
        2.. if log_says_so(cx, at, &deaths) => Class::CrashTold,
        _ => Class::Suspected,
    };
    let said = log_of_the_dead(cx, at).and_then(log_words::telling);
    let kind = if at.is_init { "init container" } else { "container" };
    let times = crate::text::count(i64::try_from(deaths.len()).unwrap_or(i64::MAX), "time");
    let quote = said.map(|line| format!(": \"{}\"", short(log_words::without_time(line), 90))).unwrap_or_default();
    let text = format!("{kind} {} exited with {}, {times}{quote}", at.name(), newest.end.exit_code);
    let object = super::pod_object(at.pod);
    let state = seen(
        EvidenceFrom::State,
        object.clone(),
        &format!("{} ended with {} ({}), {times}", at.name(), newest.end.exit_code, newest.end.reason),
    );
    let state = Evidence { times: u32::try_from(deaths.len()).unwrap_or(u32::MAX), ..state };
    let log = log_of_the_dead(cx, at).map(|log| {
        let lines: Vec<&str> = log_words::last_lines(log).collect();
        Evidence { text: lines.join("\n"), ..seen(EvidenceFrom::Log, object, "") }
    });
    Some(Finding::of_pod(class, cause, at.pod, text).seen_by([state]).seen_by(log))
}

/// The deaths since our write. Of a program that is to run on and on, every end is one.
fn deaths<'a>(cx: Cx<'a>, at: Place<'a>) -> impl Iterator<Item = &'a Death> {
    let runs_on = !at.is_init && at.pod.spec.restart_policy.as_deref().unwrap_or("Always") == "Always";
    let is_death = move |end: &Terminated| runs_on || end.exit_code != 0 || end.reason == "OOMKilled";
    let of = cx.world.deaths(&at.pod.metadata.uid, &at.container.name);
    of.iter().filter(move |death| death.at >= cx.since && is_death(&death.end))
}

/// Whether it died of the same thing each time, at once, and its log says that nothing outside can help.
fn log_says_so(cx: Cx<'_>, at: Place<'_>, deaths: &[&Death]) -> bool {
    let first = deaths.first().map(|death| death.end.exit_code);
    let are_same = deaths.iter().all(|death| Some(death.end.exit_code) == first && is_short(&death.end));
    let Some(Log { current, previous }) = log(cx, at) else { return false };
    let are_alike = match (readable(current), readable(previous)) {
        (Some(current), Some(previous)) => log_words::are_alike(current, previous),
        _ => true,
    };
    are_same && are_alike && log_of_the_dead(cx, at).is_some_and(log_words::is_hopeless)
}

fn is_short(end: &Terminated) -> bool {
    match (end.started_at, end.finished_at) {
        (Some(from), Some(to)) => to.as_second() - from.as_second() < SHORT_LIFE_SECONDS,
        _ => true,
    }
}

/// What the life that ended wrote: the current log of a container that is dead now, else the one before.
fn log_of_the_dead<'a>(cx: Cx<'a>, at: Place<'_>) -> Option<&'a str> {
    let Log { current, previous } = log(cx, at)?;
    let is_dead_now = at.container.state.terminated.is_some() || at.container.restart_count == 0;
    let (first, second) = if is_dead_now { (current, previous) } else { (previous, current) };
    readable(first).or_else(|| if is_dead_now { readable(second) } else { None })
}

fn log<'a>(cx: Cx<'a>, at: Place<'_>) -> Option<&'a Log> {
    cx.world.log(&at.pod.metadata.name, at.name())
}

fn readable(log: &Option<String>) -> Option<&str> {
    log.as_deref().filter(|log| !log.trim().is_empty() && !log_words::is_excuse(log))
}

/// The logs of containers that have died.
pub(super) fn wishes(cx: Cx<'_>, pod: &Pod) -> Vec<LogWish> {
    let wish = |(container, _): (&crate::facts::Container, bool)| {
        let deaths = cx.world.deaths(&pod.metadata.uid, &container.name).len();
        let (namespace, pod_name) = (pod.metadata.namespace.clone(), pod.metadata.name.clone());
        (deaths > 0).then(|| LogWish { namespace, pod: pod_name, container: container.name.clone(), deaths })
    };
    pod.all_containers().filter_map(wish).collect()
}
