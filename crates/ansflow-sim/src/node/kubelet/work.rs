//! What a look does with containers: which are to be killed or started, and how one is pulled, created, started and hooked.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

use super::backoff::written;
use super::hooks::Hook;
use super::timing;
use super::worker::{Desk, Job, Worker, place};
use crate::faults::rule::ImageFault;
use crate::node::images::{self, Pull};
use crate::program::{Exit, Signal, Step};
use crate::time::Micros;
use crate::world::events::Severity;

/// The containers that are still to be done, and how far the first of them is.
pub(super) struct Work {
    tasks: VecDeque<Task>,
    stage: Stage,
    at: Micros,
}

struct Task {
    at: usize,
    /// What the event of its killing says, where it is to be killed first.
    kill: Option<String>,
}

pub(super) enum Stage {
    Begin,
    /// It was asked to end; it is made to at the moment.
    Killing {
        then_start: bool,
    },
    Pull(Pull),
    Create,
    Start,
    Hook(Hook),
}

impl Work {
    pub(super) fn next(&self) -> Option<Micros> {
        Some(self.at)
    }
}

impl Worker {
    /// What the last relist showed says what is to be done.
    pub(super) fn begin_work(&mut self, desk: &mut Desk<'_, '_>) {
        let tasks = self.tasks();
        self.job = Job::Work(Work { tasks, stage: Stage::Begin, at: desk.cx.now() });
    }

    fn tasks(&self) -> VecDeque<Task> {
        let pod = &self.pod;
        let inits = pod.spec.init_containers.len();
        let mut tasks = VecDeque::new();
        let killed = |at: usize| {
            let which = self.probes.kills(at)?;
            Some(format!("Container {} failed {} probe, will be restarted", pod.container(at).name, which.word()))
        };
        let task = |at| Task { at, kill: None };
        let begun = self.shown[inits..].iter().any(|lives| lives.last().is_some());
        for at in 0..inits {
            let lives = &self.shown[at];
            if pod.is_sidecar(at) {
                if !lives.is_running() {
                    tasks.push_back(task(at));
                } else if let Some(kill) = killed(at) {
                    tasks.push_back(Task { at, kill: Some(kill) });
                }
                let started = lives.is_running() && self.probes.has_started(at);
                if !begun && !started {
                    return tasks;
                }
                continue;
            }
            match (begun, lives.last(), lives.ended()) {
                (true, _, _) => {}
                (false, Some(_), Some(end)) if end.code == 0 => {}
                (false, Some(_), Some(end)) if !pod.restarts(at, end.code) => return tasks,
                (false, Some(_), None) => return tasks,
                (false, _, _) => {
                    tasks.push_back(task(at));
                    return tasks;
                }
            }
        }
        for at in inits..self.shown.len() {
            let lives = &self.shown[at];
            match (lives.last(), lives.ended()) {
                (None, _) => tasks.push_back(task(at)),
                (Some(_), Some(end)) if pod.restarts(at, end.code) => tasks.push_back(task(at)),
                (Some(_), Some(_)) => {}
                (Some(_), None) => {
                    if let Some(kill) = killed(at) {
                        tasks.push_back(Task { at, kill: Some(kill) });
                    }
                }
            }
        }
        tasks
    }

    /// Goes on with the first container. Whether anything happened.
    pub(super) fn work_on(&mut self, desk: &mut Desk<'_, '_>) -> bool {
        let now = desk.cx.now();
        let Job::Work(work) = &mut self.job else { return false };
        let Some(at) = work.tasks.front().map(|task| task.at) else {
            self.finish(desk);
            return true;
        };
        let killed = matches!(work.stage, Stage::Killing { .. }) && !self.lives[at].is_running();
        if work.at > now && !killed {
            return false;
        }
        match std::mem::replace(&mut work.stage, Stage::Begin) {
            Stage::Begin => match work.tasks.front_mut().and_then(|task| task.kill.take()) {
                Some(message) => self.kill(desk, at, &message, true),
                None => self.begin_start(desk, at),
            },
            Stage::Killing { then_start } => {
                if self.lives[at].is_running() {
                    let step = self.container(desk, at).signal(Signal::Kill, now);
                    self.heed(desk, at, step);
                    if self.lives[at].is_running() {
                        self.heed(desk, at, Step::Exit(Exit { code: 137, oom: false }));
                    }
                }
                if then_start { self.begin_start(desk, at) } else { self.done(desk, false) }
            }
            Stage::Pull(pull) => self.pulled(desk, at, pull),
            Stage::Create => self.create(desk, at),
            Stage::Start => self.start(desk, at),
            Stage::Hook(hook) => self.hooked(desk, at, hook),
        }
        true
    }

