//! One pod on its node: what the kubelet's pod worker does, look by look.
//!
//! A look tells first what the last relist showed, then mounts, makes the sandbox and starts what is missing. What goes wrong
//! is remembered and told by the *next* look: from this come the flips that watchers see of pods that crash.

mod heard;
mod sandbox;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use self::heard::Heard;
pub(super) use self::sandbox::Sandbox;
use super::backoff::Backoff;
use super::end::Ending;
use super::life::Lives;
use super::probes::Probes;
use super::refer::Refer;
use super::status::{self, Doom, Facts, Reasons};
use super::timing;
use super::volumes::{self, Volumes};
use super::work::Work;
use crate::chance::Chance;
use crate::containers::Container;
use crate::faults::{ANNOTATION, Place};
use crate::node::pod::{self, Pod};
use crate::object::{Object, Str};
use crate::store::Stored;
use crate::time::Micros;
use crate::world::cx::Cx;
use crate::world::events::{Event, Reference, Severity};

/// What a worker holds while it works: the cluster, and what the node has.
pub(super) struct Desk<'d, 'a> {
    pub(super) cx: &'d mut Cx<'a>,
    pub(super) node: &'d str,
    pub(super) host: &'d str,
    pub(super) chance: &'d mut Chance,
    /// Images that were pulled, in full.
    pub(super) pulled: &'d mut BTreeSet<String>,
    pub(super) stored: Arc<Stored>,
    /// The address that the next sandbox gets.
    pub(super) address: &'d mut u32,
    pub(super) subnet: usize,
    /// Where in a second the node relists.
    pub(super) phase: i64,
}

pub(super) struct Worker {
    pub(super) uid: Str,
    /// The pod as of a revision; nothing of it while the worker rests.
    pub(super) pod: Arc<Pod>,
    revision: u64,
    heard: Heard,
    /// What the runtime has, by container.
    pub(super) lives: Vec<Lives>,
    /// When each program wants to go on.
    pub(super) due: Vec<Option<Micros>>,
    /// What the last relist showed.
    pub(super) shown: Vec<Lives>,
    shown_sandbox: Sandbox,
    /// The runtime did something that no relist has shown.
    pub(super) changed: bool,
    pub(super) job: Job,
    /// A look was asked for.
    pub(super) wanted: bool,
    /// Another was, while one waited for a relist.
    again: bool,
    /// When the last look ended.
    looked: Option<Micros>,
    pub(super) next_look: Option<Micros>,
    pub(super) failed: bool,
    pub(super) reasons: Reasons,
    pub(super) crashes: Backoff,
    pub(super) pulls: Backoff,
    pub(super) pull_errors: BTreeMap<String, String>,
    pub(super) probes: Probes,
    pub(super) volumes: Option<Volumes>,
    pub(super) sandbox: Sandbox,
    pub(super) since: Option<Micros>,
    pub(super) ending: Option<Ending>,
    pub(super) evict_at: Option<Micros>,
    /// The node wants to know whether the pod has to go.
    pub(super) monitored: bool,
    /// Why it ends before its time.
    pub(super) doom: Option<Doom>,
}

/// A worker with nothing to do for so many milliseconds keeps no pod.
const REST: i64 = 100;

/// What a worker is doing.
pub(super) enum Job {
    Idle,
    Mount { at: Micros, tries: u32, until: Micros },
    Sandbox { at: Micros },
    Work(Work),
}

impl Worker {
    pub(super) fn new(stored: &Stored, pod: Arc<Pod>, first_look: Micros) -> Worker {
        let many = pod.all_containers().count();
        Worker {
            uid: stored.uid.clone(),
            heard: Heard::of(&pod),
            pod,
            revision: stored.revision,
            lives: vec![Lives::default(); many],
            due: vec![None; many],
            shown: vec![Lives::default(); many],
            shown_sandbox: Sandbox::None,
            changed: false,
            job: Job::Idle,
            wanted: false,
            again: false,
            looked: None,
            next_look: Some(first_look),
            failed: false,
            reasons: Reasons::new(),
            crashes: Backoff::default(),
            pulls: Backoff::default(),
            pull_errors: BTreeMap::new(),
            probes: Probes::default(),
            volumes: None,
            sandbox: Sandbox::None,
            since: None,
            ending: None,
            evict_at: None,
            monitored: false,
            doom: None,
        }
    }

    /// The pod was written. Its own status wakes nobody.
    pub(super) fn hear(&mut self, pod: Arc<Pod>, revision: u64, now: Micros) {
        let heard = Heard::of(&pod);
        let sooner = self.heard.grace != heard.grace;
        self.wanted |= self.heard != heard;
        (self.pod, self.revision, self.heard) = (pod, revision, heard);
        if sooner {
            self.hurry(now);
        }
    }

