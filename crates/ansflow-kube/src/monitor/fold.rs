//! Messages folded into one picture.

use super::{Happening, Message, Snapshot, Tail};
use crate::track::{PodSquare, Rollout};
use ansflow_core::verdict::Object;
use jiff::Timestamp;

/// How many events are kept; the oldest go first.
const EVENTS: usize = 500;

/// How many lines of a container are kept.
const LINES: usize = 400;

/// What all messages until now say together.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold(Snapshot);

impl Default for Fold {
    fn default() -> Fold {
        Fold::new()
    }
}

impl Fold {
    /// Nothing was told yet.
    #[must_use]
    pub fn new() -> Fold {
        Fold(Snapshot {
            at: Timestamp::UNIX_EPOCH,
            cluster: None,
            rollouts: Vec::new(),
            waiting: None,
            events: Vec::new(),
            logs: Vec::new(),
            verdict: None,
            ended: false,
        })
    }

    /// Nothing yet, in the cluster of this name: how an attempt begins.
    #[must_use]
    pub fn begun(cluster: &str, at: Timestamp) -> Fold {
        let Fold(empty) = Fold::new();
        Fold(Snapshot { at, cluster: Some(cluster.to_owned()), ..empty })
    }

    /// One more message.
    pub fn take(&mut self, message: &Message) {
        self.0.at = message.at();
        match message {
            Message::Snapshot(snapshot) => self.0 = Snapshot::clone(snapshot),
            Message::Rollout { rollouts, waiting, .. } => {
                self.0.rollouts.clone_from(rollouts);
                self.0.waiting.clone_from(waiting);
            }
            Message::Pod { object, revision, pod, gone, .. } => {
                moved(&mut self.0.rollouts, object, revision, pod.as_ref(), gone.as_deref());
            }
            Message::Event(happening) => self.happened(happening),
            Message::Log { tail, .. } => self.said(tail),
            Message::Verdict { verdict, .. } => self.0.verdict = Some((**verdict).clone()),
            Message::End { .. } => self.0.ended = true,
        }
    }

    /// One line of a file of messages. A torn last line says nothing, and false is returned.
    pub fn take_line(&mut self, line: &str) -> bool {
        match serde_json::from_str(line) {
            Ok(message) => {
                self.take(&message);
                true
            }
            Err(_) => false,
        }
    }

    /// All of it as one message.
    #[must_use]
    pub fn snapshot(&self) -> Message {
        Message::Snapshot(Box::new(self.0.clone()))
    }

    /// Whether nothing more comes.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.0.ended
    }

    /// An event that is told again is counted, not repeated.
    fn happened(&mut self, new: &Happening) {
        let events = &mut self.0.events;
        events.retain(|old| (&old.object, &old.reason, &old.text) != (&new.object, &new.reason, &new.text));
        events.push(new.clone());
        let surplus = events.len().saturating_sub(EVENTS);
        events.drain(..surplus);
    }

    fn said(&mut self, new: &Tail) {
        let logs = &mut self.0.logs;
        logs.retain(|old| (&old.pod, &old.container, old.previous) != (&new.pod, &new.container, new.previous));
        let surplus = new.lines.len().saturating_sub(LINES);
        logs.push(Tail { lines: new.lines.iter().skip(surplus).cloned().collect(), ..new.clone() });
    }
}

fn moved(rollouts: &mut [Rollout], object: &Object, revision: &str, pod: Option<&PodSquare>, gone: Option<&str>) {
    let of_object = rollouts.iter_mut().filter(|rollout| rollout.object == *object);
    let Some(revision) = of_object.flat_map(|rollout| &mut rollout.revisions).find(|it| it.name == revision) else {
        return;
    };
    let name = pod.map(|pod| pod.name.as_str()).or(gone);
    revision.pods.retain(|old| Some(old.name.as_str()) != name);
    revision.pods.extend(pod.cloned());
    revision.pods.sort();
}
