//! Steps on images and containers: spoken with the daemon from here, so that they outlive the engine as every attempt
//! does, and end as every attempt does — asked, in time, with nothing left behind.

mod build;
mod container;
mod desk;
mod gains;
mod mounts;
mod pull;
mod push;
mod run;
mod shell;
mod verdict;

use ansflow_core::run::event::Gains;
use ansflow_core::spec::StepSpec;

use self::desk::Desk;
use super::session::Session;
use super::{NoGain, broken};
use crate::folder::Folder;

/// The labels of the containers that the attempt makes, in its folder from before the first one on: by them an engine
/// finds what a killed attempt could not remove.
pub(crate) const CONTAINERS: &str = "containers.json";

/// What the user of a container without a home of its own is given as one.
const HOME: &str = "home";

pub(crate) fn run(session: &mut Session, spec: &StepSpec) -> Result<Gains, NoGain> {
    session.check_stop()?;
    // It is there already where the product's own `main` has run.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| broken(format!("failed to start the runtime: {error}")))?;
    let desk = Desk::of(session)?;
    let done = runtime.block_on(async {
        tokio::select! {
            biased;
            done = perform(&desk, spec) => done,
            never = desk.outlet.keep_showing() => match never {},
        }
    });
    desk.outlet.end();
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    session.end_left_behind();
    done
}

async fn perform(desk: &Desk<'_>, spec: &StepSpec) -> Result<Gains, NoGain> {
    let daemon = desk.daemon().await?;
    match spec {
        StepSpec::DockerBuild(step) => build::build(desk, &daemon, step).await,
        StepSpec::DockerRun(step) => run::run(desk, &daemon, step).await,
        StepSpec::DockerPush(step) => push::push(desk, &daemon, step).await,
        StepSpec::DockerPull(step) => pull::pull(desk, &daemon, step).await,
        StepSpec::Shell(text) => shell::text(desk, &daemon, text).await,
        StepSpec::ScriptFile(script) => shell::file(desk, &daemon, script).await,
        StepSpec::Ansible(_)
        | StepSpec::Git(_)
        | StepSpec::Notify(_)
        | StepSpec::K8sDeploy(_)
        | StepSpec::K8sScale(_)
        | StepSpec::K8sDelete(_)
        | StepSpec::K8sWait(_)
        | StepSpec::K8sExec(_)
        | StepSpec::K8sLogs(_)
        | StepSpec::Approval => Err(broken(format!("a step of type `{}` does not run in a container", spec.kind()))),
    }
}

/// Takes away what a killed attempt could not. Its containers are the engine's to remove.
pub(crate) fn remove_left_behind(folder: &Folder) {
    // Never there, but where a shell text ran in a container.
    let _ = std::fs::remove_dir_all(folder.file(HOME));
}
