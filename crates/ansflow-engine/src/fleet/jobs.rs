//! Jobs that killed attempts have left in clusters.

use futures_util::FutureExt as _;
use tracing::{error, info, warn};

use super::Fleet;
use crate::docker;
use crate::kube::{self, Theirs};

/// Looks for them in every cluster, and deletes those whose runs have ended. A cluster that cannot be asked is left out.
pub(super) async fn sweep(fleet: &Fleet) {
    let instance = match docker::instance(fleet.files.root()) {
        Ok(instance) => instance,
        Err(error) => return error!("failed to find out whose Jobs are ours: {error}"),
    };
    let clusters = match (fleet.sources.clusters)().await {
        Ok(clusters) => clusters,
        Err(error) => return error!("failed to find out in which clusters Jobs may be: {error}"),
    };
    let allow_loopback = fleet.sources.allow_loopback;
    let theirs = Theirs { instance, runs: fleet.files.runs(), clusters, allow_loopback };
    let store = fleet.store.clone();
    let ended = move |run: String| {
        let store = store.clone();
        async move {
            // A store that does not answer says of no run that it has ended.
            store.runs().ended_at(&run).await.map_or(Some(false), |at| at.map(|at| at.is_some()))
        }
        .boxed()
    };
    for swept in kube::sweep(&theirs, &ended).await {
        match swept.deleted {
            Ok(deleted) => {
                deleted
                    .iter()
                    .for_each(|what| info!("cluster {}: {what} was deleted: its run has ended", swept.cluster));
            }
            Err(why) => warn!("cluster {}: Jobs whose runs have ended could not be looked for: {why}", swept.cluster),
        }
    }
}
