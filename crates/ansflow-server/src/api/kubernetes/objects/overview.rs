//! `GET /clusters/{id}/overview`: a cluster at a glance.

use std::collections::BTreeMap;

use ansflow_kube::browse::columns::Cell;
use ansflow_kube::browse::overview;
use ansflow_kube::browse::rows::Row;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::reach::{self, within};
use super::views::ObjectEvent;
use crate::App;
use crate::api::words::ObjectState;
use crate::error::{ApiResult, Problem};
use crate::extract::{Path, Query};

/// Of what.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// Of one namespace; left out: of the whole cluster.
    namespace: Option<String>,
}

/// A cluster at a glance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClusterOverview {
    /// How many there are of a kind; null where AnsFlow may not list them.
    counts: BTreeMap<&'static str, Option<u64>>,
    /// How many workloads are ready, progressing, stuck, failed or unknown.
    health: BTreeMap<&'static str, u64>,
    /// Workloads that are stuck or have failed.
    troubled: Vec<Workload>,
    /// What warned within the last hour, the latest first.
    warnings: Vec<ObjectEvent>,
    /// Null where AnsFlow may not list them.
    #[schema(required)]
    nodes: Option<Vec<NodeView>>,
    /// What could not be looked at, and why.
    unseen: Vec<String>,
    /// What came of looking whether it is there, the latest first.
    checks: Vec<CheckView>,
}

/// What keeps pods, in trouble.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Workload {
    kind: String,
    namespace: String,
    name: String,
    #[schema(value_type = ObjectState)]
    state: &'static str,
    #[schema(required)]
    message: Option<String>,
}

/// A node.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NodeView {
    name: String,
    ready: bool,
    version: String,
    #[schema(required)]
    message: Option<String>,
}

/// What came of looking whether a cluster is there.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CheckView {
    at: String,
    /// `connected`, `disconnected`, `error` or `unknown`.
    state: String,
    message: String,
}

/// How much there is, how it fares, what is in trouble, what warned of late.
#[utoipa::path(get, path = super::OVERVIEW, operation_id = "cluster_overview", tag = "kubernetes",
    params(("id" = String, Path), Part),
    responses(
        (status = 200, body = ClusterOverview),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn overview(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> ApiResult<axum::Json<ClusterOverview>> {
    let reached = reach::cluster(&app, &id).await?;
    let namespace = part.namespace.as_deref().filter(|namespace| !namespace.is_empty());
    let seen = within(&reached, overview::overview(&reached.cluster, namespace, app.now())).await?;
    let about = &reached.about;
    let last = about.checked_at.map(|at| CheckView {
        at: crate::api::times::time(at),
        state: format!("{:?}", about.state).to_lowercase(),
        message: about.check_message.clone(),
    });
    Ok(axum::Json(ClusterOverview {
        counts: seen.counts,
        health: seen.health,
        troubled: seen.troubled.iter().map(|(kind, row)| workload(kind, row)).collect(),
        warnings: seen.warnings.iter().map(ObjectEvent::from).collect(),
        nodes: seen.nodes.map(|nodes| nodes.iter().map(node).collect()),
        unseen: seen.unseen,
        checks: last.into_iter().collect(),
    }))
}

fn workload(kind: &str, row: &Row) -> Workload {
    Workload {
        kind: kind.to_owned(),
        namespace: row.namespace.as_deref().unwrap_or_default().to_owned(),
        name: row.name.to_string(),
        state: row.state,
        message: row.message.as_deref().map(str::to_owned),
    }
}

fn node(row: &Row) -> NodeView {
    let text = |at: usize| match row.cells.get(at) {
        Some(Cell::Text(text)) => text.to_string(),
        Some(Cell::None | Cell::Number(_) | Cell::Time(_)) | None => String::new(),
    };
    NodeView {
        name: row.name.to_string(),
        ready: text(0).starts_with("Ready"),
        version: text(2),
        message: row.message.as_deref().map(str::to_owned),
    }
}
