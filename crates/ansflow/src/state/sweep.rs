//! Old runs go by themselves.

use std::fs;
use std::time::{Duration, SystemTime};

use super::StateDir;

/// Runs older than this are removed.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// We look this often, not at every run.
const EVERY: Duration = Duration::from_secs(24 * 3600);

impl StateDir {
    /// Removes runs that nobody has touched for 30 days and nobody drives. What cannot be removed is left for the next
    /// time: sweeping is never a reason for a run to fail.
    pub(crate) fn sweep(&self, now: SystemTime) {
        let stamp = self.path("swept");
        let age = |path: &std::path::Path| {
            let changed = fs::metadata(path).and_then(|meta| meta.modified()).ok()?;
            now.duration_since(changed).ok()
        };
        if age(&stamp).is_some_and(|age| age < EVERY) {
            return;
        }
        let _ = fs::write(&stamp, "");
        let Ok(entries) = fs::read_dir(self.runs()) else { return };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let Some(run) = name.to_str() else { continue };
            // The invocation is written once, when the run is asked for; the folder's own time changes with every attempt.
            let old = age(&path).is_some_and(|age| age > KEPT);
            if old && self.is_abandoned(run) {
                let _ = fs::remove_dir_all(&path);
                self.unmark_active(run);
            }
        }
    }
}
