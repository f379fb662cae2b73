//! Rollouts in the simulated cluster that nobody recorded: its kubelet, scheduler and controllers make the signs, in their own
//! order and texts, and know nothing of the judge. Troubles heal by what people would do about them, or never.
//!
//! `RUNS=400` draws so many (five minutes; with `cargo test`, which has no limit of time); the suite draws the same few each
//! time. `ONE="123, 456"` plays the one of which a report names these numbers, and tells its whole verdict.

mod cluster;
mod play;
mod scenarios;
mod troubles;

use crate::bend::chance;
use ansflow_core::verdict::{Cause, End};
use futures_util::{StreamExt, stream};
use play::Played;
use scenarios::{Expected, Scenario, draw};

fn runs() -> u64 {
    std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(24)
}

/// What is wrong with how it was judged, if anything.
fn wrong(scenario: &Scenario, Played { verdict, at }: &Played) -> Option<String> {
    let cause = verdict.cause.as_ref().map_or("-", Cause::as_str);
    let is_right = match scenario.expected {
        Expected::Ready => verdict.outcome == End::Ready,
        Expected::Failed(causes) => verdict.outcome == End::Failed && causes.contains(&cause),
    };
    let alarm = if scenario.expected == Expected::Ready { "FALSE ALARM " } else { "" };
    let expected = &scenario.expected;
    (!is_right).then(|| {
        format!(
            "{alarm}{}: expected {expected:?}, got {} {cause} at {at}: {}",
            scenario.name, verdict.outcome, verdict.summary
        )
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn simulated_rollouts_that_nobody_recorded_are_judged_right() {
    if let Ok(one) = std::env::var("ONE") {
        let (which, how) = one.split_once(", ").unwrap();
        let scenario = draw(which.parse().unwrap(), how.parse().unwrap());
        let played = play::play(&scenario).await;
        panic!("{}: {:?} at {}", scenario.name, played.verdict, played.at);
    }
    let drawn = (0..runs()).map(|number| draw(chance(number, "which"), chance(number, "how")));
    let played = stream::iter(drawn).map(|scenario| async move {
        let played = play::play(&scenario).await;
        (scenario, played)
    });
    let played: Vec<_> = played.buffer_unordered(4).collect().await;
    let wrong: Vec<String> = played.iter().filter_map(|(scenario, played)| wrong(scenario, played)).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), played.len(), wrong.join("\n"));
}