    /// Whether the pod itself says what is to go wrong with it.
    pub(super) fn has_wishes(&self) -> bool {
        self.heard.wishes
    }

    /// The pod as of a revision, where the worker has it.
    pub(super) fn held(&self, revision: u64) -> Option<Arc<Pod>> {
        (self.revision == revision).then(|| self.pod.clone())
    }

    /// Keeps nothing of the pod while there is nothing to do: it is read again when there is.
    pub(super) fn rest(&mut self, now: Micros) {
        static NOTHING: LazyLock<Arc<Pod>> = LazyLock::new(Arc::default);
        let idle = matches!(self.job, Job::Idle) && self.ending.is_none() && !self.changed;
        if idle && self.next().is_none_or(|next| next > now.plus_millis(REST)) {
            self.pod = NOTHING.clone();
            self.revision = 0;
        }
    }

    /// Does everything that is due.
    pub(super) fn run(&mut self, desk: &mut Desk<'_, '_>) {
        // Each round ends something or waits; the bound is for programs that end and begin without time.
        for _ in 0..1_000 {
            let moved = self.step_programs(desk) || self.ask(desk) || self.go_on(desk);
            if !moved {
                return;
            }
        }
    }

    /// When something is due next.
    pub(super) fn next(&self) -> Option<Micros> {
        let job = match (&self.ending, &self.job) {
            (Some(ending), _) => ending.next(),
            (None, Job::Idle) => self.next_look,
            (None, Job::Mount { at, .. } | Job::Sandbox { at }) => Some(*at),
            (None, Job::Work(work)) => work.next(),
        };
        let programs = self.due.iter().flatten().copied().min();
        let deadline = self.deadline().filter(|_| self.ending.is_none() && self.doom.is_none());
        let all = [job, programs, self.probes.next(), self.evict_at, deadline];
        all.into_iter().flatten().min()
    }

    /// A relist: what the runtime did is seen now.
    pub(super) fn relist(&mut self) {
        self.see();
        self.changed = false;
        self.again |= self.wanted && matches!(self.job, Job::Idle);
        self.wanted = true;
    }

    /// What the runtime has is what is known from here on.
    pub(super) fn see(&mut self) {
        self.shown.clone_from(&self.lives);
        self.shown_sandbox.clone_from(&self.sandbox);
    }

    /// The relist that the next look has to wait for: one after the last look ended.
    fn stale(&self, desk: &Desk<'_, '_>) -> Option<Micros> {
        let relist = timing::relist_after(self.looked?, desk.phase);
        Some(relist).filter(|at| *at > desk.cx.now())
    }

    /// The pod is to end, as soon as what is known of it is new.
    pub(super) fn end_soon(&mut self, desk: &Desk<'_, '_>) {
        let now = desk.cx.now();
        if !matches!(self.job, Job::Idle) {
            self.job = Job::Idle;
            self.looked = Some(now);
        }
        let at = match self.stale(desk) {
            // A look that waits already comes first, and the end after the relist that follows.
            Some(relist) if self.wanted && self.since.is_some() => relist.plus_millis(timing::RELIST / 1_000),
            Some(relist) => relist,
            None => now,
        };
        self.ending = Some(Ending::Begin { at });
    }

    fn go_on(&mut self, desk: &mut Desk<'_, '_>) -> bool {
        let now = desk.cx.now();
        if self.ending.is_some() {
            return self.end_on(desk);
        }
        if self.pod.is_deleting() {
            self.end_soon(desk);
            return true;
        }
        if self.evict_at.is_some_and(|at| at <= now) {
            self.evict_at = Some(now.plus(timing::EVICTION));
            if self.evicted(desk) {
                self.evict_at = None;
                self.end_soon(desk);
            }
            return true;
        }
        if std::mem::take(&mut self.monitored) && self.crowded_out(desk) {
            return true;
        }
        if self.deadline().is_some_and(|at| at <= now) && self.doom.is_none() {
            self.outlived(desk);
            return true;
        }
        match &self.job {
            Job::Idle => {
                // A look waits for a relist that shows what the one before it did.
                let due = (self.wanted && self.since.is_some()) || self.next_look.is_some_and(|at| at <= now);
                if !due || self.changed || self.pod.has_ended() {
                    if self.next_look.is_some_and(|at| at <= now) {
                        self.next_look = None;
                        self.wanted = true;
                    }
                    return false;
                }
                if let Some(relist) = self.stale(desk) {
                    self.wanted = true;
                    self.next_look = Some(relist);
                    return false;
                }
                self.look(desk);
                true
            }
            Job::Mount { at, tries, until } if *at <= now => {
                let (tries, until) = (*tries, *until);
                self.mount(desk, tries, until);
                true
            }
            Job::Sandbox { at } if *at <= now => {
                self.make_sandbox(desk);
                true
            }
            Job::Mount { .. } | Job::Sandbox { .. } => false,
            Job::Work(_) => self.work_on(desk),
        }
    }

