//! Pipelines: their texts as people wrote them, what the texts mean, and every version of each.
//!
//! One file a verb. A text is read by the core before it is stored, and never printed again: what comes out is what
//! went in.

mod batch;
mod clone;
mod create;
mod delete;
mod export;
mod get;
mod import;
mod list;
mod meaning;
mod meanings;
mod outline;
mod permissions;
mod show;
mod update;
mod validate;
mod versions;
mod views;
mod write;

pub(crate) use meanings::Meanings;
pub(crate) use show::load;
pub(crate) use views::{PipelineRef, RunBrief, VersionText};

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{Access, Action, Route};

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/pipelines", Access::May(Action::View)),
    ("POST", "/api/v1/pipelines", Access::May(Action::Edit)),
    ("POST", "/api/v1/pipelines/import", Access::May(Action::Edit)),
    // What each thing on the list asks besides is asked there.
    ("POST", "/api/v1/pipelines/batch", Access::May(Action::Operate)),
    // Changes nothing.
    ("POST", "/api/v1/pipelines/validate", Access::May(Action::View)),
    ("GET", "/api/v1/pipelines/{id}", Access::May(Action::View)),
    ("PUT", "/api/v1/pipelines/{id}", Access::May(Action::Edit)),
    ("DELETE", "/api/v1/pipelines/{id}", Access::May(Action::Edit)),
    ("POST", "/api/v1/pipelines/{id}/clone", Access::May(Action::Edit)),
    ("GET", "/api/v1/pipelines/{id}/export", Access::May(Action::View)),
    ("GET", "/api/v1/pipelines/{id}/versions", Access::May(Action::View)),
    ("GET", "/api/v1/pipelines/{id}/versions/{version}", Access::May(Action::View)),
    ("POST", "/api/v1/pipelines/{id}/versions/{version}/restore", Access::May(Action::Edit)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let one_text = OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(get::get, update::update, delete::delete))
        .routes(routes!(validate::validate))
        .layer(DefaultBodyLimit::max(write::LARGEST_REQUEST));
    let many_texts =
        OpenApiRouter::new().routes(routes!(import::import)).layer(DefaultBodyLimit::max(import::LARGEST_REQUEST));
    OpenApiRouter::new()
        .routes(routes!(batch::batch))
        .routes(routes!(clone::clone))
        .routes(routes!(export::export))
        .routes(routes!(versions::versions))
        .routes(routes!(versions::version))
        .routes(routes!(versions::restore))
        .merge(one_text)
        .merge(many_texts)
}
