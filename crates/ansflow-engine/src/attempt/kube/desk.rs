//! What every step on a cluster works with.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use ansflow_core::mask::Masker;
use ansflow_core::run::Judgement;
use ansflow_core::run::event::Gains;
use ansflow_core::verdict::{Cause, End, Verdict};
use ansflow_kube::monitor::Fold;
use ansflow_kube::sink::{Sink as _, Stop};
use ansflow_kube::{Cluster, Limits};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::Told;
use super::scribe::Scribe;
use crate::attempt::alarm::Alarm;
use crate::attempt::order::{Kube, Order};
use crate::attempt::session::{Apart, Session};
use crate::attempt::{NoGain, broken, failed};
use crate::folder::{Artifact, Folder};

/// How many requests of one step are under way at once.
const IN_FLIGHT: usize = 20;

pub(super) struct Desk<'s> {
    pub(super) order: &'s Order,
    pub(super) kube: &'s Kube,
    pub(super) folder: &'s Folder,
    pub(super) masker: &'s Masker,
    pub(super) scribe: Scribe<'s>,
    pub(super) cluster: Cluster,
    alarm: Alarm<'s>,
    /// Why the work was ended from outside, once it was.
    ended: RefCell<Option<NoGain>>,
    verdict: RefCell<Option<Verdict>>,
    kept: RefCell<Vec<Artifact>>,
}

impl<'s> Desk<'s> {
    pub(super) fn of(session: &'s mut Session) -> Result<Desk<'s>, NoGain> {
        let Apart { order, folder, masker, outlet, alarm } = session.apart();
        let Some(kube) = &order.kube else {
            return Err(broken("the engine that ordered this is of another version: it said nothing of clusters"));
        };
        let limits = Limits {
            allow_loopback: kube.allow_loopback,
            in_flight: IN_FLIGHT,
            allowed_exec: kube.allowed_exec.clone(),
            ..Limits::default()
        };
        let cluster = Cluster::connect(&kube.access, &limits)
            .map_err(|error| failed(format!("cluster {}: {error}", kube.cluster)))?;
        let scribe = Scribe::new(outlet, masker, folder, kube.simulated);
        // Who looks at its rollout is led from it into the cluster.
        scribe.monitor(&Fold::begun(&kube.cluster, Timestamp::now()).snapshot());
        Ok(Desk {
            order,
            kube,
            folder,
            masker,
            scribe,
            cluster,
            alarm,
            ended: RefCell::default(),
            verdict: RefCell::default(),
            kept: RefCell::default(),
        })
    }

    /// Ends what is told: nothing comes after it.
    pub(super) fn close(self) -> Told {
        let masked = |verdict: Verdict| {
            let verdict = self.scribe.masked(&verdict).unwrap_or(verdict);
            Box::new(Judgement { verdict, simulated: self.scribe.is_simulated() })
        };
        let verdict = self.verdict.into_inner().map(masked);
        self.scribe.end(verdict.as_ref().map(|judged| judged.verdict.clone()));
        Told { verdict, artifacts: self.kept.into_inner() }
    }

    pub(super) fn say(&self, line: &str) {
        self.scribe.say(line);
    }

    /// The namespace that the step works in.
    pub(super) fn namespace(&self) -> &str {
        &self.kube.namespace
    }

    /// Until when the step may wait.
    pub(super) fn until(&self, timeout_ms: u64) -> Instant {
        let now = Instant::now();
        // A time that no clock reaches is as good as a day.
        now.checked_add(Duration::from_millis(timeout_ms)).unwrap_or(now + Duration::from_secs(86_400))
    }

    /// Rings when the waiting is to end: because somebody asked for it, or the time is up.
    pub(super) async fn stop(&self, until: Instant) -> Stop {
        tokio::select! {
            biased;
            why = self.alarm.rings() => {
                let stop = match why {
                    NoGain::Stopped if !self.alarm.is_late() => Stop::Cancelled,
                    NoGain::Stopped | NoGain::Failed { .. } | NoGain::Broken { .. } | NoGain::TimedOut => Stop::Deadline,
                };
                *self.ended.borrow_mut() = Some(why);
                stop
            }
            () = tokio::time::sleep_until(until.into()) => Stop::Deadline,
        }
    }

    /// Work that is dropped when the step is to end, and the verdict that follows from that.
    pub(super) async fn unless_ended<T>(&self, until: Instant, work: impl Future<Output = T>) -> Result<T, Verdict> {
        tokio::select! {
            biased;
            stop = self.stop(until) => Err(match stop {
                Stop::Cancelled => Verdict::failed(Cause::Cancelled, None, "the step was called off"),
                Stop::Deadline => Verdict::failed(Cause::Timeout, None, "the time of the step was up before it was done"),
            }),
            done = work => Ok(done),
        }
    }

    /// Files that were kept with the run.
    pub(super) fn keep(&self, kept: impl IntoIterator<Item = Artifact>) {
        self.kept.borrow_mut().extend(kept);
    }

    /// Work that only whoever waits for the step may end, and no time but the step's own.
    pub(super) async fn unless_called_off<T>(&self, work: impl Future<Output = T>) -> Result<T, NoGain> {
        tokio::select! {
            biased;
            why = self.alarm.rings() => Err(why),
            done = work => Ok(done),
        }
    }

    /// How the waiting ended: told.
    pub(super) fn judged(&self, verdict: Verdict) {
        self.say(&sentence(&verdict));
        *self.verdict.borrow_mut() = Some(verdict);
    }

    /// The waiting is over: told, and what follows for the step.
    pub(super) fn conclude(&self, verdict: Verdict) -> Result<(), NoGain> {
        match verdict.outcome {
            End::Ready => {
                self.judged(verdict);
                Ok(())
            }
            End::Failed => Err(self.end(verdict)),
        }
    }

    /// The waiting has failed: told, and how the step ends.
    pub(super) fn end(&self, verdict: Verdict) -> NoGain {
        let summary = verdict.summary.clone();
        self.judged(verdict);
        match self.ended.borrow_mut().take() {
            Some(why @ (NoGain::Stopped | NoGain::TimedOut | NoGain::Broken { .. })) => why,
            Some(NoGain::Failed { .. }) | None => failed(summary),
        }
    }

    /// What later steps may use.
    pub(super) fn gains<'n>(&self, outputs: impl IntoIterator<Item = (&'n str, Json)>) -> Gains {
        let masked = |(name, value): (&str, Json)| (name.to_owned(), self.scribe.masked(&value).unwrap_or_default());
        Gains { outputs: outputs.into_iter().map(masked).collect(), ..Gains::default() }
    }
}

/// A verdict in the log.
fn sentence(verdict: &Verdict) -> String {
    let head = match (verdict.outcome, &verdict.cause) {
        // The summary says it.
        (End::Ready, _) => String::new(),
        (End::Failed, Some(cause)) => format!("failed ({}): ", cause.as_str()),
        (End::Failed, None) => "failed: ".to_owned(),
    };
    let advice = verdict.advice.as_ref().map(|advice| format!(". {}", capital(advice))).unwrap_or_default();
    let remarks: String = verdict.remarks.iter().map(|remark| format!("; {remark}")).collect();
    format!("{head}{}{advice}{remarks}", verdict.summary.trim_end_matches('.'))
}

/// As a sentence begins.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
