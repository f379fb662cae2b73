//! A simulated cluster on a thread of its own: whoever does something else holds it, and waits for nothing of it.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use ansflow_sim::SimConfig;
use anyhow::{Context, Result, anyhow};
use tokio::sync::oneshot;

use super::{NAME, Overwrite, Simulated};

/// A simulated cluster that ends, with its file, when this is dropped.
#[derive(Debug)]
pub(crate) struct Aside {
    kubeconfig: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Aside {
    /// Starts a cluster; its kubeconfig takes the place of what an earlier one has left at this absolute path.
    ///
    /// # Errors
    /// As [`Simulated::start`].
    pub(crate) fn start(config: SimConfig, kubeconfig: &Path) -> Result<Aside> {
        let kubeconfig = kubeconfig.to_owned();
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let path = kubeconfig.clone();
        let thread = thread::Builder::new()
            .name(NAME.to_owned())
            .spawn(move || live(config, &path, &tell, stopped))
            .context("failed to start a thread for the simulated cluster")?;
        // Held before its answer is there, so that it ends also where that is a refusal.
        let aside = Aside { kubeconfig, stop: Some(stop), thread: Some(thread) };
        told.recv().unwrap_or_else(|_| Err(anyhow!("AnsFlow has a bug: the simulated cluster panicked")))?;
        Ok(aside)
    }

    /// The file that leads to it, absolute.
    pub(crate) fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }
}

fn live(config: SimConfig, kubeconfig: &Path, tell: &mpsc::Sender<Result<()>>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.context("failed to start the runtime").map(|runtime| {
        runtime.block_on(async {
            match Simulated::start(config, kubeconfig, Overwrite::OnlyOurs).await {
                Ok(cluster) => {
                    // Who started it is gone where nobody hears this, and then it ends at once.
                    let _ = tell.send(Ok(()));
                    let _ = stopped.await;
                    cluster.end().await;
                }
                Err(problem) => drop(tell.send(Err(problem))),
            }
        });
        runtime.shutdown_background();
    });
    if let Err(problem) = outcome {
        let _ = tell.send(Err(problem));
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // One that panicked has said so, and is over too.
            let _ = thread.join();
        }
    }
}
