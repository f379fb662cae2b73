//! What a killed attempt left behind: its processes, found and ended.
//!
//! They are known by the attempt's session, by the mark in their environment and by their brand. Where this process
//! drives one run, an orphan that comes to it is one of them as well, whatever it did to hide. A server's orphans may be
//! anybody's — another run's, or any program's where the server is the first process of a container — and are no
//! reason to end anything.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::attempt::MARK;
use crate::brand;
use crate::folder::Started;
use crate::spare::{Spawner, started_here};
use crate::tree::{self, Table};

/// What a killed attempt left gets so long to end by itself.
const GRACE: Duration = Duration::from_secs(2);
/// A killed process is gone so long after its lock.
const HANDING_ON: Duration = Duration::from_secs(1);
/// From one look at the process table to the next while something lives.
const ROUND: Duration = Duration::from_millis(20);

/// The processes of a dead attempt.
pub(crate) struct Remains {
    started: Started,
    entry: String,
    orphans_are_its_own: bool,
}

impl Remains {
    pub(crate) fn of(started: Started, spawner: &Spawner) -> Self {
        let entry = format!("{MARK}={}", started.mark);
        Self { started, entry, orphans_are_its_own: spawner.is_of_one_run() }
    }

    /// Ends every one of them: how many there were. Blocks.
    pub(crate) fn sweep(&self) -> usize {
        if self.started.boot != tree::boot() {
            return 0; // Nothing outlives a boot.
        }
        // The kernel lets go of a dying process's locks before it hands on its children. Bounded: the id may be
        // another's.
        let handed_on_by = Instant::now() + HANDING_ON;
        while Table::read().lives(self.started.pid) && Instant::now() < handed_on_by {
            thread::park_timeout(ROUND);
        }
        let kill_at = Instant::now() + GRACE;
        let mut ended = BTreeSet::new();
        loop {
            let found = self.find();
            if found.is_empty() {
                return ended.len();
            }
            let last_word = if Instant::now() < kill_at { Signal::SIGTERM } else { Signal::SIGKILL };
            let fresh: Vec<_> = found.iter().copied().filter(|pid| ended.insert(*pid)).collect();
            match last_word {
                // What became another user stays: nobody can wait for its end.
                Signal::SIGKILL if tree::signal(&found, last_word) == found.len() => return ended.len() - found.len(),
                Signal::SIGKILL => {}
                _ => _ = tree::signal(&fresh, last_word),
            }
            thread::park_timeout(ROUND);
        }
    }

    /// Those that live, with all that descends from them.
    fn find(&self) -> Vec<i32> {
        let mut started_here = started_here();
        let table = Table::read();
        let own = std::process::id().cast_signed();
        started_here.retain(|pid| table.parent(*pid) == Some(own));
        let own_session = table.session(own);
        let is_orphan = |pid: i32, session: Option<i32>| session != own_session && !started_here.contains(&pid);
        for (pid, session) in table.zombies_of(own).collect::<Vec<_>>() {
            if is_orphan(pid, Some(session)) {
                tree::bury(pid);
            }
        }
        // A process id is not given out again while a session of that name has members; if it lives, it is another's.
        let session = (!table.lives(self.started.pid)).then_some(self.started.pid);
        let is_own_orphan = |table: &Table, pid: i32| {
            self.orphans_are_its_own && table.parent(pid) == Some(own) && is_orphan(pid, table.session(pid))
        };
        table.family(|table, pid| {
            (session.is_some() && table.session(pid) == session)
                || is_own_orphan(table, pid)
                || tree::carries(pid, &self.entry)
                || self.started.brand.is_some_and(|brand| brand::is_on(pid, brand))
        })
    }
}
