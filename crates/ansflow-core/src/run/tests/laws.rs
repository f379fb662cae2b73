//! What holds for every plan and every order of things. `World` looks after crashes with every input.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::world::{World, attempt, created, step};
use crate::plan::{Approval, Backoff, Condition, GroupPolicy, PlannedGroup, PlannedStep, Retry, RetryOn};
use crate::run::{Event, Fact, Gains, Input, Report, RetryFrom, Run, RunCreated, retry};

const SLOW: u64 = 60_000;

fn any_condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        Just(Condition::Always),
        Just(Condition::OnFailure),
        Just(Condition::OnSuccess),
        Just(Condition::BranchEquals("main".to_owned())),
        Just(Condition::Expression("steps.s0.status == \"success\"".to_owned())),
        Just(Condition::Expression("1 == 2".to_owned())),
    ]
}

fn any_retry() -> impl Strategy<Value = Retry> {
    let backoff = prop_oneof![Just(Backoff::Fixed), Just(Backoff::Linear), Just(Backoff::Exponential)];
    let on = prop_oneof![Just(Retry::default_on()), Just(vec![RetryOn::Lost, RetryOn::Failed])];
    (1..4_u32, prop_oneof![Just(0), 1..SLOW], backoff, on).prop_map(|(attempts, delay_ms, backoff, on)| Retry {
        attempts,
        delay_ms,
        backoff,
        max_delay_ms: None,
        on,
    })
}

fn any_approval() -> impl Strategy<Value = Approval> {
    (any::<bool>(), 1..3_u32, prop::option::of(1..SLOW)).prop_map(|(is_open, required, timeout_ms)| Approval {
        approvers: if is_open { Vec::new() } else { vec!["ann".to_owned(), "bob".to_owned()] },
        required,
        timeout_ms,
        message: None,
    })
}

/// A step without its needs.
fn any_step() -> impl Strategy<Value = PlannedStep> {
    let rarely = prop::bool::weighted(0.2);
    let conditions = prop::collection::vec(any_condition(), 0..2);
    let approval = prop::option::weighted(0.2, any_approval());
    let timeout = prop::option::of(1..SLOW);
    let group = prop::option::of(0..3_usize);
    (conditions, any_retry(), approval, timeout, group, rarely, rarely).prop_map(
        |(conditions, retry, approval, timeout_ms, group, continue_on_failure, is_gate)| {
            let kind = if is_gate && approval.is_some() { "approval" } else { "command" };
            let kind = kind.to_owned();
            PlannedStep { kind, conditions, retry, approval, timeout_ms, group, continue_on_failure, ..step("", &[]) }
        },
    )
}

fn any_run() -> impl Strategy<Value = RunCreated> {
    let steps = prop::collection::vec((any_step(), any::<u16>(), prop::bool::weighted(0.1)), 0..9);
    let policy = prop_oneof![Just(GroupPolicy::WaitAll), Just(GroupPolicy::WaitAny), Just(GroupPolicy::FailFast)];
    let groups = prop::collection::vec((policy, prop::option::of(1..SLOW)), 3);
    (steps, groups, 1..5_u32, prop::option::of(1..3 * SLOW), any::<bool>()).prop_map(
        |(steps, groups, concurrency, timeout_ms, is_reversed)| {
            let count = steps.len();
            // Reversed, every need points forwards.
            let place = |i: usize| if is_reversed { count - 1 - i } else { i };
            let mut deselected = Vec::new();
            let mut planned: Vec<(usize, PlannedStep)> = Vec::new();
            for (i, (mut step, needs, is_deselected)) in steps.into_iter().enumerate() {
                step.name = format!("s{i}");
                step.needs = (0..i).filter(|need| needs & 1 << need != 0).map(place).collect();
                step.needs.sort_unstable();
                if is_deselected {
                    deselected.push((place(i), "not selected".to_owned()));
                }
                planned.push((place(i), step));
            }
            planned.sort_by_key(|(place, _)| *place);
            let mut run = created(planned.into_iter().map(|(_, step)| step).collect());
            run.plan.timeout_ms = timeout_ms;
            run.plan.groups = groups
                .into_iter()
                .map(|(policy, timeout_ms)| PlannedGroup { name: "g".to_owned(), policy, timeout_ms })
                .collect();
            RunCreated { concurrency, deselected, ..run }
        },
    )
}

