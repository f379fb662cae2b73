//! What an attempt says while it waits for a cluster, and how that waiting ended.

use expect_test::expect;

use super::world::{attempt, created, epoch, step};
use crate::run::{Fact, Input, Judgement, Report, Run};
use crate::verdict::{Cause, Object, Verdict, Waiting};

fn note(number: u32) -> Input {
    let waiting = Waiting { r#for: format!("note {number}"), objects: vec![Object::new("Pod", Some("shop"), "web-1")] };
    Input::Note { attempt: attempt(0, 1), number, waiting, simulated: false }
}

fn started() -> Run {
    let mut run = Run::new();
    run.advance(&Input::Create(Box::new(created(vec![step("a", &[])]))), epoch()).unwrap();
    run.advance(&Input::Start, epoch()).unwrap();
    run
}

#[test]
fn a_note_that_is_known_is_no_news_and_neither_is_one_too_many() {
    let mut run = started();
    let mut said =
        |number: u32| run.advance(&note(number), epoch()).map(|events| events.len()).map_err(|why| why.to_string());
    assert_eq!([said(1), said(1), said(3), said(2), said(100), said(101)].map(Result::unwrap), [1, 0, 1, 0, 1, 0]);
}

#[test]
fn a_verdict_stands_before_the_end_of_its_attempt_and_comes_with_it() {
    let mut run = started();
    let verdict = Verdict::failed(Cause::ImagePull, Some(Object::new("Pod", Some("shop"), "web-1")), "no such image");
    let report = Report::Failed { exit_code: None, message: "no such image".to_owned() };
    let verdict = Some(Box::new(Judgement { verdict, simulated: true }));
    let input = Input::Report { attempt: attempt(0, 1), report, verdict };
    let events = run.advance(&input, epoch()).unwrap();
    let told: Vec<String> = events
        .iter()
        .zip(3..)
        .filter_map(|(event, seq)| crate::run::told::tell(seq, event, &run))
        .map(|told| serde_json::to_string(&told.object).unwrap())
        .collect();
    expect![[r#"
        {"event":"verdict","at":"2026-01-01T00:00:00Z","run":"run_1","seq":3,"step":"a","step_run":"run_1.0","attempt":1,"outcome":"failed","cause":"image_pull","object":{"kind":"Pod","namespace":"shop","name":"web-1"},"summary":"no such image","evidence":[],"simulated":true}
        {"event":"step_finished","at":"2026-01-01T00:00:00Z","run":"run_1","seq":5,"step":"a","step_run":"run_1.0","status":"failed","duration_ms":0,"outputs":{},"why":"no such image"}
        {"event":"run_finished","at":"2026-01-01T00:00:00Z","run":"run_1","seq":6,"status":"failed","duration_ms":0}"#]].assert_eq(&told.join("\n"));
    assert!(matches!(&events[..2], [judged, ended]
        if matches!(judged.fact, Fact::Judged { .. }) && matches!(ended.fact, Fact::AttemptEnded { .. })));
    assert!(run.advance(&input, epoch()).is_err(), "an attempt reports once");
    assert!(run.advance(&note(5), epoch()).is_err(), "nobody waits after the end");
}

#[test]
fn what_is_waited_for_is_told() {
    let mut run = started();
    let events = run.advance(&note(1), epoch()).unwrap();
    let told = crate::run::told::tell(3, &events[0], &run).unwrap();
    expect![[r#"{"event":"waiting","at":"2026-01-01T00:00:00Z","run":"run_1","seq":3,"step":"a","step_run":"run_1.0","attempt":1,"for":"note 1","objects":[{"kind":"Pod","namespace":"shop","name":"web-1"}]}"#]].assert_eq(&serde_json::to_string(&told.object).unwrap());
}
