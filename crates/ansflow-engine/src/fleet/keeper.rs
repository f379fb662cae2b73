//! The loop: look, give turns, drive, wait for something that can change it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use ansflow_core::run::event::RunStatus;
use ansflow_store::runs::Turn;
use jiff::Timestamp;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{error, info};

use super::admission::{Candidate, Stand, admit};
use super::trouble::NotDriven;
use super::{Fleet, Limits, driving};

/// News come by the hundred while steps run; one look at them is enough.
const BREATH: Duration = Duration::from_millis(20);
/// What nobody tells us — another process' writes, a limit that was lifted — is seen so late.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// What is driven, by whom.
pub(super) struct Keeper {
    fleet: Fleet,
    tasks: JoinSet<Result<RunStatus, NotDriven>>,
    driven: BTreeMap<String, Id>,
    names: HashMap<Id, String>,
    /// The last event of each run that somebody was told of.
    told: HashMap<String, u64>,
    limits: Limits,
    /// Whether the last look has failed.
    is_blind: bool,
    /// Whether somebody waits for a turn.
    has_queue: bool,
}

type Ended = Result<(Id, Result<RunStatus, NotDriven>), JoinError>;

impl Keeper {
    pub(super) fn new(fleet: Fleet) -> Self {
        Self {
            fleet,
            tasks: JoinSet::new(),
            driven: BTreeMap::new(),
            names: HashMap::new(),
            told: HashMap::new(),
            limits: Limits::default(),
            is_blind: false,
            has_queue: false,
        }
    }

    /// Stops driving; the attempts live on.
    pub(super) async fn stop(&mut self) {
        self.tasks.shutdown().await;
    }

    /// Never returns.
    pub(super) async fn keep(&mut self) {
        // Listen before looking: what is stored in between is not slept through.
        let mut listener = self.fleet.store.changes().listen_to_all();
        loop {
            match self.tick(Timestamp::now()).await {
                Ok(()) if self.is_blind => {
                    self.is_blind = false;
                    info!("the database answers again");
                }
                Ok(()) => {}
                Err(problem) if self.is_blind => tracing::debug!("still failing to look at the runs: {problem}"),
                Err(problem) => {
                    self.is_blind = true;
                    error!("failed to look at the runs: {problem}");
                }
            }
            let wake_at = self.wake_in().map(|wait| Instant::now() + wait);
            tokio::select! {
                () = listener.changed() => sleep(BREATH).await,
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended),
                () = sleep_until(wake_at.unwrap_or_else(Instant::now)), if wake_at.is_some() => {}
            }
            while let Some(ended) = self.tasks.try_join_next_with_id() {
                self.ended(ended);
            }
        }
    }

    /// One look: whoever has a turn is driven, whose turn has come gets it.
    async fn tick(&mut self, now: Timestamp) -> ansflow_store::Result<()> {
        self.limits = (self.fleet.sources.limits)().await?;
        let turns = self.fleet.store.runs().turns().await?;
        self.hear_others(&turns).await?;
        let known: BTreeSet<&str> = turns.iter().map(|turn| &*turn.run).collect();
        self.fleet.lock_troubles().retain(|run| known.contains(run));
        let mut candidates = Vec::new();
        for turn in &turns {
            let is_driven = self.driven.contains_key(&turn.run);
            let trouble = self.fleet.lock_troubles().get(&turn.run).filter(|_| !is_driven).cloned();
            let may_try = trouble.as_ref().is_none_or(|trouble| trouble.retry_at <= now);
            let mut stand = self.stand(turn);
            match (stand, &trouble) {
                (Stand::Queued, _) if !may_try => continue,
                (Stand::Queued, _) => {}
                (Stand::Running | Stand::Waiting, None) if is_driven => {}
                (Stand::Running | Stand::Waiting, None) => self.drive(&turn.run),
                (Stand::Running | Stand::Waiting, Some(trouble)) => {
                    if may_try {
                        self.drive(&turn.run);
                    }
                    // It stands in nobody's way: not in the server's, and when nothing can come of it, not in its
                    // pipeline's either.
                    if trouble.is_corrupt {
                        continue;
                    }
                    stand = Stand::Waiting;
                }
            }
            candidates.push(Candidate { run: &turn.run, pipeline: &turn.pipeline, limit: turn.limit, stand });
        }
        self.has_queue = candidates.iter().any(|candidate| candidate.stand == Stand::Queued);
        for run in admit(&candidates, self.limits.max_runs) {
            self.drive(run);
        }
        Ok(())
    }

    /// A run that was just given its turn says so itself, a moment later.
    fn stand(&self, turn: &Turn) -> Stand {
        match turn.status {
            Some(RunStatus::Queued) if !self.driven.contains_key(&turn.run) => Stand::Queued,
            Some(RunStatus::Waiting) => Stand::Waiting,
            // A row in words that nobody knows: whoever drives it finds out.
            Some(
                RunStatus::Queued
                | RunStatus::Running
                | RunStatus::Success
                | RunStatus::Failed
                | RunStatus::Cancelled
                | RunStatus::TimedOut,
            )
            | None => Stand::Running,
        }
    }

    fn drive(&mut self, run: &str) {
        let (fleet, id) = (self.fleet.clone(), run.to_owned());
        let task = self.tasks.spawn(async move { driving::drive(&fleet, &id).await });
        self.driven.insert(run.to_owned(), task.id());
        self.names.insert(task.id(), run.to_owned());
    }

    fn ended(&mut self, ended: Ended) {
        let (id, outcome) = match ended {
            Ok(ended) => ended,
            Err(panicked) => (panicked.id(), Err(NotDriven::Panicked(panicked.to_string()))),
        };
        let Some(run) = self.names.remove(&id) else { return };
        self.driven.remove(&run);
        let mut troubles = self.fleet.lock_troubles();
        match outcome {
            Ok(status) => {
                troubles.forget(&run);
                info!(run.id = %run, status = status.as_str(), "{run} has ended: {}", status.as_str());
            }
            Err(why) => {
                let trouble = troubles.note(&run, &why, Timestamp::now());
                error!(run.id = %run, times = trouble.times, "{run} cannot be driven: {}", trouble.message);
            }
        }
    }

    /// Passes on what other processes have written about runs.
    async fn hear_others(&mut self, turns: &[Turn]) -> ansflow_store::Result<()> {
        if !self.fleet.store.is_shared() {
            return Ok(());
        }
        let mut now: HashMap<String, u64> = turns.iter().map(|turn| (turn.run.clone(), turn.seq)).collect();
        for run in self.driven.keys().filter(|run| !now.contains_key(*run)).cloned().collect::<Vec<_>>() {
            // It has ended: by our own doing, or not.
            if let Ok(row) = self.fleet.store.runs().get(&run).await {
                now.insert(run, row.seq);
            }
        }
        for (run, seq) in &now {
            if self.told.get(run).is_none_or(|told| told < seq) {
                self.fleet.store.changes().tell(run, *seq);
            }
        }
        self.told = now;
        Ok(())
    }

    /// How long there is nothing to do but to listen; none: for ever, so that an idle server costs nothing.
    fn wake_in(&self) -> Option<Duration> {
        let look = (self.has_queue || self.is_blind || self.fleet.store.is_shared()).then_some(LOOK_AGAIN);
        let now = Timestamp::now();
        let retry = self
            .fleet
            .lock_troubles()
            .next_retry(now)
            .map(|at| Duration::try_from(at.duration_since(now)).unwrap_or_default() + Duration::from_millis(1));
        [look, retry].into_iter().flatten().min()
    }
}
