//! `ansflow run --simulate`: a cluster that lives as long as this command, and what the steps are told of it.
//!
//! Steps outlive the command that was killed; the cluster does not. A run that is resumed gets a new one only where that is
//! asked for again.

use ansflow_sim::{SimConfig, VERSION};
use anyhow::Result;

use crate::exit::Refused;
use crate::simulated::{Aside, NAME};
use crate::state::runs::RunDir;

/// Where clients of Kubernetes look for their cluster.
pub(crate) const VARIABLE: &str = "KUBECONFIG";

/// What people are told at the start of a run.
pub(crate) const FRESH: &str = "lives as long as this run; no image is pulled and no container runs";
/// What they are told where it goes on.
pub(crate) const ANEW: &str = "is new and empty: what this run had in it before is gone";

/// Starts the run's cluster, its kubeconfig in the run's own folder.
pub(crate) fn start(dir: &RunDir) -> Result<Aside> {
    let config = SimConfig { name: NAME.to_owned(), ..SimConfig::default() };
    Aside::start(config, &dir.path().join("kubeconfig"))
}

/// The line that says so.
pub(crate) fn notice(cluster: &Aside, what: &str) -> String {
    let path = cluster.kubeconfig().display();
    format!("simulated: cluster `{NAME}` (Kubernetes {VERSION}) {what}\nsimulated: {VARIABLE} of the steps is {path}")
}

/// Refuses to go on with another cluster than the one that the run began with.
pub(crate) fn check_resumed(run: &str, before: bool, now: bool) -> Result<()> {
    match (before, now) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => {
            let gone = "and its simulated cluster ended with the command that was interrupted";
            Err(Refused::invalid(format!("`{run}` was started with --simulate, {gone}"))
                .help(format!(
                    "`ansflow run --resume {run} --simulate` goes on with a new, empty one; run the file again to begin anew"
                ))
                .into())
        }
        (false, true) => Err(Refused::invalid(format!("`{run}` was started without --simulate"))
            .help("leave it out, or run the file again with it")
            .into()),
    }
}
