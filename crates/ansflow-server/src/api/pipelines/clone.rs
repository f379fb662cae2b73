//! `POST pipelines/{id}/clone`

use ansflow_core::pipeline::renamed;
use ansflow_store::pipelines::Settings;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::ToSchema;

use super::meanings::blocking;
use super::show;
use super::views::PipelineView;
use super::write;
use crate::App;
use crate::access::Actor;
use crate::api::revision::etag;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path};

/// What the copy is called.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloneRequest {
    name: String,
}

/// A copy under another name: the same text, but for the name in it, and the same settings.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/{id}/clone",
    operation_id = "clone_pipeline",
    tag = "pipelines",
    params(("id" = String, Path)),
    request_body = CloneRequest,
    responses(
        (status = 201, description = "the copy", body = PipelineView, headers(("ETag" = String))),
        (status = 400, description = "no JSON", body = Problem),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 403, description = "not allowed", body = Problem),
        (status = 404, description = "no such pipeline", body = Problem),
        (status = 413, description = "too large", body = Problem),
        (status = 415, description = "no JSON", body = Problem),
        (status = 422, description = "the name is none, or taken", body = Problem),
    )
)]
pub(super) async fn clone(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    Json(request): Json<CloneRequest>,
) -> ApiResult<impl IntoResponse> {
    let source = show::load(&app, &id).await?;
    write::check_given_name(&request.name)?;
    let text = app.store().pipelines().version(&id, source.version).await?.body;
    let copy = rename(text, request.name).await?;
    let meaning = write::read(&copy, None).await?;
    let settings = Settings { enabled: source.enabled, max_runs: source.max_runs };
    let note = format!("copy of {}", source.name);
    let row = write::create(&app, &actor, &copy, &meaning, &note, settings).await?;
    let revision = row.revision;
    Ok((StatusCode::CREATED, etag(revision), axum::Json(show::view(&app, &actor, row).await?)))
}

/// The text with another name in it.
pub(super) async fn rename(text: String, name: String) -> ApiResult<String> {
    let edited = blocking(move || renamed(&text, &name)).await?;
    edited.ok_or_else(|| {
        ApiError::invalid("name", "the name in the text cannot be changed without changing something else")
            .help("write the name in the text as a plain word that nothing else repeats")
    })
}
