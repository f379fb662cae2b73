//! The clock's triggers: starts what is due, once, and says when it will be due again.
//!
//! Level-triggered: a schedule's row says when it is due, and [`Schedules::tick`] makes the world follow the rows. The
//! run is asked for under a key made of the schedule and its time, and only then the row goes on: whoever is killed
//! between the two finds the same run again.

mod cron;
mod missed;

use std::future::Future;
use std::time::Duration;

use ansflow_store::deliveries::{NewDelivery, Status};
use ansflow_store::launch::{Launch, LaunchError};
use ansflow_store::schedules::{NEVER, Schedule};
use ansflow_store::{Error, Files, Keyring, Result, Store};
use jiff::{SignedDuration, Timestamp};

use self::cron::Cron;
use self::missed::missed;

/// What is due for longer than this was missed: nobody wants last night's backup at noon.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// Deliveries are kept for so long, and no more than so many.
const KEEP_DELIVERIES: SignedDuration = SignedDuration::from_hours(30 * 24);
const MOST_DELIVERIES: u64 = 10_000;
/// How often is looked for deliveries to be forgotten.
const FORGET_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// The longest sleep. The clock may be set, and other processes change pipelines without our hearing of it.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// After the store could not.
const SLEEP_AFTER_TROUBLE: Duration = Duration::from_secs(10);

