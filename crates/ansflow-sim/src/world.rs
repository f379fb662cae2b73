//! What lives in the cluster: controllers, scheduler and nodes, driven by changes and by simulated time.
//!
//! One order for everything: (moment, number). The same seed and the same writes at the same moments make the same cluster,
//! byte for byte. On a clock that goes by itself a task runs what is due, in slices; a manual one is run by `Sim::advance`.

pub(crate) mod controller;
pub(crate) mod cx;
pub(crate) mod events;
mod queue;
pub(crate) mod views;

use std::collections::{BinaryHeap, HashMap};
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::config::SimConfig;
use crate::controllers;
use crate::door::Actor;
use crate::http::over;
use crate::sim::Sim;
use crate::store::{ChangeKind, Key};
use crate::time::Micros;
use controller::{Controller, Keys, Outcome};
use cx::{Cx, Memory};
use queue::{Due, Queue};

/// How long the world runs before others get their turn.
const SLICE: Duration = Duration::from_millis(5);

/// All that acts by itself.
pub(crate) struct World {
    workers: Vec<Worker>,
    due: BinaryHeap<Due>,
    /// Numbers what falls due, so that equal moments have an order.
    counted: u64,
    memory: Memory,
    started: bool,
}

struct Worker {
    controller: Box<dyn Controller>,
    queue: Queue,
    chance: Chance,
    actor: Actor,
    /// It works on one key at a time.
    busy_until: Micros,
    pace: Pace,
}

/// How often a controller looked at one key lately, in a build for tests. One that answers its own writes with writes never rests: that is a
/// mistake of the program, and a test is to say so.
#[derive(Default)]
struct Pace {
    window: i64,
    looks: HashMap<Key, u32>,
}

/// More looks at one key in so many seconds than any story has.
const RESTLESS: u32 = 4_000;
const WINDOW: i64 = 20 * Micros::SECOND;

impl Pace {
    fn looks_again(&mut self, key: &Key, now: Micros) -> u32 {
        let window = now.0.div_euclid(WINDOW);
        if std::mem::replace(&mut self.window, window) != window {
            self.looks.clear();
        }
        let looks = self.looks.entry(key.clone()).or_default();
        *looks += 1;
        *looks
    }
}

impl World {
    pub(crate) fn new(config: &SimConfig) -> World {
        let mut world = World {
            workers: Vec::new(),
            due: BinaryHeap::new(),
            counted: 0,
            memory: Memory::default(),
            started: false,
        };
        for controller in controllers::all(config) {
            world.add(config.seed, controller);
        }
        world
    }

    fn add(&mut self, seed: u64, controller: Box<dyn Controller>) {
        let name = controller.name();
        self.workers.push(Worker {
            queue: Queue::default(),
            chance: Chance::stream(seed, name),
            actor: controller.actor(),
            busy_until: Micros(i64::MIN),
            pace: Pace::default(),
            controller,
        });
    }

    /// Runs everything that falls due until a moment, and moves the clock there.
    pub(crate) fn advance(&mut self, sim: &Sim, until: Micros) {
        self.start(sim);
        loop {
            self.hear(sim);
            let Some(at) = self.next_due().filter(|at| *at <= until) else { break };
            sim.clock().move_to(at);
            self.step(sim);
        }
        sim.clock().move_to(until);
    }

    /// Runs what is due now, for at most a slice. Whether more is due.
    fn slice(&mut self, sim: &Sim) -> bool {
        self.start(sim);
        let began = Instant::now();
        loop {
            self.hear(sim);
            if self.next_due().is_none_or(|at| at > sim.clock().now()) {
                return false;
            }
            self.step(sim);
            if began.elapsed() > SLICE {
                return true;
            }
        }
    }

    fn next_due(&self) -> Option<Micros> {
        self.due.peek().map(|due| due.at)
    }

    fn start(&mut self, sim: &Sim) {
        if std::mem::replace(&mut self.started, true) {
            return;
        }
        for at in 0..self.workers.len() {
            let mut keys = Keys::default();
            let worker = &mut self.workers[at];
            let mut cx = Cx::new(sim, &worker.actor, worker.controller.manager(), &mut worker.chance, &self.memory);
            worker.controller.start(&mut cx, &mut keys);
            self.wake(sim, at, keys);
        }
    }

