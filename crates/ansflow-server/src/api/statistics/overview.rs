//! `GET statistics`

use std::collections::HashMap;

use axum::extract::State;

use super::days::{Days, percentiles};
use super::views::{FailingPipeline, Overview, SlowPipeline};
use super::{VERDICTS, Window, first_day};
use crate::App;
use crate::api::pipelines::PipelineRef;
use crate::error::{ApiResult, Problem};
use crate::extract::Query;

/// So many failing pipelines are shown, and so many slow ones.
const MOST_FAILING: u64 = 20;
const MOST_SLOW: usize = 10;

/// What all runs have shown.
#[utoipa::path(
    get,
    path = "/api/v1/statistics",
    operation_id = "statistics_overview",
    tag = "statistics",
    params(Window),
    responses(
        (status = 200, description = "what all runs have shown", body = Overview),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 422, description = "no such window", body = Problem),
    )
)]
pub(super) async fn overview(State(app): State<App>, Query(window): Query<Window>) -> ApiResult<axum::Json<Overview>> {
    let days = window.days()?;
    let from = first_day(&app, days);
    let store = app.store().statistics();
    let mut runs = Days::new(days);
    for counted in store.runs(None, from).await? {
        runs.count(counted.day, &counted.status, counted.runs);
    }
    let mut durations: HashMap<String, Vec<u64>> = HashMap::new();
    for status in VERDICTS {
        for took in store.durations(None, status, from).await? {
            runs.took(took.day, took.duration_ms);
            durations.entry(took.pipeline).or_default().push(took.duration_ms);
        }
    }
    let unfinished: HashMap<String, u64> = store.unfinished().await?.into_iter().collect();
    let now = |status: &str| unfinished.get(status).copied().unwrap_or_default();
    let failing = store.failing(MOST_FAILING).await?.into_iter().map(|found| FailingPipeline {
        pipeline: PipelineRef { id: found.last.pipeline.clone(), name: found.name },
        failures_in_a_row: found.in_a_row,
        last: found.last.into(),
    });
    Ok(axum::Json(Overview {
        days,
        running: now("running"),
        queued: now("queued"),
        waiting: now("waiting"),
        total: runs.tally().into(),
        trend: runs.trend(from),
        failing: failing.collect(),
        slowest: slowest(&app, durations).await?,
    }))
}

/// The slowest pipelines that there still are.
async fn slowest(app: &App, durations: HashMap<String, Vec<u64>>) -> ApiResult<Vec<SlowPipeline>> {
    let mut slow: Vec<(String, u64)> =
        durations.into_iter().filter_map(|(pipeline, mut took)| Some((pipeline, percentiles(&mut took).1?))).collect();
    slow.sort_by(|(a, a_ms), (b, b_ms)| (b_ms, a).cmp(&(a_ms, b)));
    let ids: Vec<&str> = slow.iter().map(|(id, _)| id.as_str()).collect();
    let names = app.store().pipelines().names(&ids).await?;
    let named = slow.into_iter().filter_map(|(id, p95_ms)| {
        let name = names.get(&id)?.clone();
        Some(SlowPipeline { pipeline: PipelineRef { id, name }, p95_ms })
    });
    Ok(named.take(MOST_SLOW).collect())
}