/// Starts pipelines by the clock until `shutdown`; what is being written then is finished first.
pub async fn run(store: Store, files: Files, keyring: Keyring, shutdown: impl Future<Output = ()>) {
    let mut schedules = Schedules::new(store.clone(), files, keyring);
    let mut news = store.changes().listen_to_pipelines();
    let mut reconsidered = false;
    tokio::pin!(shutdown);
    loop {
        let done = async {
            if !reconsidered {
                store.schedules().reconsider().await?;
                reconsidered = true;
            }
            schedules.tick(Timestamp::now()).await
        };
        let sleep = match done.await {
            Ok(wake_at) => wake_at.map_or(LONGEST_SLEEP, until).min(LONGEST_SLEEP),
            Err(error) => {
                tracing::error!("schedules cannot be looked at: {error}");
                SLEEP_AFTER_TROUBLE
            }
        };
        tokio::select! {
            () = &mut shutdown => return,
            () = news.changed() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

/// How long it is until then, rounded up, so that it is due when we look.
fn until(then: Timestamp) -> Duration {
    let ms = then.duration_since(Timestamp::now()).as_millis().max(0);
    Duration::from_millis(u64::try_from(ms).unwrap_or(u64::MAX).saturating_add(1))
}

/// The clock's triggers of one store.
#[derive(Debug)]
pub struct Schedules {
    store: Store,
    files: Files,
    keyring: Keyring,
    forget_at: Timestamp,
}

impl Schedules {
    /// Of this store, whose runs have their folders there.
    #[must_use]
    pub fn new(store: Store, files: Files, keyring: Keyring) -> Schedules {
        Schedules { store, files, keyring, forget_at: Timestamp::UNIX_EPOCH }
    }

    /// Starts what is due by now, and says when there is something to do again; none: when a pipeline changes.
    ///
    /// # Errors
    /// When the store could not; what was done is done, and the next tick goes on.
    pub async fn tick(&mut self, now: Timestamp) -> Result<Option<Timestamp>> {
        if now >= self.forget_at {
            let before = now.checked_sub(KEEP_DELIVERIES).unwrap_or(Timestamp::UNIX_EPOCH);
            self.store.deliveries().prune(before, MOST_DELIVERIES).await?;
            self.forget_at = now.checked_add(FORGET_EVERY).unwrap_or(Timestamp::MAX);
        }
        // What cannot be done for one must not keep the others.
        let mut trouble = None;
        for schedule in self.store.schedules().due(now).await? {
            if let Err(error) = self.look_after(schedule, now).await {
                trouble.get_or_insert(error);
            }
        }
        if let Some(error) = trouble {
            return Err(error);
        }
        let next = self.store.schedules().next_at().await?;
        let next = next.map(|at| Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX));
        Ok(Some(next.map_or(self.forget_at, |next| next.min(self.forget_at))))
    }

    async fn look_after(&self, mut schedule: Schedule, now: Timestamp) -> Result<()> {
        let cron = match Cron::read(&schedule.cron, &schedule.timezone) {
            Ok(cron) => cron,
            Err(why) => return self.give_up(&schedule, &why, now).await,
        };
        if schedule.next_at == 0 {
            let next = Schedule { next_at: ms(cron.next(now)), ..schedule.clone() };
            if next.next_at == NEVER {
                return self.give_up(&schedule, "it never comes: no such day is in any year", now).await;
            }
            self.store.schedules().advance(&schedule, &next, None, now).await?;
            return Ok(());
        }
        let key =
            |schedule: &Schedule| format!("schedule:{}:{}:{}", schedule.pipeline, schedule.place, schedule.next_at);
        if let Some(missed) = missed(&cron, &schedule, now, PATIENCE)
            // Whoever asked for the run and was killed before the row went on has not missed it.
            && self.store.schedules().run_of(&key(&schedule)).await?.is_none()
        {
            let next = Schedule { next_at: ms(missed.next), ..schedule.clone() };
            let dedupe = format!("{}:{}", schedule.place, schedule.next_at);
            let said = delivery(&schedule, &dedupe, Status::Missed, &missed.reason, "");
            if !self.store.schedules().advance(&schedule, &next, Some(&said), now).await? {
                return Ok(());
            }
            schedule = next;
        }
        if schedule.next_at <= now.as_millisecond() {
            self.start(&schedule, &key(&schedule), ms(cron.next(now)), now).await?;
        }
        Ok(())
    }

    /// Asks for the run and goes on to the next time.
    async fn start(&self, due: &Schedule, key: &str, next_at: i64, now: Timestamp) -> Result<()> {
        let launch = Launch {
            pipeline: &due.pipeline,
            cause: "schedule",
            by: "schedule",
            request_key: Some(key),
            concurrency: self.store.settings(&self.keyring).get().await?.steps_per_run,
            ..Launch::default()
        };
        let (status, reason, run) = match self.store.launch(launch, &self.files, now).await {
            Ok(launched) => (Status::Started, String::new(), launched.run.created().run.clone()),
            // Deleted meanwhile, and its schedules with it.
            Err(LaunchError::Store(Error::NotFound(_))) => return Ok(()),
            Err(LaunchError::Store(error @ (Error::Unavailable(_) | Error::Io { .. }))) => return Err(error),
            Err(why) => (Status::Refused, why.to_string(), String::new()),
        };
        let dedupe = format!("{}:{}", due.place, due.next_at);
        let said = delivery(due, &dedupe, status, &reason, &run);
        let next = Schedule { next_at, last_at: due.next_at, last_run: run.clone(), ..due.clone() };
        self.store.schedules().advance(due, &next, Some(&said), now).await?;
        match status {
            Status::Started => tracing::info!(run, pipeline = due.pipeline, "the clock started `{}`", due.pipeline),
            Status::Refused | Status::Ignored | Status::Duplicate | Status::Missed => {
                tracing::warn!(pipeline = due.pipeline, "the clock could not start `{}`: {reason}", due.pipeline);
            }
        }
        Ok(())
    }

    /// Leaves a schedule be until its text changes, or AnsFlow starts again.
    async fn give_up(&self, schedule: &Schedule, why: &str, now: Timestamp) -> Result<()> {
        let dedupe = format!("{}:{} {}", schedule.place, schedule.cron, schedule.timezone);
        let said = delivery(schedule, &dedupe, Status::Refused, why, "");
        let never = Schedule { next_at: NEVER, ..schedule.clone() };
        self.store.schedules().advance(schedule, &never, Some(&said), now).await?;
        Ok(())
    }
}

/// What a row says of a time.
fn ms(at: Option<Timestamp>) -> i64 {
    at.map_or(NEVER, Timestamp::as_millisecond)
}

fn delivery<'d>(
    schedule: &'d Schedule,
    dedupe: &'d str,
    status: Status,
    reason: &'d str,
    run: &'d str,
) -> NewDelivery<'d> {
    NewDelivery {
        source: "schedule",
        event: &schedule.cron,
        dedupe,
        pipeline: &schedule.pipeline,
        status,
        reason,
        run,
        branch: "",
        commit: "",
        sender: "schedule",
    }
}
