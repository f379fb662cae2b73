//! What of the past goes by itself: runs and workspaces that ended long ago, and folders that nobody knows.
//!
//! Nothing of a run that has not ended is ever touched. Rows go first: a folder without a row is found again.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use ansflow_store::{Files, Result, Store};
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use super::{Limits, is_plain};

/// So many runs are looked up at once.
const BATCH: u64 = 100;
/// A folder without a row may belong to a run that is just being made.
const ORPHANED: Duration = Duration::from_secs(24 * 3600);
const DAY: i64 = 24 * 3600;

/// One round. What cannot be removed is left for the next time.
pub(super) async fn tidy(store: &Store, files: &Files, limits: Limits, now: Timestamp) -> Result<()> {
    if let Some(before) = days_ago(limits.keep_runs_days, now) {
        remove_runs(store, files, before).await?;
    }
    let workspaces_before = days_ago(limits.keep_workspaces_days, now);
    for (run, folder) in in_thread({
        let runs = files.runs();
        move || folders(&runs)
    })
    .await
    {
        match store.runs().ended_at(&run).await? {
            Some(None) => {}
            Some(Some(at)) => {
                let workspace = files.workspace(&run);
                if workspaces_before.is_some_and(|before| at < before) && workspace.symlink_metadata().is_ok() {
                    remove(workspace).await;
                }
            }
            None if is_orphaned(&folder, now) => remove(folder).await,
            None => {}
        }
    }
    Ok(())
}

async fn remove_runs(store: &Store, files: &Files, before: i64) -> Result<()> {
    loop {
        let expired = store.runs().ended_before(before, BATCH).await?;
        for run in &expired {
            if store.runs().forget(run).await? && is_plain(run) {
                remove(files.run(run)).await;
                info!(run.id = %run, "{run} was removed: it ended long ago");
            }
        }
        if (expired.len() as u64) < BATCH {
            return Ok(());
        }
    }
}

/// Milliseconds since 1970; none: never.
fn days_ago(days: u32, now: Timestamp) -> Option<i64> {
    let age = SignedDuration::from_secs(i64::from(days) * DAY);
    (days > 0).then(|| now.checked_sub(age).map_or(i64::MIN, Timestamp::as_millisecond))
}

/// Folders that could be a run's.
fn folders(runs: &std::path::Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(runs) else { return Vec::new() };
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let named = folders.filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())));
    named.filter(|(name, _)| is_plain(name) && name.starts_with("run_")).collect()
}

fn is_orphaned(folder: &std::path::Path, now: Timestamp) -> bool {
    let changed = folder.symlink_metadata().and_then(|about| about.modified());
    changed.is_ok_and(|changed| SystemTime::from(now).duration_since(changed).is_ok_and(|age| age > ORPHANED))
}

/// Never follows a link out of it.
async fn remove(folder: PathBuf) {
    let shown = folder.display().to_string();
    let removed = in_thread(move || match folder.symlink_metadata() {
        Ok(about) if about.is_dir() => std::fs::remove_dir_all(&folder),
        Ok(_) => std::fs::remove_file(&folder),
        Err(_) => Ok(()),
    });
    if let Err(error) = removed.await {
        warn!("failed to remove `{shown}`: {error}");
    }
}

async fn in_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime ends, and we with it.
            Err(_) => std::future::pending().await,
        },
    }
}
