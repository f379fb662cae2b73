//! What whoever knocked is told.

use ansflow_store::deliveries::Status;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::words;

/// What came of a delivery.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HookAnswer {
    /// One for each pipeline that it may be for.
    pub(super) items: Vec<HookResult>,
}

/// What came of a delivery for one pipeline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HookResult {
    /// The pipeline's id; none: it is for none.
    #[schema(required)]
    pipeline: Option<String>,
    #[schema(value_type = words::DeliveryStatus)]
    status: &'static str,
    /// One sentence about it; may be empty.
    reason: String,
    /// The run that it has started, now or when it came first.
    #[schema(required)]
    run: Option<String>,
}

impl HookAnswer {
    pub(super) fn of(items: Vec<HookResult>) -> HookAnswer {
        HookAnswer { items }
    }
}

impl HookResult {
    /// Empty texts are none.
    pub(super) fn new(pipeline: &str, status: Status, reason: &str, run: &str) -> HookResult {
        let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        HookResult { pipeline: known(pipeline), status: status.word(), reason: reason.to_owned(), run: known(run) }
    }
}
