//! The namespaces of a cluster, for choices.

use ansflow_kube::cluster::{Item, Selector};
use ansflow_kube::facts::Meta;
use ansflow_kube::{Error, Kind};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::refusal;
use crate::App;
use crate::error::{ApiResult, Problem};
use crate::extract::{Path, Query};

pub(super) const LIST: &str = "/api/v1/kubernetes/clusters/{id}/namespaces";

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NamespacesQuery {
    /// Only those whose name contains this.
    search: Option<String>,
}

/// Namespaces of a cluster.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClusterNamespaces {
    items: Vec<ClusterNamespace>,
    /// Whether these are all: who may not list them is told the one that is the cluster's own, and may name others.
    complete: bool,
}

/// A namespace.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClusterNamespace {
    name: String,
    /// `Active` or `Terminating`; empty where it is not known.
    status: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Namespace {
    metadata: Meta,
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    phase: String,
}

impl Item for Namespace {}

/// The namespaces of a cluster, by name; it is asked each time.
#[utoipa::path(get, path = LIST, operation_id = "list_cluster_namespaces", tag = "clusters",
    params(("id" = String, Path), NamespacesQuery), responses(
    (status = 200, body = ClusterNamespaces),
    (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "its credential was sealed with another key"),
    (status = 422, body = Problem), (status = 429, body = Problem), (status = 500, body = Problem),
    (status = 502, body = Problem, description = "`cluster_unreachable`, with the cause"),
))]
pub(super) async fn list(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<NamespacesQuery>,
) -> ApiResult<axum::Json<ClusterNamespaces>> {
    let cluster = app.cluster(&id).await?;
    let Some(kind) = Kind::builtin("", "Namespace") else {
        return Ok(axum::Json(ClusterNamespaces { items: Vec::new(), complete: false }));
    };
    let found: Result<Vec<Namespace>, Error> = cluster.all(&kind, None, &Selector::all()).await;
    let (mut items, complete) = match found {
        Ok(found) => {
            let item = |one: Namespace| ClusterNamespace { name: one.metadata.name, status: one.status.phase };
            (found.into_iter().map(item).collect::<Vec<_>>(), true)
        }
        Err(error) if error.code() == 403 => {
            let own = ClusterNamespace { name: cluster.default_namespace().to_owned(), status: String::new() };
            (vec![own], false)
        }
        Err(error) => return Err(refusal(&error)),
    };
    if let Some(search) = &query.search {
        items.retain(|one| one.name.contains(search.as_str()));
    }
    items.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(axum::Json(ClusterNamespaces { items, complete }))
}
