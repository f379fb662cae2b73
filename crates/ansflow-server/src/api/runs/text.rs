//! `GET runs/{id}/pipeline`: the text that a run runs, whatever the pipeline says now.

use axum::Json;
use axum::extract::State;

use crate::App;
use crate::api::pipelines::VersionText;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;

/// The text that the run runs.
#[utoipa::path(get, path = "/api/v1/runs/{id}/pipeline", operation_id = "get_run_pipeline", tag = "runs", params(("id" = String, Path)), responses(
    (status = 200, body = VersionText),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
pub(super) async fn text(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<VersionText>> {
    let run = app.store().runs().listed(&id).await?;
    let version = run.version.ok_or_else(|| ApiError::not_found(format!("the text of run `{id}`")))?;
    Ok(Json(app.store().pipelines().version(&run.pipeline, version).await?.into()))
}
