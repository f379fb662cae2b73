//! `--allow-mount PATH`: what of this machine containers of steps may see besides their workspace.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::exit::Refused;

/// The places that these words mean. One that is not there is a spelling mistake.
pub(crate) fn allowed(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let place = |path: &PathBuf| {
        let refused = || Refused::invalid(format!("`--allow-mount {}` cannot be allowed", path.display()));
        path.canonicalize().with_context(refused)
    };
    paths.iter().filter(|path| !path.as_os_str().is_empty()).map(place).collect()
}
