//! One run, from where it stands to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ansflow_core::run::event::{Fact, Report, RunStatus};
use ansflow_core::run::{Attempt, Event, Input, Run};
use jiff::Timestamp;
use nix::sys::prctl;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::boot::{self, Before};
use super::{Engine, EngineError, Replay};
use crate::docker;
use crate::in_flight::{self, Done, Fresh, Handle};
use crate::keep;
use crate::kube::{self, AfterLoss, Note, Notes};
use crate::observer::Observer;
use crate::order::{self, Known};
use crate::spare::Ahead;
use crate::tail::{self, Tail};

/// A stop is said again so often, in case the attempt's process had no ears yet.
const STOP_AGAIN: Duration = Duration::from_millis(100);
/// So often it is looked at what attempts wait for.
const NOTES_AGAIN: Duration = Duration::from_secs(1);

impl Engine {
    /// Drives a stored run to its end: what it is then. Call it in a tokio runtime with I/O and time; dropping the
    /// future leaves the attempts running.
    ///
    /// `run` is what the stored events make; `inbox` carries approvals, rejections and cancels, and may be closed. A
    /// refused input is dropped: whoever sent it can ask the run beforehand with [`Run::decide`].
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn drive(
        &self,
        run: Run,
        replay: Replay,
        observer: &mut impl Observer,
        mut inbox: mpsc::Receiver<Input>,
    ) -> Result<RunStatus, EngineError> {
        let engine = self;
        if engine.spawner.is_of_one_run() {
            // What a killed attempt leaves comes to us, even what hid from its parent, its session and its environment.
            // With many runs an orphan says nothing of where it comes from, and none is wanted.
            prctl::set_child_subreaper(true).map_err(|error| EngineError::System(error.into()))?;
        }
        let (reports, mut ended) = mpsc::unbounded_channel();
        let tail = observer.wants_output().then(Tail::new).transpose().map_err(EngineError::System)?;
        let unsure = match boot::note(&engine.run_dir).map_err(EngineError::System)? {
            Before::InAnotherBoot => Some("the machine was restarted, and whether it had begun nobody knows"),
            // A server gives a run its turn here, after that note. What was wanted before was wanted of another data
            // directory: it may be at work there.
            Before::Never if !engine.spawner.is_of_one_run() => {
                Some("its folder is not on this machine, and whether it had begun nobody knows")
            }
            Before::Never | Before::InThisBoot => None,
        };
        let unsure = unsure.map(|why| (run.wanted().clone(), why));
        let mut news = engine.store.changes().listen(&run.created().run);
        let ahead = Ahead::of(&engine.spawner);
        let mut driver = Driver {
            engine,
            run,
            observer,
            tail,
            ahead,
            unsure,
            in_flight: BTreeMap::new(),
            reports,
            notes_at: Instant::now(),
        };
        driver.show_past(replay).await?;

        let mut inputs = vec![Input::Start, Input::Tick];
        loop {
            driver.decide(std::mem::take(&mut inputs)).await?;
            driver.reconcile().await?;
            if driver.run.is_ended() && driver.in_flight.is_empty() {
                driver.ahead.expect(false);
                engine.spawner.leave().await;
                docker::after_run(engine, &driver.run.created().run).await;
                kube::after_run(engine, &driver.run.created().run).await;
                driver.observer.flush().map_err(EngineError::Observer)?;
                return Ok(driver.run.status());
            }
            let (wake_in, has_news) = (driver.wake_in(), driver.has_news());
            tokio::select! {
                biased;
                Some((attempt, done)) = ended.recv() => {
                    let mut reported = vec![(attempt, done)];
                    // Reports that came together are decided, and stored, together.
                    while let Ok(another) = ended.try_recv() {
                        reported.push(another);
                    }
                    for (attempt, Done { report, verdict }) in reported {
                        // What it said last comes before what came of it.
                        inputs.extend(driver.notes_of(attempt));
                        driver.ended(attempt)?;
                        inputs.push(Input::Report { attempt, report, verdict });
                    }
                }
                Some(input) = inbox.recv() => inputs.push(input),
                () = news.beyond(driver.run.seq()) => driver.catch_up().await?,
                () = tokio::time::sleep(wake_in.unwrap_or_default()), if wake_in.is_some() => inputs.push(Input::Tick),
                news = wait_for_news(&mut driver.tail) => news.map_err(EngineError::System)?,
                () = std::future::ready(()), if has_news => {}
            }
            inputs.extend(driver.notes());
            driver.show_news()?;
        }
    }
}

async fn wait_for_news(tail: &mut Option<Tail>) -> std::io::Result<()> {
    match tail {
        Some(tail) => tail.wait().await,
        None => std::future::pending().await,
    }
}

