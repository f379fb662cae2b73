//! `GET pipelines/{id}`

use axum::extract::State;
use axum::response::IntoResponse;

use super::show;
use super::views::PipelineView;
use crate::App;
use crate::access::Actor;
use crate::api::revision::etag;
use crate::error::{ApiResult, Problem};
use crate::extract::Path;

/// A pipeline with its text.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{id}",
    operation_id = "get_pipeline",
    tag = "pipelines",
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "the pipeline", body = PipelineView, headers(("ETag" = String))),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 404, description = "no such pipeline", body = Problem),
    )
)]
pub(super) async fn get(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> ApiResult<impl IntoResponse> {
    let row = show::load(&app, &id).await?;
    let revision = row.revision;
    Ok((etag(revision), axum::Json(show::view(&app, &actor, row).await?)))
}
