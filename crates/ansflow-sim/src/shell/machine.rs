//! What the processes of one program share: the clock, the output, the way to files, and how they wait.
//!
//! A process is a future that nobody but `Process::step` polls. It waits by saying until when; it asks for a file by leaving
//! a call, which is answered between two polls, because files are lent to a program for one step only.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use super::Mode;
use super::park::Park;
use crate::lock::lock;
use crate::program::{Files, Signal, Start, Stream};
use crate::time::Micros;

/// Commands that a process runs in a millisecond, as many as a real ash.
const COMMANDS: u32 = 1_000;
/// What a loop that never sleeps costs at most at a time, so that it does not keep the simulator busy: one that only spins, and
/// one that writes.
const SPIN: i64 = 1_000_000;
const FLOOD: i64 = 100_000;
/// A longer text no simulated process keeps, whatever its limit.
const MEMORY: u64 = 4 << 20;

pub(super) type Job = Pin<Box<dyn Future<Output = ()> + Send>>;
type Call = Box<dyn FnOnce(&mut dyn Files, Micros) + Send>;

/// The shared part of a program's processes.
pub(super) struct Machine {
    pub(super) start: Arc<Start>,
    pub(super) mode: Mode,
    pub(super) stdin: Arc<Pipe>,
    cell: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    now: Micros,
    wake: Option<Micros>,
    commands: u32,
    spin: i64,
    told: bool,
    written: Vec<(Stream, Micros, Vec<u8>)>,
    calls: Vec<Call>,
    spawned: Vec<Job>,
    signals: Vec<Signal>,
    memory: Option<u64>,
    server: Option<Arc<dyn super::Server>>,
    moved: bool,
    park: Option<Park>,
}

impl Machine {
    pub(super) fn new(start: Arc<Start>, mode: Mode) -> Machine {
        Machine { start, mode, stdin: Arc::default(), cell: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.cell)
    }

    pub(super) fn begin(&self, now: Micros, memory: Option<u64>) {
        let mut inner = self.lock();
        inner.now = now;
        inner.memory = memory;
        inner.commands = 0;
    }

    /// Before each round of polls; says after it whether another is worth while.
    pub(super) fn round(&self) {
        let mut inner = self.lock();
        inner.wake = None;
        inner.moved = false;
    }

    pub(super) fn moved(&self) -> bool {
        self.lock().moved
    }

    pub(super) fn wake(&self) -> Option<Micros> {
        self.lock().wake
    }

    pub(super) fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.lock().calls)
    }

    pub(super) fn take_spawned(&self) -> Vec<Job> {
        std::mem::take(&mut self.lock().spawned)
    }

    pub(super) fn take_written(&self) -> Vec<(Stream, Micros, Vec<u8>)> {
        std::mem::take(&mut self.lock().written)
    }

    pub(super) fn now(&self) -> Micros {
        let inner = self.lock();
        Micros(inner.now.0 + i64::from(inner.commands))
    }

    /// How long a text may get before the container is out of memory: ash holds it some times over while it expands it.
    pub(super) fn memory(&self) -> u64 {
        self.lock().memory.map_or(MEMORY, |limit| (limit / 4).min(MEMORY))
    }

    pub(super) fn write(&self, stream: Stream, bytes: &[u8]) {
        let at = self.now();
        let mut inner = self.lock();
        inner.told = true;
        inner.written.push((stream, at, bytes.to_vec()));
    }

    pub(super) fn spawn(&self, job: Job) {
        let mut inner = self.lock();
        inner.moved = true;
        inner.spawned.push(job);
    }

    pub(super) fn stir(&self) {
        self.lock().moved = true;
    }

    pub(super) fn signal(&self, signal: Signal) {
        self.lock().signals.push(signal);
    }

    pub(super) fn take_signal(&self) -> Option<Signal> {
        let mut inner = self.lock();
        (!inner.signals.is_empty()).then(|| inner.signals.remove(0))
    }

    pub(super) fn signalled(&self) -> bool {
        !self.lock().signals.is_empty()
    }

    /// The process has come to where it only waits. It may be let go, and this be kept of it.
    pub(super) fn offer(&self, park: Park) {
        self.lock().park = Some(park);
    }

    pub(super) fn take_park(&self) -> Option<Park> {
        self.lock().park.take()
    }

    pub(super) fn serve(&self, server: Option<Arc<dyn super::Server>>) {
        self.lock().server = server;
    }

    pub(super) fn server(&self) -> Option<Arc<dyn super::Server>> {
        self.lock().server.clone()
    }

    /// Counts a command. Who has run too many waits for the next millisecond, and longer when nothing came of them.
    pub(super) async fn spend(&self) {
        let pause = {
            let mut inner = self.lock();
            inner.commands += 1;
            if inner.commands < COMMANDS {
                return;
            }
            inner.commands = 0;
            let most = if std::mem::take(&mut inner.told) { FLOOD } else { SPIN };
            inner.spin = (inner.spin * 2).clamp(1_000, most);
            inner.now.0 + inner.spin
        };
        self.until(Micros(pause)).await;
    }

    /// Waits for a time.
    pub(super) async fn until(&self, when: Micros) {
        poll_fn(|_| {
            let mut inner = self.lock();
            if inner.now >= when {
                return Poll::Ready(());
            }
            inner.wake = Some(inner.wake.map_or(when, |wake| wake.min(when)));
            Poll::Pending
        })
        .await;
    }

    pub(super) async fn sleep(&self, micros: i64) {
        let until = {
            let mut inner = self.lock();
            inner.spin = 0;
            Micros(inner.now.0.saturating_add(micros))
        };
        self.until(until).await;
    }

    /// Waits for something that a signal, input or another process brings about.
    pub(super) async fn wait<T>(&self, mut ready: impl FnMut() -> Option<T>) -> T {
        poll_fn(|_| ready().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Does something with the files of the container.
    pub(super) async fn files<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Files, Micros) -> T + Send + 'static,
    ) -> T {
        let slot = Arc::new(Mutex::new(None));
        let answer = Arc::clone(&slot);
        self.lock().calls.push(Box::new(move |files, now| {
            *lock(&answer) = Some(work(files, now));
        }));
        self.wait(|| lock(&slot).take()).await
    }
}

