//! Logs that cannot have happened, and runs that cannot be.

use expect_test::{Expect, expect};

use super::scenario::play;
use super::world::{created, epoch, step};
use crate::plan::Approval;
use crate::run::{
    Event, Fact, Gains, Input, Refusal, Report, Run, RunCreated, RunStatus, StepFinished, StepStatus, StopReason,
};

/// A log of one step that was started and whose first attempt executes.
fn log() -> Vec<Event> {
    play("a\n b needs a").0.log
}

fn check(change: impl FnOnce(&mut Vec<Fact>), expect: &Expect) {
    let mut facts: Vec<Fact> = log().into_iter().map(|event| event.fact).collect();
    change(&mut facts);
    let events: Vec<Event> = facts.into_iter().map(|fact| Event { at: epoch(), fact }).collect();
    expect.assert_eq(&Run::replay(&events).unwrap_err().to_string());
}

fn finished(step: usize, status: StepStatus) -> Fact {
    let gains = Gains::default();
    Fact::StepFinished(Box::new(StepFinished { step, status, why: None, exit_code: None, duration_ms: 0, gains }))
}

#[test]
fn a_log_begins_with_the_creation() {
    check(
        |log| drop(log.remove(0)),
        &expect!["the log of the run is corrupt at event 1: the first event does not create the run"],
    );
}

#[test]
fn a_run_is_created_and_started_once() {
    check(
        |log| log.insert(1, log[0].clone()),
        &expect!["the log of the run is corrupt at event 2: the run is created a second time"],
    );
    check(
        |log| log.insert(1, log[1].clone()),
        &expect!["the log of the run is corrupt at event 3: the run starts a second time"],
    );
}

#[test]
fn an_attempt_starts_after_the_run_and_what_it_needs() {
    check(
        |log| log.swap(1, 2),
        &expect!["the log of the run is corrupt at event 2: step `a` starts an attempt before the run has started"],
    );
    check(
        |log| log.push(Fact::AttemptStarted { step: 1, attempt: 1, deadline: None }),
        &expect!["the log of the run is corrupt at event 4: step `b` starts an attempt before its needs have ended"],
    );
    check(
        |log| log.push(Fact::AttemptStarted { step: 5, attempt: 1, deadline: None }),
        &expect!["the log of the run is corrupt at event 4: there is no step 5"],
    );
}

#[test]
fn a_step_has_one_live_attempt_and_numbers_count_up() {
    check(
        |log| log.push(Fact::AttemptStarted { step: 0, attempt: 2, deadline: None }),
        &expect!["the log of the run is corrupt at event 4: step `a` starts an attempt while it is running"],
    );
    check(
        |log| log[2] = Fact::AttemptStarted { step: 0, attempt: 2, deadline: None },
        &expect!["the log of the run is corrupt at event 3: attempt 2 of step `a` follows attempt 0"],
    );
    check(
        |log| log.push(Fact::AttemptEnded { step: 0, attempt: 3, report: Report::Stopped }),
        &expect!["the log of the run is corrupt at event 4: attempt 3 of step `a` is not the live one"],
    );
    check(
        |log| log.push(Fact::AttemptEnded { step: 1, attempt: 1, report: Report::Stopped }),
        &expect!["the log of the run is corrupt at event 4: step `b` has an attempt end while it is pending"],
    );
}

#[test]
fn an_attempt_is_stopped_once() {
    let stop = Fact::AttemptStopping { step: 0, attempt: 1, reason: StopReason::Cancelled };
    check(
        |log| log.extend([stop.clone(), stop]),
        &expect!["the log of the run is corrupt at event 5: attempt 1 of step `a` is stopped a second time"],
    );
}

#[test]
fn a_step_ends_once_and_without_a_live_attempt() {
    check(
        |log| log.push(finished(0, StepStatus::Success)),
        &expect!["the log of the run is corrupt at event 4: step `a` ends while it is running"],
    );
    check(
        |log| log.extend([finished(1, StepStatus::Skipped), finished(1, StepStatus::Skipped)]),
        &expect!["the log of the run is corrupt at event 5: step `b` ends while it is skipped"],
    );
    check(
        |log| log.push(finished(1, StepStatus::Running)),
        &expect!["the log of the run is corrupt at event 4: step `b` ends as running, which is no end"],
    );
}

#[test]
fn people_answer_only_what_they_were_asked() {
    let yes = Fact::Approved { step: 0, by: "mona".to_owned(), via: "web".to_owned(), comment: None };
    check(
        |log| log.push(yes),
        &expect!["the log of the run is corrupt at event 4: step `a` is approved while it is running"],
    );
}

#[test]
fn a_retry_follows_an_attempt() {
    check(
        |log| log.push(Fact::RetryScheduled { step: 1, attempt: 1, not_before: epoch() }),
        &expect!["the log of the run is corrupt at event 4: step `b` is tried again while it is pending"],
    );
}

