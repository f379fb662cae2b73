//! Whether the machine was started anew since the run was last driven. Processes do not outlive that, and files that
//! were not flushed may not: what an attempt had written down before it began its work is one of those.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use crate::tree;

/// When the run was driven before, on this disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Never.
    Never,
    /// Since the machine was started.
    InThisBoot,
    /// Before that.
    InAnotherBoot,
}

/// Notes the boot that we live in, and says what was noted before.
pub(super) fn note(run_dir: &Path) -> io::Result<Before> {
    let path = run_dir.join("boot");
    let now = tree::boot();
    let before = match fs::read_to_string(&path) {
        Ok(before) => Some(before),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => None,
        Err(other) => return Err(other),
    };
    if before.as_deref() == Some(&*now) {
        return Ok(Before::InThisBoot);
    }
    let mut file = File::create(&path)?;
    file.write_all(now.as_bytes())?;
    file.sync_all()?;
    Ok(before.map_or(Before::Never, |_| Before::InAnotherBoot))
}
