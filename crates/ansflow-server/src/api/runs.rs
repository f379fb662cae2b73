//! Runs: start, look, watch, decide, repeat, forget.

mod act;
mod artifacts;
mod body;
mod events;
mod list;
mod permissions;
mod show;
mod start;
mod steps;
mod text;
mod view;
mod waiting;

pub(crate) use act::short;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::Access::May;
use crate::access::Action::{Operate, View};
use crate::access::Route;

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/runs", May(View)),
    ("GET", "/api/v1/runs/{id}", May(View)),
    ("DELETE", "/api/v1/runs/{id}", May(Operate)),
    ("POST", "/api/v1/runs/{id}/cancel", May(Operate)),
    ("POST", "/api/v1/runs/{id}/retry", May(Operate)),
    ("POST", "/api/v1/runs/{id}/steps/{name}/approve", May(Operate)),
    ("POST", "/api/v1/runs/{id}/steps/{name}/reject", May(Operate)),
    ("GET", "/api/v1/runs/{id}/pipeline", May(View)),
    ("GET", "/api/v1/runs/{id}/events", May(View)),
    ("GET", "/api/v1/runs/{id}/artifacts", May(View)),
    ("GET", "/api/v1/runs/{id}/artifacts/{step}/{attempt}/{*path}", May(View)),
    ("POST", "/api/v1/pipelines/{id}/run", May(Operate)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(show::show, act::delete))
        .routes(routes!(act::cancel))
        .routes(routes!(act::retry))
        .routes(routes!(act::approve))
        .routes(routes!(act::reject))
        .routes(routes!(text::text))
        .routes(routes!(events::events))
        .routes(routes!(artifacts::list))
        .routes(routes!(artifacts::download))
        .routes(routes!(start::start))
}
