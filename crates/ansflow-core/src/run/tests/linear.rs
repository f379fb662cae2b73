//! What a run costs grows with its steps and needs, not with their square.

use std::time::{Duration, Instant};

use super::world::{attempt, created, epoch, step};
use crate::plan::{Condition, PlannedStep};
use crate::run::{Event, Gains, Input, Report, Run, RunCreated};

/// Runs to the end, reporting one success after the other, and hands back the log.
fn run_to_end(created: RunCreated) -> Vec<Event> {
    let mut run = Run::new();
    let mut log = run.advance(&Input::Create(Box::new(created)), epoch()).unwrap();
    log.extend(run.advance(&Input::Start, epoch()).unwrap());
    while let Some(&attempt) = run.wanted().first() {
        let report = Report::Succeeded(Gains::default());
        log.extend(run.advance(&Input::Report { attempt, report, verdict: None }, epoch()).unwrap());
    }
    assert!(run.is_ended());
    log
}

fn chain(length: usize) -> RunCreated {
    let link = |i: usize| {
        let mut link = step(&format!("s{i}"), if i == 0 { &[] } else { std::slice::from_ref(&i) });
        link.needs.iter_mut().for_each(|need| *need -= 1);
        link.conditions = vec![Condition::Expression("default(git_branch, \"main\") == \"main\"".to_owned())];
        link
    };
    created((0..length).map(link).collect())
}

/// A chain in which every link asks for the status of the first.
fn chain_of_questions(length: usize) -> RunCreated {
    let mut created = chain(length);
    for link in created.plan.steps.iter_mut().skip(1) {
        link.conditions = vec![Condition::Expression("steps.s0.status == \"success\"".to_owned())];
    }
    created
}

/// Layers of 50, each step after four of the layer before, on 8 slots.
fn layers(length: usize) -> RunCreated {
    let node = |i: usize| -> PlannedStep {
        let before = (i / 50).checked_sub(1).map(|layer| layer * 50);
        let needs = before.map(|first| (0..4).map(|k| first + (i * 7 + k * 13) % 50).collect::<Vec<_>>());
        let mut needs = needs.unwrap_or_default();
        needs.sort_unstable();
        needs.dedup();
        step(&format!("s{i}"), &needs)
    };
    created((0..length).map(node).collect())
}

/// All at once, on 8 slots: every report starts the next one.
fn broad(length: usize) -> RunCreated {
    created((0..length).map(|i| step(&format!("s{i}"), &[])).collect())
}

/// All at once, on as many slots, cancelled in the middle.
fn crowd(length: usize) -> RunCreated {
    let concurrency = u32::try_from(length).unwrap();
    RunCreated { concurrency, ..broad(length) }
}

#[expect(clippy::disallowed_methods, reason = "the test is about time")]
fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Ten small runs and one that is ten times as large are the same work, and some for the caches; where the square
/// counts, the large one is ten times as much. Equal work suffers equally on a busy machine, and the best round counts.
fn check(what: &str, work: impl Fn(usize) -> Duration) {
    let (mut small, mut large) = (Duration::MAX, Duration::MAX);
    for _ in 0..20 {
        small = small.min((0..10).map(|_| work(1_000)).sum());
        large = large.min(work(10_000));
        if large < small * 4 {
            return;
        }
    }
    panic!("{what}: {small:?} for ten times 1,000 steps, {large:?} for 10,000");
}

/// Deciding a whole run, and replaying it.
fn check_shape(shape: fn(usize) -> RunCreated) {
    check("deciding", |length| {
        let created = shape(length);
        time(|| drop(run_to_end(created)))
    });
    check("replaying", |length| {
        let log = run_to_end(shape(length));
        time(|| assert!(Run::replay(&log).unwrap().is_ended()))
    });
}

#[test]
fn a_chain_is_decided_in_linear_time() {
    check_shape(chain);
    check_shape(chain_of_questions);
}

#[test]
fn a_graph_is_decided_in_linear_time() {
    check_shape(layers);
}

#[test]
fn independent_steps_are_decided_in_linear_time() {
    check_shape(broad);
    check_shape(crowd);
}

#[test]
fn cancelling_a_crowd_is_linear() {
    check("cancelling", |length| {
        let created = Input::Create(Box::new(crowd(length)));
        time(|| {
            let mut run = Run::new();
            run.advance(&created, epoch()).unwrap();
            run.advance(&Input::Start, epoch()).unwrap();
            run.advance(&Input::Cancel { by: "mona".to_owned() }, epoch()).unwrap();
            for i in 0..length {
                run.advance(&Input::Report { attempt: attempt(i, 1), report: Report::Stopped, verdict: None }, epoch())
                    .unwrap();
            }
            assert!(run.is_ended());
        })
    });
}

/// `follows` against a closure that is written down step by step.
#[test]
fn who_follows_whom_is_the_same_by_any_way() {
    let mut waisted = layers(200);
    // A step that all of a layer needs, and all behind it follow.
    waisted.plan.steps[100].needs = (50..100).collect();
    for i in 101..200 {
        waisted.plan.steps[i].needs = if i < 150 { vec![100] } else { vec![100 + i % 50, 100 + (i + 7) % 50] };
    }
    for created in [chain(40), layers(200), broad(40), waisted] {
        let steps = created.plan.steps.clone();
        let mut run = Run::new();
        run.advance(&Input::Create(Box::new(created)), epoch()).unwrap();
        let mut before: Vec<std::collections::BTreeSet<usize>> = Vec::new();
        for (i, step) in steps.iter().enumerate() {
            let own = step.needs.iter().flat_map(|need| before[*need].iter().copied().chain([*need])).collect();
            before.push(own);
            for other in 0..steps.len() {
                let known = before.get(i).is_some_and(|before| before.contains(&other));
                assert_eq!(run.follows(i, other), known, "whether {i} follows {other}");
            }
        }
    }
}
