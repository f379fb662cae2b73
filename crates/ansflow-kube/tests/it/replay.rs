//! Recordings of a real cluster, each judged as a live step would be: the table of all, and laws that bend them.

use crate::bend;
use ansflow_core::verdict::End;
use ansflow_kube::replay::{Expected, Recording, Score, Scored, folders, replay};
use expect_test::expect_file;
use std::path::Path;
use std::sync::LazyLock;

/// When a step's time is up.
const TIMEOUT: i64 = 300_000;

type Named = (String, Recording, Expected);

/// Every recording, with its name and what is expected.
static RECORDINGS: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rollouts");
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, Recording::read(&path).unwrap(), Expected::read(&path).unwrap().unwrap())
    };
    folders(&dir).unwrap().into_iter().map(read).collect()
});

fn recordings() -> Vec<Named> {
    RECORDINGS.clone()
}

fn score(recordings: Vec<Named>) -> Score {
    let judged =
        |(name, recording, expected): Named| Scored { name, outcome: replay(&recording), expected: Some(expected) };
    Score { scored: recordings.into_iter().map(judged).collect() }
}

/// All outcomes and causes are right, whatever was done to the recordings.
fn all_right(what: &str, bend: impl Fn(&Recording) -> Recording) {
    let bent = recordings().into_iter().map(|(name, recording, expected)| (name, bend(&recording), expected)).collect();
    let score = score(bent);
    let wrong: Vec<String> = score
        .scored
        .iter()
        .filter(|it| !it.expected.as_ref().unwrap().is_cause(&it.outcome))
        .map(ToString::to_string)
        .collect();
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

/// No healthy recording is called failed before the time is up, whatever was done to it.
fn no_alarm(what: &str, bend: impl Fn(&Recording) -> Recording) {
    for (name, recording, expected) in
        recordings().into_iter().filter(|(_, _, expected)| expected.outcome == End::Ready)
    {
        let outcome = replay(&bend(&recording));
        let is_early = outcome.at < TIMEOUT && expected.is_false_alarm(&outcome);
        assert!(!is_early, "{what}: {name}: {}", outcome.verdict.summary);
    }
}

#[test]
fn every_recording_ends_as_it_should_at_its_time() {
    let score = score(recordings());
    expect_file!["../fixtures/rollouts.txt"].assert_eq(&format!("{score}\n"));
    assert_eq!((score.outcomes(), score.causes(), score.false_alarms()), (80, 80, 0));
    assert!(score.median_lateness() <= 3_000);
}

#[test]
fn every_verdict_is_about_the_object_that_is_meant_and_comes_when_it_can_be_known() {
    for scored in score(recordings()).scored {
        let expected = scored.expected.as_ref().unwrap();
        assert!(expected.is_object(&scored.outcome), "{scored}");
        assert!(scored.outcome.at >= expected.decided_ms, "{scored}");
    }
}

#[test]
fn every_sentence_is_short_and_names_its_object() {
    for (name, recording, _) in recordings() {
        let verdict = replay(&recording).verdict;
        let object = verdict.object.as_ref().unwrap().to_string();
        assert!(verdict.summary.chars().count() <= 160, "{name}: {}", verdict.summary);
        assert!(verdict.summary.contains(&object), "{name}: {}", verdict.summary);
        let says_more = verdict.outcome == End::Ready || (!verdict.evidence.is_empty() && verdict.advice.is_some());
        assert!(says_more || verdict.cause.as_ref().is_some_and(|cause| cause.as_str() == "timeout"), "{name}");
    }
}

#[test]
fn slower_and_faster_clusters_are_judged_alike() {
    for percent in [50, 200, 300, 500] {
        all_right(&format!("{percent} %"), |recording| bend::stretch(recording, percent));
    }
}

#[test]
fn kinds_may_arrive_in_any_order() {
    for seed in 1..=6 {
        all_right(&format!("seed {seed}"), |recording| bend::jitter(recording, seed));
    }
}

#[test]
fn what_is_looked_at_in_batches_is_judged_alike() {
    for window in [100, 250] {
        all_right(&format!("every {window} ms"), |recording| bend::batch(recording, window));
    }
}

#[test]
fn a_list_that_is_read_anew_changes_nothing() {
    for at in [500, 5_000, 30_000] {
        all_right(&format!("at {at} ms"), |recording| bend::relist(recording, at));
    }
}

#[test]
fn what_somebody_else_does_meanwhile_is_no_alarm() {
    let others: Vec<Recording> = recordings().into_iter().map(|(_, recording, _)| recording).collect();
    for (index, other) in others.iter().enumerate().filter(|(index, _)| index % 9 == 0) {
        no_alarm(&format!("beside recording {index}"), |recording| bend::beside(recording, other));
    }
}

#[test]
fn lost_events_and_missing_logs_are_no_alarm() {
    no_alarm("without events", |recording| bend::without_kind(recording, "Event"));
    no_alarm("without pods", |recording| bend::without_kind(recording, "Pod"));
    no_alarm("without sets", |recording| bend::without_kind(recording, "ReplicaSet"));
    no_alarm("without logs", |recording| Recording { logs: Vec::new(), ..recording.clone() });
}

#[test]
fn nonsense_of_a_cluster_ends_in_some_verdict_and_never_in_a_panic() {
    for seed in 1..=4 {
        for (name, recording, _) in recordings() {
            let verdict = replay(&bend::mangle(&recording, seed)).verdict;
            assert!(
                verdict.summary.chars().count() <= 160 && !verdict.summary.contains('\n'),
                "{name}: {}",
                verdict.summary
            );
        }
    }
}
