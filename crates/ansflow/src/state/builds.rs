//! Build numbers: how many runs a pipeline has had here.

use std::collections::BTreeMap;
use std::fs::{self, File};

use anyhow::{Context, Result};
use nix::fcntl::{Flock, FlockArg};

use super::{StateDir, write_whole};

impl StateDir {
    /// The next build number of a pipeline, from 1; no two runs get the same.
    pub(crate) fn next_build(&self, pipeline: &str) -> Result<u64> {
        let path = self.path("builds.json");
        let gate = File::create(self.path("builds.lock")).context("failed to open the build numbers' lock")?;
        let _held = Flock::lock(gate, FlockArg::LockExclusive)
            .map_err(|(_, errno)| errno)
            .context("failed to lock the build numbers")?;
        let mut counts: BTreeMap<String, u64> = match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .with_context(|| format!("`{}` is damaged: build numbers are not readable", path.display()))?,
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(other) => return Err(other).with_context(|| format!("failed to read `{}`", path.display())),
        };
        let count = counts.entry(pipeline.to_owned()).or_insert(0);
        *count += 1;
        let number = *count;
        let text = serde_json::to_vec_pretty(&counts).context("failed to write the build numbers down")?;
        write_whole(&path, &text).with_context(|| format!("failed to write `{}`", path.display()))?;
        Ok(number)
    }
}
