//! `POST pipelines/{id}/run`: a new run of the pipeline's present text.

use ansflow_store::launch::{Launch, Select};
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::body::MayBe;
use super::show::answer;
use super::view::RunView;
use crate::App;
use crate::access::{Action, Actor};
use crate::api::launching;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;

/// The longest key of a request.
const LONGEST_KEY: usize = 200;

/// What to run.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RunRequest {
    /// They win over the file's.
    #[schema(value_type = std::collections::HashMap<String, Json>)]
    variables: Map<String, Json>,
    branch: Option<String>,
    commit: Option<String>,
    /// Begin at this step.
    from: Option<String>,
    /// Run only this step.
    only: Option<String>,
}

/// Starts a run.
#[utoipa::path(post, path = "/api/v1/pipelines/{id}/run", operation_id = "run_pipeline", tag = "runs", request_body = RunRequest,
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key again is the same run; 1 to 200 characters"),
    ),
    responses(
        (status = 201, body = RunView), (status = 200, body = RunView, description = "the key was seen before"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 400, body = Problem), (status = 422, body = Problem),
))]
pub(super) async fn start(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    headers: HeaderMap,
    MayBe(request): MayBe<RunRequest>,
) -> ApiResult<Response> {
    actor.may(Action::Operate)?;
    let text = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let select = match (&request.from, &request.only) {
        (Some(_), Some(_)) => return Err(ApiError::invalid("only", "`from` and `only` exclude each other")),
        (Some(step), None) => Select::From(step),
        (None, Some(step)) => Select::Only(step),
        (None, None) => Select::All,
    };
    // Somebody's key is theirs, and for this pipeline: nobody finds a run by guessing another's.
    let key = key(&headers)?.map(|key| format!("{} {id} {key}", actor.id));
    let launch = Launch {
        pipeline: &id,
        variables: request.variables,
        branch: text(request.branch),
        commit: text(request.commit),
        repository: None,
        cause: launching::cause(&actor),
        by: &actor.name,
        request_key: key.as_deref(),
        select,
        concurrency: launching::STEPS_AT_ONCE,
    };
    let launched = app.store().launch(launch, app.files(), app.now()).await?;
    let run = &launched.run.created().run;
    let status = if launched.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = answer(&app, &actor, run, status).await?;
    let location = HeaderValue::try_from(format!("/api/v1/runs/{run}")).expect("an id is plain ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

fn key(headers: &HeaderMap) -> ApiResult<Option<&str>> {
    const FIELD: &str = "Idempotency-Key";
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let is_plain = |key: &&str| (1..=LONGEST_KEY).contains(&key.len());
    let key = key.to_str().ok().filter(is_plain);
    key.map(Some).ok_or_else(|| ApiError::invalid(FIELD, "`Idempotency-Key` must have 1 to 200 plain characters"))
}
