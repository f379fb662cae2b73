//! An event: somebody tells what happened to an object.

use super::{Meta, or_default};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An event, of the older or the newer kind.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// Which.
    pub metadata: Meta,
    /// Of what.
    #[serde(alias = "regarding")]
    pub involved_object: Involved,
    /// A word.
    #[serde(deserialize_with = "or_default")]
    pub reason: String,
    /// A sentence.
    #[serde(alias = "note", deserialize_with = "or_default")]
    pub message: String,
    /// `Normal` or `Warning`; normal is not harmless.
    #[serde(deserialize_with = "or_default")]
    pub r#type: String,
    /// How often; the scheduler does not say.
    #[serde(alias = "deprecatedCount")]
    pub count: Option<u32>,
    /// How often, in the newer way.
    pub series: Option<EventSeries>,
    /// The last time, in the older way.
    #[serde(alias = "deprecatedLastTimestamp")]
    pub last_timestamp: Option<Timestamp>,
    /// The time, in the newer way.
    pub event_time: Option<Timestamp>,
    /// Who tells it.
    #[serde(alias = "reportingController", deserialize_with = "or_default")]
    pub reporting_component: String,
}

/// Of what an event tells.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Involved {
    /// `Pod`.
    #[serde(deserialize_with = "or_default")]
    pub kind: String,
    /// Its namespace.
    #[serde(deserialize_with = "or_default")]
    pub namespace: String,
    /// Its name.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Which of that name.
    #[serde(deserialize_with = "or_default")]
    pub uid: String,
    /// `spec.containers{app}`.
    #[serde(deserialize_with = "or_default")]
    pub field_path: String,
}

/// How often an event was told, in the newer way.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EventSeries {
    /// How often.
    #[serde(deserialize_with = "or_default")]
    pub count: u32,
    /// The last time.
    pub last_observed_time: Option<Timestamp>,
}

impl Event {
    /// How often it was told.
    #[must_use]
    pub fn times(&self) -> u32 {
        self.count.max(self.series.as_ref().map(|series| series.count)).unwrap_or(1).max(1)
    }

    /// When it was told last.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        let series = self.series.as_ref().and_then(|series| series.last_observed_time);
        series.or(self.last_timestamp).or(self.event_time).or(self.metadata.creation_timestamp)
    }

    /// The container that it is about, if it names one.
    #[must_use]
    pub fn container(&self) -> Option<&str> {
        crate::text::between(&self.involved_object.field_path, "{", "}")
    }

    /// Whether it is about this container, or about none.
    #[must_use]
    pub fn concerns(&self, container: &str) -> bool {
        self.container().is_none_or(|name| name == container)
    }
}