/// Bytes on their way from one process to another.
#[derive(Default)]
pub(super) struct Pipe(Mutex<Flow>);

#[derive(Default)]
struct Flow {
    bytes: Vec<u8>,
    ended: bool,
    unread: bool,
}

impl Pipe {
    pub(super) fn full(bytes: Vec<u8>) -> Pipe {
        Pipe(Mutex::new(Flow { bytes, ended: true, unread: false }))
    }

    fn lock(&self) -> MutexGuard<'_, Flow> {
        lock(&self.0)
    }

    /// Whether anybody still reads.
    pub(super) fn push(&self, bytes: &[u8]) -> bool {
        let mut flow = self.lock();
        if !flow.unread {
            flow.bytes.extend_from_slice(bytes);
        }
        !flow.unread
    }

    pub(super) fn end(&self) {
        self.lock().ended = true;
    }

    pub(super) fn abandon(&self) {
        let mut flow = self.lock();
        flow.unread = true;
        flow.bytes = Vec::new();
    }

    pub(super) fn len(&self) -> usize {
        self.lock().bytes.len()
    }

    pub(super) fn take_all(&self) -> Vec<u8> {
        std::mem::take(&mut self.lock().bytes)
    }

    /// What is there, or the end (empty), or nothing yet.
    pub(super) fn chunk(&self) -> Option<Vec<u8>> {
        let mut flow = self.lock();
        (flow.ended || !flow.bytes.is_empty()).then(|| std::mem::take(&mut flow.bytes))
    }

    /// Whether Ctrl-C was typed; it and what stands before it are gone then.
    pub(super) fn interrupted(&self) -> bool {
        let mut flow = self.lock();
        let Some(at) = flow.bytes.iter().position(|b| *b == 3) else { return false };
        flow.bytes.drain(..=at);
        true
    }

    /// One byte; nothing more to come; or nothing yet.
    pub(super) fn take_key(&self) -> Option<Option<u8>> {
        let mut flow = self.lock();
        if flow.bytes.is_empty() {
            return flow.ended.then_some(None);
        }
        Some(Some(flow.bytes.remove(0)))
    }

    /// One line with its end, or the rest, or the end (empty).
    pub(super) fn line(&self) -> Option<Vec<u8>> {
        let mut flow = self.lock();
        match flow.bytes.iter().position(|b| *b == b'\n') {
            Some(at) => Some(flow.bytes.drain(..=at).collect()),
            None if flow.ended => Some(std::mem::take(&mut flow.bytes)),
            None => None,
        }
    }

    /// Everything, once it has ended.
    pub(super) fn whole(&self) -> Option<Vec<u8>> {
        let mut flow = self.lock();
        flow.ended.then(|| std::mem::take(&mut flow.bytes))
    }
}

/// Where a number of a process leads.
#[derive(Clone)]
pub(super) enum Fd {
    Null,
    Out,
    Err,
    Pipe(Arc<Pipe>),
    /// A file that is being written.
    File(Arc<str>),
}