/// Something that may happen, to be made an input where it meets a run.
#[derive(Debug, Clone)]
enum Happening {
    Start,
    Report { of: usize, kind: u8 },
    StrayReport { step: usize, number: u32 },
    Wait(u64),
    Wake,
    Answer { of: usize, is_yes: bool, by: &'static str },
    Cancel,
}

fn any_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        1 => Just(Happening::Start),
        12 => (any::<usize>(), 0..8_u8).prop_map(|(of, kind)| Happening::Report { of, kind }),
        1 => (0..10_usize, 0..4_u32).prop_map(|(step, number)| Happening::StrayReport { step, number }),
        2 => (0..2 * SLOW).prop_map(Happening::Wait),
        2 => Just(Happening::Wake),
        4 => (0..9_usize, any::<bool>(), prop_oneof![Just("ann"), Just("bob"), Just("eve")])
            .prop_map(|(of, is_yes, by)| Happening::Answer { of, is_yes, by }),
        1 => Just(Happening::Cancel),
    ]
}

fn report(kind: u8) -> Report {
    let message = "m".to_owned();
    match kind {
        0 => Report::Failed { exit_code: Some(1), message },
        1 => Report::Broken { message },
        2 => Report::Lost { message },
        3 => Report::TimedOut,
        4 => Report::Stopped,
        _ => Report::Succeeded(Gains::default()),
    }
}

impl World {
    fn live(&self) -> Vec<crate::run::Attempt> {
        self.run.wanted().iter().copied().chain(self.run.stopping().map(|(attempt, _)| attempt)).collect()
    }

    fn happen(&mut self, happening: &Happening) {
        let input = match happening {
            Happening::Start => Input::Start,
            Happening::Cancel => Input::Cancel { by: "eve".to_owned() },
            Happening::Wait(ms) => {
                self.wait(*ms);
                Input::Tick
            }
            Happening::Wake => {
                self.now = self.run.wake_at().unwrap_or(self.now).max(self.now);
                Input::Tick
            }
            Happening::StrayReport { step, number } => {
                Input::Report { attempt: attempt(*step, *number), report: Report::Stopped, verdict: None }
            }
            Happening::Report { of, kind } => {
                let live = self.live();
                let Some(&attempt) = live.get(of % live.len().max(1)) else { return };
                Input::Report { attempt, report: report(*kind), verdict: None }
            }
            Happening::Answer { of, is_yes: true, by } => {
                Input::Approve { step: *of, by: (*by).to_owned(), via: "web".to_owned(), comment: None }
            }
            Happening::Answer { of, is_yes: false, by } => {
                Input::Reject { step: *of, by: (*by).to_owned(), comment: None }
            }
        };
        let _refused = self.send(&input);
        self.check_now();
    }

    fn check_now(&self) {
        let live = self.live();
        let steps: BTreeSet<_> = live.iter().map(|attempt| attempt.step).collect();
        assert_eq!(steps.len(), live.len(), "a step has two live attempts");
        assert!(live.len() <= self.run.created().concurrency as usize, "more attempts than slots");
        assert!(self.run.wake_at().is_none_or(|at| at > self.now), "what is due was not decided");
        assert_eq!(self.run.seq(), self.log.len() as u64);
    }

    /// Lets everything that executes end, and says yes to everything. Bounded: a run that needs more is stuck.
    fn drive_to_end(&mut self) {
        if self.run.started_at().is_none() && !self.run.is_ended() {
            self.send(&Input::Start).unwrap();
        }
        for _ in 0..100 {
            if self.run.is_ended() {
                return;
            }
            let asked: Vec<usize> = self.run.asked().map(|(i, _)| i).collect();
            for step in asked {
                let (by, via) = ("mona".to_owned(), "yes".to_owned());
                let _called_off = self.send(&Input::Approve { step, by, via, comment: None });
            }
            for attempt in self.live() {
                self.send(&Input::Report { attempt, report: report(9), verdict: None }).unwrap();
            }
            self.happen(&Happening::Wake);
        }
        panic!("the run never ends: {:?}", self.run);
    }
}

