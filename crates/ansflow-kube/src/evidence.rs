//! What was seen when a rollout failed, kept before anything is undone: the verdict, events, objects, logs – and what the
//! watches told, as a recording that `replay` judges again.
//!
//! Everything goes through the masker; a Secret's values are never in it.

mod fetch;
mod files;

pub use files::Kept;

use crate::cluster::Cluster;
use crate::follow::Followed;
use ansflow_core::mask::Masker;
use files::Files;
use std::path::Path;
use std::time::Duration;

/// How long asking the cluster may take, all of it.
const TIME: Duration = Duration::from_secs(5);

/// Writes the evidence into a folder, which is made. What could not be had in time is left out; an error of the disk is
/// told, and ends it.
pub async fn gather(cluster: &Cluster, followed: &Followed, into: &Path, mask: &Masker) -> std::io::Result<Vec<Kept>> {
    let mut files = Files::new(into, mask);
    files.known(followed)?;
    // What is there of it when the time is up is kept.
    let mut fetched = Vec::new();
    let all = fetch::all(cluster, followed, &mut fetched);
    let is_whole = tokio::time::timeout(TIME, all).await.is_ok();
    for (name, text) in fetched {
        files.write(&name, &text)?;
    }
    if !is_whole {
        tracing::debug!("not all evidence came in time");
    }
    Ok(files.kept())
}
