//! Which containers there are to be read, and how far each of them is. Pure but for the time that it is given.

#[cfg(test)]
mod tests;

use super::reader::{End, Place};
use super::wanted::{Containers, Wanted};
use crate::cluster::PodLog;
use crate::error::Error;
use crate::facts::{Container, Pod};
use crate::stream::merge::Source;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// No more containers are read at once.
pub(super) const MOST: usize = 50;

/// After a break it is read again so soon, then later and later.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5)];

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// This log is to be read from a place on.
    Read(Source, PodLog, Place),
    /// This one says nothing just now: others need not wait for it.
    Silent(Source),
    /// To be told.
    Say(String),
}

/// All containers that are to be read.
pub(super) struct Sources {
    first: PodLog,
    containers: Containers,
    follow: bool,
    pods: BTreeMap<String, Pod>,
    all: Vec<One>,
    steps: Vec<Step>,
    /// Whether it is known which pods there are.
    listed: bool,
    told_too_many: bool,
}

struct One {
    uid: String,
    pod: String,
    container: String,
    state: State,
    place: Place,
    /// How often it had been started again when it was read last.
    life: Option<i64>,
    breaks: usize,
    /// The last reading broke off: there may be more of it to read, whatever became of the container.
    broke: bool,
    joined: bool,
}

enum State {
    /// It is read when there is something to read, and not before this moment.
    Waits(Option<Instant>),
    Reads,
    Done,
}

impl Sources {
    pub(super) fn new(namespace: &str, wanted: &Wanted) -> Sources {
        let follow = wanted.follow && !wanted.previous;
        let first = PodLog {
            namespace: namespace.to_owned(),
            previous: wanted.previous,
            follow,
            tail: wanted.tail,
            since_seconds: wanted.since_seconds.map(|seconds| seconds.max(1)),
            ..PodLog::default()
        };
        let (containers, pods) = (wanted.containers.clone(), BTreeMap::new());
        Sources {
            first,
            containers,
            follow,
            pods,
            all: Vec::new(),
            steps: Vec::new(),
            listed: false,
            told_too_many: false,
        }
    }

    /// These are the pods.
    pub(super) fn all(&mut self, pods: Vec<Pod>) {
        self.pods.clear();
        for pod in pods {
            self.one(pod);
        }
        self.listed = true;
    }

    /// A pod is new, or has changed.
    pub(super) fn one(&mut self, pod: Pod) {
        for container in self.meant(&pod) {
            let is_known = |one: &One| one.uid == pod.metadata.uid && one.container == container;
            if !self.all.iter().any(is_known) {
                self.add(&pod, container);
            }
        }
        self.pods.insert(pod.metadata.uid.clone(), pod);
    }

    /// A pod is gone; what is being read of it is read to its end.
    pub(super) fn gone(&mut self, uid: &str) {
        self.pods.remove(uid);
    }

    /// A reading ended.
    pub(super) fn ended(&mut self, source: Source, end: End) {
        self.steps.push(Step::Silent(source));
        let Some(one) = self.all.get_mut(source) else { return };
        let came_on = one.place != end.place;
        one.place = end.place;
        one.breaks = if came_on { 0 } else { one.breaks + 1 };
        let pause = PAUSES.get(one.breaks).or(PAUSES.last()).copied().unwrap_or_default();
        one.state = State::Waits(Some(Instant::now() + pause));
        let says = |what: &str| format!("Pod/{} container {}: {what}", one.pod, one.container);
        let is_there = self.pods.contains_key(&one.uid);
        let had_broken = std::mem::replace(&mut one.broke, end.error.as_ref().is_some_and(Error::may_pass));
        match end.error {
            None if !self.follow => one.state = State::Done,
            None => {}
            // That a container has not started yet is no break.
            Some(error) if self.follow && is_there && error.code() == 400 => {}
            Some(error) if error.may_pass() && one.breaks > 1 => {}
            Some(error) if error.may_pass() => {
                let words = says(&format!("its log broke off ({error}); it is read on from there"));
                self.steps.push(Step::Say(words));
            }
            // It went away while it was read.
            Some(error) if error.code() == 404 && !is_there => {
                if had_broken {
                    let words = says("the pod is gone; what it wrote after the break is lost");
                    self.steps.push(Step::Say(words));
                }
                one.state = State::Done;
            }
            Some(error) => {
                let words = says(&format!("no log: {}", reason(&error)));
                self.steps.push(Step::Say(words));
                one.state = State::Done;
            }
        }
    }

