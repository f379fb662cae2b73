//! `DELETE pipelines/{id}`

use ansflow_store::pipelines::DeleteError;
use axum::extract::State;
use axum::http::StatusCode;

use super::permissions::unfinished_runs;
use super::show;
use crate::App;
use crate::access::Actor;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;

/// Deletes a pipeline. Its name is free then; its runs stay.
#[utoipa::path(
    delete,
    path = "/api/v1/pipelines/{id}",
    operation_id = "delete_pipeline",
    tag = "pipelines",
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "it is gone"),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 403, description = "not allowed", body = Problem),
        (status = 404, description = "no such pipeline", body = Problem),
        (status = 409, description = "runs of it have not ended", body = Problem),
    )
)]
pub(super) async fn delete(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> ApiResult<StatusCode> {
    one(&app, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes one, and says what it was called.
pub(super) async fn one(app: &App, actor: &Actor, id: &str) -> ApiResult<String> {
    let row = show::load(app, id).await?;
    app.store().pipelines().delete(id, &actor.name, app.now()).await?;
    Ok(row.name)
}

impl From<DeleteError> for ApiError {
    fn from(error: DeleteError) -> ApiError {
        match error {
            DeleteError::Unfinished(runs) => {
                ApiError::conflict("unfinished_runs", unfinished_runs(runs)).help("cancel them, or wait for their end")
            }
            DeleteError::Store(error) => error.into(),
        }
    }
}