/// What holds for the whole log of a run that has ended.
fn check_log(world: &World) {
    let plan = world.run.plan();
    let ends = world.facts().filter(|fact| matches!(fact, Fact::RunFinished { .. })).count();
    assert_eq!(ends, 1, "a run ends exactly once");
    assert!(
        matches!(world.log.last(), Some(Event { fact: Fact::RunFinished { .. }, .. })),
        "something follows the end"
    );
    let mut attempts = vec![0; plan.steps.len()];
    let mut finished = BTreeSet::new();
    for fact in world.facts() {
        match fact {
            Fact::AttemptStarted { step, attempt, .. } => {
                attempts[*step] += 1;
                assert_eq!(*attempt, attempts[*step], "attempts count up");
                assert!(*attempt <= plan.steps[*step].retry.attempts, "too many attempts");
                assert!(plan.steps[*step].needs.iter().all(|need| finished.contains(need)), "started too early");
                assert!(!finished.contains(step), "started after its end");
            }
            Fact::StepFinished(end) => assert!(finished.insert(end.step), "a step ends exactly once"),
            _ => {}
        }
    }
    assert_eq!(finished.len(), plan.steps.len(), "a run ended without a step");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_run_ends_exactly_once(run in any_run(), happenings in prop::collection::vec(any_happening(), 0..40)) {
        let mut world = World::new(run);
        world.send(&Input::Start).unwrap();
        for happening in &happenings {
            world.happen(happening);
        }
        world.drive_to_end();
        check_log(&world);
    }

    #[test]
    fn no_input_is_too_early(run in any_run(), happenings in prop::collection::vec(any_happening(), 0..10)) {
        let mut world = World::new(run);
        for happening in &happenings {
            world.happen(happening);
        }
        world.drive_to_end();
        check_log(&world);
    }

    #[test]
    fn a_run_that_has_ended_can_be_repeated(run in any_run(), happenings in prop::collection::vec(any_happening(), 0..20)) {
        let mut world = World::new(run);
        for happening in &happenings {
            world.happen(happening);
        }
        world.drive_to_end();
        let steps = world.run.plan().steps.len();
        for from in [RetryFrom::All, RetryFrom::Failed].into_iter().chain((0..steps).map(RetryFrom::Step)) {
            let Ok(rerun) = retry(&world.run, from) else { continue };
            let (carried, deselected) = (rerun.carried, rerun.deselected);
            let stands: BTreeSet<_> = carried.iter().map(|result| result.step).collect();
            let mut again = World::new(RunCreated { carried, deselected, ..world.run.created().clone() });
            again.drive_to_end();
            for fact in again.facts() {
                if let Fact::AttemptStarted { step, .. } = fact {
                    prop_assert!(!stands.contains(step), "what stands ran again");
                }
            }
        }
    }

    #[test]
    fn no_log_makes_replay_panic(
        run in any_run(),
        happenings in prop::collection::vec(any_happening(), 0..20),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3_u8), 1..4),
    ) {
        let mut world = World::new(run);
        world.send(&Input::Start).unwrap();
        for happening in &happenings {
            world.happen(happening);
        }
        let mut log = world.log;
        for (one, other, kind) in damage {
            let (one, other) = (one.index(log.len()), other.index(log.len()));
            match kind {
                0 => log.swap(one, other),
                1 => log.insert(one, log[other].clone()),
                _ => drop(log.remove(one)),
            }
            if log.is_empty() {
                break;
            }
        }
        if let Ok(mut loaded) = Run::replay(&log) {
            let _refused = loaded.advance(&Input::Tick, world.now);
        }
    }
}
