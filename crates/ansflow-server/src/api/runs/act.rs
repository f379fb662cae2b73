//! What people do to runs: cancel, approve, reject, repeat, forget.

use ansflow_core::plan::{StepIndex, select};
use ansflow_core::run::{Input, RetryFrom, Run};
use ansflow_store::launch::RelaunchError;
use ansflow_store::runs::RemoveError;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header::LOCATION};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::MayBe;
use super::permissions;
use super::show::answer;
use super::view::RunView;
use crate::App;
use crate::access::{Action, Actor};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;

/// The longest comment, in bytes.
const LONGEST_COMMENT: usize = 4_096;

/// What a person adds to a decision.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DecisionRequest {
    comment: Option<String>,
}

/// From where a run is repeated; with neither, all of it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RetryRequest {
    /// The name of a step: it, what follows it, and what did not end well.
    from: Option<String>,
    /// What did not end well, and what follows it.
    failed_only: bool,
}

/// Asks a run to end.
#[utoipa::path(post, path = "/api/v1/runs/{id}/cancel", operation_id = "cancel_run", tag = "runs", params(("id" = String, Path)), responses(
    (status = 200, body = RunView),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "it has ended, or is being cancelled"),
))]
pub(super) async fn cancel(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> ApiResult<Response> {
    actor.may(Action::Operate)?;
    decide(&app, &actor, &id, Input::Cancel { by: actor.name.clone() }).await
}

/// Says yes to a step that asks.
#[utoipa::path(post, path = "/api/v1/runs/{id}/steps/{name}/approve", operation_id = "approve_step", tag = "runs", request_body = DecisionRequest,
    params(("id" = String, Path), ("name" = String, Path)), responses(
    (status = 200, body = RunView),
    (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem, description = "somebody else is asked"), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "nobody is asked, or this person has answered"),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
))]
pub(super) async fn approve(
    State(app): State<App>,
    actor: Actor,
    Path((id, name)): Path<(String, String)>,
    MayBe(request): MayBe<DecisionRequest>,
) -> ApiResult<Response> {
    actor.may(Action::Operate)?;
    let step = step(&app, &id, &name).await?;
    let input = permissions::approve(step, &actor, comment(request)?);
    decide(&app, &actor, &id, input).await
}

/// Says no to a step that asks.
#[utoipa::path(post, path = "/api/v1/runs/{id}/steps/{name}/reject", operation_id = "reject_step", tag = "runs", request_body = DecisionRequest,
    params(("id" = String, Path), ("name" = String, Path)), responses(
    (status = 200, body = RunView),
    (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem, description = "somebody else is asked"), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "nobody is asked"),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
))]
pub(super) async fn reject(
    State(app): State<App>,
    actor: Actor,
    Path((id, name)): Path<(String, String)>,
    MayBe(request): MayBe<DecisionRequest>,
) -> ApiResult<Response> {
    actor.may(Action::Operate)?;
    let step = step(&app, &id, &name).await?;
    let input = permissions::reject(step, &actor, comment(request)?);
    decide(&app, &actor, &id, input).await
}

/// Starts a run that repeats this one.
#[utoipa::path(post, path = "/api/v1/runs/{id}/retry", operation_id = "retry_run", tag = "runs", request_body = RetryRequest,
    params(("id" = String, Path)), responses(
    (status = 201, body = RunView),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem, description = "it has not ended, or cannot be repeated"),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
))]
pub(super) async fn retry(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    MayBe(request): MayBe<RetryRequest>,
) -> ApiResult<Response> {
    actor.may(Action::Operate)?;
    let from = match (&request.from, request.failed_only) {
        (Some(_), true) => return Err(ApiError::invalid("failed_only", "`from` and `failed_only` exclude each other")),
        (Some(name), false) => {
            let history = app.live().run(app.store(), &id).await?;
            RetryFrom::Step(named(&history.run, name)?)
        }
        (None, true) => RetryFrom::Failed,
        (None, false) => RetryFrom::All,
    };
    let run = app.store().relaunch(&id, from, &actor.name, app.files(), app.now()).await?;
    let new = &run.created().run;
    let mut response = answer(&app, &actor, new, StatusCode::CREATED).await?;
    let location = HeaderValue::try_from(format!("/api/v1/runs/{new}")).expect("an id is plain ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// Forgets a run that has ended, with all that hangs on it.
#[utoipa::path(delete, path = "/api/v1/runs/{id}", operation_id = "delete_run", tag = "runs", params(("id" = String, Path)), responses(
    (status = 204),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "it has not ended, or another one goes on in its directory"),
))]
pub(super) async fn delete(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> ApiResult<StatusCode> {
    actor.may(Action::Operate)?;
    app.store().runs().remove(&id, app.files()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn decide(app: &App, actor: &Actor, id: &str, input: Input) -> ApiResult<Response> {
    app.store().runs().decide(id, &input, app.now()).await?;
    answer(app, actor, id, StatusCode::OK).await
}

async fn step(app: &App, id: &str, name: &str) -> ApiResult<StepIndex> {
    let history = app.live().run(app.store(), id).await?;
    history.index(name).ok_or_else(|| ApiError::not_found(format!("step `{}` of run `{id}`", short(name))))
}

/// A step that the body of a request names.
fn named(run: &Run, name: &str) -> ApiResult<StepIndex> {
    select::step(run.plan(), name).map_err(|unknown| {
        let error = ApiError::invalid("from", format!("the run has no step `{}`", short(name)));
        match unknown.near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        }
    })
}

/// What a client called something, in a message.
pub(crate) fn short(name: &str) -> String {
    name.chars().take(80).flat_map(char::escape_debug).collect()
}

fn comment(request: DecisionRequest) -> ApiResult<Option<String>> {
    let comment = request.comment.map(|comment| comment.trim().to_owned()).filter(|comment| !comment.is_empty());
    match &comment {
        Some(text) if text.len() > LONGEST_COMMENT => {
            Err(ApiError::invalid("comment", format!("`comment` is longer than {LONGEST_COMMENT} bytes")))
        }
        Some(_) | None => Ok(comment),
    }
}

impl From<RelaunchError> for ApiError {
    fn from(error: RelaunchError) -> ApiError {
        let why = error.to_string();
        match error {
            RelaunchError::Store(error) => error.into(),
            RelaunchError::Refused(refusal) => refusal.into(),
            RelaunchError::PipelineDeleted => ApiError::conflict("pipeline_deleted", why),
            RelaunchError::Disabled(_) => ApiError::conflict("disabled", why).help("enable the pipeline first"),
            RelaunchError::WorkspaceGone => ApiError::conflict("workspace_gone", why),
            RelaunchError::MissingSecrets(_) => {
                let error = ApiError::with_status(StatusCode::UNPROCESSABLE_ENTITY, "missing_secret", why);
                error.help("add it under secrets first")
            }
        }
    }
}

impl From<RemoveError> for ApiError {
    fn from(error: RemoveError) -> ApiError {
        let why = error.to_string();
        match error {
            RemoveError::NotEnded | RemoveError::InUse(_) => ApiError::conflict("refused", why),
            RemoveError::Store(error) => error.into(),
        }
    }
}
