//! What starts pipelines: what each listens to, and what knocked.

mod deliveries;
mod views;

use ansflow_core::pipeline::{self, Source};
use axum::extract::State;
use serde_json::Map;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::views::TriggersView;
use crate::App;
use crate::access::{Access, Action, Route};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/pipelines/{id}/triggers", Access::May(Action::View)),
    ("GET", "/api/v1/deliveries", Access::May(Action::View)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(of_pipeline)).routes(routes!(deliveries::list))
}

/// What starts a pipeline.
#[utoipa::path(get, path = "/api/v1/pipelines/{id}/triggers", operation_id = "pipeline_triggers", tag = "triggers",
    params(("id" = String, Path, description = "the pipeline")),
    responses((status = 200, body = TriggersView), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem)))]
async fn of_pipeline(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<TriggersView>> {
    let mut texts = app.store().pipelines().texts(&[&id]).await?;
    let (id, _, body) = texts.pop().ok_or_else(|| ApiError::not_found(format!("pipeline `{id}`")))?;
    let hook = app.store().hooks().of(&id).await?;
    let schedules = app.store().schedules().of(&id).await?;
    let read = tokio::task::spawn_blocking(move || {
        let source = Source { text: body.as_bytes(), file_stem: "pipeline", variables: &Map::new() };
        pipeline::parse(&source).0.map(|pipeline| pipeline.triggers).unwrap_or_default()
    });
    let triggers = read.await.map_err(|panic| ApiError::internal(&panic))?;
    Ok(axum::Json(TriggersView::of(hook.as_ref(), &schedules, &triggers)))
}
