//! When a rollout is certain to be ready, or to have failed: findings and time.
//!
//! A finding must stand without a break for the grace of its class. While the world is unknown, because the cluster does not
//! answer, no grace runs. Live steps and recordings drive a `Track` in the same way: tell the world, then `update`; and
//! `update` again when [`Track::next`] says so.

mod clock;
mod picture;
mod standing;
#[cfg(test)]
mod tests;
mod waiting;

pub use picture::{Picture, PodSquare, Revision, Rollout};

use crate::Millis;
use crate::explain::{self, Finding, LogWish, explain};
use crate::goal::{Goal, SEEN_AFTER, Want};
use crate::judge::Readiness;
use crate::patience::Patience;
use crate::text::count;
use crate::world::World;
use ansflow_core::verdict::{Cause, Verdict, Waiting};
use clock::Clock;
use standing::Standing;

/// Follows one goal until it is certain.
pub struct Track {
    goal: Goal,
    patience: &'static Patience,
    clock: Clock,
    standing: Standing,
    waiting: Waiting,
    wishes: Vec<LogWish>,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Nothing is certain yet.
    Going,
    /// This is.
    Over(Box<Verdict>),
}

impl Track {
    /// Begins to follow a goal, from the moment at which it was written.
    #[must_use]
    pub fn new(goal: Goal, patience: &'static Patience) -> Track {
        let waiting = waiting::nothing_yet(&goal);
        let clock = Clock::from(goal.since);
        Track { goal, patience, clock, standing: Standing::default(), waiting, wishes: Vec::new() }
    }

    /// Looks at the world as it is at `now`, after everything that came until then.
    pub fn update(&mut self, world: &World, now: Millis) -> State {
        let span = self.clock.advance(now);
        self.goal.recognise(world, self.clock.known());
        let readiness: Vec<Readiness> = self.goal.wants.iter().map(|want| want.readiness(world)).collect();
        if readiness.iter().all(Readiness::is_ready) {
            return State::Over(Box::new(ready(&self.goal, &readiness)));
        }
        self.standing.see(explain(world, &self.goal), &span);
        self.waiting = waiting::waiting(&self.goal, &readiness, &self.standing);
        self.wishes = explain::wishes(world, &self.goal);
        match self.standing.due(self.patience) {
            Some((finding, stood)) => State::Over(Box::new(explain::verdict(finding, stood))),
            None => State::Going,
        }
    }

    /// When something may become certain though nothing changes.
    #[must_use]
    pub fn next(&self) -> Option<Millis> {
        let now = self.clock.running_at()?;
        let left = SEEN_AFTER - self.clock.known();
        let in_sight = (left > 0 && !self.goal.is_recognised()).then_some(now.saturating_add(left));
        self.standing.next(self.patience, now).into_iter().chain(in_sight).min()
    }

    /// The cluster has not answered since then: what the world shows may be out of date, and no grace runs.
    pub fn unknown(&mut self, since: Millis) {
        let span = self.clock.advance(since);
        self.standing.pass(&span);
        self.clock.stop();
    }

    /// The cluster answers again, and the world shows what it says.
    pub fn known(&mut self, now: Millis) {
        self.clock.go_on(now);
    }

    /// The step's own time is up at `now`: the strongest suspicion is the cause, else the time.
    pub fn deadline(&mut self, world: &World, now: Millis) -> Verdict {
        if self.clock.running_at().is_none() {
            let summary = "the cluster did not answer until the time was up";
            return Verdict::failed(Cause::ClusterUnreachable, self.goal.object(), summary);
        }
        if let State::Over(verdict) = self.update(world, now) {
            return *verdict;
        }
        let waited = now.saturating_sub(self.goal.since).max(0);
        let found = self.standing.findings();
        let unready = self.goal.wants.iter().filter(|want| !want.readiness(world).is_ready());
        let hanging = || unready.clone().find_map(|want| explain::hanging_init(&explain::scope(world, want)));
        match explain::strongest(&found).or_else(hanging) {
            Some(finding) => explain::verdict(&finding, waited),
            None => timed_out(world, &self.goal, waited),
        }
    }

    /// The logs that would tell more.
    #[must_use]
    pub fn wants_logs(&self) -> &[LogWish] {
        &self.wishes
    }

    /// What is waited for, in words.
    #[must_use]
    pub fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// What is wrong as far as it is seen, certain or not.
    #[must_use]
    pub fn suspicions(&self) -> Vec<Finding> {
        self.standing.findings()
    }

    /// The rollout as a picture of old and new pods.
    #[must_use]
    pub fn picture(&self, world: &World) -> Picture {
        picture::picture(world, &self.goal)
    }
}

fn ready(goal: &Goal, readiness: &[Readiness]) -> Verdict {
    let object = goal.object();
    let name = object.as_ref().map_or_else(|| "nothing was waited for".to_owned(), ToString::to_string);
    let others = goal.wants.len().saturating_sub(1);
    let summary = match (others, object.is_some()) {
        (_, false) => name,
        (0, true) => format!("{name} is ready"),
        (1.., true) => {
            format!("{name} and {} are ready", count(i64::try_from(others).unwrap_or(i64::MAX), "other object"))
        }
    };
    let mut verdict = Verdict::ready(object, summary);
    let remarks =
        goal.wants.iter().zip(readiness).filter_map(|(want, readiness)| {
            readiness.message().map(|remark| format!("{}: {remark}", want.key.object()))
        });
    verdict.remarks = remarks.collect();
    verdict
}

fn timed_out(world: &World, goal: &Goal, waited: Millis) -> Verdict {
    let lacks = |want: &&Want| !want.readiness(world).is_ready();
    let first = goal.wants.iter().find(lacks);
    let says = first.and_then(|want| want.readiness(world).message().map(str::to_owned)).unwrap_or_default();
    let object = first.map(|want| want.key.object()).or_else(|| goal.object());
    let name = object.as_ref().map_or_else(|| "it".to_owned(), ToString::to_string);
    let text = format!("{name} was not ready after {} s: {says}", waited / 1_000);
    let mut verdict = Verdict::failed(Cause::Timeout, object, crate::text::short(&text, 160));
    verdict.advice = explain::advice_of(&Cause::Timeout);
    verdict
}