    pub(super) fn stage(&mut self, stage: Stage, due: Micros) {
        if let Job::Work(work) = &mut self.job {
            work.stage = stage;
            work.at = due;
        }
    }

    /// The first container is done with.
    pub(super) fn done(&mut self, desk: &Desk<'_, '_>, failed: bool) {
        self.failed |= failed;
        if let Job::Work(work) = &mut self.job {
            work.tasks.pop_front();
            work.stage = Stage::Begin;
            work.at = desk.cx.now();
        }
    }

    pub(super) fn kill(&mut self, desk: &mut Desk<'_, '_>, at: usize, message: &str, then_start: bool) {
        let now = desk.cx.now();
        self.event(desk, Some(at), Severity::Normal, "Killing", message);
        if self.lives[at].is_running() {
            let step = self.container(desk, at).signal(Signal::Term, now);
            self.heed(desk, at, step);
        }
        self.stage(Stage::Killing { then_start }, now.plus(self.grace()));
    }

    pub(super) fn refuse(&mut self, desk: &mut Desk<'_, '_>, at: usize, reason: &str, message: &str) {
        let name = self.pod.container(at).name.clone();
        self.reasons.insert(name, (reason.to_owned(), message.to_owned()));
        self.done(desk, true);
    }

    fn begin_start(&mut self, desk: &mut Desk<'_, '_>, at: usize) {
        let now = desk.cx.now();
        let pod = self.pod.clone();
        let name = pod.container(at).name.clone();
        if let Some(ended) = self.shown[at].last_end().map(|end| end.at) {
            if let Some(span) = self.crashes.after_end(&name, ended, now) {
                let full = pod.full_name();
                let told = format!("Back-off restarting failed container {name} in pod {full}");
                self.event(desk, Some(at), Severity::Warning, "BackOff", &told);
                let why = format!("back-off {} restarting failed container={name} pod={full}", written(span));
                self.refuse(desk, at, "CrashLoopBackOff", &why);
                return;
            }
            self.crashes.next(&name, ended, now);
        }
        self.image(desk, at);
    }

    fn image(&mut self, desk: &mut Desk<'_, '_>, at: usize) {
        let now = desk.cx.now();
        let pod = self.pod.clone();
        let spec = pod.container(at);
        let image = &spec.image;
        let full = match images::full(image) {
            Ok(full) => full,
            Err(why) => {
                let why = format!(
                    "Failed to apply default image tag \"{image}\": couldn't parse image name \"{image}\": {why}"
                );
                self.event(desk, Some(at), Severity::Warning, "InspectFailed", &why);
                self.event(desk, Some(at), Severity::Warning, "Failed", "Error: InvalidImageName");
                self.refuse(desk, at, "InvalidImageName", &why);
                return;
            }
        };
        let faults = desk.cx.sim.faults();
        let missing = || matches!(faults.pushed(&full), Some(None)).then_some(ImageFault::NotFound);
        let fault = faults.image(&place(&pod, &spec.name, image, desk.node)).or_else(missing);
        let present = match &fault {
            Some(fault) => *fault == ImageFault::Present || desk.pulled.contains(&full),
            None => images::is_present(&full) || desk.pulled.contains(&full),
        };
        match (spec.image_pull_policy.as_str(), present) {
            ("Never", false) => {
                let why = format!("Container image \"{image}\" is not present with pull policy of Never");
                self.event(desk, Some(at), Severity::Warning, "ErrImageNeverPull", &why);
                self.event(desk, Some(at), Severity::Warning, "Failed", "Error: ErrImageNeverPull");
                self.refuse(desk, at, "ErrImageNeverPull", &why);
            }
            ("Never" | "IfNotPresent" | "", true) => {
                let told = format!("Container image \"{image}\" already present on machine");
                self.event(desk, Some(at), Severity::Normal, "Pulled", &told);
                self.configure(desk, at);
            }
            _ if self.pulls.after_try(image, now) => {
                let told = format!("Back-off pulling image \"{image}\"");
                self.event(desk, Some(at), Severity::Normal, "BackOff", &told);
                self.event(desk, Some(at), Severity::Warning, "Failed", "Error: ImagePullBackOff");
                let before = self.pull_errors.get(image).cloned().unwrap_or_default();
                self.refuse(desk, at, "ImagePullBackOff", &format!("{told}: ErrImagePull: {before}"));
            }
            _ => {
                let told = format!("Pulling image \"{image}\"");
                self.event(desk, Some(at), Severity::Normal, "Pulling", &told);
                let pull = images::pull(&full, fault.as_ref(), desk.chance);
                let (Pull::Pulled { after, .. } | Pull::Failed { after, .. }) = &pull;
                let due = now.plus(*after);
                self.stage(Stage::Pull(pull), due);
            }
        }
    }

