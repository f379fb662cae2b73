//! The words that views are full of, for the OpenAPI document. The core and the store say them, a test compares.

#![expect(dead_code, reason = "these describe what others write, and hold nothing")]

use utoipa::ToSchema;

/// Defines what is documented, each with its words in snake case.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $($word:ident)+;)+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, ToSchema)]
        #[cfg_attr(test, derive(serde::Serialize), serde(rename_all = "snake_case"))]
        #[schema(rename_all = "snake_case")]
        pub(crate) enum $name { $($word),+ }

        #[cfg(test)]
        impl $name {
            const ALL: &[$name] = &[$($name::$word),+];
        }
    )+ };
}

words! {
    /// Where a run stands.
    RunStatus: Queued Running Waiting Success Failed Cancelled TimedOut;
    /// Where a step stands.
    StepStatus: Pending Waiting Running Retrying Success Failed Skipped Cancelled TimedOut;
    /// How an attempt ended.
    AttemptOutcome: Succeeded Failed Broken TimedOut Stopped Lost;
    /// Whether a pipeline can be run as it is.
    Severity: Error Warning;
    /// What starts a pipeline.
    TriggerKind: Manual Api Schedule Webhook;
    /// Who knocked.
    DeliverySource: Github Gitlab Gitea Gitee Generic Schedule;
    /// What came of it.
    DeliveryStatus: Started Ignored Refused Duplicate Missed;
    /// How an object of a cluster fares.
    ObjectState: Ready Progressing Stuck Failed Unknown;
    /// Where a process wrote a line.
    OutputStream: Stdout Stderr;
}

#[cfg(test)]
mod tests {
    use ansflow_core::run::event;
    use ansflow_core::webhook::Source;
    use ansflow_store::deliveries::Status;
    use ansflow_store::output::Stream;
    use serde_json::{Value as Json, json};

    use super::*;

    fn said<T: serde::Serialize>(all: &[T]) -> Vec<Json> {
        all.iter().map(|word| json!(word)).collect()
    }

    #[test]
    fn the_words_of_runs_are_the_cores() {
        for word in said(RunStatus::ALL) {
            let status: event::RunStatus = serde_json::from_value(word.clone()).unwrap();
            // A new one has to be added here, and above.
            let known = match status {
                event::RunStatus::Queued => "queued",
                event::RunStatus::Running => "running",
                event::RunStatus::Waiting => "waiting",
                event::RunStatus::Success => "success",
                event::RunStatus::Failed => "failed",
                event::RunStatus::Cancelled => "cancelled",
                event::RunStatus::TimedOut => "timed_out",
            };
            assert_eq!((json!(known), json!(status.as_str())), (word.clone(), word));
        }
        assert_eq!(RunStatus::ALL.len(), 7);
    }

    #[test]
    fn the_words_of_steps_are_the_cores() {
        for word in said(StepStatus::ALL) {
            let status: event::StepStatus = serde_json::from_value(word.clone()).unwrap();
            // A new one has to be added here, and above.
            let known = match status {
                event::StepStatus::Pending => "pending",
                event::StepStatus::Waiting => "waiting",
                event::StepStatus::Running => "running",
                event::StepStatus::Retrying => "retrying",
                event::StepStatus::Success => "success",
                event::StepStatus::Failed => "failed",
                event::StepStatus::Skipped => "skipped",
                event::StepStatus::Cancelled => "cancelled",
                event::StepStatus::TimedOut => "timed_out",
            };
            assert_eq!((json!(known), json!(status.as_str())), (word.clone(), word));
        }
        assert_eq!(StepStatus::ALL.len(), 9);
    }

    #[test]
    fn the_words_of_deliveries_and_output_are_the_stores() {
        let sources = [Source::Github, Source::Gitlab, Source::Gitea, Source::Gitee, Source::Generic];
        let mut sources: Vec<Json> = sources.map(|source| json!(source.as_str())).to_vec();
        sources.push(json!("schedule"));
        assert_eq!(said(DeliverySource::ALL), sources);
        let statuses = [Status::Started, Status::Ignored, Status::Refused, Status::Duplicate, Status::Missed];
        assert_eq!(said(DeliveryStatus::ALL), statuses.map(|status| json!(status.word())));
        let streams = [Stream::Stdout, Stream::Stderr];
        assert_eq!(said(OutputStream::ALL), streams.map(|stream| json!(stream.as_str())));
    }
}
