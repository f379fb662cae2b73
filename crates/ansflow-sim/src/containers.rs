//! The containers that run: what kubelets drive and what logs, `exec` and port-forward look at, each behind a lock of its own.

mod log;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::mpsc;

use crate::lock::lock;
use crate::object::Str;
use crate::program::{Exit, Files, Io, Program, Signal, Sink, Start, StartError, Step, Stream};
use crate::programs;
use crate::shell::Terminal;
use crate::shell::files::ContainerFiles;
use crate::time::Micros;

pub(crate) use self::log::{Line, Log};

/// Pieces of output that somebody who is attached may be behind.
const LISTENED: usize = 1_024;

/// All containers of the cluster, by the uid of their pod and their name.
#[derive(Default)]
pub(crate) struct Containers(Mutex<HashMap<Str, Named>>);

/// The containers of one pod.
type Named = Vec<(Str, Arc<Container>)>;

impl Containers {
    /// The container of that name, made when it is first asked for.
    pub(crate) fn obtain(&self, pod: &Str, name: &str) -> Arc<Container> {
        let mut all = lock(&self.0);
        let containers = all.entry(Arc::clone(pod)).or_default();
        if let Some((_, known)) = containers.iter().find(|(known, _)| &**known == name) {
            return Arc::clone(known);
        }
        let made = Arc::new(Container::default());
        containers.push((name.into(), Arc::clone(&made)));
        made
    }

    pub(crate) fn get(&self, pod: &str, name: &str) -> Option<Arc<Container>> {
        lock(&self.0).get(pod)?.iter().find(|(known, _)| &**known == name).map(|(_, container)| Arc::clone(container))
    }

    pub(crate) fn of(&self, pod: &str) -> Vec<Arc<Container>> {
        lock(&self.0)
            .get(pod)
            .map(|containers| containers.iter().map(|(_, container)| Arc::clone(container)).collect())
            .unwrap_or_default()
    }

    /// The pod is gone: those who follow its logs come to their end.
    pub(crate) fn remove(&self, pod: &str) {
        let gone = lock(&self.0).remove(pod);
        for (_, container) in gone.into_iter().flatten() {
            container.end();
        }
    }
}

/// What a container's stdin is, as its specification says.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// Nothing ever comes.
    None,
    /// `stdin: true`: what those who are attached write.
    Open,
    /// `tty: true`, too.
    Terminal,
}

/// Output as it was written, for those who are attached.
pub(crate) type Piece = (Stream, Vec<u8>);

/// Output goes to the log, and to who is attached; one that does not read is let go.
struct Tee<'a> {
    log: Arc<Log>,
    listeners: &'a mut Vec<mpsc::Sender<Piece>>,
}

impl Sink for Tee<'_> {
    fn write(&mut self, stream: Stream, at: Micros, bytes: &[u8]) {
        self.listeners.retain(|listener| listener.try_send((stream, bytes.to_vec())).is_ok());
        self.log.write(stream, at, bytes);
    }
}

/// One container of a pod through its lives.
#[derive(Default)]
pub(crate) struct Container(Mutex<Lives>);

#[derive(Default)]
struct Lives {
    now: Option<Life>,
    /// The log of the life before.
    previous: Option<Arc<Log>>,
}

struct Life {
    id: String,
    start: Arc<Start>,
    program: Box<dyn Program>,
    files: ContainerFiles,
    log: Arc<Log>,
    stdin: Vec<u8>,
    stdin_closed: bool,
    terminal: Option<Terminal>,
    /// Those who are attached.
    listeners: Vec<mpsc::Sender<Piece>>,
    ended: Option<Exit>,
}

impl Life {
    fn step(&mut self, now: Micros) -> Step {
        if let Some(exit) = &self.ended {
            return Step::Exit(exit.clone());
        }
        let mut out = Tee { log: Arc::clone(&self.log), listeners: &mut self.listeners };
        let mut io = Io {
            out: &mut out,
            stdin: &mut self.stdin,
            stdin_closed: self.stdin_closed,
            files: &mut self.files,
            memory: self.start.memory_limit,
        };
        let step = self.program.step(now, &mut io);
        if let Step::Exit(exit) = &step {
            self.ended = Some(exit.clone());
            self.listeners.clear();
            self.log.end();
        }
        step
    }
}

impl Container {
    /// Begins a life. `id` is the runtime's (64 digits); `input` what the specification says of stdin.
    pub(crate) fn begin(&self, id: &str, start: Start, files: ContainerFiles, input: Input) -> Result<(), StartError> {
        let terminal = (input == Input::Terminal).then(Terminal::default);
        let start = Arc::new(start);
        let program = programs::start(Arc::clone(&start), terminal.clone(), &files)?;
        self.begin_with(id, start, program, files);
        if let Some(life) = &mut self.lock().now {
            life.stdin_closed = input == Input::None;
            life.terminal = terminal;
        }
        Ok(())
    }

    /// Begins a life with a program that was made elsewhere: a fault.
    pub(crate) fn begin_with(&self, id: &str, start: Arc<Start>, program: Box<dyn Program>, files: ContainerFiles) {
        let mut lives = self.lock();
        if let Some(before) = lives.now.take() {
            before.log.end();
            lives.previous = Some(before.log);
        }
        lives.now = Some(Life {
            id: id.to_owned(),
            start,
            program,
            files,
            log: Arc::default(),
            stdin: Vec::new(),
            stdin_closed: true,
            terminal: None,
            listeners: Vec::new(),
            ended: None,
        });
    }

