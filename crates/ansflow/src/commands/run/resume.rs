//! An interrupted run goes on: stored text, variables and directory; secrets are given again.

use ansflow_core::run::{Input, Run};
use ansflow_store::Store;
use anyhow::{Context, Result};
use jiff::Timestamp;

use super::drive::{self, Driven};
use crate::cli::{Output, RunArgs};
use crate::exit::{Exit, Refused};
use crate::run::clusters;
use crate::run::mail;
use crate::run::people::Answers;
use crate::run::registries;
use crate::run::secrets::Secrets;
use crate::run::simulate;
use crate::state::StateDir;
use crate::state::active::Marker;

pub(super) fn resume(name: &str, args: &RunArgs, output: Output) -> Result<Exit> {
    let state = StateDir::open()?;
    let dir = state.open_run(name)?;
    let mut invocation = dir.invocation()?.ok_or_else(|| never_began(&dir.run))?;
    let secrets = Secrets::read(&args.secrets, &args.secret_files)?;
    // What is said anew is said instead of what was said before.
    if !args.registries.is_empty() {
        invocation.registries.clone_from(&args.registries);
    }
    if !args.clusters.is_empty() {
        invocation.clusters = clusters::absolute(&args.clusters);
        invocation.allowed_exec.clone_from(&args.allowed_exec);
    }
    if !args.allowed_mounts.is_empty() {
        invocation.allowed_mounts.clone_from(&args.allowed_mounts);
    }
    let registries = registries::given(&invocation.registries)?;
    let containers = drive::containers(&invocation.allowed_mounts)?;
    invocation.allowed_mounts.clone_from(&containers.allowed_mounts);
    let mail = mail::server()?;
    drive::block_on(async {
        let store = Store::open_file(&dir.database()).await.context("failed to open the run's store")?;
        let run = load(&store, &dir.run).await?;
        let mut view = super::view(output, &dir.run)?;
        let mut simulated = None;
        let mut clusters = Vec::new();
        if !run.is_ended() {
            simulate::check_resumed(&dir.run, invocation.simulate, args.simulate)?;
            let unfinished: Vec<usize> =
                (0..run.plan().steps.len()).filter(|step| run.step(*step).finished().is_none()).collect();
            drive::require_secrets(run.plan(), unfinished.iter().copied(), &secrets)?;
            if let Some(path) = &invocation.env_file {
                drive::load_env_file(path)?;
            }
            clusters = clusters::given(&invocation.clusters, &invocation.allowed_exec, invocation.simulate).await?;
            invocation.yes |= args.yes;
            dir.keep_invocation(&invocation)?;
            let (pipeline, file) = (run.plan().pipeline.clone(), invocation.file.clone());
            state.mark_active(&Marker { run: dir.run.clone(), pipeline, file })?;
            if invocation.simulate {
                let cluster = simulate::start(&dir)?;
                view.notice(&simulate::notice(&cluster, simulate::ANEW));
                clusters.push(clusters::simulated(&cluster).await?);
                simulated = Some(cluster);
            }
        }
        let spawner = drive::spawner(&dir, simulated.as_ref())?;
        let finished: Vec<usize> =
            (0..run.plan().steps.len()).filter(|step| run.step(*step).finished().is_some()).collect();
        let answers = Answers::of(run.plan(), &finished, invocation.yes)?;
        let (state, secrets) = (&state, &secrets);
        drive::drive(Driven {
            state,
            dir: &dir,
            store,
            spawner,
            run,
            secrets,
            registries,
            clusters,
            containers,
            mail,
            view,
            answers,
            simulated,
        })
        .await
    })
}

/// The run that the stored events make. One that was created and never started is started now.
async fn load(store: &Store, id: &str) -> Result<Run> {
    let events = match store.runs().load(id).await {
        Err(ansflow_store::Error::NotFound(_)) => return Err(never_began(id).into()),
        loaded => loaded.with_context(|| format!("failed to load the events of `{id}`"))?,
    };
    let mut run = Run::replay(&events).with_context(|| format!("the events of `{id}` contradict each other"))?;
    if run.started_at().is_none() && !run.is_ended() {
        let seq = run.seq();
        let events = run.advance(&Input::Start, Timestamp::now()).context("a queued run can be started")?;
        store
            .runs()
            .append(id, seq, &events, run.status())
            .await
            .context("failed to store that the run has started")?;
    }
    Ok(run)
}

fn never_began(id: &str) -> Refused {
    Refused::invalid(format!("`{id}` was cut off before it began; nothing of it was started"))
        .exit(Exit::NotFound)
        .help("run the file again")
}
