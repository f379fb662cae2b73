//! `GET /{kind}`: what there is of a kind, page by page.

use ansflow_kube::browse::list::{self, MOST, USUAL, Wanted};
use ansflow_kube::cluster::Selector;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::reach::{self, Where, within};
use super::views::{ObjectPage, ObjectRow};
use crate::App;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};

/// Which of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Narrowed {
    /// A part of the name, in any case.
    #[serde(default)]
    search: String,
    /// `app=web,tier!=cache`.
    #[serde(default)]
    labels: String,
    /// `status.phase=Running`; which fields there are, the cluster says.
    #[serde(default)]
    fields: String,
    /// At most so many, 1 to 500; 100 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl Narrowed {
    /// By labels and fields, as the cluster knows them.
    pub(super) fn selector(&self) -> Selector {
        Selector { labels: self.labels.clone(), fields: self.fields.clone() }
    }
}

/// What there is of a kind: `deployments`, `pods`, any other word for a kind, or `objects` with the kind beside it.
#[utoipa::path(get, path = super::LIST, operation_id = "list_objects", tag = "kubernetes",
    params(("kind" = String, Path), Where, Narrowed),
    responses(
        (status = 200, body = ObjectPage),
        (status = 401, body = Problem), (status = 403, body = Problem, description = "who asks, or AnsFlow itself in that cluster, may not"),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
        (status = 429, body = Problem), (status = 502, body = Problem, description = "`cluster_unreachable`, with the cause"),
))]
pub(super) async fn list(
    State(app): State<App>,
    Path(word): Path<String>,
    Query(place): Query<Where>,
    Query(narrowed): Query<Narrowed>,
) -> ApiResult<axum::Json<ObjectPage>> {
    let limit = match narrowed.limit {
        None => USUAL,
        Some(limit) if (1..=MOST).contains(&limit) => limit,
        Some(_) => return Err(ApiError::invalid("limit", "`limit` must be from 1 to 500")),
    };
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let kind = place.kind(&reached, &word).await?;
    let wanted = Wanted {
        namespace: place.namespaces().map(str::to_owned),
        selector: narrowed.selector(),
        search: narrowed.search,
        limit,
        cursor: narrowed.cursor,
    };
    let page = within(&reached, list::list(&reached.cluster, &kind, &wanted)).await?;
    Ok(axum::Json(ObjectPage {
        items: page.rows.iter().map(ObjectRow::from).collect(),
        columns: page.columns,
        next: page.next,
        total: page.total,
        truncated: page.truncated,
    }))
}
