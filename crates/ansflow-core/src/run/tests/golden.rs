//! What was once written stays readable: one stored event of every shape, in `tests/golden/events`.

use expect_test::expect_file;

use super::world::{created, epoch, step};
use crate::plan::{Approval, Backoff, Condition, GroupPolicy, PlannedGroup, Retry, RetryOn};
use crate::run::apply::later;
use crate::run::{Event, Fact, Gains, Report, RunCreated, RunStatus, StepFinished, StepStatus, StopReason};
use crate::verdict::{Cause, Evidence, EvidenceFrom, Object, Verdict, Waiting};

/// The name of each file, and what is in it. A new shape gets a line of its own; a file is never changed.
fn golden() -> Vec<(&'static str, Fact)> {
    vec![
        ("run_created", Fact::RunCreated(Box::new(everything()))),
        ("run_created_small", Fact::RunCreated(Box::new(created(vec![step("a", &[])])))),
        ("run_started", Fact::RunStarted),
        ("approval_opened", Fact::ApprovalOpened { step: 1, deadline: Some(later(epoch(), 1_500)) }),
        ("approval_opened_forever", Fact::ApprovalOpened { step: 1, deadline: None }),
        ("approved", Fact::Approved { step: 1, by: "mona".into(), via: "web".into(), comment: Some("fine".into()) }),
        ("rejected", Fact::Rejected { step: 1, by: "mona".into(), comment: None }),
        ("attempt_started", Fact::AttemptStarted { step: 1, attempt: 2, deadline: Some(later(epoch(), 60_000)) }),
        ("attempt_stopping_cancelled", stopping(StopReason::Cancelled)),
        ("attempt_stopping_timed_out", stopping(StopReason::TimedOut)),
        ("attempt_stopping_group_decided", stopping(StopReason::GroupDecided)),
        ("noted", noted(false)),
        ("noted_simulated", noted(true)),
        ("judged_failed", Fact::Judged { step: 1, attempt: 2, verdict: Box::new(failed()), simulated: false }),
        (
            "judged_ready",
            Fact::Judged {
                step: 1,
                attempt: 2,
                verdict: Box::new(Verdict::ready(None, "all is ready")),
                simulated: true,
            },
        ),
        ("attempt_ended_succeeded", ended(Report::Succeeded(gains()))),
        ("attempt_ended_failed", ended(Report::Failed { exit_code: Some(137), message: "exit code 137".into() })),
        ("attempt_ended_broken", ended(Report::Broken { message: "no such shell".into() })),
        ("attempt_ended_timed_out", ended(Report::TimedOut)),
        ("attempt_ended_stopped", ended(Report::Stopped)),
        ("attempt_ended_lost", ended(Report::Lost { message: "its process was killed".into() })),
        ("retry_scheduled", Fact::RetryScheduled { step: 1, attempt: 3, not_before: later(epoch(), 5_000) }),
        ("step_finished", Fact::StepFinished(Box::new(finished()))),
        ("step_finished_skipped", Fact::StepFinished(Box::new(skipped()))),
        ("cancel_requested", Fact::CancelRequested { by: "mona".into() }),
        ("run_timed_out", Fact::RunTimedOut),
        ("group_timed_out", Fact::GroupTimedOut { group: 0 }),
        ("run_finished", Fact::RunFinished { status: RunStatus::TimedOut, duration_ms: 61_000 }),
    ]
}

#[test]
fn every_stored_shape_is_read_and_written_as_ever() {
    for (name, fact) in golden() {
        let event = Event { at: later(epoch(), 42), fact };
        let stored = expect_file![format!("../../../tests/golden/events/{name}.json")];
        stored.assert_eq(&format!("{}\n", serde_json::to_string_pretty(&event).unwrap()));
        let read: Event = serde_json::from_str(&stored.data()).unwrap();
        assert_eq!(read, event, "{name}");
    }
}

#[test]
fn every_fact_has_a_golden_file() {
    let kinds: std::collections::BTreeSet<u8> = golden().iter().map(|(_, fact)| number(fact)).collect();
    assert!(kinds.into_iter().eq(0..16), "a fact has no golden file");
}

