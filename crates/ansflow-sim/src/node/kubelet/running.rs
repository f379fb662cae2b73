//! What runs in a pod: programs go on when they want to, and probes ask them when it is time.

use super::life::{End, State};
use super::probes::{Asked, Which};
use super::worker::{Desk, Worker, place};
use crate::program::{Exit, Step};
use crate::time::Micros;
use crate::world::events::Severity;

impl Worker {
    pub(super) fn step_programs(&mut self, desk: &mut Desk<'_, '_>) -> bool {
        let now = desk.cx.now();
        let due = |worker: &Worker, at: usize| worker.due[at].is_some_and(|due| due <= now);
        let Some(at) = (0..self.due.len()).find(|at| due(self, *at)) else { return false };
        self.due[at] = None;
        if self.lives[at].is_running() {
            let step = self.container(desk, at).step(now);
            self.heed(desk, at, step);
        }
        true
    }

    /// Keeps what a program said of itself.
    pub(super) fn heed(&mut self, desk: &Desk<'_, '_>, at: usize, step: Step) {
        let now = desk.cx.now();
        match step {
            Step::Until(due) => self.due[at] = Some(due.max(now.plus_millis(1))),
            Step::Forever => self.due[at] = None,
            Step::Exit(exit) => {
                self.due[at] = None;
                let tails =
                    self.pod.container(at).termination_message_policy == "FallbackToLogsOnError" && exit.code != 0;
                let log = self.container(desk, at).log(false).filter(|_| tails);
                let message = log.map(|log| log.tail(80)).unwrap_or_default();
                let Some(life) = self.lives[at].last_mut() else { return };
                let State::Running { since } = life.state else { return };
                life.state = State::Ended(ended(&exit, since, now, message));
                self.changed = true;
            }
        }
    }

    pub(super) fn ask(&mut self, desk: &mut Desk<'_, '_>) -> bool {
        let now = desk.cx.now();
        let Some(prober) = self.probes.due(now) else { return false };
        let (at, which) = self.probes.container_of(prober);
        let (pod, container) = (self.pod.clone(), self.container(desk, at));
        let spec = pod.container(at);
        let fault = desk.cx.sim.faults().probe(&place(&pod, &spec.name, &spec.image, desk.node), which.word());
        let id = desk.cx.sim.ids().hex(64);
        let address = self.sandbox.address().unwrap_or_default().to_owned();
        let asked = Asked { pod: &pod, address: &address, container: &container, fault, id: &id, now };
        let news = self.probes.ask(prober, &asked);
        if let Some(message) = &news.told {
            self.event(desk, Some(at), Severity::Warning, "Unhealthy", message);
        }
        match (news.result, news.which) {
            (None, _) => {}
            (Some(_), Which::Readiness) | (Some(true), Which::Startup) => {
                self.tell(desk, false);
                self.wanted = true;
            }
            (Some(false), Which::Startup) | (Some(_), Which::Liveness) => self.wanted = true,
        }
        true
    }
}

fn ended(exit: &Exit, since: Micros, at: Micros, message: String) -> End {
    let reason = match (exit.oom, exit.code) {
        (true, _) => "OOMKilled",
        (false, 0) => "Completed",
        (false, _) => "Error",
    };
    End { since: Some(since), at, code: exit.code, reason, message }
}
