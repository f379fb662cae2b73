//! Steps on clusters: spoken with the cluster from here, so that they outlive the engine as every attempt does. What was
//! applied stays when a step is called off; what became of the waiting is told with the attempt's report.

mod delete;
mod deploy;
mod desk;
mod evidence;
mod exec;
mod greeting;
mod job;
mod logs;
mod manifests;
mod scale;
mod scribe;
mod silence;
mod wait;

use ansflow_core::run::Judgement;
use ansflow_core::run::event::Gains;
use ansflow_core::spec::StepSpec;

use self::desk::Desk;
use super::session::Session;
use super::{NoGain, broken};
use crate::folder::Artifact;

/// What an attempt tells besides its report.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// How its waiting ended.
    pub(crate) verdict: Option<Box<Judgement>>,
    /// Evidence that it kept, also where it failed.
    pub(crate) artifacts: Vec<Artifact>,
}

pub(crate) fn run(session: &mut Session, spec: &StepSpec) -> Result<Gains, NoGain> {
    session.check_stop()?;
    // It is there already where the product's own `main` has run.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| broken(format!("failed to start the runtime: {error}")))?;
    let desk = {
        // The client makes its connections in the runtime.
        let _inside = runtime.enter();
        Desk::of(session)?
    };
    let done = runtime.block_on(async {
        tokio::select! {
            biased;
            done = perform(&desk, spec) => done,
            never = desk.scribe.outlet.keep_showing() => match never {},
        }
    });
    let told = desk.close();
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    session.told = told;
    // Of a program that printed a token.
    session.end_left_behind();
    done
}

async fn perform(desk: &Desk<'_>, spec: &StepSpec) -> Result<Gains, NoGain> {
    if let (StepSpec::Shell(_) | StepSpec::ScriptFile(_), Some(pod)) = (spec, &desk.kube.pod) {
        return job::run(desk, spec, pod).await;
    }
    let timeout_ms = match spec {
        StepSpec::K8sDeploy(step) => step.timeout_ms,
        StepSpec::K8sScale(step) => step.timeout_ms,
        StepSpec::K8sDelete(step) => step.timeout_ms,
        StepSpec::K8sWait(step) => step.timeout_ms,
        StepSpec::K8sExec(step) => step.timeout_ms,
        StepSpec::K8sLogs(step) => step.timeout_ms,
        StepSpec::Shell(_)
        | StepSpec::ScriptFile(_)
        | StepSpec::Ansible(_)
        | StepSpec::Git(_)
        | StepSpec::Notify(_)
        | StepSpec::DockerBuild(_)
        | StepSpec::DockerRun(_)
        | StepSpec::DockerPush(_)
        | StepSpec::DockerPull(_)
        | StepSpec::Approval => {
            return Err(broken(format!("a step of type `{}` does not run on a cluster", spec.kind())));
        }
    };
    let until = desk.until(timeout_ms);
    desk.greet(until).await?;
    match spec {
        StepSpec::K8sDeploy(step) => deploy::deploy(desk, step, until).await,
        StepSpec::K8sDelete(step) => delete::delete(desk, step, until).await,
        StepSpec::K8sLogs(step) => logs::logs(desk, step, until).await,
        StepSpec::K8sScale(step) => scale::scale(desk, step, until).await,
        StepSpec::K8sWait(step) => wait::wait(desk, step, until).await,
        StepSpec::K8sExec(step) => exec::exec(desk, step, until).await,
        _ => Err(broken(format!("a step of type `{}` cannot run in this version yet", spec.kind()))),
    }
}
