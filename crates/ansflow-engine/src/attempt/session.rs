//! The user's processes: started, listened to, and ended, down to the last grandchild.
//!
//! Knows commands, not kinds of steps. A process that was left behind ends with the command that left it: as child
//! subreaper we inherit all of them, so "no child is left" means that nothing of the command lives.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ansflow_core::mask::Masker;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};

use super::alarm::Alarm;
use super::kube::Told;
use super::order::Order;
use super::outlet::Outlet;
use super::outputs::{self, Outputs};
use super::pump::{Pump, Sink};
use super::signals::Signals;
use super::{NoGain, broken, failed};
use crate::folder::Folder;
use crate::tree;

/// Processes that a command left behind get so long to end by themselves.
const STRAY_GRACE: Duration = Duration::from_millis(500);
/// From one round of SIGKILL to the next, for what was born in between.
const KILL_ROUND: Duration = Duration::from_millis(20);

/// An attempt at work.
pub(crate) struct Session {
    pub(crate) order: Order,
    pub(crate) folder: Folder,
    pub(crate) masker: Masker,
    /// The step's program leaves helpers behind by design: that they are ended is no news.
    pub(crate) leaves_helpers: bool,
    /// What is told with the report, of a step on a cluster.
    pub(crate) told: Told,
    pump: Pump,
    signals: Signals,
    deadline: Option<Instant>,
}

/// A session taken apart, for work that is no process: all of it can be used at once.
pub(crate) struct Apart<'s> {
    pub(crate) order: &'s Order,
    pub(crate) folder: &'s Folder,
    pub(crate) masker: &'s Masker,
    pub(crate) outlet: Outlet<'s>,
    pub(crate) alarm: Alarm<'s>,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// By itself.
    Code(i32),
    /// By a signal.
    Signal(Signal),
}

/// Where a command stands.
enum Phase {
    Running,
    /// Everything was asked to end, and is killed at that time.
    Ending {
        kill_at: Instant,
        because: Ending,
    },
}

#[derive(Clone, Copy)]
enum Ending {
    Left,
    Stopped,
    TimedOut,
}

impl Session {
    pub(crate) fn open(folder: &Folder, order: Order) -> io::Result<Self> {
        let signals = Signals::listen()?;
        let deadline = order.deadline_ms.and_then(|ms| Instant::now().checked_add(Duration::from_millis(ms)));
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(folder.file(OUTPUT))?;
        let of_cluster: Vec<_> = order.kube.iter().flat_map(|kube| kube.access.secrets()).collect();
        let of_step = order.spec_secrets().chain(of_cluster.iter().map(|secret| secret.as_str()));
        let masker = Masker::new(order.secrets.iter().map(String::as_str).chain(of_step));
        let pump = Pump::open(folder.path(), masker.clone());
        let told = Told::default();
        Ok(Self { order, folder: folder.clone(), masker, leaves_helpers: false, told, pump, signals, deadline })
    }

    /// Runs a command in a directory, its output into the log. `Err`: it could not be started or was ended by us.
    pub(crate) fn run(&mut self, command: &mut Command, directory: &Path) -> Result<Exit, NoGain> {
        self.supervise(command, directory, Sink::Log).map(|(exit, _)| exit)
    }

