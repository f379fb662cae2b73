//! Who listens to a following of a test.

use ansflow_core::verdict::Waiting;
use ansflow_kube::monitor::{Fold, Message, Snapshot};
use ansflow_kube::sink::Sink;
use std::sync::Mutex;

#[derive(Default)]
pub(crate) struct Ear {
    words: Mutex<Vec<String>>,
    fold: Mutex<Fold>,
}

impl Ear {
    /// Everything that was said in words.
    pub(crate) fn words(&self) -> Vec<String> {
        self.words.lock().unwrap().clone()
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let Message::Snapshot(snapshot) = self.fold.lock().unwrap().snapshot() else { panic!("a snapshot") };
        *snapshot
    }
}

impl Sink for Ear {
    fn line(&self, line: &str) {
        self.words.lock().unwrap().push(line.to_owned());
    }

    fn waiting(&self, waiting: &Waiting) {
        self.words.lock().unwrap().push(format!("waiting: {}", waiting.r#for));
    }

    fn monitor(&self, message: &Message) {
        self.fold.lock().unwrap().take(message);
    }
}
