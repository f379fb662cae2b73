//! The catalogue of step types and the JSON Schema that is made of it.

mod views;

use std::sync::LazyLock;

use ansflow_core::catalog::view::step_type as view;
use ansflow_core::{catalog, schema, suggest};
use serde_json::Value as Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{Access, Action, Route};
use crate::api::page::Page;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;
use views::StepType;

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/step-types", Access::May(Action::View)),
    ("GET", "/api/v1/step-types/{type}", Access::May(Action::View)),
    ("GET", "/api/v1/schema/pipeline", Access::May(Action::View)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(step_types)).routes(routes!(step_type)).routes(routes!(pipeline_schema))
}

/// Every type of step, in the order of lists.
#[utoipa::path(
    get,
    path = "/api/v1/step-types",
    operation_id = "list_step_types",
    tag = "catalogue",
    responses(
        (status = 200, description = "all of them", body = Page<StepType>),
        (status = 401, description = "nobody is signed in", body = Problem),
    )
)]
async fn step_types() -> axum::Json<&'static Page<Json>> {
    static ALL: LazyLock<Page<Json>> = LazyLock::new(|| Page::all(catalog::all().iter().map(view).collect()));
    axum::Json(&ALL)
}

/// One type of step, by its word or an alias.
#[utoipa::path(
    get,
    path = "/api/v1/step-types/{type}",
    operation_id = "get_step_type",
    tag = "catalogue",
    params(("type" = String, Path)),
    responses(
        (status = 200, description = "the type", body = StepType),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 404, description = "no such type", body = Problem),
    )
)]
async fn step_type(Path(word): Path<String>) -> ApiResult<axum::Json<Json>> {
    let Some(kind) = catalog::find(&word) else {
        let error = ApiError::not_found("this step type");
        let near = || {
            suggest::nearest(&word, catalog::all().iter().map(|kind| kind.word))
                .map(|near| format!("did you mean `{near}`?"))
        };
        let help = catalog::replacement(&word).map(str::to_owned).or_else(near);
        return Err(match help {
            Some(help) => error.help(help),
            None => error,
        });
    };
    Ok(axum::Json(view(kind)))
}

/// The JSON Schema (2020-12) of the pipeline file.
#[utoipa::path(
    get,
    path = "/api/v1/schema/pipeline",
    operation_id = "pipeline_schema",
    tag = "catalogue",
    responses(
        (status = 200, description = "the schema", body = Object, content_type = "application/schema+json"),
        (status = 401, description = "nobody is signed in", body = Problem),
    )
)]
async fn pipeline_schema() -> ([(axum::http::HeaderName, &'static str); 1], &'static str) {
    static SCHEMA: LazyLock<String> = LazyLock::new(|| schema::pipeline_schema().to_string());
    ([(axum::http::header::CONTENT_TYPE, "application/schema+json")], SCHEMA.as_str())
}
