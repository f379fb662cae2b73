//! A late viewer sees what one sees who was there from the beginning.

use super::{Fold, Happening, Message, Tail};
use crate::track::{PodSquare, Revision, Rollout};
use ansflow_core::verdict::{Object, Verdict, Waiting};
use jiff::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn web() -> Object {
    Object::new("Deployment", Some("shop"), "web")
}

fn pod(name: &str, state: &str) -> PodSquare {
    PodSquare { name: name.to_owned(), state: state.to_owned(), text: String::new(), restarts: 0, node: None }
}

fn told() -> Vec<Message> {
    let revision = Revision { name: "web-1".to_owned(), new: true, pods: vec![pod("a", "progressing")] };
    let rollouts = vec![Rollout { object: web(), wanted: 2, revisions: vec![revision] }];
    let waiting = Some(Waiting { r#for: "Deployment/web 0 of 2 ready".to_owned(), objects: vec![web()] });
    let one = |pod: Option<PodSquare>, gone: Option<&str>, second| Message::Pod {
        at: at(second),
        object: web(),
        revision: "web-1".to_owned(),
        pod,
        gone: gone.map(str::to_owned),
    };
    let event = |times, second| {
        Message::Event(Happening {
            at: at(second),
            object: Object::new("Pod", Some("shop"), "a"),
            kind: "Warning".to_owned(),
            reason: "Failed".to_owned(),
            text: "no such image".to_owned(),
            times,
        })
    };
    let tail = |line: &str| Tail {
        pod: "a".to_owned(),
        container: "app".to_owned(),
        previous: false,
        lines: vec![line.to_owned()],
    };
    vec![
        Message::Rollout { at: at(1), rollouts, waiting },
        one(Some(pod("b", "progressing")), None, 2),
        event(1, 3),
        event(2, 4),
        one(Some(pod("a", "stuck")), None, 5),
        Message::Log { at: at(6), tail: tail("one") },
        Message::Log { at: at(7), tail: tail("two") },
        one(None, Some("b"), 8),
        Message::Verdict { at: at(9), verdict: Box::new(Verdict::ready(Some(web()), "Deployment/web is ready")) },
        Message::End { at: at(10) },
    ]
}

#[test]
fn a_late_viewer_sees_the_same_picture_wherever_it_begins() {
    let mut whole = Fold::new();
    told().iter().for_each(|message| whole.take(message));
    for begins in 0..told().len() {
        let (mut early, mut late) = (Fold::new(), Fold::new());
        let (before, after) = (&told()[..begins], &told()[begins..]);
        before.iter().for_each(|message| early.take(message));
        late.take(&early.snapshot());
        after.iter().for_each(|message| late.take(message));
        assert_eq!(late, whole, "{begins}");
    }
    let Message::Snapshot(seen) = whole.snapshot() else { panic!("no snapshot") };
    assert_eq!(seen.rollouts[0].revisions[0].pods, [pod("a", "stuck")]);
    assert_eq!((seen.events.len(), seen.events[0].times, seen.logs[0].lines[0].as_str()), (1, 2, "two"));
    assert!(seen.ended && whole.has_ended());
}

#[test]
fn messages_are_lines_and_a_torn_one_is_none() {
    let mut read = Fold::new();
    let mut whole = Fold::new();
    for message in told() {
        let line = serde_json::to_string(&message).unwrap();
        assert!(!read.take_line(&line[..line.len() / 2]), "{line}");
        assert!(read.take_line(&line), "{line}");
        whole.take(&message);
    }
    assert_eq!(read, whole);
    let log = serde_json::to_value(&told()[5]).unwrap();
    assert_eq!((&log["type"], &log["pod"], &log["lines"][0]), (&"log".into(), &"a".into(), &"one".into()));
}
