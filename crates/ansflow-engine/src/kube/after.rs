//! What attempts have left in clusters that could not delete it themselves: deleted when one is found dead, and when its run
//! ends.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use ansflow_core::run::Attempt;
use ansflow_kube::job::left;
use ansflow_kube::{Cluster, Limits};

use super::made::Made;
use super::pod;
use crate::cluster::KnownCluster;
use crate::engine::Engine;
use crate::folder::Folder;
use crate::spare::ATTEMPTS;

/// A cluster that does not answer holds up the end of an attempt no longer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Looks after the Job of one attempt, should that be found dead.
pub(crate) struct AfterLoss {
    engine: Engine,
    selector: String,
}

impl AfterLoss {
    pub(crate) fn of(engine: &Engine, run: &str, attempt: Attempt) -> AfterLoss {
        AfterLoss { engine: engine.clone(), selector: pod::of_attempt(&engine.containers.instance, run, attempt) }
    }

    /// Deletes its Job: how many there were, or why it could not be done. No cluster is asked where it had made none.
    pub(crate) async fn delete(&self, folder: &Folder) -> Result<usize, String> {
        let Some(made) = Made::noted(folder) else { return Ok(0) };
        let deleted = delete(&self.engine, &made, &self.selector).await?;
        Made::forget(folder);
        Ok(deleted)
    }
}

/// Deletes what is left of a run. No cluster is asked where all attempts have done it themselves.
pub(crate) async fn after_run(engine: &Engine, run: &str) {
    let Ok(attempts) = fs::read_dir(engine.run_dir.join(ATTEMPTS)) else { return };
    let folders: Vec<Folder> = attempts.flatten().map(|entry| Folder::at(entry.path())).collect();
    let places: BTreeSet<Made> = folders.iter().filter_map(Made::noted).collect();
    let selector = pod::of_run(&engine.containers.instance, run);
    for made in places {
        match delete(engine, &made, &selector).await {
            Ok(_) => folders.iter().filter(|folder| Made::noted(folder).as_ref() == Some(&made)).for_each(Made::forget),
            Err(why) => tracing::warn!(run.id = %run, "Jobs of {run} could not be looked for: {why}"),
        }
    }
}

async fn delete(engine: &Engine, made: &Made, selector: &str) -> Result<usize, String> {
    let known = (engine.clusters)().await.map_err(|error| error.to_string())?;
    let Some(known) = known.iter().find(|known| known.names.contains(&made.cluster)) else {
        return Err(format!("cluster {} is not known any more", made.cluster));
    };
    let work = async {
        let cluster = connect(known, engine.allow_loopback)?;
        let mut jobs = 0;
        // A Job that has ended may be looked at; its environment is nobody's business any more.
        for found in left::find(&cluster, Some(&made.namespace), selector).await?.iter().filter(|left| !left.has_ended)
        {
            let is_deleted = left::remove(&cluster, found).await?;
            jobs += usize::from(is_deleted && found.is_job());
        }
        Ok::<_, ansflow_kube::Error>(jobs)
    };
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(|error| format!("cluster {}: {error}", made.cluster)),
        Err(_) => Err(format!("cluster {} did not answer within {} s", made.cluster, PATIENCE.as_secs())),
    }
}

/// To be asked in the engine's own name, of a cluster that steps may name.
pub(super) fn connect(known: &KnownCluster, allow_loopback: bool) -> Result<Cluster, ansflow_kube::Error> {
    let allowed_exec = known.allowed_exec.clone();
    Cluster::connect(&known.access, &Limits { allow_loopback, allowed_exec, ..Limits::default() })
}