    /// The same, with its standard output as data, of which the first mebibyte counts.
    pub(crate) fn capture(&mut self, command: &mut Command, directory: &Path) -> Result<(Exit, String), NoGain> {
        let (exit, bytes) = self.supervise(command, directory, Sink::Data(Vec::new()))?;
        Ok((exit, String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// What rings when the work is to end, for whoever has no process to wait for.
    pub(crate) fn alarm(&self) -> Alarm<'_> {
        Alarm::new(&self.signals, self.deadline)
    }

    /// The same, with everything else that work without a process needs.
    pub(crate) fn apart(&mut self) -> Apart<'_> {
        Apart {
            order: &self.order,
            folder: &self.folder,
            masker: &self.masker,
            outlet: Outlet::over(&mut self.pump, &self.masker),
            alarm: Alarm::new(&self.signals, self.deadline),
        }
    }

    /// Ends what helpers of ours may have left: nothing of it is anybody's work any more.
    pub(crate) fn end_left_behind(&self) {
        loop {
            let left = tree::descendants();
            if left.is_empty() || tree::signal(&left, Signal::SIGKILL) == left.len() {
                break;
            }
            std::thread::park_timeout(KILL_ROUND);
            let mut none = None;
            // Only a child that is dead is waited for.
            if matches!(reap(0, &mut none), Ok(false) | Err(_)) {
                break;
            }
        }
    }

    /// A line of ours in the log.
    pub(crate) fn say(&mut self, line: &str) {
        self.pump.say(&format!("ansflow: {line}\n"));
    }

    /// What the step's programs wrote to `$ANSFLOW_OUTPUT`, which is taken away: it may hold secrets in clear.
    pub(crate) fn outputs(&mut self) -> Result<Outputs, NoGain> {
        let mut bytes = Vec::new();
        // A pipe that the step put in its place would otherwise be waited for.
        let file = OpenOptions::new().read(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(self.folder.file(OUTPUT));
        match file.and_then(|file| file.take(outputs::LARGEST + 1).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(broken(format!("failed to read $ANSFLOW_OUTPUT: {error}"))),
        }
        remove_output(&self.folder);
        if bytes.len() as u64 > outputs::LARGEST {
            return Err(failed("$ANSFLOW_OUTPUT holds more than 1 MiB: keep large results as `artifacts`"));
        }
        let text = String::from_utf8(bytes).map_err(|_| failed("$ANSFLOW_OUTPUT is not UTF-8 text"))?;
        outputs::parse(&text, &self.masker).map_err(failed)
    }

    /// Ends the log: its length in bytes, and why it is not complete, if so. Takes away what nobody asked for.
    pub(crate) fn close(self) -> (u64, Option<String>) {
        remove_output(&self.folder);
        self.pump.close()
    }

    fn supervise(&mut self, command: &mut Command, directory: &Path, sink: Sink) -> Result<(Exit, Vec<u8>), NoGain> {
        // Asked to end between two commands: the next one is not started.
        self.check_stop()?;
        self.dress(command);
        let mut child = (command.current_dir(directory).process_group(0))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| explain_start(&error, command, directory))?;
        let main = child.id().cast_signed();
        self.pump.attach(child.stdout.take(), child.stderr.take(), sink);
        let ended = self.watch(main);
        let data = self.pump.detach();
        let (exit, phase) = ended.map_err(|error| broken(format!("failed to follow the step's processes: {error}")))?;
        match phase {
            Phase::Ending { because: Ending::Stopped, .. } => Err(NoGain::Stopped),
            Phase::Ending { because: Ending::TimedOut, .. } => Err(NoGain::TimedOut),
            Phase::Running | Phase::Ending { because: Ending::Left, .. } => Ok((exit, data)),
        }
    }

    /// Until nothing of the command lives.
    fn watch(&mut self, main: i32) -> io::Result<(Exit, Phase)> {
        let mut phase = Phase::Running;
        let mut exit = None;
        loop {
            let wake_at = match &phase {
                Phase::Running => self.deadline,
                Phase::Ending { kill_at, .. } => Some(*kill_at),
            };
            let woken = self.pump.turn(&self.signals, wake_at)?;
            if woken {
                self.signals.clear();
            }
            // A child that ended always wakes us; a look costs a system call, so no look for each piece of output.
            let left = if woken { reap(main, &mut exit)? } else { true };
            let now = Instant::now();
            match &mut phase {
                Phase::Running => {
                    if let Some(status) = exit {
                        if !left {
                            return Ok((status, phase));
                        }
                        self.call_strays();
                        phase = Phase::Ending { kill_at: now + STRAY_GRACE, because: Ending::Left };
                    } else if let Some(because) = self.asked_to_end(now) {
                        tree::signal(&tree::descendants(), Signal::SIGTERM);
                        let kill_at = now + Duration::from_millis(self.order.grace_ms);
                        phase = Phase::Ending { kill_at, because };
                    }
                }
                Phase::Ending { kill_at, .. } => {
                    if let (false, Some(status)) = (left, exit) {
                        return Ok((status, phase));
                    }
                    if now >= *kill_at {
                        let alive = tree::descendants();
                        let beyond = tree::signal(&alive, Signal::SIGKILL);
                        if beyond > 0 && beyond == alive.len() {
                            self.say(&format!("left running, because they became another user: {beyond}"));
                            return Ok((exit.unwrap_or(Exit::Signal(Signal::SIGKILL)), phase));
                        }
                        *kill_at = now + KILL_ROUND;
                    }
                }
            }
        }
    }

    fn call_strays(&mut self) {
        let strays = tree::descendants();
        tree::signal(&strays, Signal::SIGTERM);
        match strays.len() {
            _ if self.leaves_helpers => {}
            0 => {}
            1 => self.say("1 process was left behind, and is ended"),
            count => self.say(&format!("{count} processes were left behind, and are ended")),
        }
    }

    fn asked_to_end(&self, now: Instant) -> Option<Ending> {
        if self.signals.stop_requested() {
            Some(Ending::Stopped)
        } else {
            self.deadline.filter(|&deadline| deadline <= now).map(|_| Ending::TimedOut)
        }
    }

    pub(crate) fn check_stop(&self) -> Result<(), NoGain> {
        match self.asked_to_end(Instant::now()) {
            None => Ok(()),
            Some(Ending::TimedOut) => Err(NoGain::TimedOut),
            Some(Ending::Stopped | Ending::Left) => Err(NoGain::Stopped),
        }
    }

    /// The environment of the user's processes: ours, the user's, and where they are. Ours wins, so that no variable
    /// of a pipeline pretends to be another run.
    fn dress(&self, command: &mut Command) {
        let specific: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"ANSFLOW_") {
                command.env_remove(name);
            }
        }
        command.envs(self.order.env.iter().map(|(name, value)| (name, value)));
        for (name, value) in specific {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.envs(self.order.facts());
        command.env(MARK, &self.order.mark);
        command.env("ANSFLOW_OUTPUT", self.folder.file(OUTPUT));
    }
}

