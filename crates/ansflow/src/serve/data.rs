//! The folder of a server's data: its own, and one server's at a time.

use std::fs::{File, OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::thread;
use std::time::Duration;

use ansflow_store::Files;
use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use crate::exit::{Exit, Refused};
use crate::state::private_dir;

/// A server that was killed lets go at once, but for a child that it was just giving birth to: that holds the lock until
/// it has become another program. We look again so often before we call the folder another's.
const LETTING_GO: u32 = 20;
/// From one look to the next.
const ROUND: Duration = Duration::from_millis(10);

/// The folder is ours, until this is dropped.
pub(super) struct Held {
    _lock: Flock<File>,
}

/// Makes the folder where it is not there, closes it to others, takes it. Blocks, shortly.
pub(super) fn take(files: &Files) -> Result<Held> {
    let root = files.root();
    private_dir(root)?;
    // One that somebody made for us may be open to all, and the database is in it.
    std::fs::set_permissions(root, Permissions::from_mode(0o700))
        .with_context(|| format!("failed to close `{}` to others", root.display()))?;
    let mut tries = LETTING_GO;
    loop {
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(files.lock());
        let lock = lock.with_context(|| format!("failed to open `{}`", files.lock().display()))?;
        match Flock::lock(lock, FlockArg::LockExclusiveNonblock) {
            Ok(lock) => return Ok(Held { _lock: lock }),
            Err((_, Errno::EWOULDBLOCK)) if tries == 0 => {
                return Err(Refused::invalid(format!("another server works on `{}`", root.display()))
                    .exit(Exit::Conflict)
                    .help("stop it, or give another --data-dir")
                    .into());
            }
            Err((_, Errno::EWOULDBLOCK)) => thread::sleep(ROUND),
            Err((_, errno)) => return Err(errno).with_context(|| format!("failed to lock `{}`", root.display())),
        }
        tries -= 1;
    }
}
