//! A new run: everything is checked, then its folder is made, then it is driven.

use std::path::Path;

use ansflow_core::plan::select::Selection;
use ansflow_core::planning;
use ansflow_core::run::event::{RunCreated, RunFacts};
use ansflow_core::run::{Input, Run};
use ansflow_store::Store;
use ansflow_store::runs::NewRun;
use anyhow::{Context, Result};
use jiff::Timestamp;

use super::drive::{self, Driven};
use crate::cli::{Output, RunArgs};
use crate::exit::Exit;
use crate::run::clusters;
use crate::run::mail;
use crate::run::people::{Answers, user};
use crate::run::prepare::{self, File};
use crate::run::registries;
use crate::run::secrets::Secrets;
use crate::run::select;
use crate::run::simulate;
use crate::state::StateDir;
use crate::state::active::Marker;
use crate::state::runs::Invocation;
use crate::terminal::err;

/// At least so many steps at once: most of them wait for something else than a processor.
const LEAST_CONCURRENCY: u32 = 4;

pub(super) fn start(path: &Path, args: &RunArgs, output: Output) -> Result<Exit> {
    let file = File::read(path)?;
    let workspace = prepare::workspace(args.dir.as_deref())?;
    let registries = registries::given(&args.registries)?;
    let mut clusters = drive::block_on(clusters::given(&args.clusters, &args.allowed_exec, args.simulate))?;
    let containers = drive::containers(&args.allowed_mounts)?;
    let mut facts = prepare::facts(prepare::variables(&args.vars)?, &workspace);
    facts.registries = Some(registries::names(&registries));
    facts.clusters = Some(clusters::names(&clusters, args.simulate));
    let plan = prepare::plan(&file, &facts)?;
    let deselected = select::deselected(selection(args), &plan)?;
    let left_out: Vec<usize> = deselected.iter().map(|(step, _)| *step).collect();
    prepare::refuse_what_cannot_run(&plan, &facts, &left_out)?;
    let secrets = Secrets::read(&args.secrets, &args.secret_files)?;
    let steps = (0..plan.steps.len()).filter(|step| !left_out.contains(step));
    drive::require_secrets(&plan, steps, &secrets)?;
    let mail = mail::server()?;
    let mails = planning::sends_mail(&plan, &facts).into_iter().find(|step| !left_out.contains(step));
    if let (Some(step), None) = (mails, &mail) {
        return Err(mail::not_known(&plan.steps[step].name).into());
    }
    let answers = Answers::of(&plan, &left_out, args.yes)?;
    let env_file = args.env_file.as_deref().map(drive::load_env_file).transpose()?;
    let state = StateDir::open()?;
    let file_path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    offer_to_resume(&state, &file_path);

    let run_id = format!("run_{}", uuid::Uuid::now_v7().simple());
    let build_number = state.next_build(&plan.pipeline)?;
    let created = RunCreated {
        run: run_id.clone(),
        facts: RunFacts {
            build_number,
            trigger: "manual".to_owned(),
            by: user(),
            workspace: workspace.to_string_lossy().into_owned(),
            git_branch: facts.git_branch,
            git_commit: facts.git_commit,
            repository: None,
            retry_of: None,
        },
        carried: Vec::new(),
        deselected,
        concurrency: args.concurrency.unwrap_or_else(concurrency),
        plan,
    };
    let invocation = Invocation {
        file: file_path.clone(),
        env_file,
        yes: args.yes,
        simulate: args.simulate,
        registries: args.registries.clone(),
        clusters: clusters::absolute(&args.clusters),
        allowed_exec: args.allowed_exec.clone(),
        allowed_mounts: containers.allowed_mounts.clone(),
    };
    let dir = state.create_run(&run_id, &invocation, &file.bytes)?;
    let mut view = super::view(output, &run_id)?;
    let simulated = args.simulate.then(|| simulate::start(&dir)).transpose()?;
    if let Some(cluster) = &simulated {
        view.notice(&simulate::notice(cluster, simulate::FRESH));
    }
    let pipeline = created.plan.pipeline.clone();
    drive::block_on(async {
        if let Some(cluster) = &simulated {
            clusters.push(clusters::simulated(cluster).await?);
        }
        let spawner = drive::spawner(&dir, simulated.as_ref())?;
        let store = Store::open_file(&dir.database()).await.context("failed to make the run's store")?;
        let run = begin(&store, created).await?;
        state.mark_active(&Marker { run: run_id.clone(), pipeline, file: file_path })?;
        let state = &state;
        let secrets = &secrets;
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

/// Stores the first facts of a run; nothing is started before they are durable.
async fn begin(store: &Store, created: RunCreated) -> Result<Run> {
    let now = Timestamp::now();
    let (id, pipeline, number) = (created.run.clone(), created.plan.pipeline.clone(), created.facts.build_number);
    let mut run = Run::new();
    let refused = "a run that was just made takes its first inputs";
    let mut events = run.advance(&Input::Create(Box::new(created)), now).context(refused)?;
    events.extend(run.advance(&Input::Start, now).context(refused)?);
    let row = NewRun { id: &id, pipeline: &pipeline, number, status: run.status() };
    store.runs().create(row, &events).await.context("failed to store the run")?;
    Ok(run)
}

fn selection(args: &RunArgs) -> Selection<'_> {
    match (&args.from, &args.only) {
        (Some(step), _) => Selection::From(step),
        (None, Some(step)) => Selection::Only(step),
        (None, None) => Selection::All,
    }
}

fn concurrency() -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, |count| count.get());
    u32::try_from(processors).unwrap_or(u32::MAX).max(LEAST_CONCURRENCY)
}

fn offer_to_resume(state: &StateDir, file: &Path) {
    if let Some(marker) = state.interrupted(file).pop() {
        err(&format!(
            "note: a run of `{}` was interrupted; `ansflow run --resume {}` goes on with it\n",
            marker.pipeline, marker.run
        ));
    }
}
