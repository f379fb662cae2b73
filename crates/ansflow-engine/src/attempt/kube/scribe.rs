//! What a step on a cluster tells while it works: its log, and notes of what it waits for, which the engine reads.
//!
//! All of it is masked here. Notes are few: they become events of the run, which are kept for ever.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ansflow_core::mask::Masker;
use ansflow_core::verdict::{Verdict, Waiting};
use ansflow_kube::monitor::Message;
use ansflow_kube::sink::Sink;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::attempt::outlet::Outlet;
use crate::folder::Folder;
use crate::kube::{NOTES, Note};

/// Among so many notes, the next comes no sooner.
const PACE: [(u32, Duration); 4] = [
    (10, Duration::from_secs(1)),
    (40, Duration::from_secs(3)),
    (70, Duration::from_secs(10)),
    (100, Duration::from_secs(60)),
];

/// The file in the attempt's folder that viewers of the rollout read.
const MONITOR: &str = "monitor.jsonl";

/// So many bytes of it; then only what is needed to see how it ended.
const MOST_MONITORED: usize = 16 * 1024 * 1024;

pub(super) struct Scribe<'s> {
    pub(super) outlet: Outlet<'s>,
    masker: &'s Masker,
    simulated: AtomicBool,
    notes: Mutex<Notes>,
    monitor: Mutex<Monitor>,
}

/// The file of the rollout's messages, and how much is in it.
struct Monitor {
    file: Option<File>,
    bytes: usize,
}

struct Notes {
    file: Option<File>,
    number: u32,
    words: String,
    next: Instant,
}

impl<'s> Scribe<'s> {
    pub(super) fn new(outlet: Outlet<'s>, masker: &'s Masker, folder: &Folder, simulated: bool) -> Scribe<'s> {
        let notes = Notes { file: append(folder, NOTES), number: 0, words: String::new(), next: Instant::now() };
        let monitor = Monitor { file: append(folder, MONITOR), bytes: 0 };
        Scribe {
            outlet,
            masker,
            simulated: AtomicBool::new(simulated),
            notes: Mutex::new(notes),
            monitor: Mutex::new(monitor),
        }
    }

    /// A line of ours in the log.
    pub(super) fn say(&self, line: &str) {
        self.outlet.say(&self.masker.mask(line));
    }

    /// The cluster is a simulated one: it says so itself, also where nobody else did.
    pub(super) fn is_simulated(&self) -> bool {
        self.simulated.load(Ordering::Relaxed)
    }

    pub(super) fn set_simulated(&self) {
        self.simulated.store(true, Ordering::Relaxed);
    }

    /// A value with every text in it masked; none where a mask has made nonsense of it.
    pub(super) fn masked<T: Serialize + DeserializeOwned>(&self, value: &T) -> Option<T> {
        let mut json = serde_json::to_value(value).ok()?;
        mask(&mut json, self.masker);
        serde_json::from_value(json).ok()
    }

    /// How the step ended, and that nothing more comes: for who looks at its rollout.
    pub(super) fn end(self, verdict: Option<Verdict>) {
        let at = Timestamp::now();
        if let Some(verdict) = verdict {
            self.monitor(&Message::Verdict { at, verdict: Box::new(verdict) });
        }
        self.monitor(&Message::End { at });
        self.outlet.end();
    }
}

impl Sink for Scribe<'_> {
    fn line(&self, line: &str) {
        self.say(line);
    }

    fn monitor(&self, message: &Message) {
        let mut monitor = self.monitor.lock().unwrap_or_else(PoisonError::into_inner);
        let is_needed = match message {
            Message::Snapshot(_) | Message::Rollout { .. } | Message::Verdict { .. } | Message::End { .. } => true,
            Message::Pod { .. } | Message::Event(_) | Message::Log { .. } => false,
        };
        if monitor.bytes > MOST_MONITORED && !is_needed {
            return;
        }
        let Some(mut line) = self.masked(message).and_then(|message| serde_json::to_vec(&message).ok()) else { return };
        line.push(b'\n');
        monitor.bytes += line.len();
        if let Some(file) = &mut monitor.file {
            // It is a picture for people; the step does not fail by it.
            let _ = file.write_all(&line);
        }
    }

    fn waiting(&self, waiting: &Waiting) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let pace = PACE.iter().find(|(until, _)| notes.number < *until);
        let Some((_, pace)) = pace.filter(|_| notes.words != waiting.r#for && now >= notes.next) else { return };
        notes.words.clone_from(&waiting.r#for);
        (notes.number, notes.next) = (notes.number + 1, now + *pace);
        self.say(&format!("waiting: {}", waiting.r#for));
        let Some(waiting) = self.masked(waiting) else { return };
        let note = Note { number: notes.number, waiting, simulated: self.is_simulated() };
        if let (Some(file), Ok(mut line)) = (&mut notes.file, serde_json::to_vec(&note)) {
            line.push(b'\n');
            // The log has the same words; a disk that is full shows there.
            let _ = file.write_all(&line);
        }
    }
}

/// None where it cannot be opened: nothing of the step's work depends on it.
fn append(folder: &Folder, name: &str) -> Option<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(folder.file(name)).ok()
}

fn mask(json: &mut Json, masker: &Masker) {
    match json {
        Json::String(text) => *text = masker.mask(text).into_owned(),
        Json::Array(items) => items.iter_mut().for_each(|item| mask(item, masker)),
        Json::Object(map) => map.values_mut().for_each(|value| mask(value, masker)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
