//! The cluster and the kind that a request is about.

use std::sync::Arc;
use std::time::Duration;

use ansflow_kube::browse::Fault;
use ansflow_kube::browse::known::Known;
use ansflow_kube::{Cluster, Kind};
use ansflow_store::Error as StoreError;
use ansflow_store::audit::Act;
use ansflow_store::clusters::Cluster as About;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::IntoParams;

use crate::App;
use crate::access::Actor;
use crate::api::kubernetes::refusal;
use crate::error::{ApiError, ApiResult};

/// An answer may take so long, however many questions it takes.
const PATIENCE: Duration = Duration::from_secs(45);

/// Of which cluster, and where in it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Where {
    /// The cluster's id, or its name.
    pub(crate) cluster_id: String,
    /// The namespace; left out: all of them, or for one object the cluster's default one.
    pub(crate) namespace: Option<String>,
    /// For `objects`: the kind's group, empty for the core's own.
    #[serde(default)]
    pub(crate) group: String,
    /// For `objects`: which version of it; left out: the preferred one.
    pub(crate) version: Option<String>,
    /// For `objects`: the kind, such as `CronJob`.
    pub(crate) kind: Option<String>,
}

/// A cluster that can be asked.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    /// What is stored of it.
    pub(crate) about: About,
    /// Who asks it.
    pub(crate) cluster: Arc<Cluster>,
}

/// The cluster of an id or a name.
///
/// # Errors
/// 404 where there is none; 409 where its credential was sealed with another key; 502 where it cannot be used.
pub(crate) async fn cluster(app: &App, word: &str) -> ApiResult<Reached> {
    let about = app.store().clusters(app.keyring()).named(word).await.map_err(|error| match error {
        StoreError::NotFound(_) => ApiError::not_found(format_args!("cluster `{word}`")),
        other => other.into(),
    })?;
    let cluster = app.cluster(&about.id).await?;
    Ok(Reached { about, cluster })
}

/// An answer, in time and with our refusals.
pub(crate) async fn within<T>(
    reached: &Reached,
    question: impl Future<Output = Result<T, impl Into<Fault>>>,
) -> ApiResult<T> {
    match tokio::time::timeout(PATIENCE, question).await {
        Ok(answer) => answer.map_err(|fault| refused(fault.into())),
        Err(_) => {
            let why = format!("{} gave no answer within {} s", reached.cluster.host(), PATIENCE.as_secs());
            Err(ApiError::with_status(StatusCode::BAD_GATEWAY, "cluster_unreachable", why))
        }
    }
}

impl Where {
    /// The kind that an address means: one of ours, any other word, or `objects` with the kind beside it.
    pub(crate) async fn kind(&self, reached: &Reached, word: &str) -> ApiResult<Kind> {
        if word == "objects" {
            let Some(kind) = &self.kind else {
                return Err(ApiError::invalid("kind", "`objects` needs the `kind`, and its `group` and `version`"));
            };
            return within(reached, reached.cluster.kind_of(&self.group, self.version.as_deref(), kind)).await;
        }
        let plain: String = word.chars().filter(|c| !matches!(c, '-' | '_')).collect();
        match Known::by_plural(&plain).and_then(|known| Kind::builtin(known.group, known.kind)) {
            Some(kind) => Ok(kind),
            None => within(reached, reached.cluster.kind(word)).await,
        }
    }

    /// The namespace of one object; of a kind that has none, none.
    pub(crate) fn namespace<'w>(&'w self, reached: &'w Reached, kind: &Kind) -> Option<&'w str> {
        let said = self.namespace.as_deref().filter(|namespace| !namespace.is_empty());
        kind.namespaced.then(|| said.unwrap_or(reached.cluster.default_namespace()))
    }

    /// The namespace of a list; none: all of them.
    pub(crate) fn namespaces(&self) -> Option<&str> {
        self.namespace.as_deref().filter(|namespace| !namespace.is_empty() && *namespace != "*")
    }
}

/// Writes down what somebody does to a cluster, before it is done.
///
/// # Errors
/// 500 where it cannot be written down: then it must not be done.
pub(crate) async fn note(
    app: &App,
    actor: &Actor,
    reached: &Reached,
    action: &str,
    object: impl std::fmt::Display,
    detail: &Json,
) -> ApiResult<()> {
    let object = format!("{}: {object}", reached.about.name);
    let act = Act { action, object: &object, detail };
    app.store().audit().add(actor.by(), act, app.now()).await?;
    Ok(())
}

/// Why something was not shown or not done.
pub(crate) fn refused(fault: Fault) -> ApiError {
    let why = fault.to_string();
    match fault {
        Fault::Cluster(error) => refusal(&error),
        Fault::Unfit(_) => ApiError::invalid("yaml", why),
        Fault::NotFound(_) => ApiError::with_status(StatusCode::NOT_FOUND, "not_found", why),
        Fault::Stale { .. } => ApiError::conflict("conflict", why).help("read it again, and look at what has changed"),
        Fault::Now(_) => ApiError::conflict("not_now", why),
        Fault::Cursor => ApiError::invalid("cursor", why),
    }
}
