//! Large files cost time in proportion.

use std::fmt::Write as _;

use super::right;
use crate::planning::{PlanFacts, plan};

fn chain(steps: usize) -> String {
    let mut text = "steps:\n".to_owned();
    for step in 0..steps {
        let last = step.saturating_sub(2);
        let when = if step > 1 { format!("\n    when: steps.s{last}.status == 'success'") } else { String::new() };
        writeln!(text, "  - name: s{step}\n    type: command\n    command: echo {step}{when}").expect("memory");
    }
    text
}

fn wide(steps: usize, stages: usize) -> String {
    let mut text = "stages:\n".to_owned();
    for stage in 0..stages {
        writeln!(text, "  - name: stage{stage}\n    steps:").expect("memory");
        for step in 0..steps / stages {
            writeln!(
                text,
                "    - {{ name: s{stage}-{step}, type: command, command: 'true', parallel_group: g{stage} }}"
            )
            .expect("memory");
        }
    }
    text
}

fn edges(text: &str) -> usize {
    let plan = plan(&right(text), &PlanFacts::default()).expect("it plans");
    plan.steps.iter().map(|step| step.needs.len()).sum()
}

#[test]
fn a_chain_of_ten_thousand_has_an_edge_a_step() {
    assert_eq!(edges(&chain(1_000)), 999);
    assert_eq!(edges(&chain(10_000)), 9_999);
}

/// The best of three tries, in seconds: a busy machine is no slower algorithm.
#[expect(clippy::disallowed_methods, reason = "a test of speed needs a clock")]
fn seconds(text: &str) -> f64 {
    let tries = (0..3).map(|_| {
        let start = std::time::Instant::now();
        edges(text);
        start.elapsed().as_secs_f64()
    });
    tries.fold(f64::INFINITY, f64::min)
}

#[test]
fn ten_times_the_steps_take_about_ten_times_as_long() {
    let (small, large) = (seconds(&chain(1_000)), seconds(&chain(10_000)));
    assert!(large < small * 30.0, "{small} s for 1,000 steps, {large} s for 10,000");
}

#[test]
fn stages_of_a_hundred_parallel_steps_stay_within_bounds() {
    assert_eq!(edges(&wide(10_000, 100)), 99 * 100 * 100);
}

#[test]
fn two_stages_of_five_thousand_chained_steps_share_one_edge() {
    let text = wide(10_000, 2);
    let chained = text.lines().map(|line| line.split(", parallel_group").next().unwrap_or(line));
    let chained: Vec<String> =
        chained
            .map(|line| {
                if line.contains("- { name: s") {
                    format!("{} }}", line.trim_end_matches(" }"))
                } else {
                    line.to_owned()
                }
            })
            .collect();
    assert_eq!(edges(&chained.join("\n")), 9_999);
}

#[test]
fn a_barrier_that_would_fill_the_memory_is_refused() {
    let (pipeline, problems) = super::read(&wide(10_000, 2));
    assert!(pipeline.is_none());
    assert_eq!(problems[0].code, "too-many-edges");
}
