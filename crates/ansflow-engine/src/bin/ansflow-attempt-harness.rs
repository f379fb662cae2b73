//! The executable of this crate's tests: an attempt process, or an engine that drives one run and can be killed.
//!
//! `__attempt DIR` is what the product's binary does with its hidden subcommand. `drive DIR` drives the run whose plan
//! stands in `DIR/plan.json`, or goes on with it, and prints one line for each event and line of output; with
//! `drive-quietly` nobody watches. `DIR/clusters.json` has the accesses of simulated clusters by name. The secret `token` is `hunter2-hunter2`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ansflow_core::image::Address;
use ansflow_core::run::event::{Event, RunCreated, RunFacts};
use ansflow_core::run::{Attempt, Input, Run};
use ansflow_engine::{Containers, Engine, KnownCluster, Observer, Registry, Replay, Spawner, Unobserved};
use ansflow_store::Store;
use ansflow_store::output::LogLineRef;
use ansflow_store::runs::NewRun;
use jiff::Timestamp;
use tokio::sync::mpsc;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let [word, dir] = &words[..] else { return ExitCode::from(2) };
    let dir = Path::new(dir);
    match word.to_str() {
        Some(ansflow_engine::ATTEMPT_COMMAND) => ansflow_engine::attempt_main(dir),
        Some("drive") => exit(drive(dir, &mut Printer(io::stdout()))),
        Some("drive-quietly") => exit(drive(dir, &mut Unobserved)),
        _ => ExitCode::from(2),
    }
}

fn exit(result: Result<(), Box<dyn Error>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stdout(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What steps may name, where the test says so.
fn clusters(dir: &Path) -> Result<Vec<KnownCluster>, Box<dyn Error>> {
    let text = match std::fs::read(dir.join("clusters.json")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let known: BTreeMap<String, ansflow_kube::Access> = serde_json::from_slice(&text)?;
    let cluster =
        |(name, access)| KnownCluster { names: vec![name], access, simulated: true, allowed_exec: Vec::new() };
    Ok(known.into_iter().map(cluster).collect())
}

fn drive(dir: &Path, observer: &mut impl Observer) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let store = Store::open_file(&dir.join("run.db")).await?;
        let run = load_or_create(&store, dir).await?;
        let engine = Engine {
            store,
            run_dir: dir.to_owned(),
            spawner: Arc::new(Spawner::new(std::env::current_exe()?, dir)),
            env: Arc::new(|name| std::env::var(name).ok()),
            secrets: BTreeMap::from([("token".to_owned(), "hunter2-hunter2".to_owned())]),
            git_credentials: Vec::new(),
            registries: Registry::given(registries()?),
            clusters: KnownCluster::given(clusters(dir)?),
            containers: Containers { instance: ansflow_engine::instance(dir)?, allowed_mounts: Vec::new() },
            grace: Duration::from_millis(300),
            mail: None,
            allow_loopback: true,
        };
        let (sender, inbox) = mpsc::channel(8);
        // A test that wants a cancel makes this file before it starts the engine, or sends SIGTERM.
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::spawn(async move {
            terminate.recv().await;
            let _ = sender.send(Input::Cancel { by: "mona".into() }).await;
        });
        let status = engine.drive(run, Replay::Everything, observer, inbox).await?;
        // Not `println!`: the test that killed us no longer listens.
        writeln!(io::stdout(), "status {status:?}")?;
        Ok(())
    })
}

/// `ANSFLOW_TEST_REGISTRY=USER:PASSWORD@ADDRESS` is the registry `1`.
fn registries() -> Result<Vec<Registry>, Box<dyn Error>> {
    let Ok(text) = std::env::var("ANSFLOW_TEST_REGISTRY") else { return Ok(Vec::new()) };
    let (login, address) = text.rsplit_once('@').ok_or("it has no `@`")?;
    let (username, password) = login.split_once(':').ok_or("it has no `:`")?;
    Ok(vec![Registry {
        names: vec!["1".to_owned()],
        address: Address::parse(address).map_err(|refused| refused.to_string())?,
        username: Some(username.to_owned()),
        password: Some(password.to_owned()),
        is_default: true,
    }])
}

async fn load_or_create(store: &Store, dir: &Path) -> Result<Run, Box<dyn Error>> {
    if let Ok(events) = store.runs().load("run_1").await {
        return Ok(Run::replay(&events)?);
    }
    let plan = serde_json::from_slice(&std::fs::read(dir.join("plan.json"))?)?;
    let workspace: PathBuf = dir.join("work");
    let facts = RunFacts { build_number: 1, workspace: workspace.display().to_string(), ..RunFacts::default() };
    let created =
        RunCreated { run: "run_1".into(), plan, facts, carried: Vec::new(), deselected: Vec::new(), concurrency: 8 };
    let mut run = Run::new();
    let events = run.advance(&Input::Create(Box::new(created)), Timestamp::now())?;
    let new = NewRun { id: "run_1", pipeline: "shop", number: 1, status: run.status() };
    store.runs().create(new, &events).await?;
    Ok(run)
}

/// One line each: `seq fact`, and `| step text`.
struct Printer<W>(W);

impl<W: io::Write> Observer for Printer<W> {
    fn event(&mut self, seq: u64, event: &Event, _run: &Run) -> io::Result<()> {
        writeln!(self.0, "{seq} {}", serde_json::to_string(&event.fact)?)
    }

    fn line(&mut self, attempt: Attempt, line: LogLineRef<'_>, _run: &Run) -> io::Result<()> {
        write!(self.0, "| {} ", attempt.step)?;
        self.0.write_all(line.bytes)?;
        self.0.write_all(b"\n")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
