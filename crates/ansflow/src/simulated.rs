//! A simulated Kubernetes in this process, and the file that leads to it. Both end with whoever holds them.

mod aside;
mod kubeconfig;

use std::path::Path;

use ansflow_sim::{Sim, SimConfig, Who};
use anyhow::{Context, Result};

pub(crate) use self::aside::Aside;
pub(crate) use self::kubeconfig::{Kubeconfig, Overwrite};

/// What pipelines call it, and kubeconfigs too.
pub(crate) const NAME: &str = "simulated";

/// A simulated cluster at work.
#[derive(Debug)]
pub(crate) struct Simulated {
    sim: Sim,
    kubeconfig: Kubeconfig,
}

impl Simulated {
    /// Starts a cluster and writes its administrator's kubeconfig: when this returns, it answers.
    ///
    /// # Errors
    /// Where it cannot listen, or the file cannot be written or is somebody else's.
    pub(crate) async fn start(config: SimConfig, kubeconfig: &Path, overwrite: Overwrite) -> Result<Simulated> {
        // Before anything is started, so that a refusal has started nothing.
        kubeconfig::check(kubeconfig, overwrite)?;
        let sim = Sim::start(config).await.context("failed to start the simulated cluster")?;
        match Kubeconfig::write(kubeconfig, &sim.kubeconfig(&Who::admin())) {
            Ok(kubeconfig) => Ok(Simulated { sim, kubeconfig }),
            Err(problem) => {
                sim.stop().await;
                Err(problem)
            }
        }
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        self.sim.url()
    }

    /// The file that leads to it, absolute.
    pub(crate) fn kubeconfig(&self) -> &Path {
        self.kubeconfig.path()
    }

    /// Ends it; its file goes.
    pub(crate) async fn end(self) {
        self.sim.stop().await;
    }
}
