//! `GET pipelines/{id}/statistics`

use std::collections::HashMap;

use ansflow_store::statistics::{StepCount, StepDuration};
use axum::extract::State;

use super::days::{Days, percentiles};
use super::views::{PipelineStatistics, StepStatistics};
use super::{VERDICTS, Window, first_day};
use crate::App;
use crate::api::pipelines;
use crate::error::{ApiResult, Problem};
use crate::extract::{Path, Query};

/// So many steps are shown.
const MOST_STEPS: usize = 200;

/// What the runs of one pipeline have shown.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{id}/statistics",
    operation_id = "pipeline_statistics",
    tag = "pipelines",
    params(("id" = String, Path), Window),
    responses(
        (status = 200, description = "what its runs have shown", body = PipelineStatistics),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 404, description = "no such pipeline", body = Problem),
        (status = 422, description = "no such window", body = Problem),
    )
)]
pub(super) async fn statistics(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(window): Query<Window>,
) -> ApiResult<axum::Json<PipelineStatistics>> {
    let days = window.days()?;
    pipelines::load(&app, &id).await?;
    let from = first_day(&app, days);
    let store = app.store().statistics();
    let mut runs = Days::new(days);
    for counted in store.runs(Some(&id), from).await? {
        runs.count(counted.day, &counted.status, counted.runs);
    }
    let mut queued = Vec::new();
    for status in VERDICTS {
        for took in store.durations(Some(&id), status, from).await? {
            runs.took(took.day, took.duration_ms);
            queued.push(took.queue_ms);
        }
    }
    let counts = store.steps(&id, from).await?;
    let durations = store.step_durations(&id, from).await?;
    let (p50_ms, p95_ms) = runs.percentiles();
    Ok(axum::Json(PipelineStatistics {
        days,
        total: runs.tally().into(),
        failure_rate: runs.tally().failure_rate(),
        p50_ms,
        p95_ms,
        queue_p50_ms: percentiles(&mut queued).0,
        trend: runs.trend(from),
        steps: steps(counts, &durations, days, from),
    }))
}

struct Step {
    kind: String,
    newest: i64,
    retries: u64,
    days: Days,
}

fn steps(counts: Vec<StepCount>, durations: &[StepDuration], days: u32, from: i64) -> Vec<StepStatistics> {
    let mut shown: HashMap<String, Step> = HashMap::new();
    // Each has a row for every day: what is not shown is not counted.
    let names = first_steps(&counts);
    for counted in counts.into_iter().filter(|counted| names.contains(&counted.name)) {
        let step = shown.entry(counted.name).or_insert_with(|| Step {
            kind: String::new(),
            newest: i64::MIN,
            retries: 0,
            days: Days::new(days),
        });
        step.days.count(counted.day, &counted.status, counted.steps);
        // One that was skipped had no attempt.
        step.retries += counted.attempts.saturating_sub(counted.steps);
        if counted.newest > step.newest {
            (step.kind, step.newest) = (counted.kind, counted.newest);
        }
    }
    for took in durations {
        if let Some(step) = shown.get_mut(&took.name) {
            step.days.took(took.day, took.duration_ms);
        }
    }
    names.into_iter().filter_map(|name| shown.remove_entry(&name)).map(|(name, step)| view(name, step, from)).collect()
}

/// The names of those that are shown, in the order of the pipeline.
fn first_steps(counts: &[StepCount]) -> Vec<String> {
    let mut places: HashMap<&str, u64> = HashMap::new();
    for counted in counts {
        let place = places.entry(&counted.name).or_insert(counted.place);
        *place = counted.place.min(*place);
    }
    let mut names: Vec<(u64, &str)> = places.into_iter().map(|(name, place)| (place, name)).collect();
    names.sort_unstable();
    names.into_iter().take(MOST_STEPS).map(|(_, name)| name.to_owned()).collect()
}

fn view(name: String, mut step: Step, from: i64) -> StepStatistics {
    let (p50_ms, p95_ms) = step.days.percentiles();
    StepStatistics {
        name,
        r#type: step.kind,
        total: step.days.tally(),
        failure_rate: step.days.tally().failure_rate(),
        p50_ms,
        p95_ms,
        retries: step.retries,
        trend: step.days.trend(from),
    }
}