    fn pulled(&mut self, desk: &mut Desk<'_, '_>, at: usize, pull: Pull) {
        let now = desk.cx.now();
        let image = self.pod.container(at).image.clone();
        match pull {
            Pull::Pulled { after, size } => {
                let took = spent(after);
                let told = format!(
                    "Successfully pulled image \"{image}\" in {took} ({took} including waiting). Image size: {size} bytes."
                );
                self.event(desk, Some(at), Severity::Normal, "Pulled", &told);
                self.pulls.forget(&image);
                desk.pulled.extend(images::full(&image));
                self.configure(desk, at);
            }
            Pull::Failed { why, .. } => {
                let told = format!("Failed to pull image \"{image}\": {why}");
                self.event(desk, Some(at), Severity::Warning, "Failed", &told);
                self.event(desk, Some(at), Severity::Warning, "Failed", "Error: ErrImagePull");
                self.pulls.next(&image, now, now);
                self.pull_errors.insert(image, why.clone());
                self.refuse(desk, at, "ErrImagePull", &why);
            }
        }
    }

    /// The image is there: is everything else that the container is made of?
    fn configure(&mut self, desk: &mut Desk<'_, '_>, at: usize) {
        let pod = self.pod.clone();
        let spec = pod.container(at);
        let wrong = match self.refer(desk).environment(&pod, spec) {
            Err(why) => Some(why),
            Ok(_) => self.as_root(at),
        };
        if let Some(why) = wrong {
            self.event(desk, Some(at), Severity::Warning, "Failed", &format!("Error: {why}"));
            self.refuse(desk, at, "CreateContainerConfigError", &why);
            return;
        }
        let due = desk.cx.now().plus(timing::create(desk.chance));
        self.stage(Stage::Create, due);
    }

    /// What stands against a container that must not be root, and would be.
    fn as_root(&self, at: usize) -> Option<String> {
        let (pod, spec) = (&self.pod, self.pod.container(at));
        if self.security(at, "runAsNonRoot") != Some(&Value::Bool(true)) {
            return None;
        }
        let who = format!("(pod: \"{}\", container: {})", pod.full_name(), spec.name);
        match self.security(at, "runAsUser").and_then(Value::as_i64) {
            None => Some(format!("container has runAsNonRoot and image will run as root {who}")),
            Some(0) => Some(format!("container's runAsUser breaks non-root policy {who}")),
            Some(_) => None,
        }
    }

    /// A field of the security context: the container's, or the pod's.
    pub(super) fn security(&self, at: usize, field: &str) -> Option<&Value> {
        self.pod.container(at).security_context.get(field).or_else(|| self.pod.spec.security_context.get(field))
    }
}

/// As Go writes a short span: `823ms`, `1.204s`.
fn spent(span: Duration) -> String {
    match span.as_millis() {
        millis @ 0..1_000 => format!("{millis}ms"),
        millis => {
            let text = format!("{}.{:03}", millis / 1_000, millis % 1_000);
            format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}
