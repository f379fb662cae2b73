//! The processes of an attempt, wherever they went, and how they are ended.
//!
//! While the attempt's process lives, all of them are its descendants: it is a child subreaper, so a process that
//! changed its session or cleared its environment comes to it when its parent dies. When it was killed, they are
//! known by its session, by the mark in their environment, by having come to the engine, the next subreaper, and by
//! their brand.

use std::collections::BTreeMap;
use std::fs;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

/// One look at the process table.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<i32, Row>,
}

/// What is asked of a process.
#[derive(Debug, Clone, Copy)]
struct Row {
    parent: i32,
    session: i32,
    /// Dead, and not yet waited for.
    zombie: bool,
}

impl Table {
    /// Reads `/proc`. Processes that end meanwhile are left out.
    pub(crate) fn read() -> Self {
        let Ok(entries) = fs::read_dir("/proc") else { return Self::default() };
        let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
        Self { rows: pids.filter_map(|pid| Some((pid, Row::read(pid)?))).collect() }
    }

    /// Whether a process lives; a zombie does not.
    pub(crate) fn lives(&self, pid: i32) -> bool {
        self.rows.get(&pid).is_some_and(|row| !row.zombie)
    }

    /// The living processes whose chain of parents leads to one for which `root` holds, those included.
    pub(crate) fn family(&self, root: impl Fn(&Self, i32) -> bool) -> Vec<i32> {
        let mut verdicts = BTreeMap::new();
        let found = self.rows.keys().filter(|&&pid| self.belongs(pid, &root, &mut verdicts));
        found.copied().filter(|&pid| self.lives(pid)).collect()
    }

    /// Memoised, without recursion: chains of parents are as long as the user likes.
    fn belongs(&self, pid: i32, root: &impl Fn(&Self, i32) -> bool, verdicts: &mut BTreeMap<i32, bool>) -> bool {
        let mut chain = Vec::new();
        let mut next = pid;
        let verdict = loop {
            if let Some(&known) = verdicts.get(&next) {
                break known;
            }
            let Some(row) = self.rows.get(&next) else { break false };
            // Until it is known better; ends circles, which a table that was read while it changed may have.
            verdicts.insert(next, false);
            chain.push(next);
            if root(self, next) {
                break true;
            }
            next = row.parent;
        };
        verdicts.extend(chain.into_iter().map(|pid| (pid, verdict)));
        verdict
    }

    /// The parent of a process.
    pub(crate) fn parent(&self, pid: i32) -> Option<i32> {
        self.rows.get(&pid).map(|row| row.parent)
    }

    /// The session of a process.
    pub(crate) fn session(&self, pid: i32) -> Option<i32> {
        self.rows.get(&pid).map(|row| row.session)
    }

    /// The dead children of a process that nobody waited for.
    pub(crate) fn zombies_of(&self, parent: i32) -> impl Iterator<Item = (i32, i32)> + '_ {
        self.rows
            .iter()
            .filter(move |(_, row)| row.zombie && row.parent == parent)
            .map(|(&pid, row)| (pid, row.session))
    }
}

impl Row {
    fn read(pid: i32) -> Option<Self> {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        // The name stands in brackets and may hold anything, brackets too.
        let rest = &stat[stat.iter().rposition(|&byte| byte == b')')? + 1..];
        let rest = std::str::from_utf8(rest).ok()?;
        let mut fields = rest.split_ascii_whitespace();
        let zombie = matches!(fields.next()?, "Z" | "X");
        let parent = fields.next()?.parse().ok()?;
        let session = fields.nth(1)?.parse().ok()?;
        Some(Self { parent, session, zombie })
    }
}

/// Everything that descends from this process.
pub(crate) fn descendants() -> Vec<i32> {
    let own = std::process::id().cast_signed();
    Table::read().family(|table, pid| table.parent(pid) == Some(own))
}

/// Whether a process carries this `NAME=value` in the environment that it was started with.
pub(crate) fn carries(pid: i32, entry: &str) -> bool {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|&byte| byte == 0).any(|found| found == entry.as_bytes())
}

/// Sends a signal to each; one that is gone is fine. How many are out of our reach: they became another user.
pub(crate) fn signal(pids: &[i32], signal: Signal) -> usize {
    pids.iter().filter(|&&pid| kill(Pid::from_raw(pid), signal) == Err(Errno::EPERM)).count()
}

/// Waits for a dead child; one that is not ours, or not dead, is left alone.
pub(crate) fn bury(pid: i32) {
    while waitpid(Pid::from_raw(pid), Some(WaitPidFlag::WNOHANG)) == Err(Errno::EINTR) {}
}

/// The boot that we live in.
pub(crate) fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|id| id.trim().to_owned()).unwrap_or_default()
}
