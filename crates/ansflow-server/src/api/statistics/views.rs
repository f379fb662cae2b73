//! Statistics as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::pipelines::{PipelineRef, RunBrief};

/// How many ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Tally {
    pub(super) success: u64,
    pub(super) failed: u64,
    pub(super) cancelled: u64,
    pub(super) timed_out: u64,
}

/// The same of a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct StepTally {
    pub(super) success: u64,
    pub(super) failed: u64,
    pub(super) cancelled: u64,
    pub(super) timed_out: u64,
    pub(super) skipped: u64,
}

/// One day, in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Day {
    /// Such as `2025-11-21`.
    pub(super) day: String,
    pub(super) success: u64,
    pub(super) failed: u64,
    pub(super) cancelled: u64,
    pub(super) timed_out: u64,
    #[schema(required)]
    pub(super) p50_ms: Option<u64>,
    #[schema(required)]
    pub(super) p95_ms: Option<u64>,
}

/// What the runs of one pipeline have shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PipelineStatistics {
    pub(super) days: u32,
    pub(super) total: Tally,
    /// Of those that were not cancelled, the part that failed or timed out.
    #[schema(required)]
    pub(super) failure_rate: Option<f64>,
    #[schema(required)]
    pub(super) p50_ms: Option<u64>,
    #[schema(required)]
    pub(super) p95_ms: Option<u64>,
    /// How long half of them waited for their turn at most.
    #[schema(required)]
    pub(super) queue_p50_ms: Option<u64>,
    /// Every day, the oldest first.
    pub(super) trend: Vec<Day>,
    /// In the order of the pipeline; at most 200.
    pub(super) steps: Vec<StepStatistics>,
}

/// What one step has shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StepStatistics {
    pub(super) name: String,
    pub(super) r#type: String,
    pub(super) total: StepTally,
    #[schema(required)]
    pub(super) failure_rate: Option<f64>,
    #[schema(required)]
    pub(super) p50_ms: Option<u64>,
    #[schema(required)]
    pub(super) p95_ms: Option<u64>,
    /// Attempts behind the first.
    pub(super) retries: u64,
    pub(super) trend: Vec<Day>,
}

/// What all runs have shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Overview {
    pub(super) days: u32,
    /// Now.
    pub(super) running: u64,
    /// Now.
    pub(super) queued: u64,
    /// Now.
    pub(super) waiting: u64,
    pub(super) total: Tally,
    /// Every day, the oldest first.
    pub(super) trend: Vec<Day>,
    /// Pipelines whose newest verdict is a failure, whenever it was; the newest first, at most 20.
    pub(super) failing: Vec<FailingPipeline>,
    /// At most 10.
    pub(super) slowest: Vec<SlowPipeline>,
}

/// A pipeline that fails.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct FailingPipeline {
    pub(super) pipeline: PipelineRef,
    pub(super) failures_in_a_row: u64,
    pub(super) last: RunBrief,
}

/// A pipeline that takes long.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct SlowPipeline {
    pub(super) pipeline: PipelineRef,
    pub(super) p95_ms: u64,
}
