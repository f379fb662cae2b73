//! Rollouts that nobody recorded: every trouble that may heal does so just inside its grace, for five kinds of objects, at several
//! tempos. None of them may be called failed. Their twins, which never heal, are called by their names.

mod stage;
mod twins;

use crate::bend;
use ansflow_core::verdict::{Cause, End, Verdict};
use ansflow_kube::replay::{Outcome, Recording, replay};
use stage::{ALL, Runs, Stage};
use twins::{COUNTED, TROUBLES, Trouble};

fn play(trouble: &Trouble, runs: Runs, heals: bool) -> Recording {
    let mut stage = Stage::new(runs, trouble.has_pod);
    (trouble.play)(&mut stage);
    if heals {
        stage.at = stage.at.max(trouble.heals);
        stage.comes_good();
    } else if trouble.tries {
        // The grace is counted from the first try that was seen.
        stage.tries_again(trouble.heals + 6_000);
    }
    stage.recording()
}

fn say(trouble: &Trouble, runs: Runs, Outcome { verdict, at }: &Outcome) -> String {
    let Verdict { outcome, cause, summary, .. } = verdict;
    format!("{runs:?}: {}: {outcome} {} at {at}: {summary}\n", trouble.name, cause.as_ref().map_or("-", Cause::as_str))
}

fn cases() -> impl Iterator<Item = (&'static Trouble, Runs)> {
    TROUBLES
        .iter()
        .flat_map(|trouble| ALL.into_iter().map(move |runs| (trouble, runs)))
        .filter(|(trouble, runs)| trouble.can_happen_to(*runs))
}

#[test]
fn what_heals_within_its_grace_is_never_called_failed() {
    let (mut played, mut alarms) = (0, String::new());
    for (trouble, runs) in cases() {
        let healed = play(trouble, runs, true);
        let bent = [healed.clone(), bend::stretch(&healed, 50), bend::jitter(&healed, 3), bend::relist(&healed, 1_000)];
        for (index, recording) in bent.iter().enumerate() {
            let outcome = replay(recording);
            played += 1;
            if outcome.verdict.outcome == End::Failed {
                alarms.push_str(&format!("({index}) {}", say(trouble, runs, &outcome)));
            }
        }
    }
    assert!(alarms.is_empty(), "false alarms among {played}:\n{alarms}");
    assert!(played >= 300, "only {played} were played");
}

#[test]
fn what_never_heals_is_called_by_its_name_and_nothing_else_early() {
    let mut wrong = String::new();
    for (trouble, runs) in cases() {
        let outcome = replay(&play(trouble, runs, false));
        let is_early = outcome.at < 300_000;
        let is_right = match trouble.cause {
            Some(cause) => {
                is_early && outcome.verdict.cause == Some(Cause::from(cause)) && outcome.at + 400 > trouble.heals
            }
            None => !is_early,
        };
        if !is_right {
            wrong.push_str(&say(trouble, runs, &outcome));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_is_counted_is_certain_at_the_last_count() {
    for trouble in COUNTED {
        for runs in ALL.into_iter().filter(|runs| *runs != Runs::Job && trouble.can_happen_to(*runs)) {
            let outcome = replay(&play(trouble, runs, false));
            let is_right = outcome.verdict.cause == trouble.cause.map(Cause::from);
            let is_in_time = (trouble.heals..trouble.heals + 3_500).contains(&outcome.at);
            assert!(is_right && is_in_time, "{}", say(trouble, runs, &outcome));
        }
        // A Job has its own limit of tries; it says itself when that is reached.
        let is_counted =
            ["liveness_probe", "container_start", "evicted", "readiness_probe"].contains(&trouble.cause.unwrap());
        let outcome = replay(&play(trouble, Runs::Job, true));
        assert!(is_counted || outcome.verdict.outcome == End::Ready, "{}", say(trouble, Runs::Job, &outcome));
    }
}

/// The same trouble stood there before, and what is applied now mends it in its own time.
#[test]
fn what_was_wrong_before_our_write_proves_nothing() {
    let mut alarms = String::new();
    for (trouble, runs) in cases().chain(COUNTED.iter().flat_map(|trouble| ALL.map(|runs| (trouble, runs)))) {
        let mut recording = play(trouble, runs, false);
        recording.lines.iter_mut().for_each(|line| line.at = -500);
        let mut healed = play(&Trouble { heals: 50_000, ..*trouble }, runs, true);
        healed.lines.retain(|line| line.at >= 50_000);
        recording.lines.append(&mut healed.lines);
        let outcome = replay(&recording);
        if outcome.verdict.outcome == End::Failed && outcome.at < 50_000 {
            alarms.push_str(&say(trouble, runs, &outcome));
        }
    }
    assert!(alarms.is_empty(), "\n{alarms}");
}

/// The version before ours was broken, and stays so until ours is ready.
#[test]
fn what_is_wrong_with_the_version_before_is_no_alarm() {
    let mut alarms = String::new();
    for trouble in TROUBLES {
        let mut recording = play(trouble, Runs::Deployment, true);
        recording.lines.extend(stage::broken_past());
        recording.lines.sort_by_key(|line| line.at);
        let outcome = replay(&recording);
        if outcome.verdict.outcome == End::Failed {
            alarms.push_str(&say(trouble, Runs::Deployment, &outcome));
        }
    }
    assert!(alarms.is_empty(), "\n{alarms}");
}