    /// Goes on as far as it can. One that never began waits for ever.
    pub(crate) fn step(&self, now: Micros) -> Step {
        self.lock().now.as_mut().map_or(Step::Forever, |life| life.step(now))
    }

    /// How this life ended, when it has.
    #[cfg(test)]
    pub(crate) fn ended(&self) -> Option<Exit> {
        self.lock().now.as_ref()?.ended.clone()
    }

    /// The runtime's id of this life.
    pub(crate) fn id(&self) -> Option<String> {
        self.lock().now.as_ref().map(|life| life.id.clone())
    }

    /// Sends a signal; what follows shows at once or at the next step.
    pub(crate) fn signal(&self, signal: Signal, now: Micros) -> Step {
        let mut lives = self.lock();
        let Some(life) = &mut lives.now else { return Step::Forever };
        life.program.signal(signal, now);
        life.step(now)
    }

    /// Ends it without its doing: the node is gone, the pod is.
    pub(crate) fn end(&self) {
        let mut lives = self.lock();
        let Some(life) = &mut lives.now else { return };
        life.ended.get_or_insert(Exit { code: 137, oom: false });
        life.listeners.clear();
        life.log.end();
    }

    pub(crate) fn listens(&self, port: u16) -> bool {
        self.lock().now.as_ref().is_some_and(|life| life.ended.is_none() && life.program.listens(port))
    }

    /// The status code of a GET at a port that listens.
    pub(crate) fn http(&self, path: &str, now: Micros) -> Option<u16> {
        self.page(path, now).map(|(code, _)| code)
    }

    /// The status code and the body of a GET.
    pub(crate) fn page(&self, path: &str, now: Micros) -> Option<(u16, Vec<u8>)> {
        let mut lives = self.lock();
        let life = lives.now.as_mut().filter(|life| life.ended.is_none())?;
        let code = life.program.http(path, now)?;
        let body = life.program.page(path);
        // Some log who asked.
        life.step(now);
        Some((code, body))
    }

    /// The log of this life, or of the one before.
    pub(crate) fn log(&self, previous: bool) -> Option<Arc<Log>> {
        let lives = self.lock();
        if previous { lives.previous.clone() } else { lives.now.as_ref().map(|life| Arc::clone(&life.log)) }
    }

    /// Listens to what it writes from now on; the end of its life is the end of that.
    pub(crate) fn attach(&self) -> Option<mpsc::Receiver<Piece>> {
        let mut lives = self.lock();
        let life = lives.now.as_mut().filter(|life| life.ended.is_none())?;
        let (listener, output) = mpsc::channel(LISTENED);
        life.listeners.push(listener);
        Some(output)
    }

    /// The window of who is attached has another size.
    pub(crate) fn resize(&self, rows: u16, columns: u16, now: Micros) -> Step {
        let mut lives = self.lock();
        let Some(life) = &mut lives.now else { return Step::Forever };
        let Some(terminal) = &life.terminal else { return Step::Forever };
        terminal.resize(rows, columns);
        life.step(now)
    }

    /// Writes to its stdin; nobody reads what a container without one is sent.
    pub(crate) fn input(&self, bytes: &[u8], now: Micros) -> Step {
        let mut lives = self.lock();
        let Some(life) = lives.now.as_mut().filter(|life| !life.stdin_closed) else { return Step::Forever };
        life.stdin.extend_from_slice(bytes);
        life.step(now)
    }

    pub(crate) fn end_input(&self, now: Micros) -> Step {
        let mut lives = self.lock();
        let Some(life) = &mut lives.now else { return Step::Forever };
        life.stdin_closed = true;
        life.step(now)
    }

    /// What is written in its own layer, in bytes.
    pub(crate) fn used(&self) -> u64 {
        self.lock().now.as_ref().map_or(0, |life| life.files.used())
    }

    /// Starts a command in it. The error is the runtime's; nothing when no program runs here.
    pub(crate) fn exec(
        self: &Arc<Self>,
        argv: Vec<String>,
        terminal: Option<Terminal>,
        answers: Option<&str>,
        id: &str,
    ) -> Option<Result<Exec, String>> {
        let lives = self.lock();
        let life = lives.now.as_ref().filter(|life| life.ended.is_none())?;
        let program = programs::exec(&life.start, argv, terminal, answers, &life.files, id);
        Some(program.map(|program| Exec { container: Arc::clone(self), of: life.id.clone(), program }))
    }

    fn lock(&self) -> MutexGuard<'_, Lives> {
        lock(&self.0)
    }
}

/// A command that somebody runs in a container: `exec`, a probe, a hook.
pub(crate) struct Exec {
    container: Arc<Container>,
    of: String,
    program: Box<dyn Program>,
}

impl Exec {
    /// Goes on; it ends with 137 when its container does.
    pub(crate) fn step(&mut self, now: Micros, out: &mut dyn Sink, stdin: &mut Vec<u8>, stdin_closed: bool) -> Step {
        let mut lives = self.container.lock();
        let same = |life: &&mut Life| life.ended.is_none() && life.id == self.of;
        let Some(life) = lives.now.as_mut().filter(same) else {
            return Step::Exit(Exit { code: 137, oom: false });
        };
        let files: &mut dyn Files = &mut life.files;
        self.program.step(now, &mut Io { out, stdin, stdin_closed, files, memory: life.start.memory_limit })
    }
}
