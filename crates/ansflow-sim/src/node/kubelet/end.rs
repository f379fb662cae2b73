//! The end of a pod on its node: hooks, SIGTERM, SIGKILL, the sandbox, the last status, and its removal.

use std::time::Duration;

use super::hooks::Hook;
use super::timing;
use super::worker::{Desk, Job, Sandbox, Worker};
use crate::api::delete::DeleteOptions;
use crate::program::{Signal, Step};
use crate::time::Micros;
use crate::world::events::Severity;

/// How far it has come.
pub(super) enum Ending {
    /// It begins with a relist.
    Begin {
        at: Micros,
    },
    /// Hooks run: what they are, when they go on, and when nobody waits for them any more.
    Hooks {
        running: Vec<(usize, Hook)>,
        at: Micros,
        until: Micros,
    },
    /// All were asked to end; at this moment they are made to.
    Stopping {
        until: Micros,
    },
    Sandbox {
        at: Micros,
    },
    /// The next relist shows that nothing is left.
    Unseen {
        at: Micros,
    },
    /// All is told; the pod is taken away then.
    Remove {
        at: Micros,
    },
    /// All is told, and nobody deleted the pod.
    Over,
    Gone,
}

impl Ending {
    pub(super) fn next(&self) -> Option<Micros> {
        match self {
            Ending::Hooks { at, until, .. } => Some((*at).min(*until)),
            Ending::Stopping { until } => Some(*until),
            Ending::Begin { at } | Ending::Sandbox { at } | Ending::Unseen { at } | Ending::Remove { at } => Some(*at),
            Ending::Over | Ending::Gone => None,
        }
    }
}

impl Worker {
    /// Nothing is started any more, and what runs is stopped.
    fn begin_end(&mut self, desk: &mut Desk<'_, '_>) {
        let now = desk.cx.now();
        self.job = Job::Idle;
        self.wanted = false;
        self.next_look = None;
        self.since.get_or_insert(now);
        let until = now.plus(self.grace());
        self.ending = Some(Ending::Stopping { until });
        self.tell(desk, false);
        self.probes.end();
        let mut running = Vec::new();
        for at in 0..self.lives.len() {
            if !self.lives[at].is_running() {
                continue;
            }
            let name = self.pod.container(at).name.clone();
            self.event(desk, Some(at), Severity::Normal, "Killing", &format!("Stopping container {name}"));
            running.extend(self.pre_stop(desk, at).map(|hook| (at, hook)));
        }
        if running.is_empty() {
            self.terminate(desk, until);
        } else {
            self.ending = Some(Ending::Hooks { running, at: now, until });
        }
    }

    fn terminate(&mut self, desk: &Desk<'_, '_>, until: Micros) {
        let now = desk.cx.now();
        for at in 0..self.lives.len() {
            if self.lives[at].is_running() {
                let step = self.container(desk, at).signal(Signal::Term, now);
                self.heed(desk, at, step);
            }
        }
        self.ending = Some(Ending::Stopping { until });
    }

    /// Goes on with the end. Whether anything happened.
    pub(super) fn end_on(&mut self, desk: &mut Desk<'_, '_>) -> bool {
        let now = desk.cx.now();
        match self.ending.take() {
            Some(Ending::Begin { at }) if at <= now => {
                self.begin_end(desk);
                true
            }
            Some(Ending::Hooks { mut running, at, until }) => {
                if at > now && until > now {
                    self.ending = Some(Ending::Hooks { running, at, until });
                    return false;
                }
                let next = self.step_hooks(desk, &mut running).map_or(until, |next| next.min(until));
                if running.is_empty() || now >= until {
                    // What is left of the grace, but at least two seconds.
                    self.terminate(desk, until.max(now.plus(Duration::from_secs(2))));
                } else {
                    self.ending = Some(Ending::Hooks { running, at: next, until });
                }
                true
            }
            Some(Ending::Stopping { until }) => {
                let running: Vec<usize> = (0..self.lives.len()).filter(|at| self.lives[*at].is_running()).collect();
                if running.is_empty() {
                    let at = now.plus(timing::stop_sandbox(desk.chance));
                    self.ending = Some(Ending::Sandbox { at });
                    return true;
                }
                self.ending = Some(Ending::Stopping { until });
                if now < until {
                    return false;
                }
                for at in running {
                    let step = self.container(desk, at).signal(Signal::Kill, now);
                    self.heed(desk, at, step);
                    if self.lives[at].is_running() {
                        self.heed(desk, at, Step::Exit(crate::program::Exit { code: 137, oom: false }));
                        self.container(desk, at).end();
                    }
                }
                true
            }
            Some(Ending::Sandbox { at }) if at <= now => {
                if let Sandbox::Up(address) = &self.sandbox {
                    self.sandbox = Sandbox::Down(address.clone());
                }
                self.changed = true;
                self.ending = Some(Ending::Unseen { at: timing::relist_after(now, desk.phase) });
                self.see();
                self.tell(desk, false);
                true
            }
            Some(Ending::Unseen { at }) if at <= now => {
                self.tell(desk, true);
                self.ending = Some(self.last(desk));
                true
            }
            Some(Ending::Over) if self.pod.is_deleting() => {
                self.ending = Some(self.last(desk));
                true
            }
            Some(Ending::Remove { at }) if at <= now => {
                let options =
                    DeleteOptions { grace: Some(0), uid: Some(self.uid.to_string()), ..DeleteOptions::default() };
                let key = desk.stored.key.clone();
                if let Err(why) = desk.cx.delete(&key, &options) {
                    tracing::debug!("the pod `{}` was not removed: {}", key.name, why.message);
                }
                self.ending = Some(Ending::Gone);
                true
            }
            other => {
                self.ending = other;
                false
            }
        }
    }

    fn last(&self, desk: &mut Desk<'_, '_>) -> Ending {
        if self.pod.is_deleting() {
            Ending::Remove { at: desk.cx.now().plus(timing::removal(desk.chance)) }
        } else {
            Ending::Over
        }
    }

    /// Somebody gave the pod less time.
    pub(super) fn hurry(&mut self, now: Micros) {
        let sooner = now.plus(self.grace());
        if let Some(Ending::Hooks { until, .. } | Ending::Stopping { until }) = &mut self.ending {
            *until = (*until).min(sooner);
        }
    }

    /// How long its programs have to end by themselves.
    pub(super) fn grace(&self) -> Duration {
        // Who has to go at once is not waited for.
        if self.doom.as_ref().is_some_and(|doom| doom.reason == "Evicted") {
            return Duration::from_secs(1);
        }
        let pod = &self.pod;
        let seconds = pod.metadata.deletion_grace_period_seconds.or(pod.spec.termination_grace_period_seconds);
        Duration::from_secs(u64::try_from(seconds.unwrap_or(30).max(1)).unwrap_or(30))
    }
}
