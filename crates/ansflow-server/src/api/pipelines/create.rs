//! `POST pipelines`

use ansflow_store::pipelines::Settings;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::show;
use super::views::PipelineView;
use super::write::{self, PipelineInput};
use crate::App;
use crate::access::Actor;
use crate::api::revision::etag;
use crate::error::{ApiResult, Problem};
use crate::extract::Json;

/// A new pipeline. Its name stands in the text.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines",
    operation_id = "create_pipeline",
    tag = "pipelines",
    request_body = PipelineInput,
    responses(
        (status = 201, description = "it is stored", body = PipelineView, headers(("ETag" = String))),
        (status = 400, description = "no JSON", body = Problem),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 403, description = "not allowed", body = Problem),
        (status = 413, description = "too large", body = Problem),
        (status = 415, description = "no JSON", body = Problem),
        (status = 422, description = "the text is not well, or the name is taken", body = Problem),
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    actor: Actor,
    Json(input): Json<PipelineInput>,
) -> ApiResult<impl IntoResponse> {
    input.check()?;
    let meaning = write::read(&input.text, None).await?;
    let settings = Settings { enabled: input.enabled.unwrap_or(true), max_runs: input.max_runs.flatten() };
    let row = write::create(&app, &actor, &input.text, &meaning, &input.note, settings).await?;
    let revision = row.revision;
    Ok((StatusCode::CREATED, etag(revision), axum::Json(show::view(&app, &actor, row).await?)))
}