/// A number for each fact. A new one stops the compiler here: give it a number, and a golden file above.
fn number(fact: &Fact) -> u8 {
    match fact {
        Fact::RunCreated(_) => 0,
        Fact::RunStarted => 1,
        Fact::ApprovalOpened { .. } => 2,
        Fact::Approved { .. } => 3,
        Fact::Rejected { .. } => 4,
        Fact::AttemptStarted { .. } => 5,
        Fact::AttemptStopping { .. } => 6,
        Fact::AttemptEnded { .. } => 7,
        Fact::RetryScheduled { .. } => 8,
        Fact::StepFinished(_) => 9,
        Fact::CancelRequested { .. } => 10,
        Fact::RunTimedOut => 11,
        Fact::GroupTimedOut { .. } => 12,
        Fact::RunFinished { .. } => 13,
        Fact::Noted { .. } => 14,
        Fact::Judged { .. } => 15,
    }
}

fn stopping(reason: StopReason) -> Fact {
    Fact::AttemptStopping { step: 1, attempt: 2, reason }
}

fn pod() -> Object {
    Object::new("Pod", Some("shop"), "web-7569b-lt9gj")
}

fn noted(simulated: bool) -> Fact {
    let waiting = Waiting { r#for: "Deployment/web 0 of 2 ready".into(), objects: vec![pod()] };
    Fact::Noted { step: 1, attempt: 2, number: 3, waiting, simulated }
}

/// A verdict in which everything is said that can be said.
fn failed() -> Verdict {
    let evidence = Evidence {
        from: EvidenceFrom::Event,
        object: pod(),
        text: "Failed to pull image".into(),
        at: Some(epoch()),
        times: 2,
    };
    Verdict {
        evidence: vec![evidence],
        advice: Some("check the tag".into()),
        remarks: vec!["rolled back".into()],
        ..Verdict::failed(Cause::ImagePull, Some(pod()), "Pod/web-7569b-lt9gj cannot start")
    }
}

fn ended(report: Report) -> Fact {
    Fact::AttemptEnded { step: 1, attempt: 2, report }
}

fn gains() -> Gains {
    Gains {
        outputs: serde_json::from_str(r#"{"image": "shop:7", "token": "***"}"#).unwrap(),
        masked: vec!["token".into()],
        directory: Some("sub".into()),
        git_commit: Some("abc".into()),
        git_branch: Some("main".into()),
    }
}

fn finished() -> StepFinished {
    StepFinished { step: 0, status: StepStatus::Success, why: None, exit_code: Some(0), duration_ms: 5, gains: gains() }
}

fn skipped() -> StepFinished {
    let why = Some("branch is `dev`, not `main`".into());
    let status = StepStatus::Skipped;
    StepFinished { step: 1, status, why, exit_code: None, duration_ms: 0, gains: Gains::default() }
}

/// A creation in which everything is said that can be said.
fn everything() -> RunCreated {
    let mut full = step("构建镜像", &[]);
    full.stage = Some("build".into());
    full.group = Some(0);
    full.conditions = vec![
        Condition::BranchEquals("main".into()),
        Condition::BranchMatches("release/*".into()),
        Condition::EnvironmentEquals("prod".into()),
        Condition::Expression("a == 1".into()),
        Condition::OnSuccess,
        Condition::OnFailure,
        Condition::Always,
    ];
    full.retry = Retry {
        attempts: 3,
        delay_ms: 5_000,
        backoff: Backoff::Exponential,
        max_delay_ms: Some(60_000),
        on: vec![RetryOn::Failed, RetryOn::TimedOut, RetryOn::Lost, RetryOn::Broken],
    };
    full.timeout_ms = Some(60_000);
    full.approval =
        Some(Approval { approvers: vec!["ops".into()], required: 2, timeout_ms: Some(1), message: Some("ok?".into()) });
    full.continue_on_failure = true;
    full.env = vec![("A".into(), "{{ b }}".into())];
    full.artifacts = vec!["*.txt".into()];
    full.params = serde_json::from_str(r#"{"command": "echo"}"#).unwrap();
    let mut created = created(vec![full, step("after", &[0])]);
    created.plan.variables = serde_json::from_str(r#"{"b": {"c": [1, 2.5, null]}}"#).unwrap();
    created.plan.env = vec![("E".into(), "1".into())];
    created.plan.timeout_ms = Some(1_800_000);
    created.plan.groups = [GroupPolicy::WaitAll, GroupPolicy::WaitAny, GroupPolicy::FailFast]
        .map(|policy| PlannedGroup { name: "tests".into(), policy, timeout_ms: Some(600_000) })
        .into();
    created.facts.git_branch = Some("main".into());
    created.facts.git_commit = Some("abc".into());
    created.facts.retry_of = Some("run_0".into());
    created.carried = vec![finished()];
    created.deselected = vec![(1, "not selected".into())];
    created
}