    fn look(&mut self, desk: &mut Desk<'_, '_>) {
        let now = desk.cx.now();
        self.wanted = std::mem::take(&mut self.again);
        self.next_look = None;
        self.failed = false;
        self.since.get_or_insert(now);
        if self.tell(desk, false) {
            self.looked = Some(now);
            self.wanted = false;
            self.end_soon(desk);
            return;
        }
        if let Some(volumes) = &self.volumes {
            volumes::refresh(&self.refer(desk), &self.pod, volumes, now);
            self.mounted(desk);
            return;
        }
        let at = now.plus(timing::mounts(desk.chance));
        self.job = Job::Mount { at, tries: 0, until: now.plus(timing::MOUNT_PATIENCE) };
    }

    /// Writes what is known of the pod. Whether it ends with that.
    pub(super) fn tell(&mut self, desk: &mut Desk<'_, '_>, gone: bool) -> bool {
        let now = desk.cx.now();
        for (at, lives) in self.shown.iter().enumerate() {
            let running = lives.last().filter(|life| life.end().is_none());
            self.probes.seen(at, running.and_then(|life| Some((life.id.as_str(), life.since()?))), now);
        }
        let made = status::make(&Facts {
            pod: &self.pod,
            lives: &self.shown,
            reasons: &self.reasons,
            probes: &self.probes,
            host: desk.host,
            address: self.shown_sandbox.address(),
            sandboxed: matches!(self.shown_sandbox, Sandbox::Up(_)),
            over: gone || !matches!(self.ending, None | Some(Ending::Begin { .. })),
            stopped: gone || matches!(self.ending, Some(Ending::Unseen { .. })),
            gone,
            doom: self.doom.as_ref(),
            since: self.since.unwrap_or(now),
            now,
        });
        if made.status != self.pod.status {
            let mut set = |pod: &mut Object| drop(pod.insert("status".to_owned(), made.status.clone()));
            match desk.cx.change(&desk.stored.key.clone(), Some("status"), &mut set) {
                Ok(stored) => {
                    if let Some(pod) = pod::read(&stored) {
                        (self.pod, self.revision) = (Arc::new(pod), stored.revision);
                    }
                    desk.stored = stored;
                }
                Err(why) => tracing::debug!("the status of `{}` was not written: {}", desk.stored.name(), why.message),
            }
        }
        made.ends
    }

    /// The look is over: when is the next?
    pub(super) fn finish(&mut self, desk: &mut Desk<'_, '_>) {
        self.job = Job::Idle;
        self.looked = Some(desk.cx.now());
        let wait = if self.failed { timing::after_error(desk.chance) } else { timing::after_success(desk.chance) };
        self.next_look = Some(desk.cx.now().plus(wait));
    }

    pub(super) fn container(&self, desk: &Desk<'_, '_>, at: usize) -> Arc<Container> {
        desk.cx.sim.containers().obtain(&self.uid, &self.pod.container(at).name)
    }

    pub(super) fn refer<'r>(&'r self, desk: &'r Desk<'_, '_>) -> Refer<'r> {
        Refer {
            sim: desk.cx.sim,
            namespace: &self.pod.metadata.namespace,
            node: desk.node,
            host: desk.host,
            address: self.sandbox.address().unwrap_or_default(),
        }
    }

    /// Tells an event about the pod, or about one of its containers.
    pub(super) fn event(
        &self,
        desk: &mut Desk<'_, '_>,
        at: Option<usize>,
        severity: Severity,
        reason: &str,
        message: &str,
    ) {
        let Some(kind) = desk.cx.sim.kinds().stored(desk.stored.key.kind) else { return };
        let stored = desk.stored.clone();
        let path = at.map(|at| self.pod.field_path(at)).unwrap_or_default();
        let about = Reference::to(&kind, &stored).at(&path);
        desk.cx.event(&Event { about, severity, reason, message, component: "kubelet", host: desk.node });
    }
}

/// Where faults are looked for.
pub(super) fn place<'p>(pod: &'p Pod, container: &'p str, image: &'p str, node: &'p str) -> Place<'p> {
    Place {
        namespace: &pod.metadata.namespace,
        pod: &pod.metadata.name,
        container,
        image,
        node,
        labels: Some(&pod.metadata.labels),
        annotation: pod.metadata.annotations.get(ANNOTATION).map(String::as_str),
    }
}
