//! Signs in, causes and sentences out.

mod answers;
mod images;
mod logs;

use super::{Finding, words};
use crate::patience::Class;
use ansflow_core::verdict::{Cause, Object};

#[test]
fn every_cause_has_a_sentence_that_is_short_and_names_object_and_reason() {
    let name = "a-rather-long-name-of-a-payment-service-7f9c4d8b6b-x2x4z";
    let long = "volume `certificates`: secret \"payment-service-certificates\" not found ".repeat(4);
    for cause in Cause::ALL {
        for text in ["not there", long.as_str()] {
            let object = Object::new("Pod", Some("shop"), name);
            let summary = words::summary(&Finding::new(Class::FinalState, cause.clone(), object, text));
            assert!(summary.chars().count() <= 160, "{cause}: {summary}");
            assert!(summary.starts_with("Pod/a-rather-long") && summary.contains("not "), "{cause}: {summary}");
        }
    }
}

#[test]
fn every_cause_that_a_judge_finds_has_advice() {
    for cause in Cause::ALL {
        let has_advice = super::advice_of(cause).is_some();
        let is_anothers = cause.as_str().starts_with("helm_") || *cause == Cause::Cancelled;
        assert_eq!(has_advice, !is_anothers, "{cause}");
    }
}
