//! The recorded rollouts, played again: what a watcher sees of a simulated cluster is held against what was seen of a real one.
//!
//! A recording is not compared line by line but by its *story* (`rollouts/story.rs`): of every object, and of every side of it,
//! the states in the order in which they first appeared. `fixtures/rollouts.txt` names the recordings that come out; one that
//! is named there and does not is a failure, one that comes out and is not named wants to be. `DEVIATIONS` has those that
//! need an accident of the real cluster, each with its reason.
//!
//! One alone, with all of its differences and the whole story: `ROLLOUT=oom-killed cargo nextest run -p ansflow-sim rollouts
//! --no-capture`. Several: `ROLLOUT=crash` takes all whose names have that.

mod compare;
mod logs;
mod play;
mod recording;
mod story;
mod wrong;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use recording::Recording;

/// Recordings that do not come out, and why that is no mistake of ours.
const DEVIATIONS: [(&str, &str); 0] = [];

pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// How a recording came out: nothing, or what differs, and the whole of both stories where that is asked for.
struct Outcome {
    name: String,
    differences: Vec<String>,
    whole: String,
}

async fn played(name: &str) -> Outcome {
    let recording = Recording::read(name);
    let got = play::play(&recording).await;
    let (expected, ours) = (story::tell(&recording.lines), story::tell(&got.lines));
    let mut differences = got.refused;
    differences.extend(compare::stories(&expected, &ours, &recording));
    differences.extend(logs::differences((&recording.logs, &recording.lines), (&got.logs, &got.lines)));
    Outcome { name: name.to_owned(), differences, whole: compare::beside(&expected, &ours) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_recorded_rollouts_come_out() {
    let wanted = std::env::var("ROLLOUT").ok();
    let mut names: Vec<String> = std::fs::read_dir(fixture("rollouts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| wanted.as_ref().is_none_or(|wanted| name.contains(wanted.as_str())))
        .collect();
    names.sort();
    let all = names.len();
    names.reverse();
    let (left, done) = (Arc::new(Mutex::new(names)), Arc::new(Mutex::new(Vec::new())));
    // Each waits a second of the wall for the end of its watches.
    let players = (0..12).map(|_| {
        let (left, done) = (left.clone(), done.clone());
        tokio::spawn(async move {
            loop {
                let Some(name) = left.lock().unwrap().pop() else { return };
                let told = match tokio::spawn(async move { played(&name).await }).await {
                    Ok(outcome) => outcome,
                    Err(panic) => Outcome {
                        name: "?".to_owned(),
                        differences: vec![format!("panicked: {panic}")],
                        whole: String::new(),
                    },
                };
                done.lock().unwrap().push(told);
            }
        })
    });
    for player in players.collect::<Vec<_>>() {
        player.await.unwrap();
    }
    let mut outcomes = std::mem::take(&mut *done.lock().unwrap());
    outcomes.sort_by(|a, b| a.name.cmp(&b.name));
    judge(&outcomes, all, wanted.is_some());
}

fn judge(outcomes: &[Outcome], all: usize, alone: bool) {
    let same: BTreeSet<&str> =
        outcomes.iter().filter(|one| one.differences.is_empty()).map(|one| one.name.as_str()).collect();
    let mut told = String::new();
    for one in outcomes.iter().filter(|one| alone || !one.differences.is_empty()) {
        let _written = writeln!(told, "{}: {} differences", one.name, one.differences.len());
        for difference in one.differences.iter().take(if alone { usize::MAX } else { 8 }) {
            let _written = writeln!(told, "{difference}");
        }
        if alone {
            let _written = writeln!(told, "{}", one.whole);
        }
    }
    println!("{told}{} of {all} recorded rollouts come out", same.len());
    if alone {
        assert!(same.len() == all, "see above");
        return;
    }
    let text = std::fs::read_to_string(fixture("rollouts.txt")).unwrap_or_default();
    let known: BTreeSet<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let lost: Vec<_> = known.difference(&same).collect();
    let won: Vec<_> = same.difference(&known).collect();
    assert!(lost.is_empty(), "these came out before: {lost:#?}");
    assert!(won.is_empty(), "these come out now, name them in fixtures/rollouts.txt: {won:#?}");
    assert!(DEVIATIONS.len() <= 5, "an accident is rare");
    for (name, why) in DEVIATIONS {
        assert!(!known.contains(name), "{name} comes out; strike it from the deviations ({why})");
    }
}
