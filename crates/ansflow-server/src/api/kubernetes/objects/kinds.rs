//! `GET /clusters/{id}/kinds`: which kinds there are to look at.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::reach::{self, within};
use super::views::KindView;
use crate::App;
use crate::error::{ApiResult, Problem};
use crate::extract::Path;

/// The kinds of a cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClusterKinds {
    items: Vec<KindView>,
}

/// Every kind that can be listed, in the version that the cluster prefers.
#[utoipa::path(get, path = super::KINDS, operation_id = "cluster_kinds", tag = "kubernetes",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = ClusterKinds),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn kinds(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<ClusterKinds>> {
    let reached = reach::cluster(&app, &id).await?;
    let kinds = within(&reached, reached.cluster.kinds()).await?;
    let mut items: Vec<KindView> = Vec::new();
    // The preferred version of a kind comes first.
    for kind in kinds.iter().filter(|kind| kind.can("list")) {
        if !items.iter().any(|known| known.group == kind.group && known.kind == kind.kind) {
            items.push(KindView::from(kind));
        }
    }
    Ok(axum::Json(ClusterKinds { items }))
}
