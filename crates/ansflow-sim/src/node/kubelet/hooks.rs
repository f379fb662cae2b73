//! Hooks of containers: a command inside, a request to it, or a while of waiting; after its start and before its end.

use std::time::Duration;

use serde_json::Value;

use super::answers::request;
use super::collect::Collected;
use super::work::Stage;
use super::worker::{Desk, Worker};
use crate::containers::Exec;
use crate::program::Step;
use crate::time::Micros;
use crate::world::events::Severity;

/// A hook that is under way.
pub(super) enum Hook {
    Command(Exec, Collected),
    /// It is over then.
    Sleep(Micros),
}

/// What became of a hook so far.
enum Progress {
    /// It goes on then.
    Until(Micros),
    Done,
    /// Why, and what it said.
    Failed(String, String),
}

impl Hook {
    fn step(&mut self, now: Micros) -> Progress {
        let (exec, out) = match self {
            Hook::Sleep(until) if *until <= now => return Progress::Done,
            Hook::Sleep(until) => return Progress::Until(*until),
            Hook::Command(exec, out) => (exec, out),
        };
        match exec.step(now, out, &mut Vec::new(), true) {
            Step::Until(due) => Progress::Until(due.max(now.plus_millis(1))),
            Step::Forever => Progress::Until(now.plus(Duration::from_secs(3_600))),
            Step::Exit(exit) if exit.code == 0 => Progress::Done,
            Step::Exit(exit) => Progress::Failed(format!("exited with {}", exit.code), out.text()),
        }
    }
}

impl Worker {
    pub(super) fn post_start(&mut self, desk: &mut Desk<'_, '_>, at: usize) {
        match self.begin_hook(desk, at, "postStart") {
            None => self.done(desk, false),
            Some(Ok(hook)) => self.hooked(desk, at, hook),
            Some(Err(why)) => self.hook_failed(desk, at, &why, ""),
        }
    }

    /// Goes on with the hook of a container that has just started.
    pub(super) fn hooked(&mut self, desk: &mut Desk<'_, '_>, at: usize, mut hook: Hook) {
        match hook.step(desk.cx.now()) {
            Progress::Until(due) => self.stage(Stage::Hook(hook), due),
            Progress::Done => self.done(desk, false),
            Progress::Failed(how, said) => {
                let why = format!("command '{}' {how}: {said}", self.hook_words(at, "postStart"));
                self.hook_failed(desk, at, &why, &said);
            }
        }
    }

    /// Begins what is to be done before a container stops. One that cannot begin is told, and stops nobody.
    pub(super) fn pre_stop(&self, desk: &mut Desk<'_, '_>, at: usize) -> Option<Hook> {
        match self.begin_hook(desk, at, "preStop")? {
            Ok(hook) => Some(hook),
            Err(_) => {
                self.event(desk, Some(at), Severity::Warning, "FailedPreStopHook", "PreStopHook failed");
                None
            }
        }
    }

    /// Goes on with what runs before containers stop; when the first of it wants to go on, if any is left.
    pub(super) fn step_hooks(&self, desk: &mut Desk<'_, '_>, running: &mut Vec<(usize, Hook)>) -> Option<Micros> {
        let (now, mut next) = (desk.cx.now(), None);
        running.retain_mut(|(at, hook)| match hook.step(now) {
            Progress::Until(due) => {
                next = Some(next.map_or(due, |next: Micros| next.min(due)));
                true
            }
            Progress::Done => false,
            Progress::Failed(..) => {
                self.event(desk, Some(*at), Severity::Warning, "FailedPreStopHook", "PreStopHook failed");
                false
            }
        });
        next
    }

    /// A hook of a container: nothing where it has none, or has ended already.
    fn begin_hook(&self, desk: &Desk<'_, '_>, at: usize, which: &str) -> Option<Result<Hook, String>> {
        let hook = self.pod.container(at).lifecycle.get(which)?;
        let now = desk.cx.now();
        if let Some(seconds) = hook.pointer("/sleep/seconds").and_then(Value::as_u64) {
            return Some(Ok(Hook::Sleep(now.plus(Duration::from_secs(seconds)))));
        }
        let container = self.container(desk, at);
        if let Some(get) = hook.get("httpGet") {
            let address = self.sandbox.address().unwrap_or_default();
            return Some(request(get, &container, self.pod.container(at), address, now).map(|()| Hook::Sleep(now)));
        }
        let words = hook.pointer("/exec/command")?.as_array()?;
        let argv = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let id = desk.cx.sim.ids().hex(64);
        Some(container.exec(argv, None, None, &id)?.map(|exec| Hook::Command(exec, Collected::default())))
    }

    fn hook_words(&self, at: usize, which: &str) -> String {
        let hook = self.pod.container(at).lifecycle.get(which);
        let words = hook.and_then(|hook| hook.pointer("/exec/command")?.as_array());
        words.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<&str>>().join(" ")
    }

    fn hook_failed(&mut self, desk: &mut Desk<'_, '_>, at: usize, why: &str, said: &str) {
        let name = self.pod.container(at).name.clone();
        let hook = &self.pod.container(at).lifecycle["postStart"];
        let what = match hook.get("httpGet") {
            Some(get) => format!("Http lifecycle hook ({})", get["path"].as_str().unwrap_or("/")),
            None => format!("Exec lifecycle hook ([{}])", self.hook_words(at, "postStart")),
        };
        let pod = self.pod.full_name();
        let message =
            format!("{what} for Container \"{name}\" in Pod \"{pod}\" failed - error: {why}, message: {said:?}");
        self.event(desk, Some(at), Severity::Warning, "FailedPostStartHook", "PostStartHook failed");
        self.reasons.insert(name, ("PostStartHookError".to_owned(), message));
        self.failed = true;
        self.kill(desk, at, "FailedPostStartHook", false);
    }
}
