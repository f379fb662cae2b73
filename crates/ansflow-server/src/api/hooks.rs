//! Hooks: what forges and programs knock at when something was pushed.
//!
//! Their addresses are public, so that everything before the signature is checked comes from anybody: the body is
//! bounded, is checked as the bytes that came, and is read only then. Who guesses learns nothing from the answer.

mod answer;
mod manage;
mod receive;
mod row;
mod secrets;
mod sender;
mod start;
mod verify;

#[cfg(test)]
mod tests;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{Access, Action, Route};

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    // Signed by whoever knows the hook's secret.
    ("POST", "/api/v1/hooks/{token}", Access::Public),
    ("POST", "/api/v1/pipelines/{id}/hook", Access::May(Action::Edit)),
    ("DELETE", "/api/v1/pipelines/{id}/hook", Access::May(Action::Edit)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(receive::receive)).routes(routes!(manage::renew, manage::remove))
}

/// The address of a hook, below the server's.
pub(crate) fn path(token: &str) -> String {
    format!("/api/v1/hooks/{token}")
}
