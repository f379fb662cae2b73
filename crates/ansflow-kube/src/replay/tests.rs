//! Patterns of expected objects; the recordings themselves are in `tests/it`.

use super::{Expected, Outcome};
use ansflow_core::verdict::{Cause, Object, Verdict};
use serde_json::json;

#[test]
fn expected_objects_are_patterns_and_other_causes_may_be_accepted() {
    let expected: Expected = serde_json::from_value(json!({
        "outcome": "failed", "cause": "crash_loop", "object": "Pod/web-*", "decided_ms": 5, "accept": ["job_failed"], "note": "x",
    }))
    .unwrap();
    let outcome = |cause, name: &str| Outcome {
        verdict: Verdict::failed(cause, Some(Object::new("Pod", None, name)), "x"),
        at: 9,
    };
    assert!(expected.is_object(&outcome(Cause::CrashLoop, "web-1")));
    assert!(!expected.is_object(&outcome(Cause::CrashLoop, "db-1")));
    assert!(expected.is_cause(&outcome(Cause::JobFailed, "web-1")));
    assert!(!expected.is_cause(&outcome(Cause::ImagePull, "web-1")));
}
