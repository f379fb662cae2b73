//! `POST pipelines/batch`

use ansflow_store::launch::Launch;
use ansflow_store::pipelines::{Change, PipelineRow};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::import::BatchResults;
use super::{delete, show, write};
use crate::App;
use crate::access::{Action, Actor};
use crate::api::launching;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Json;

/// So many pipelines at once.
const MOST: usize = 500;

/// One thing to do with many pipelines.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchRequest {
    action: BatchAction,
    /// Their ids, at most 500.
    pipelines: Vec<String>,
}

/// What is done with each.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BatchAction {
    /// A run of it is started.
    Run,
    /// It may be started from now on.
    Enable,
    /// It may not be started any more.
    Disable,
    /// It is deleted.
    Delete,
}

/// What came of one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BatchResult {
    name: String,
    /// Its id, where there is such a pipeline.
    #[schema(required)]
    pipeline: Option<String>,
    /// The id of the run that was started.
    #[schema(required)]
    run: Option<String>,
    /// Why it was not done.
    #[schema(required)]
    problem: Option<Problem>,
}

impl BatchResult {
    pub(super) fn done(name: String, pipeline: Option<String>, run: Option<String>) -> BatchResult {
        BatchResult { name, pipeline, run, problem: None }
    }

    pub(super) fn refused(name: String, pipeline: Option<String>, error: ApiError) -> BatchResult {
        BatchResult { name, pipeline, run: None, problem: Some(error.into()) }
    }
}

/// Does one thing with many pipelines, with each by itself.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/batch",
    operation_id = "batch_pipelines",
    tag = "pipelines",
    request_body = BatchRequest,
    responses(
        (status = 200, description = "what came of each", body = BatchResults),
        (status = 400, description = "no JSON", body = Problem),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 403, description = "not allowed", body = Problem),
        (status = 413, description = "too large", body = Problem),
        (status = 415, description = "no JSON", body = Problem),
        (status = 422, description = "too many pipelines", body = Problem),
    )
)]
pub(super) async fn batch(
    State(app): State<App>,
    actor: Actor,
    Json(request): Json<BatchRequest>,
) -> ApiResult<axum::Json<BatchResults>> {
    if request.pipelines.len() > MOST {
        return Err(ApiError::invalid("pipelines", format!("at most {MOST} pipelines can be named at once")));
    }
    actor.may(match request.action {
        BatchAction::Run => Action::Operate,
        BatchAction::Enable | BatchAction::Disable | BatchAction::Delete => Action::Edit,
    })?;
    let mut items = Vec::with_capacity(request.pipelines.len());
    for id in &request.pipelines {
        items.push(match show::load(&app, id).await {
            Ok(row) => one(&app, &actor, request.action, row).await,
            Err(error) => BatchResult::refused(id.clone(), None, error),
        });
    }
    Ok(axum::Json(BatchResults { items }))
}

async fn one(app: &App, actor: &Actor, action: BatchAction, row: PipelineRow) -> BatchResult {
    let PipelineRow { id, name, .. } = row;
    let done: ApiResult<Option<String>> = match action {
        BatchAction::Run => run(app, actor, &id).await.map(Some),
        BatchAction::Enable => enable(app, actor, &id, true).await,
        BatchAction::Disable => enable(app, actor, &id, false).await,
        BatchAction::Delete => delete::one(app, actor, &id).await.map(|_| None),
    };
    match done {
        Ok(run) => BatchResult::done(name, Some(id), run),
        Err(error) => BatchResult::refused(name, Some(id), error),
    }
}

async fn run(app: &App, actor: &Actor, pipeline: &str) -> ApiResult<String> {
    let launch = Launch {
        pipeline,
        cause: launching::cause(actor),
        by: &actor.name,
        concurrency: launching::STEPS_AT_ONCE,
        ..Launch::default()
    };
    let launched = app.store().launch(launch, app.files(), app.now()).await?;
    Ok(launched.run.created().run.clone())
}

async fn enable(app: &App, actor: &Actor, id: &str, enabled: bool) -> ApiResult<Option<String>> {
    let change = Change { wording: None, enabled: Some(enabled), max_runs: None, by: &actor.name };
    write::save_over(app, id, &change).await?;
    Ok(None)
}
