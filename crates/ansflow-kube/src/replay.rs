//! Recordings of rollouts, fed through the same world and the same track as live steps, with the recording's own clock.
//!
//! A recording is a folder: what was applied, what the cluster answered, what its watches told, and what is expected of
//! who looks on. The deciding is pure; [`Recording::read`] alone opens files.

mod expected;
mod read;
mod score;
#[cfg(test)]
mod tests;

pub use expected::Expected;
pub use read::{ReplayError, folders};
pub use score::{Score, Scored};

use crate::Millis;
use crate::explain::{Answer, refused};
use crate::goal::Goal;
use crate::object::Obj;
use crate::patience::PATIENCE;
use crate::track::{State, Track};
use crate::world::{Log, World};
use ansflow_core::verdict::Verdict;

/// The step's own time, as it is by default.
const TIMEOUT: Millis = 300_000;

/// One rollout as it was recorded.
#[derive(Clone)]
pub struct Recording {
    /// What was applied last: its run is the one that is judged.
    pub manifests: Vec<Obj>,
    /// The answers to the writes of that run, in their order.
    pub writes: Vec<Write>,
    /// Everything the watches told, in order of arrival.
    pub lines: Vec<Line>,
    /// The last texts of containers: pod, container, text.
    pub logs: Vec<(String, String, Log)>,
}

/// A write and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// When it was sent.
    pub at: Millis,
    /// How long its answer took.
    pub took: Millis,
    /// Its path.
    pub path: String,
    /// The answer, where it was a refusal.
    pub refusal: Option<Answer>,
}

/// One event of a watch.
#[derive(Clone)]
pub struct Line {
    /// When it arrived.
    pub at: Millis,
    /// Whether the object was deleted.
    pub gone: bool,
    /// The object.
    pub object: Obj,
}

/// Kinds that every recording watches; others only count where a watch tells of them.
const WATCHED: [&str; 10] = [
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "CronJob",
    "Pod",
    "PersistentVolumeClaim",
    "Service",
    "Namespace",
];

/// How a recording ends for who looks on.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// When it was certain.
    pub at: Millis,
}

/// Looks on.
#[must_use]
pub fn replay(recording: &Recording) -> Outcome {
    if let Some(outcome) = refusal(recording) {
        return outcome;
    }
    let since = recording.since();
    let mut world = World::new();
    for (pod, container, log) in &recording.logs {
        world.see_log(pod, container, log.clone());
    }
    let goal = Goal::of_manifests(recording.followed(), since);
    let mut run = Run { track: Track::new(goal, &PATIENCE), world, deadline: since.saturating_add(TIMEOUT) };
    // What came in the same moment is told before anybody looks: kinds arrive in any order.
    for batch in recording.lines.chunk_by(|one, next| one.at == next.at) {
        let at = batch.first().map_or(since, |line| line.at);
        if at >= since
            && let Some(outcome) = run.timers(at)
        {
            return outcome;
        }
        batch.iter().for_each(|line| run.tell(line));
        if at >= since
            && let Some(outcome) = run.look(at)
        {
            return outcome;
        }
    }
    // After the last line the world stands still, and the clock runs on.
    run.timers(Millis::MAX).unwrap_or_else(|| run.time_is_up())
}

/// A recording that is looked at.
struct Run {
    track: Track,
    world: World,
    deadline: Millis,
}

impl Run {
    fn tell(&mut self, line: &Line) {
        let told = if line.gone {
            self.world.gone(line.object.clone(), line.at)
        } else {
            self.world.see(line.object.clone(), line.at)
        };
        // An object that cannot be read is not known; a live step writes it into its log.
        drop(told);
    }

    fn look(&mut self, at: Millis) -> Option<Outcome> {
        match self.track.update(&self.world, at) {
            State::Going => None,
            State::Over(verdict) => Some(Outcome { verdict: *verdict, at }),
        }
    }

    /// What becomes certain before `until`, though nothing comes.
    fn timers(&mut self, until: Millis) -> Option<Outcome> {
        loop {
            let due = self.track.next().filter(|due| *due < until && *due < self.deadline);
            let Some(due) = due else { break };
            if let Some(outcome) = self.look(due) {
                return Some(outcome);
            }
            if self.track.next().is_some_and(|next| next <= due) {
                break;
            }
        }
        (self.deadline < until).then(|| self.time_is_up())
    }

    fn time_is_up(&mut self) -> Outcome {
        Outcome { verdict: self.track.deadline(&self.world, self.deadline), at: self.deadline }
    }
}

/// A write that was refused ends its run at once.
fn refusal(recording: &Recording) -> Option<Outcome> {
    let of = |write: &Write| {
        let answer = write.refusal.as_ref()?;
        let object = recording.manifest_of(write)?;
        // Both times are whole milliseconds, rounded down: the answer is in hand within the next one.
        Some(Outcome { verdict: refused(answer, object), at: write.at.saturating_add(write.took).saturating_add(1) })
    };
    recording.writes.iter().find_map(of)
}

impl Recording {
    /// When the run that is judged began: a second run takes what the first one did as its first list.
    fn since(&self) -> Millis {
        self.writes.iter().map(|write| write.at).min().unwrap_or_default()
    }

    /// The manifests of kinds that the recording tells of, each with the namespace into which it was written.
    fn followed(&self) -> Vec<(Obj, Option<String>)> {
        let is_told = |kind: &str| WATCHED.contains(&kind) || self.lines.iter().any(|line| line.object.kind() == kind);
        let followed = self.manifests.iter().filter(|manifest| is_told(manifest.kind()));
        followed.map(|manifest| (manifest.clone(), self.namespace_of(manifest))).collect()
    }

    fn namespace_of(&self, manifest: &Obj) -> Option<String> {
        let write =
            self.writes.iter().find(|write| self.manifest_of(write).is_some_and(|object| object == manifest))?;
        crate::text::between(&write.path, "/namespaces/", "/").map(str::to_owned)
    }

    /// What a write wrote.
    fn manifest_of(&self, write: &Write) -> Option<&Obj> {
        let path = write.path.split('?').next().unwrap_or_default();
        let name = path.rsplit('/').next()?;
        let kind = path.rsplit('/').nth(1).unwrap_or_default();
        let has_name = |object: &&Obj| object.name() == name;
        let has_kind = |object: &&Obj| kind.starts_with(object.kind().to_lowercase().trim_end_matches('y'));
        self.manifests.iter().filter(has_name).find(has_kind).or_else(|| self.manifests.iter().find(has_name))
    }
}
