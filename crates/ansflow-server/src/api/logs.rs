//! The output of a run's steps: as text, by lines, by content, and as it is written.

mod lines;
mod search;
mod stream;
mod text;
mod which;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::Access::May;
use crate::access::Action::View;
use crate::access::Route;

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/runs/{id}/steps/{name}/log", May(View)),
    ("GET", "/api/v1/runs/{id}/steps/{name}/log/lines", May(View)),
    ("GET", "/api/v1/runs/{id}/steps/{name}/log/search", May(View)),
    ("GET", "/api/v1/runs/{id}/steps/{name}/log/stream", May(View)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(text::text))
        .routes(routes!(lines::lines))
        .routes(routes!(search::search))
        .routes(routes!(stream::stream))
}