#[test]
fn a_run_ends_once_after_all_its_steps() {
    let end = Fact::RunFinished { status: RunStatus::Success, duration_ms: 0 };
    check(
        |log| log.push(end.clone()),
        &expect!["the log of the run is corrupt at event 4: the run ends before its steps have ended"],
    );
    let (world, _) = play("a\n ---\n a#1 ok");
    let mut log = world.log;
    log.push(Event { at: epoch(), fact: end });
    expect!["the log of the run is corrupt at event 7: something follows the end of the run"]
        .assert_eq(&Run::replay(&log).unwrap_err().to_string());
}

#[test]
fn a_run_is_cancelled_or_times_out_but_once() {
    let cancel = Fact::CancelRequested { by: "mona".to_owned() };
    check(
        |log| log.extend([cancel, Fact::RunTimedOut]),
        &expect!["the log of the run is corrupt at event 5: the run times out while it ends"],
    );
    check(
        |log| log.push(Fact::GroupTimedOut { group: 0 }),
        &expect!["the log of the run is corrupt at event 4: there is no group 0"],
    );
}

#[test]
fn only_creating_can_be_done_to_a_run_that_is_not_there() {
    let mut run = Run::new();
    for input in [Input::Start, Input::Tick, Input::Cancel { by: "mona".to_owned() }] {
        assert_eq!(run.advance(&input, epoch()), Err(Refusal::NotCreated));
    }
    assert_eq!((run.status(), run.seq(), run.wake_at()), (RunStatus::Queued, 0, None));
    let creation = Input::Create(Box::new(created(Vec::new())));
    run.advance(&creation, epoch()).unwrap();
    assert_eq!(run.advance(&creation, epoch()), Err(Refusal::AlreadyCreated("run_1".to_owned())));
}

fn check_impossible(created: RunCreated, expect: &Expect) {
    let refusal = Run::new().advance(&Input::Create(Box::new(created)), epoch()).unwrap_err();
    expect.assert_eq(&refusal.to_string());
}

#[test]
fn a_run_that_could_not_end_is_not_created() {
    check_impossible(
        RunCreated { concurrency: 0, ..created(Vec::new()) },
        &expect!["there can be no such run: a run needs a concurrency of at least 1"],
    );
    check_impossible(
        created(vec![step("a", &[1]), step("b", &[0])]),
        &expect!["there can be no such run: step `a` is in, or behind, a circle of needs"],
    );
    check_impossible(
        created(vec![step("a", &[0])]),
        &expect!["there can be no such run: step `a` is in, or behind, a circle of needs"],
    );
    check_impossible(
        created(vec![step("a", &[7])]),
        &expect!["there can be no such run: step `a` needs step 7, which is not there"],
    );
    check_impossible(
        created(vec![step("a", &[]), step("a", &[])]),
        &expect!["there can be no such run: two steps have the name `a`"],
    );
    let mut lonely = step("a", &[]);
    lonely.group = Some(0);
    check_impossible(
        created(vec![lonely]),
        &expect!["there can be no such run: step `a` is in group 0, which is not there"],
    );
    let mut gate = step("gate", &[]);
    gate.kind = "approval".to_owned();
    check_impossible(
        created(vec![gate.clone()]),
        &expect!["there can be no such run: step `gate` is an approval that asks nobody"],
    );
    gate.approval = Some(Approval { approvers: Vec::new(), required: 0, timeout_ms: None, message: None });
    check_impossible(created(vec![gate]), &expect!["there can be no such run: step `gate` asks for no approvals"]);
}

#[test]
fn results_that_hang_in_the_air_are_not_taken_over() {
    let with = |carried: Vec<Fact>| {
        let carried = carried.into_iter().filter_map(|fact| match fact {
            Fact::StepFinished(finished) => Some(*finished),
            _ => None,
        });
        RunCreated { carried: carried.collect(), ..created(vec![step("a", &[]), step("b", &[0])]) }
    };
    check_impossible(
        with(vec![finished(1, StepStatus::Success)]),
        &expect!["there can be no such run: the result of step `b` is taken over, but not all of what it needs"],
    );
    check_impossible(
        with(vec![finished(2, StepStatus::Success)]),
        &expect!["there can be no such run: a result is taken over for step 2, which is not there"],
    );
    check_impossible(
        with(vec![finished(0, StepStatus::Waiting)]),
        &expect!["there can be no such run: the result taken over for step `a` is not its last word"],
    );
    check_impossible(
        with(vec![finished(0, StepStatus::Success), finished(0, StepStatus::Success)]),
        &expect!["there can be no such run: two results are taken over for step `a`"],
    );
}
