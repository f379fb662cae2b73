//! Statistics: how runs and steps ended, day by day in UTC, and how long they took.
//!
//! Percentiles and durations are of what ran to an end of its own: success, failure, time-out. What was cancelled is
//! counted and says nothing else.

mod days;
mod overview;
mod pipeline;
mod views;

use ansflow_store::statistics::DAY_MS;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{Access, Action, Route};
use crate::error::{ApiError, ApiResult};

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/statistics", Access::May(Action::View)),
    ("GET", "/api/v1/pipelines/{id}/statistics", Access::May(Action::View)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(overview::overview)).routes(routes!(pipeline::statistics))
}

/// How far back statistics look.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Window {
    /// So many days, today included, 1 to 365; 30 where it is left out.
    #[param(minimum = 1, maximum = 365)]
    days: Option<u32>,
}

impl Window {
    fn days(&self) -> ApiResult<u32> {
        match self.days {
            None => Ok(30),
            Some(days @ 1..=365) => Ok(days),
            Some(_) => Err(ApiError::invalid("days", "`days` must be from 1 to 365")),
        }
    }
}

/// When the first of these days began, in UTC, in milliseconds since 1970; the last of them is today.
fn first_day(app: &App, days: u32) -> i64 {
    app.now().as_millisecond().div_euclid(DAY_MS) * DAY_MS - i64::from(days - 1) * DAY_MS
}

/// How long what ran to an end of its own took.
const VERDICTS: [&str; 3] = ["success", "failed", "timed_out"];