    /// What is to be done now.
    pub(super) fn steps(&mut self, now: Instant) -> Vec<Step> {
        let mut reading = self.all.iter().filter(|one| matches!(one.state, State::Reads)).count();
        for (source, one) in self.all.iter_mut().enumerate() {
            let State::Waits(from) = one.state else { continue };
            let pod = self.pods.get(&one.uid);
            match whether(pod, one, self.follow) {
                Next::Done => one.state = State::Done,
                Next::Later => {}
                Next::Now(_) if from.is_some_and(|from| from > now) => {}
                Next::Now(_) if reading >= MOST => {
                    if !std::mem::replace(&mut self.told_too_many, true) {
                        let words = format!("{MOST} containers are read at once; the others wait for their turn");
                        self.steps.push(Step::Say(words));
                    }
                }
                Next::Now(life) => {
                    tell_of_restarts(one, life, &mut self.steps);
                    reading += 1;
                    one.life = Some(life);
                    one.state = State::Reads;
                    let mut log =
                        PodLog { pod: one.pod.clone(), container: one.container.clone(), ..self.first.clone() };
                    if one.joined {
                        (log.tail, log.since_seconds) = (None, None);
                    }
                    self.steps.push(Step::Read(source, log, one.place));
                }
            }
        }
        std::mem::take(&mut self.steps)
    }

    /// When something is to be done though nothing changes.
    pub(super) fn next(&self) -> Option<Instant> {
        let due = |one: &One| match one.state {
            State::Waits(from) if !matches!(whether(self.pods.get(&one.uid), one, self.follow), Next::Later) => from,
            State::Waits(_) | State::Reads | State::Done => None,
        };
        self.all.iter().filter_map(due).min()
    }

    /// Whether nothing more comes. Who follows waits for a first one.
    pub(super) fn are_over(&self) -> bool {
        let is_done = |one: &One| matches!(one.state, State::Done);
        self.listed && self.steps.is_empty() && (!self.follow || !self.all.is_empty()) && self.all.iter().all(is_done)
    }

    /// Whether there was none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    fn meant(&self, pod: &Pod) -> Vec<String> {
        match &self.containers {
            Containers::Default => pod.default_container().map(str::to_owned).into_iter().collect(),
            Containers::Named(name) => {
                pod.container(name).map(|container| container.name.clone()).into_iter().collect()
            }
            Containers::All => {
                let all = pod.spec.init_containers.iter().chain(&pod.spec.containers);
                all.map(|container| container.name.clone()).collect()
            }
        }
    }

    fn add(&mut self, pod: &Pod, container: String) {
        let joined = self.listed;
        if joined {
            self.steps.push(Step::Say(format!("Pod/{} container {container} joins", pod.metadata.name)));
        }
        self.all.push(One {
            uid: pod.metadata.uid.clone(),
            pod: pod.metadata.name.clone(),
            container,
            state: State::Waits(None),
            place: Place::default(),
            life: None,
            breaks: 0,
            broke: false,
            joined,
        });
    }
}

enum Next {
    /// It is to be read; it was started again so often.
    Now(i64),
    Later,
    Done,
}

fn whether(pod: Option<&Pod>, one: &One, follow: bool) -> Next {
    let Some(pod) = pod else {
        return match one.life {
            None if !follow => Next::Now(0),
            Some(life) if one.broke => Next::Now(life),
            _ => Next::Done,
        };
    };
    let found = pod.all_containers().find(|(container, _)| container.name == one.container);
    if !follow {
        return Next::Now(found.map_or(0, |(container, _)| container.restart_count));
    }
    let Some((container, is_init)) = found else {
        return if pod.has_ended() { Next::Done } else { Next::Later };
    };
    let lives_on = one.life == Some(container.restart_count);
    let has_log = container.state.running.is_some() || container.state.terminated.is_some();
    if lives_on && !one.broke && (pod.has_ended() || is_final(pod, container, is_init)) {
        return Next::Done;
    }
    match has_log || (one.life.is_none() && container.last_state.terminated.is_some()) {
        true => Next::Now(container.restart_count),
        false if pod.has_ended() => Next::Done,
        false => Next::Later,
    }
}

/// Whether a container that was read to its end has no further life.
fn is_final(pod: &Pod, container: &Container, is_init: bool) -> bool {
    let Some(end) = &container.state.terminated else { return false };
    match pod.spec.restart_policy.as_deref() {
        Some("Never") => true,
        Some("OnFailure") => end.exit_code == 0,
        _ => is_init && end.exit_code == 0,
    }
}

fn tell_of_restarts(one: &One, life: i64, steps: &mut Vec<Step>) {
    let Some(times) = one.life.map(|before| life - before).filter(|times| *times > 0) else { return };
    let lost = if times > 1 { "; what it wrote in the lives between is not told" } else { "" };
    let often = if times == 1 { "again".to_owned() } else { format!("{times} times") };
    steps.push(Step::Say(format!("Pod/{} container {} was started {often}{lost}", one.pod, one.container)));
}

/// The cluster's own words, without those of HTTP.
fn reason(error: &Error) -> String {
    let answer = error.answer().map(|answer| answer.message.clone()).filter(|message| !message.is_empty());
    answer.unwrap_or_else(|| error.to_string())
}
