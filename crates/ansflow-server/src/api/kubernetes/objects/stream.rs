//! `GET /{kind}/stream`: a list that stays what it is in the cluster.

use ansflow_kube::browse::live::Live;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::stream;

use super::list::Narrowed;
use super::reach::{self, Where};
use crate::App;
use crate::access::Action;
use crate::allowed::while_allowed;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};
use crate::live::Which;
use crate::sse;

/// What there is of a kind, and what becomes of it: `event: rows`, the first with `reset`, the columns and, in several
/// messages of at most 500 rows, all that there is; `gone` has the uids of those that are not there any more. `event:
/// trouble` says that the cluster does not answer: what was sent stands as it was. `event: known`: it answers again.
/// `event: end`: there are too many to follow. `search`, `limit` and `cursor` mean nothing here.
#[utoipa::path(get, path = super::STREAM, operation_id = "stream_objects", tag = "kubernetes",
    params(("kind" = String, Path), Where, Narrowed),
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn stream(
    State(app): State<App>,
    Path(word): Path<String>,
    Query(place): Query<Where>,
    Query(narrowed): Query<Narrowed>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let kind = place.kind(&reached, &word).await?;
    let selector = narrowed.selector();
    let which = Which {
        cluster: reached.about.id.clone(),
        revision: reached.about.revision,
        kind: format!("{}/{}", kind.full_name(), kind.version),
        namespace: place.namespaces().map(str::to_owned),
        labels: selector.labels.clone(),
        fields: selector.fields.clone(),
    };
    let follow = || Live::follow(&reached.cluster, &kind, which.namespace.as_deref(), &selector);
    let Some(viewer) = app.live().lists().look(&which, follow) else {
        return Err(ApiError::too_many(
            "too many lists of clusters are being followed; close one that nobody needs",
            30,
        ));
    };
    let next = |mut viewer: crate::live::Viewer| async move { Some((viewer.next().await?, viewer)) };
    Ok(sse::response(while_allowed(app, headers, Action::View, stream::unfold(viewer, next))))
}