struct Driver<'a, O> {
    engine: &'a Engine,
    run: Run,
    observer: &'a mut O,
    tail: Option<Tail>,
    ahead: Ahead,
    /// Attempts of which nobody knows whether they had begun, and why not.
    unsure: Option<(BTreeSet<Attempt>, &'static str)>,
    in_flight: BTreeMap<Attempt, InFlight>,
    reports: mpsc::UnboundedSender<(Attempt, Done)>,
    /// When notes are looked at again.
    notes_at: Instant,
}

/// An attempt that a task follows.
struct InFlight {
    handle: Arc<Handle>,
    task: AbortHandle,
    /// What it says while it waits, of a step on a cluster.
    notes: Option<Notes>,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        // An engine that goes away stops watching, and nothing else.
        self.task.abort();
    }
}

impl<O: Observer> Driver<'_, O> {
    /// Advances the run by what happened and stores what follows, all of it at once; then shows it.
    async fn decide(&mut self, inputs: Vec<Input>) -> Result<(), EngineError> {
        loop {
            let (before, now) = (self.run.seq(), Timestamp::now());
            let mut events = Vec::new();
            for input in &inputs {
                // Refused: it was decided otherwise meanwhile, such as a second approval or a report given twice.
                events.extend(self.run.advance(input, now).unwrap_or_default());
            }
            if events.is_empty() {
                return Ok(());
            }
            let id = self.run.created().run.clone();
            match self.engine.store.runs().append(&id, before, &events, self.run.status()).await {
                Ok(_) => return self.show_events(before, &events),
                // Somebody else had a word in it: what they said, and then from the start.
                Err(ansflow_store::Error::Conflict(_)) => {
                    let others = self.engine.store.runs().load(&id).await?;
                    self.run = Run::replay(&others)?;
                    let unseen = others.get(usize::try_from(before).unwrap_or(usize::MAX)..).unwrap_or_default();
                    self.show_events(before, unseen)?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Takes over what somebody else has stored, such as a cancel or a yes.
    async fn catch_up(&mut self) -> Result<(), EngineError> {
        let (before, id) = (self.run.seq(), self.run.created().run.clone());
        let others = self.engine.store.runs().after(&id, before, u64::MAX).await?;
        let others: Vec<Event> = others.into_iter().map(|(_, event)| event).collect();
        self.run.catch_up(&others)?;
        self.show_events(before, &others)
    }

    fn show_events(&mut self, before: u64, events: &[Event]) -> Result<(), EngineError> {
        for (event, seq) in events.iter().zip(before + 1..) {
            self.observer.event(seq, event, &self.run).map_err(EngineError::Observer)?;
        }
        self.observer.flush().map_err(EngineError::Observer)
    }

    /// Starts, or attaches to, what is wanted and not followed; stops what is no longer wanted.
    async fn reconcile(&mut self) -> Result<(), EngineError> {
        let absent: Vec<_> =
            self.run.wanted().iter().filter(|attempt| !self.in_flight.contains_key(attempt)).copied().collect();
        self.ahead.expect(self.run.has_more());
        let steps = &self.run.plan().steps;
        let mut known = Known::default();
        if absent.iter().any(|attempt| docker::may_name_a_registry(&steps[attempt.step])) {
            known.registries = (self.engine.registries)().await?;
        }
        if absent.iter().any(|attempt| kube::may_name_a_cluster(&steps[attempt.step])) {
            known.clusters = (self.engine.clusters)().await?;
        }
        for attempt in absent {
            let fresh = self.fresh(attempt, &known);
            self.follow(attempt, fresh)?;
        }
        let stopping: Vec<_> = self.run.stopping().map(|(attempt, _)| attempt).collect();
        for attempt in stopping {
            match self.in_flight.get(&attempt) {
                Some(in_flight) => in_flight.handle.stop(),
                // Only to learn what came of it: without an order nothing begins.
                None => self.follow(attempt, Fresh::Report(Box::new(Report::Stopped)))?,
            }
        }
        Ok(())
    }

    /// What is to be done where nobody has begun the attempt.
    fn fresh(&self, attempt: Attempt, known: &Known) -> Fresh {
        if let Some((_, why)) = self.unsure.as_ref().filter(|(attempts, _)| attempts.contains(&attempt)) {
            return Fresh::Report(Box::new(Report::Lost { message: (*why).to_owned() }));
        }
        // A step that cannot begin has still begun, and ends.
        order::make(self.engine, known, &self.run, attempt).map_or_else(Fresh::Report, Fresh::Begin)
    }

    fn follow(&mut self, attempt: Attempt, fresh: Fresh) -> Result<(), EngineError> {
        let folder = self.engine.folder(attempt);
        folder.create().map_err(EngineError::System)?;
        if let Some(tail) = &mut self.tail {
            tail.follow(attempt, folder.path()).map_err(EngineError::System)?;
        }
        let handle = Arc::new(Handle::default());
        let (spawner, reports, shared) = (Arc::clone(&self.engine.spawner), self.reports.clone(), Arc::clone(&handle));
        let planned = &self.run.plan().steps[attempt.step];
        let notes = kube::may_name_a_cluster(planned).then(Notes::default);
        // Most steps keep nothing, and nothing is read or copied for them.
        let keeps = !planned.artifacts.is_empty() || notes.is_some();
        let keeper = keeps.then(|| (self.engine.clone(), self.run.created().run.clone()));
        let after = notes.is_some().then(|| AfterLoss::of(self.engine, &self.run.created().run, attempt));
        let task = tokio::spawn(async move {
            let mut done = in_flight::follow(&spawner, folder, fresh, &shared, after.as_ref()).await;
            if let Some((engine, run)) = keeper {
                done.report = keep::artifacts(&engine, &run, attempt, done.report).await;
            }
            // Nobody listens: the engine has gone, and the next one looks again.
            let _ = reports.send((attempt, done));
        });
        self.in_flight.insert(attempt, InFlight { handle, task: task.abort_handle(), notes });
        Ok(())
    }

    /// The attempt is over: its last lines come before what follows from its end.
    fn ended(&mut self, attempt: Attempt) -> Result<(), EngineError> {
        self.in_flight.remove(&attempt);
        match &mut self.tail {
            Some(tail) => tail.finish(attempt, self.observer, &self.run).map_err(EngineError::Observer),
            None => Ok(()),
        }
    }

    /// What attempts have said of their waiting, looked at once in a while.
    fn notes(&mut self) -> Vec<Input> {
        if Instant::now() < self.notes_at {
            return Vec::new();
        }
        self.notes_at = Instant::now() + NOTES_AGAIN;
        let attempts: Vec<Attempt> = self.in_flight.keys().copied().collect();
        attempts.into_iter().flat_map(|attempt| self.notes_of(attempt)).collect()
    }

    fn notes_of(&mut self, attempt: Attempt) -> Vec<Input> {
        let notes = self.in_flight.get_mut(&attempt).and_then(|in_flight| in_flight.notes.as_mut());
        let news = notes.map(|notes| notes.news(&self.engine.folder(attempt))).unwrap_or_default();
        let input = |note: Note| {
            let Note { number, waiting, simulated } = note;
            Input::Note { attempt, number, waiting, simulated }
        };
        news.into_iter().map(input).collect()
    }

    fn has_news(&self) -> bool {
        self.tail.as_ref().is_some_and(Tail::has_news)
    }

    fn show_news(&mut self) -> Result<(), EngineError> {
        match &mut self.tail {
            Some(tail) if tail.has_news() => tail.show(self.observer, &self.run).map_err(EngineError::Observer),
            _ => Ok(()),
        }
    }

    /// How long there is nothing to do but to listen.
    fn wake_in(&self) -> Option<Duration> {
        let tick = self.run.wake_at().map(|at| {
            // Rounded up: a tick that is too early would be said again and again.
            let wait = at.duration_since(Timestamp::now()).as_millis().max(0);
            Duration::from_millis(u64::try_from(wait).unwrap_or(u64::MAX).saturating_add(1))
        });
        let stop = self.run.stopping().next().map(|_| STOP_AGAIN);
        let notes = self.in_flight.values().any(|in_flight| in_flight.notes.is_some());
        let notes = notes.then(|| self.notes_at.saturating_duration_since(Instant::now()));
        [tick, stop, notes].into_iter().flatten().min()
    }

    /// What an observer that asks for it is told of the time before.
    async fn show_past(&mut self, replay: Replay) -> Result<(), EngineError> {
        if replay == Replay::Nothing {
            return Ok(());
        }
        let events = self.engine.store.runs().load(&self.run.created().run).await?;
        let past = events.get(..usize::try_from(self.run.seq()).unwrap_or(usize::MAX)).unwrap_or(&events);
        for (event, seq) in past.iter().zip(1..) {
            if let (Fact::AttemptEnded { step, attempt, .. }, true) = (&event.fact, self.tail.is_some()) {
                let attempt = Attempt { step: *step, number: *attempt };
                let folder = self.engine.folder(attempt);
                tail::show_all(attempt, folder.path(), self.observer, &self.run).map_err(EngineError::Observer)?;
            }
            self.observer.event(seq, event, &self.run).map_err(EngineError::Observer)?;
        }
        self.observer.flush().map_err(EngineError::Observer)
    }
}
