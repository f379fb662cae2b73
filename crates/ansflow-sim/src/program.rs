//! What runs in a container: the contract between the kubelet, which starts and ends it, and the programs themselves.
//!
//! A program is a state machine over simulated time. It is asked to `step` when it is due, when input arrives and after a
//! signal; it says until when it has nothing to do. One that sleeps costs a timer, one that waits for ever costs nothing.

use crate::object::Str;
use crate::time::Micros;

/// A running program.
pub(crate) trait Program: Send {
    /// Goes on as far as it can without waiting.
    fn step(&mut self, now: Micros, io: &mut Io<'_>) -> Step;
    /// A signal arrived; what it does shows at the next step.
    fn signal(&mut self, signal: Signal, now: Micros);
    /// Whether a connection to this port is taken.
    fn listens(&self, port: u16) -> bool;
    /// The status code of a GET, or nothing where no HTTP is spoken.
    fn http(&self, path: &str, now: Micros) -> Option<u16>;
    /// The body of that answer, for port-forward.
    fn page(&self, path: &str) -> Vec<u8> {
        let _ = path;
        Vec::new()
    }
}

/// When a program wants to be asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Until(Micros),
    /// Not before a signal or input.
    Forever,
    Exit(Exit),
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exit {
    pub(crate) code: i32,
    pub(crate) oom: bool,
}

/// What a program can be sent.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Signal {
    Term,
    Kill,
    Hup,
    Int,
}

/// Where output goes and input comes from.
pub(crate) struct Io<'a> {
    pub(crate) out: &'a mut dyn Sink,
    /// What arrived on stdin since the last step; the program takes what it reads.
    pub(crate) stdin: &'a mut Vec<u8>,
    /// No more will come.
    pub(crate) stdin_closed: bool,
    pub(crate) files: &'a mut dyn Files,
    /// Bytes that the program may use, of the container's limit.
    pub(crate) memory: Option<u64>,
}

/// Takes what a program writes.
pub(crate) trait Sink {
    fn write(&mut self, stream: Stream, at: Micros, bytes: &[u8]);
}

/// Which of the two outputs.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// The files that a container sees: its own layer, and what is mounted.
pub(crate) trait Files {
    /// The bytes of a file; links of mounted ConfigMaps are followed.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;
    fn write(&mut self, path: &str, bytes: &[u8], at: Micros) -> Result<(), FileError>;
    /// Names in a folder, sorted.
    fn list(&self, path: &str) -> Result<Vec<String>, FileError>;
    fn stat(&self, path: &str) -> Result<FileFacts, FileError>;
    fn make_folder(&mut self, path: &str, at: Micros) -> Result<(), FileError>;
    fn remove(&mut self, path: &str) -> Result<(), FileError>;
    /// Writes only a size, for `dd` and friends: what counts against limits without being kept.
    fn grow(&mut self, path: &str, bytes: u64, at: Micros) -> Result<(), FileError>;
}

/// What is known of a file without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileFacts {
    pub(crate) folder: bool,
    pub(crate) size: u64,
    pub(crate) mode: u32,
    pub(crate) changed: Micros,
}

/// Why a file could not be had; the words of the C library follow from it.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum FileError {
    Missing,
    Denied,
    IsFolder,
    NotFolder,
    ReadOnly,
    Exists,
}

/// What a container is started with: the manifest's words after expansion.
#[derive(Debug, Clone, Default)]
pub(crate) struct Start {
    /// `command`, or the image's entry point.
    pub(crate) command: Vec<String>,
    /// `args`, or the image's command where the manifest has neither.
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) working_dir: String,
    pub(crate) image: Str,
    pub(crate) hostname: String,
    pub(crate) user: Option<i64>,
    pub(crate) memory_limit: Option<u64>,
    pub(crate) restarts_always: bool,
    /// When it starts.
    pub(crate) now: Micros,
}

/// Why a program did not even start: the text that the container runtime gives, reason `StartError`, code 127/128.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartError {
    pub(crate) code: i32,
    pub(crate) message: String,
}
