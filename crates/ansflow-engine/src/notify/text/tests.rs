//! The sentences, one by one.

use expect_test::{Expect, expect};

use super::*;

fn check(event: NotificationEvent, body: &Body, expected: &Expect) {
    expected.assert_eq(&message("msg_1", Some(event), "run_1", body, "on call").text);
}

fn body() -> Body {
    Body {
        pipeline: "shop".into(),
        number: 12,
        status: "failed".into(),
        by: "mona".into(),
        branch: Some("main".into()),
        commit: Some("1a2b3c4d5e6f".into()),
        duration_ms: Some(192_400),
        ..Body::default()
    }
}

#[test]
fn a_failure_says_which_step_and_why() {
    let failure = |step: Option<&str>, exit_code, why: Option<&str>| Body {
        step: step.map(str::to_owned),
        exit_code,
        why: why.map(str::to_owned),
        ..body()
    };
    let check = |body: Body, expected: Expect| check(NotificationEvent::Failure, &body, &expected);
    check(
        failure(Some("deploy"), Some(2), Some("ended with exit code 2")),
        expect!["✗ shop #12 failed: step `deploy` exited with 2 — 3m12s, main@1a2b3c4, by mona"],
    );
    check(
        failure(Some("deploy"), None, Some("not approved within 1h")),
        expect!["✗ shop #12 failed: step `deploy`: not approved within 1h — 3m12s, main@1a2b3c4, by mona"],
    );
    check(
        failure(Some("deploy"), Some(137), Some("was killed by SIGKILL")),
        expect!["✗ shop #12 failed: step `deploy`: was killed by SIGKILL — 3m12s, main@1a2b3c4, by mona"],
    );
    check(
        Body { status: "timed_out".into(), ..failure(None, None, Some("the run took longer than 1h")) },
        expect!["✗ shop #12 took too long: the run took longer than 1h — 3m12s, main@1a2b3c4, by mona"],
    );
    check(failure(None, None, None), expect!["✗ shop #12 failed — 3m12s, main@1a2b3c4, by mona"]);
}

#[test]
fn what_is_not_known_is_left_out() {
    let body = Body { pipeline: "shop".into(), number: 1, ..Body::default() };
    check(NotificationEvent::Success, &body, &expect!["✓ shop #1 succeeded"]);
    let body = Body { branch: Some("main".into()), ..body };
    check(NotificationEvent::Success, &body, &expect!["✓ shop #1 succeeded — main"]);
    let body = Body { branch: None, commit: Some("1a2b3c4d5e6f".into()), duration_ms: Some(470), ..body };
    check(NotificationEvent::Success, &body, &expect!["✓ shop #1 succeeded — 0.4s, 1a2b3c4"]);
}

#[test]
fn every_event_has_its_sentence() {
    check(NotificationEvent::Success, &body(), &expect!["✓ shop #12 succeeded — 3m12s, main@1a2b3c4, by mona"]);
    check(
        NotificationEvent::Recovered,
        &body(),
        &expect!["✓ shop #12 succeeded: it is well again — 3m12s, main@1a2b3c4, by mona"],
    );
    let cancelled = Body { why: Some("cancelled by mona".into()), ..body() };
    check(
        NotificationEvent::Cancelled,
        &cancelled,
        &expect!["■ shop #12 was cancelled by mona — 3m12s, main@1a2b3c4, by mona"],
    );
    let asked = Body {
        step: Some("deploy".into()),
        approvers: vec!["ops".into(), "release".into()],
        deadline: Some("2026-03-04T05:06:07Z".parse().unwrap()),
        question: Some("ship 1.2?\nIt is Friday.".into()),
        duration_ms: None,
        ..body()
    };
    check(
        NotificationEvent::Approval,
        &asked,
        &expect![[r#"
            ? shop #12 waits for approval of `deploy` by ops, release until 2026-03-04 05:06 UTC — main@1a2b3c4, by mona
            ship 1.2?
            It is Friday."#]],
    );
}

#[test]
fn a_test_says_what_it_tests() {
    let body = Body { by: "mona".into(), ..Body::default() };
    let message = message("msg_1", None, "", &body, "on call");
    assert_eq!(message.text, "✓ a test of the notification `on call`, by mona: messages arrive here");
    assert_eq!((message.kind.as_str(), message.facts.is_empty()), ("test", true));
}

#[test]
fn durations_have_two_units() {
    for (ms, expected) in [(0, "0.0s"), (1_500, "1s"), (60_000, "1m0s"), (3_599_999, "59m59s"), (90_000_000, "25h0m")] {
        assert_eq!(duration(ms), expected);
    }
}

#[test]
fn nobodys_name_begins_another_line() {
    let evil = Body { branch: Some("main\n✓ all is well".into()), ..body() };
    assert_eq!(message("m", Some(NotificationEvent::Success), "r", &evil, "n").text.lines().count(), 1);
}

#[test]
fn programs_are_told_the_same_in_fields() {
    let message = message("m", Some(NotificationEvent::Failure), "run_1", &body(), "n");
    assert_eq!(message.kind, "run.failure");
    assert_eq!((&message.facts["run"], &message.facts["number"]), (&"run_1".into(), &12.into()));
}

#[test]
fn a_cluster_is_lost_and_back() {
    let of = |status: &str, why: Option<&str>| {
        let (cluster, why) = (Some("staging".to_owned()), why.map(str::to_owned));
        let body = Body { cluster, status: status.into(), duration_ms: Some(732_000), why, ..Body::default() };
        message("m", Some(NotificationEvent::Cluster), "", &body, "n")
    };
    let lost = of("disconnected", Some("10.0.0.5:6443: connection refused"));
    assert_eq!(lost.text, "✗ cluster staging does not answer: 10.0.0.5:6443: connection refused");
    let error = of("error", Some("the token is not accepted (401)"));
    assert_eq!(error.text, "✗ cluster staging answers, and is of no use: the token is not accepted (401)");
    let back = of("connected", None);
    assert_eq!(back.text, "✓ cluster staging is connected again, after 12m12s");
    assert_eq!((back.kind.as_str(), &back.facts["cluster"]), ("cluster.connected", &"staging".into()));
    assert_eq!((back.facts.get("run"), back.facts.get("pipeline")), (None, None));
}