    /// Tells every controller what changed.
    fn hear(&mut self, sim: &Sim) {
        for entry in sim.store().take_news() {
            if entry.change == ChangeKind::Deleted {
                self.memory.forget(&entry.object.uid);
            }
            for at in 0..self.workers.len() {
                let mut keys = Keys::default();
                let worker = &mut self.workers[at];
                let cx = Cx::new(sim, &worker.actor, worker.controller.manager(), &mut worker.chance, &self.memory);
                worker.controller.interested(&entry, &cx, &mut keys);
                self.wake(sim, at, keys);
            }
        }
    }

    /// Does what is due next.
    fn step(&mut self, sim: &Sim) {
        let Some(due) = self.due.pop() else { return };
        let now = sim.clock().now();
        let worker = &mut self.workers[due.worker];
        if worker.queue.is_stale(&due) {
            return;
        }
        if worker.busy_until > now {
            let at = worker.busy_until;
            self.due.push(Due { at, ..due });
            return;
        }
        worker.queue.taken(&due, now);
        let looks = worker.pace.looks_again(&due.key, now);
        debug_assert!(
            looks < RESTLESS,
            "{} looked at {:?} {looks} times in 20 seconds",
            worker.controller.name(),
            due.key
        );
        // Each look at a key takes its time, so that what follows has the shape that it has in a real cluster.
        let look = Duration::from_micros(worker.chance.below(3_000) + 1_000);
        let mut cx = Cx::new(sim, &worker.actor, worker.controller.manager(), &mut worker.chance, &self.memory);
        let outcome = worker.controller.reconcile(&mut cx, &due.key);
        let keys = std::mem::take(&mut cx.again);
        worker.busy_until = now.plus(look + cx.took());
        let at = match outcome {
            Outcome::Done => {
                worker.queue.succeeded(&due.key);
                None
            }
            Outcome::After(span) => {
                worker.queue.succeeded(&due.key);
                Some(now.plus(span))
            }
            Outcome::At(at) => {
                worker.queue.succeeded(&due.key);
                Some(at)
            }
            Outcome::Retry => Some(now.plus(worker.queue.failed(&due.key))),
        };
        let worker = due.worker;
        self.wake(sim, worker, keys);
        if let Some(at) = at {
            self.schedule(worker, at, due.key, true);
        }
    }

    fn wake(&mut self, sim: &Sim, worker: usize, keys: Keys) {
        let now = sim.clock().now();
        for key in keys.now {
            if self.workers[worker].queue.wants(&key) {
                self.schedule(worker, now, key, false);
            }
        }
        for (at, key) in keys.later {
            self.schedule(worker, at, key, true);
        }
    }

    fn schedule(&mut self, worker: usize, at: Micros, key: Key, timer: bool) {
        self.counted += 1;
        if timer && !self.workers[worker].queue.wants_at(&key, at, self.counted) {
            return;
        }
        self.due.push(Due { at, number: self.counted, worker, key, timer });
    }
}

/// Runs the world on a clock that goes by itself, until the cluster stops.
pub(crate) async fn run(sim: Sim) {
    let mut news = sim.store().changes();
    let mut stopping = sim.stopping();
    loop {
        // Looked at before the world is: a change between the two is not slept through.
        news.borrow_and_update();
        let turn = panic::catch_unwind(AssertUnwindSafe(|| {
            let mut world = sim.world();
            let more = world.slice(&sim);
            (more, world.next_due())
        }));
        let (more, next) = turn.unwrap_or_else(|_| {
            // What panicked has said where, and was taken from the queue before: all others go on.
            tracing::error!("the simulator has a bug: something that lives in the cluster panicked");
            (true, None)
        });
        if *stopping.borrow() {
            return;
        }
        if more {
            tokio::task::yield_now().await;
            continue;
        }
        let wait = next.and_then(|at| sim.clock().wall_until(at)).unwrap_or(Duration::from_secs(1));
        tokio::select! {
            _ = news.changed() => {}
            () = tokio::time::sleep(wait) => {}
            () = sim.jumped() => {}
            () = over(&mut stopping) => return,
        }
    }
}

#[cfg(test)]
mod tests;
