//! The process of one attempt: owns the user's processes, masks and writes their output, says how it ended.
//!
//! It outlives the engine that started it and shares only a folder with it. One thread, one `poll` loop, no tokio but
//! in steps that speak to the network themselves: it is started once for every attempt, so its own cost is a cost of
//! every step. Read in the order of `perform`.

mod alarm;
mod ansible;
mod artifacts;
mod docker;
mod git;
mod kube;
mod notify;
pub mod order;
mod outlet;
mod outputs;
mod pump;
mod script;
mod secret_file;
mod session;
mod shell;
mod signals;

pub(crate) use self::docker::CONTAINERS;
pub(crate) use self::git::address;
pub(crate) use self::session::MARK;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use ansflow_core::mask::Masker;
use ansflow_core::run::event::{Gains, Report};
use ansflow_core::spec::StepSpec;
use jiff::Timestamp;
use nix::sys::prctl;

use self::order::Order;
use self::session::Session;
use crate::brand;
use crate::folder::{Artifact, Ending, Folder, Owned, Started};
use crate::tree;

/// The whole life of an attempt process; its only argument is the folder in which attempts have theirs, the order comes
/// through standard input. Call it first thing in `main`: it expects a process that has done nothing yet.
///
/// Whatever comes of the attempt stands in its folder. The exit code only says whether that could be written.
#[must_use]
pub fn attempt_main(dir: &Path) -> ExitCode {
    // The user's programs are told of it, and work in other directories.
    match std::path::absolute(dir).and_then(|dir| run(&dir)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_nobody_is_there_to_be_told) => ExitCode::FAILURE,
    }
}

fn run(attempts: &Path) -> io::Result<()> {
    // Fails for the leader of a process group, which only a person at a shell would start us as.
    let _ = nix::unistd::setsid();
    let order = Order::read(&mut io::stdin().lock())?;
    let folder = Folder::at(attempts.join(&order.folder));
    let Some(owned) = begin(&folder, &order)? else { return Ok(()) };
    let mut session = Session::open(&folder, order)?;
    let outcome = perform(&mut session);
    end(&folder, session, outcome)?;
    // Until here: whoever takes the attempt next finds its result.
    drop(owned);
    Ok(())
}

/// Takes the attempt and says that its work begins; none: it is somebody else's, or was begun before.
fn begin(folder: &Folder, order: &Order) -> io::Result<Option<Owned>> {
    let Some(mut owned) = folder.try_own()? else { return Ok(None) };
    if folder.has_ended() || folder.started()?.is_some() {
        return Ok(None);
    }
    prctl::set_child_subreaper(true)?;
    owned.sign(std::process::id())?;
    let (pid, mark) = (std::process::id().cast_signed(), order.mark.clone());
    folder.set_started(&Started { pid, mark, brand: brand::put_on(), boot: tree::boot() })?;
    Ok(Some(owned))
}

/// The work: what is gained, or how it ended without gain.
fn perform(session: &mut Session) -> Result<(Gains, Vec<Artifact>), NoGain> {
    let spec = std::mem::replace(&mut session.order.spec, StepSpec::Approval);
    let mut gains = match &spec {
        StepSpec::Shell(_) | StepSpec::ScriptFile(_) if session.order.is_contained() => docker::run(session, &spec)?,
        StepSpec::Shell(_) | StepSpec::ScriptFile(_) if session.order.is_in_a_pod() => kube::run(session, &spec)?,
        StepSpec::Shell(shell) => shell::run(session, shell)?,
        StepSpec::ScriptFile(script) => script::run(session, script)?,
        StepSpec::Ansible(ansible) => ansible::run(session, ansible)?,
        StepSpec::Git(git) => git::run(session, git)?,
        StepSpec::Notify(notify) => notify::run(session, notify)?,
        StepSpec::DockerBuild(_) | StepSpec::DockerRun(_) | StepSpec::DockerPush(_) | StepSpec::DockerPull(_) => {
            docker::run(session, &spec)?
        }
        StepSpec::K8sDeploy(_)
        | StepSpec::K8sScale(_)
        | StepSpec::K8sDelete(_)
        | StepSpec::K8sWait(_)
        | StepSpec::K8sExec(_)
        | StepSpec::K8sLogs(_) => kube::run(session, &spec)?,
        StepSpec::Approval => Gains::default(),
    };
    let outputs = session.outputs()?;
    gains.outputs.extend(outputs.values);
    gains.masked.extend(outputs.masked);
    let artifacts = artifacts::keep(session)?;
    Ok((gains, artifacts))
}

/// The last act: first the log outlasts the plug, then the result says how long it is.
fn end(folder: &Folder, mut session: Session, outcome: Result<(Gains, Vec<Artifact>), NoGain>) -> io::Result<()> {
    let masker = session.masker.clone();
    let told = std::mem::take(&mut session.told);
    let (log_bytes, trouble) = session.close();
    let (report, mut artifacts) = match (outcome, trouble) {
        (Ok((gains, artifacts)), None) => (Report::Succeeded(gains), artifacts),
        (Ok(_), Some(message)) => (Report::Broken { message }, Vec::new()),
        (Err(no_gain), _) => (no_gain.report(&masker), Vec::new()),
    };
    artifacts.extend(told.artifacts);
    folder.set_ending(&Ending { report, ended_at: Timestamp::now(), log_bytes, artifacts, verdict: told.verdict })
}

/// Takes away the secrets in clear that a killed attempt could not.
pub(crate) fn remove_left_behind(folder: &Folder) {
    session::remove_output(folder);
    secret_file::remove_left_behind(folder);
    docker::remove_left_behind(folder);
}

/// How an attempt ends without success, as its own process knows it.
#[derive(Debug)]
enum NoGain {
    /// The user's work said no.
    Failed { exit_code: Option<i32>, message: String },
    /// We, or the world, could not do it.
    Broken { message: String },
    /// It took too long.
    TimedOut,
    /// It was asked to stop.
    Stopped,
}

impl NoGain {
    /// Messages quote the user's text, which may hold a secret.
    fn report(self, masker: &Masker) -> Report {
        let hide = |message: String| masker.mask(&message).into_owned();
        match self {
            NoGain::Failed { exit_code, message } => Report::Failed { exit_code, message: hide(message) },
            NoGain::Broken { message } => Report::Broken { message: hide(message) },
            NoGain::TimedOut => Report::TimedOut,
            NoGain::Stopped => Report::Stopped,
        }
    }
}

/// The user's work said no, without a process that could have said it.
fn failed(message: impl Into<String>) -> NoGain {
    NoGain::Failed { exit_code: None, message: message.into() }
}

/// We, or the world, could not do it.
fn broken(message: impl Into<String>) -> NoGain {
    NoGain::Broken { message: message.into() }
}
