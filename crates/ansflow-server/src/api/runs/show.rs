//! `GET runs/{id}`: all that is known of a run.

use std::collections::HashMap;

use ansflow_core::plan::StepIndex;
use ansflow_core::run::event::RunStatus;
use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::list::summary;
use super::permissions::Permissions;
use super::steps::steps;
use super::view::RunView;
use crate::App;
use crate::access::Actor;
use crate::error::{ApiResult, Problem};
use crate::extract::Path;

/// A run with its steps.
#[utoipa::path(get, path = "/api/v1/runs/{id}", operation_id = "get_run", tag = "runs", params(("id" = String, Path)), responses(
    (status = 200, body = RunView, headers(("ETag" = String, description = "Number of its last event"))),
    (status = 304, description = "nothing has happened since"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
pub(super) async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let row = app.store().runs().get(&id).await?;
    // While it is queued its place changes with what happens to others.
    if row.status != RunStatus::Queued && is_known(&headers, row.seq) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag(row.seq))]).into_response());
    }
    answer(&app, &actor, &id, StatusCode::OK).await
}

/// The answer that shows a run.
pub(super) async fn answer(app: &App, actor: &Actor, id: &str, status: StatusCode) -> ApiResult<Response> {
    let view = view(app, actor, id).await?;
    let headers = [(ETAG, etag(view.seq)), (CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    Ok((status, headers, Json(view)).into_response())
}

async fn view(app: &App, actor: &Actor, id: &str) -> ApiResult<RunView> {
    let runs = app.store().runs();
    let listed = runs.listed(id).await?;
    let history = app.live().run(app.store(), id).await?;
    let run = &history.run;
    let artifacts = app.store().artifacts(app.files().artifacts(id)).counts(id).await?;
    let artifacts: HashMap<StepIndex, u64> = artifacts.into_iter().collect();
    let workspace_kept = tokio::fs::try_exists(&run.created().facts.workspace).await.unwrap_or(false);
    let queue_position = match run.status() {
        RunStatus::Queued => Some(runs.queued_before(listed.created_at, id).await? + 1),
        RunStatus::Running
        | RunStatus::Waiting
        | RunStatus::Success
        | RunStatus::Failed
        | RunStatus::Cancelled
        | RunStatus::TimedOut => None,
    };
    let mut summary = summary(&listed, Permissions::of_run(run, workspace_kept, actor));
    // The row may be a moment older than the history.
    summary.status = run.status();
    summary.started_at = run.started_at().map(|at| at.to_string());
    summary.finished_at = history.finished_at.map(|at| at.to_string());
    let lasted =
        run.started_at().zip(history.finished_at).map(|(from, to)| to.as_millisecond() - from.as_millisecond());
    summary.duration_ms = lasted.map(|ms| u64::try_from(ms).unwrap_or_default());
    Ok(RunView {
        summary,
        seq: run.seq(),
        variables: run.plan().variables.clone(),
        steps: steps(&history, &artifacts, workspace_kept, actor),
        queue_position,
        workspace_kept,
    })
}

fn etag(seq: u64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{seq}\"")).expect("digits in quotes are plain ASCII")
}

/// Whether the client has it as it is. `W/` is what proxies that compress make of a tag.
fn is_known(headers: &HeaderMap, seq: u64) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = tags.flat_map(|value| value.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    tags.any(|tag| tag == "*" || tag == format!("\"{seq}\""))
}
