//! Whether the machine was started anew since the run was last driven. Processes do not outlive that, and files that
//! were not flushed may not: what an attempt had written down before it began its work is one of those.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use crate::tree;

/// Notes the boot that we live in; whether the run was driven in another one before.
pub(super) fn is_another(run_dir: &Path) -> io::Result<bool> {
    let path = run_dir.join("boot");
    let now = tree::boot();
    let before = match fs::read_to_string(&path) {
        Ok(before) => Some(before),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => None,
        Err(other) => return Err(other),
    };
    if before.as_deref() == Some(&*now) {
        return Ok(false);
    }
    let mut file = File::create(&path)?;
    file.write_all(now.as_bytes())?;
    file.sync_all()?;
    Ok(before.is_some())
}
