//! What follows when an attempt is over: the step's last word, or another try.

use jiff::Timestamp;

use super::apply::later;
use super::consequence::CalledOff;
use super::event::{Fact, Report, StepFinished, StepStatus, StopReason};
use super::state::{Live, Stop};
use super::{Run, why};
use crate::plan::{Backoff, Retry, RetryOn, StepIndex};

/// Steps whose work is one process, so that a success is the exit code 0.
const PROCESSES: [&str; 4] = ["command", "script", "ansible", "k8s_exec"];

impl Run {
    /// The step's last word, or another try.
    pub(super) fn after_attempt(&self, live: &Live, report: &Report, now: Timestamp) -> Fact {
        let i = live.attempt.step;
        let judged = self.judge(i, live.stop, report);
        if let Some(on) = judged.again {
            let retry = &self.plan().steps[i].retry;
            let is_due = self.steps[i].attempts < retry.attempts && retry.on.contains(&on);
            match self.called_off(i) {
                None if is_due => {
                    let wait = wait_after(retry, self.steps[i].attempts);
                    return Fact::RetryScheduled {
                        step: i,
                        attempt: self.steps[i].attempts.saturating_add(1),
                        not_before: later(now, wait),
                    };
                }
                // It would be tried again, had nobody called it off.
                Some(off @ (CalledOff::Cancelled | CalledOff::GroupWon(_) | CalledOff::GroupLost(_))) if is_due => {
                    return self.finish_called_off(i, off, now);
                }
                Some(_) | None => {}
            }
        }
        self.last_word(i, judged, report, now)
    }

    fn judge(&self, i: StepIndex, stop: Option<Stop>, report: &Report) -> Judged {
        let of = |status, why, again| Judged { status, why, again };
        match (stop, report) {
            (Some(Stop { reason: StopReason::TimedOut, own: true }), _) => {
                of(StepStatus::TimedOut, Some(why::took_too_long(self.plan(), i)), Some(RetryOn::TimedOut))
            }
            (Some(Stop { reason: StopReason::TimedOut, own: false }), _) => {
                of(StepStatus::TimedOut, self.called_off(i).map(|off| self.why_called_off(off)), None)
            }
            (_, Report::Succeeded(_)) => of(StepStatus::Success, None, None),
            (Some(Stop { reason: StopReason::Cancelled | StopReason::GroupDecided, .. }), _) => {
                of(StepStatus::Cancelled, self.called_off(i).map(|off| self.why_called_off(off)), None)
            }
            (None, Report::Failed { message, .. }) => {
                of(StepStatus::Failed, Some(message.clone()), Some(RetryOn::Failed))
            }
            (None, Report::Broken { message }) => of(StepStatus::Failed, Some(message.clone()), Some(RetryOn::Broken)),
            (None, Report::Lost { message }) => of(StepStatus::Failed, Some(message.clone()), Some(RetryOn::Lost)),
            (None, Report::Stopped) => {
                of(StepStatus::Failed, Some("it stopped, and nobody had asked it to".to_owned()), Some(RetryOn::Lost))
            }
            (None, Report::TimedOut) => {
                of(StepStatus::TimedOut, Some(why::took_too_long(self.plan(), i)), Some(RetryOn::TimedOut))
            }
        }
    }

    fn last_word(&self, i: StepIndex, judged: Judged, report: &Report, now: Timestamp) -> Fact {
        let mut fact = self.finish(i, judged.status, judged.why, now);
        if let Fact::StepFinished(finished) = &mut fact {
            self.add_gains(finished, report);
        }
        fact
    }

    fn add_gains(&self, finished: &mut StepFinished, report: &Report) {
        match report {
            Report::Succeeded(gains) if finished.status == StepStatus::Success => {
                let is_process = PROCESSES.contains(&self.plan().steps[finished.step].kind.as_str());
                finished.exit_code = is_process.then_some(0);
                finished.gains = gains.clone();
            }
            Report::Failed { exit_code, .. } => finished.exit_code = *exit_code,
            Report::Succeeded(_) | Report::Broken { .. } | Report::TimedOut | Report::Stopped | Report::Lost { .. } => {
            }
        }
    }
}

/// How an attempt ended, as far as its step is concerned.
struct Judged {
    status: StepStatus,
    why: Option<String>,
    /// Under which heading it may be tried again.
    again: Option<RetryOn>,
}

/// The wait before the next try, in milliseconds, when so many were made.
pub(super) fn wait_after(retry: &Retry, attempts: u32) -> u64 {
    let wait = match retry.backoff {
        Backoff::Fixed => retry.delay_ms,
        Backoff::Linear => retry.delay_ms.saturating_mul(u64::from(attempts)),
        Backoff::Exponential => retry.delay_ms.saturating_mul(2_u64.saturating_pow(attempts.saturating_sub(1))),
    };
    wait.min(retry.max_delay_ms.unwrap_or(u64::MAX))
}