/// What a step hands over, as it wrote it: in the attempt's folder, for as long as the attempt's process lives.
pub(crate) const OUTPUT: &str = "output";

/// Takes away what the step's programs handed over.
pub(crate) fn remove_output(folder: &Folder) {
    // It is gone already, or the programs made a directory of it, whose content is their own doing.
    let _ = fs::remove_file(folder.file(OUTPUT));
}

/// Every process of an attempt carries it.
pub(crate) const MARK: &str = "ANSFLOW_ATTEMPT_MARK";

impl Exit {
    /// Success, or the report of a failure.
    pub(crate) fn ok(self) -> Result<(), NoGain> {
        match self {
            Exit::Code(0) => Ok(()),
            Exit::Code(code) => {
                Err(NoGain::Failed { exit_code: Some(code), message: format!("ended with exit code {code}") })
            }
            Exit::Signal(signal) => Err(NoGain::Failed {
                exit_code: Some(128 + signal as i32),
                message: format!("was killed by {}", signal.as_str()),
            }),
        }
    }
}

/// Waits for all that has ended: whether anything lives.
fn reap(main: i32, exit: &mut Option<Exit>) -> io::Result<bool> {
    loop {
        let ended = match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => return Ok(true),
            Ok(WaitStatus::Exited(pid, code)) => (pid, Exit::Code(code)),
            Ok(WaitStatus::Signaled(pid, signal, _)) => (pid, Exit::Signal(signal)),
            Ok(_) | Err(Errno::EINTR) => continue,
            Err(Errno::ECHILD) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if ended.0.as_raw() == main {
            *exit = Some(ended.1);
        }
    }
}

fn explain_start(error: &io::Error, command: &Command, directory: &Path) -> NoGain {
    let program = command.get_program().to_string_lossy();
    match fs::metadata(directory) {
        Ok(found) if !found.is_dir() => failed(format!("the working directory `{}` is a file", directory.display())),
        Err(why) => failed(format!("the working directory `{}` cannot be entered: {why}", directory.display())),
        Ok(_) if error.kind() == io::ErrorKind::NotFound => {
            broken(format!("failed to start `{program}`: it is not installed here, or not in $PATH"))
        }
        Ok(_) if error.kind() == io::ErrorKind::ArgumentListTooLong => {
            failed(format!("failed to start `{program}`: a value or the environment is too long; use a file"))
        }
        Ok(_) if error.raw_os_error() == Some(Errno::ENOEXEC as i32) => failed(format!(
            "failed to start `{program}`: it is no program and has no `#!` line; begin it with `#!/bin/sh`"
        )),
        Ok(_) => broken(format!("failed to start `{program}`: {error}")),
    }
}
