//! `GET runs`: newest first, by filters.

use ansflow_core::run::event::RunStatus;
use ansflow_store::runs::list::{Filter, Listed};
use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::permissions::Permissions;
use super::view::{RunSummary, time};
use crate::App;
use crate::access::Actor;
use crate::api::page::{Page, Paging};
use crate::api::pipelines::PipelineRef;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Query;

/// Which runs are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The id of a pipeline.
    pipeline: Option<String>,
    /// One or several statuses, with commas.
    status: Option<String>,
    branch: Option<String>,
    /// Who started it.
    by: Option<String>,
    /// `manual`, `api`, `webhook`, `schedule`, `retry`.
    trigger: Option<String>,
    /// Part of the pipeline's name or of the branch, the number, or the beginning of the commit.
    search: Option<String>,
    /// Created then or later.
    since: Option<String>,
    /// Created before.
    until: Option<String>,
    /// At most so many, 1 to 200; 50 where it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/api/v1/runs", operation_id = "list_runs", tag = "runs", params(Asked), responses(
    (status = 200, body = Page<RunSummary>),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<Page<RunSummary>>> {
    let limit = Paging { limit: asked.limit, cursor: None }.limit()?;
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    let filter = Filter {
        statuses: asked.status.as_deref().map_or(Ok(Vec::new()), statuses)?,
        since: asked.since.as_deref().map(|at| moment("since", at)).transpose()?,
        until: asked.until.as_deref().map(|at| moment("until", at)).transpose()?,
        before: asked.cursor.as_deref().map(behind).transpose()?,
        pipeline: text(asked.pipeline),
        branch: text(asked.branch),
        by: text(asked.by),
        cause: text(asked.trigger),
        search: text(asked.search.map(|search| search.trim().to_owned())),
    };
    let found = app.store().runs().search(&filter, limit + 1).await?;
    let page = Page::of(found, limit, cursor);
    let items = page.items.iter().map(|run| summary(run, Permissions::of_listed(run, &actor))).collect();
    Ok(Json(Page { items, next: page.next, total: page.total }))
}

/// What lists show of a run.
pub(super) fn summary(run: &Listed, permissions: Permissions) -> RunSummary {
    let duration = run.started_at.zip(run.ended_at).map(|(from, to)| u64::try_from(to - from).unwrap_or_default());
    RunSummary {
        id: run.id.clone(),
        number: run.number,
        pipeline: PipelineRef { id: run.pipeline.clone(), name: run.name.clone() },
        status: run.status,
        trigger: run.cause.clone(),
        by: run.by.clone(),
        branch: run.branch.clone(),
        commit: run.commit.clone(),
        version: run.version,
        retry_of: run.retry_of.clone(),
        created_at: time(run.created_at),
        started_at: run.started_at.map(time),
        finished_at: run.ended_at.map(time),
        duration_ms: duration,
        may: permissions.may,
        why_not: permissions.why_not,
    }
}

const STATUSES: [RunStatus; 7] = [
    RunStatus::Queued,
    RunStatus::Running,
    RunStatus::Waiting,
    RunStatus::Success,
    RunStatus::Failed,
    RunStatus::Cancelled,
    RunStatus::TimedOut,
];

fn statuses(text: &str) -> ApiResult<Vec<RunStatus>> {
    let mut statuses = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let Some(status) = STATUSES.into_iter().find(|status| status.as_str() == word) else {
            let known = STATUSES.map(RunStatus::as_str).join(", ");
            let why = format!("`{}` is no status of a run", word.escape_debug());
            return Err(ApiError::invalid("status", why).help(format!("there are {known}")));
        };
        if !statuses.contains(&status) {
            statuses.push(status);
        }
    }
    Ok(statuses)
}

fn moment(field: &'static str, text: &str) -> ApiResult<i64> {
    let read: Result<Timestamp, _> = text.parse();
    read.map(Timestamp::as_millisecond).map_err(|_| {
        ApiError::invalid(field, format!("`{field}` is not a time")).help("write it like 2026-01-31T12:00:00Z")
    })
}

/// Where a page ended: facts of its last run, so that new runs move nothing.
fn cursor(run: &Listed) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}:{}", run.created_at, run.id))
}

fn behind(cursor: &str) -> ApiResult<(i64, String)> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (at, id) = text.split_once(':').filter(|(_, id)| !id.contains('\0'))?;
        Some((at.parse().ok()?, id.to_owned()))
    };
    read().ok_or_else(|| ApiError::invalid("cursor", "`cursor` is not the `next` of a page"))
}
