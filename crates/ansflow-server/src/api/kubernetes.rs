//! Kubernetes: clusters, and what is in them. Paths are also known as `/api/kubernetes/…`, and acts with `_` for `-`
//! (`routes/alias.rs`).

pub(crate) mod check;
pub(crate) mod clusters;
mod input;
pub(crate) mod monitor;
mod namespaces;
pub(crate) mod objects;
mod refusal;
mod token;
mod view;

use utoipa_axum::router::OpenApiRouter;

pub(crate) use self::refusal::refusal;
use crate::App;
use crate::access::Route;

/// What the routes of clusters ask.
pub(crate) const ACCESS: &[Route] = clusters::ACCESS;

/// The routes of clusters.
pub(crate) fn routes() -> OpenApiRouter<App> {
    clusters::routes()
}
