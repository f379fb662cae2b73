//! What a new run and a resumed one have in common: the engine, the signals, the exit code.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ansflow_core::plan::{Plan, StepIndex};
use ansflow_core::preview;
use ansflow_core::run::{Input, Run};
use ansflow_engine::notify::MailServer;
use ansflow_engine::{Containers, Engine, Env, KnownCluster, Leftovers, Registry, Replay, Spawner};
use ansflow_store::Store;
use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::exit::{Exit, Refused};
use crate::mounts;
use crate::run::people::{Answers, user};
use crate::run::secrets::Secrets;
use crate::run::simulate;
use crate::run::views::View;
use crate::run::watch::Watcher;
use crate::simulated::Aside;
use crate::state::StateDir;
use crate::state::runs::RunDir;
use crate::terminal::err;

/// From asking a step's processes to end to killing them.
const GRACE: Duration = Duration::from_secs(10);

/// A Docker daemon that does not answer holds up the end of a run no longer.
const SWEEPING: Duration = Duration::from_secs(10);

/// A run and all that driving it needs.
pub(super) struct Driven<'a> {
    pub(super) state: &'a StateDir,
    pub(super) dir: &'a RunDir,
    pub(super) store: Store,
    pub(super) spawner: Arc<Spawner>,
    pub(super) run: Run,
    pub(super) secrets: &'a Secrets,
    pub(super) registries: Vec<Registry>,
    pub(super) clusters: Vec<KnownCluster>,
    pub(super) containers: Containers,
    pub(super) mail: Option<MailServer>,
    pub(super) view: View,
    pub(super) answers: Answers,
    /// Ends when the run has, or when we give up.
    pub(super) simulated: Option<Aside>,
}

/// Runs something asynchronous. One thread is enough: the work is done by other processes.
pub(super) fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("failed to start the runtime")?;
    let result = runtime.block_on(future);
    // A thread that waits for a terminal or a lock is not waited for.
    runtime.shutdown_background();
    result
}

/// What starts the run's attempts, with the first one's process under way. Where a cluster is simulated, it is theirs.
pub(super) fn spawner(dir: &RunDir, simulated: Option<&Aside>) -> Result<Arc<Spawner>> {
    let program = std::env::current_exe().context("failed to find out where this program is")?;
    let mut spawner = Spawner::new(program, dir.path());
    if let Some(cluster) = simulated {
        spawner = spawner.with(simulate::VARIABLE, cluster.kubeconfig());
    }
    spawner.start_ahead().context("failed to start a process for the first step")?;
    Ok(Arc::new(spawner))
}

/// Whose the containers of steps are, and what they may see besides the workspace.
pub(super) fn containers(allowed: &[PathBuf]) -> Result<Containers> {
    let state = StateDir::open()?;
    let instance = ansflow_engine::instance(state.root()).context("failed to name the folder of runs")?;
    Ok(Containers { instance, allowed_mounts: mounts::allowed(allowed)? })
}

/// Drives the run to its end.
pub(super) async fn drive(driven: Driven<'_>) -> Result<Exit> {
    let Driven { state, dir, store, spawner, run, secrets, mail, mut view, answers, simulated, .. } = driven;
    for name in secrets.too_short() {
        view.notice(&format!("warning: the secret `{name}` is too short to be masked in output"));
    }
    let (inbox, inputs) = mpsc::channel(64);
    let engine = Engine {
        store,
        run_dir: dir.path().to_owned(),
        spawner,
        env: environment(simulated.as_ref()),
        secrets: secrets.by_name().clone(),
        git_credentials: Vec::new(),
        registries: Registry::given(driven.registries),
        clusters: KnownCluster::given(driven.clusters),
        containers: driven.containers,
        grace: GRACE,
        mail,
        // Whoever runs a pipeline here may speak to what else runs here.
        allow_loopback: true,
    };
    let mut watcher = Watcher::new(view, answers, inbox.clone());
    let mut interrupt = signal(SignalKind::interrupt()).context("failed to listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("failed to listen for signals")?;
    let mut signalled = None;
    let status = {
        let mut driving = std::pin::pin!(engine.drive(run, Replay::Everything, &mut watcher, inputs));
        loop {
            let number = tokio::select! {
                status = &mut driving => break status,
                Some(()) = interrupt.recv() => 2,
                Some(()) = terminate.recv() => 15,
            };
            if signalled.replace(number).is_some() {
                err("still waiting for the steps to end\n");
            }
            // A second cancel is refused by the run, which is what we want.
            let _ = inbox.try_send(Input::Cancel { by: user() });
        }
    };
    let status = status.with_context(|| {
        Refused::invalid(format!("`{}` was left in the middle", dir.run))
            .exit(Exit::Failed)
            .help(format!("`ansflow run --resume {}` goes on with it", dir.run))
    })?;
    state.unmark_active(&dir.run);
    state.sweep(SystemTime::now());
    sweep_containers(state, dir).await;
    Ok(signalled.map_or_else(|| Exit::of_run(status), Exit::Signal))
}

/// What `env.NAME` in the pipeline means: what steps find in their environment.
fn environment(simulated: Option<&Aside>) -> Arc<Env> {
    let kubeconfig = simulated.and_then(|cluster| cluster.kubeconfig().to_str()).map(str::to_owned);
    Arc::new(move |name| match &kubeconfig {
        Some(path) if name == simulate::VARIABLE => Some(path.clone()),
        Some(_) | None => std::env::var(name).ok().filter(|_| !name.starts_with("ANSFLOW_")),
    })
}

/// Removes what steps of runs that were killed left at the Docker daemon; it is asked only where this run had to do with it.
async fn sweep_containers(state: &StateDir, dir: &RunDir) {
    if !ansflow_engine::used_containers(dir.path()) {
        return;
    }
    let Ok(instance) = ansflow_engine::instance(state.root()) else { return };
    let leftovers = Leftovers::here(instance, state.runs());
    // A run that was left in the middle can be resumed, and its containers with it.
    let has_ended = async |run: String| !state.is_active(&run);
    // Sweeping is never a reason for a run to fail.
    let _ = tokio::time::timeout(SWEEPING, ansflow_engine::sweep(&leftovers, has_ended)).await;
}

/// Refuses to start without the secrets that these steps name.
pub(super) fn require_secrets(plan: &Plan, steps: impl Iterator<Item = StepIndex>, given: &Secrets) -> Result<()> {
    let named = preview::secrets(plan, steps);
    let missing: Vec<String> = named.iter().filter(|name| !given.by_name().contains_key(*name)).cloned().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let flags = missing.iter().map(|name| format!("--secret {name}")).collect::<Vec<_>>().join(" ");
    let (noun, verb) = if missing.len() == 1 { ("secret", "is") } else { ("secrets", "are") };
    Err(Refused::invalid(format!("the {noun} {list} {verb} used and not given"))
        .help(format!(
            "{flags} takes the value from ANSFLOW_SECRET_{} in the environment",
            missing.join(", ANSFLOW_SECRET_")
        ))
        .into())
}

/// Puts the variables of a file into our environment, which every step inherits. Its absolute path.
pub(super) fn load_env_file(path: &Path) -> Result<PathBuf> {
    let refused = || Refused::invalid(format!("the environment file `{}` cannot be read", path.display()));
    dotenvy::from_path_override(path).with_context(refused)?;
    path.canonicalize().with_context(refused)
}
