//! A server of one's own: the real binary on a data directory, and what its database and its folders say.

use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use ansflow_core::pipeline::{self, Source};
use ansflow_core::planning::{self, PlanFacts};
use ansflow_core::run::event::{Event, RunCreated, RunFacts, RunStatus};
use ansflow_core::run::{Input, Run};
use ansflow_store::runs::NewRun;
use ansflow_store::{Files, Store};
use jiff::Timestamp;
use serde_json::Map;
use tokio::runtime::Runtime;

use crate::postgres::Schema;
use crate::world::World;

pub(crate) struct ServerWorld {
    pub(crate) world: World,
    pub(crate) files: Files,
    /// Where its servers listen.
    listen: String,
    /// None: SQLite in the data directory.
    database: Option<Schema>,
    runtime: Runtime,
}

/// A server that answers; killed when it is dropped.
pub(crate) struct Served {
    child: Child,
    pub(crate) url: String,
    /// What it said until it was ready, and how long that took.
    pub(crate) said: Vec<String>,
    pub(crate) ready_in: Duration,
    /// What it says from then on, line by line.
    later: mpsc::Receiver<String>,
}

impl ServerWorld {
    pub(crate) fn new() -> Self {
        let world = World::new();
        let files = Files::at(std::fs::canonicalize(world.path()).unwrap().join("data"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { world, files, listen: "127.0.0.1:0".to_owned(), database: None, runtime }
    }

    /// The same, with one port for all its servers, so that clients find the next one where the last one was.
    pub(crate) fn at_one_address() -> Self {
        // Not among those that connections get as their own: a client that looks for a server that is away could be
        // given the very port, and then talk to itself.
        let any = std::hash::RandomState::new().build_hasher().finish() % 10_000;
        let mut ports = 20_000 + any as u16..;
        let port = ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap();
        Self { listen: format!("127.0.0.1:{port}"), ..Self::new() }
    }

    /// With PostgreSQL as its database.
    pub(crate) fn with_database(self, schema: Schema) -> Self {
        Self { database: Some(schema), ..self }
    }

    /// The command, with its output to be read.
    pub(crate) fn command(&self) -> Command {
        let data = self.files.root().to_str().unwrap();
        let mut command = self.world.command(&["server", "--data-dir", data, "--listen", &self.listen]);
        if let Some(schema) = &self.database {
            command.env("ANSFLOW_DATABASE_URL", schema.url());
        }
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Starts it and waits until it is ready.
    pub(crate) fn start(&self) -> Served {
        Served::ready(self.command())
    }

    /// Starts it and kills it so soon that it may not be ready.
    pub(crate) fn start_in_vain(&self, after: Duration) {
        let mut child = self.command().stderr(Stdio::null()).spawn().unwrap();
        let until = Instant::now() + after;
        while Instant::now() < until {
            std::thread::yield_now();
        }
        // One that has ended by itself could not go on from where the last one was.
        assert_eq!(child.try_wait().unwrap(), None, "the server ended");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Does something with the store, whether or not the server is up.
    pub(crate) fn with_store<T>(&self, work: impl AsyncFnOnce(Store) -> T) -> T {
        std::fs::create_dir_all(self.files.root()).unwrap();
        self.runtime.block_on(async {
            let store = match &self.database {
                Some(schema) => Store::open_for_server(&schema.url()).await.unwrap(),
                None => Store::open_file_for_server(&self.files.database()).await.unwrap(),
            };
            let done = work(store.clone()).await;
            store.close().await;
            done
        })
    }

    /// A run that waits for its turn. A server that is up is not told.
    pub(crate) fn queue(&self, id: &str, number: u64, text: &str) {
        let variables = Map::new();
        let source = Source { text: text.as_bytes(), file_stem: "shop", variables: &variables };
        let (pipeline, problems) = pipeline::parse(&source);
        assert_eq!(problems, []);
        let facts = PlanFacts { variables: Map::new(), ..PlanFacts::default() };
        let plan = planning::plan(&pipeline.unwrap(), &facts).unwrap();
        let workspace = self.files.workspace(id).to_str().unwrap().to_owned();
        let facts = RunFacts { build_number: number, workspace, ..RunFacts::default() };
        let (carried, deselected) = (Vec::new(), Vec::new());
        let created = RunCreated { run: id.into(), plan, facts, carried, deselected, concurrency: 4 };
        let mut run = Run::new();
        let events = run.advance(&Input::Create(Box::new(created)), Timestamp::now()).unwrap();
        let new = NewRun { id, pipeline: "pl_1", number, status: run.status() };
        self.with_store(async |store| store.runs().create(new, &events).await.unwrap());
    }

    pub(crate) fn status(&self, run: &str) -> RunStatus {
        self.with_store(async |store| store.runs().get(run).await.unwrap().status)
    }

    pub(crate) fn events(&self, run: &str) -> Vec<Event> {
        self.with_store(async |store| store.runs().load(run).await.unwrap())
    }

    /// What a file of a run's workspace says.
    pub(crate) fn text(&self, run: &str, name: &str) -> String {
        std::fs::read_to_string(self.files.workspace(run).join(name)).unwrap_or_default()
    }

    pub(crate) fn write(&self, run: &str, name: &str) {
        std::fs::write(self.files.workspace(run).join(name), "").unwrap();
    }

    /// The bytes that an attempt wrote.
    pub(crate) fn log(&self, run: &str, step: usize, attempt: u32) -> PathBuf {
        self.files.attempt(run, step, attempt).join("log")
    }
}

impl Served {
    pub(crate) fn ready(mut command: Command) -> Self {
        let began = Instant::now();
        let mut child = command.spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let (mut said, mut url) = (Vec::new(), None);
        while url.is_none() {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "the server ended: {said:#?}");
            url = line.trim().strip_prefix("ansflow listens on ").map(str::to_owned);
            said.push(line);
        }
        let ready_in = began.elapsed();
        // Whatever else it says is read, so that it never waits for us.
        let (tell, later) = mpsc::channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line))));
        Self { child, url: url.unwrap(), said, ready_in, later }
    }

    /// What the first administrator needs. A server that has one never says it.
    pub(crate) fn setup_code(&self) -> String {
        let mut lines = std::iter::from_fn(|| self.later.recv_timeout(Duration::from_secs(20)).ok());
        lines.find_map(|line| Some(line.split_once("with the code ")?.1.to_owned())).unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and all that it has said.
    pub(crate) fn end(mut self) -> String {
        let pid = nix::unistd::Pid::from_raw(self.child.id().cast_signed());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        self.child.wait().unwrap();
        let said = std::mem::take(&mut self.said);
        said.into_iter().chain(self.later.iter().map(|line| line + "\n")).collect()
    }

    /// SIGTERM, and its exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let pid = nix::unistd::Pid::from_raw(self.child.id().cast_signed());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
