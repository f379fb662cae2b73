//! Which pods are meant: by name, by labels, or as those of a workload.

use crate::cluster::{Cluster, Selector};
use crate::error::Error;
use crate::kind::Kind;
use crate::object::{Key, Obj};
use ansflow_core::spec::Pods;
use serde_json::Value as Json;

/// What is looked for among the pods of a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Which pods.
    pub selector: Selector,
    /// What makes them, where that was named.
    pub workload: Option<Key>,
    /// In words: `Pod/web-1`, `pods with app=web`, `pods of Deployment/web`.
    pub words: String,
}

/// The kinds whose pods are meant by a bare name, in this order.
const WORKLOADS: [(&str, &str); 5] =
    [("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("batch", "Job"), ("apps", "ReplicaSet")];

/// The kind of pods.
pub(crate) fn pods() -> Result<Kind, Error> {
    Kind::builtin("", "Pod").ok_or_else(|| Error::UnknownKind { word: "Pod".to_owned(), near: None })
}

/// What is meant; None where there is no workload of that name, nor a pod.
pub async fn target(cluster: &Cluster, namespace: &str, meant: &Pods) -> Result<Option<Target>, Error> {
    match meant {
        Pods::Named(name) => Ok(Some(named(name))),
        Pods::Selected(labels) => Ok(Some(Target {
            selector: Selector::labels(labels),
            workload: None,
            words: format!("pods with {labels}"),
        })),
        Pods::Of(name) => of_workload(cluster, namespace, name).await,
    }
}

fn named(name: &str) -> Target {
    Target { selector: Selector::name(name), workload: None, words: format!("Pod/{name}") }
}

async fn of_workload(cluster: &Cluster, namespace: &str, name: &str) -> Result<Option<Target>, Error> {
    for (group, kind) in WORKLOADS {
        let Some(kind) = Kind::builtin(group, kind) else { continue };
        // What may not be read is not what is meant, as far as anybody can say: the next kind may be.
        let found: Option<Obj> = match cluster.get_as(&kind, Some(namespace), name).await {
            Err(error) if error.code() == 403 => None,
            found => found?,
        };
        if let Some(labels) = found.as_ref().and_then(selected_by) {
            let key = kind.key(Some(namespace), name);
            let words = format!("pods of {}", key.object());
            return Ok(Some(Target { selector: Selector::labels(labels), workload: Some(key), words }));
        }
    }
    let pod: Option<Obj> = cluster.get_as(&pods()?, Some(namespace), name).await?;
    Ok(pod.map(|_| named(name)))
}

/// The selector of a workload's pods, as text; None where it selects nothing.
#[must_use]
pub fn selected_by(workload: &Obj) -> Option<String> {
    let selector = workload.at(&["spec", "selector"])?;
    let mut parts = Vec::new();
    let equal = selector.get("matchLabels").and_then(Json::as_object).into_iter().flatten();
    parts.extend(equal.filter_map(|(label, value)| Some(format!("{label}={}", value.as_str()?))));
    let expressions = selector.get("matchExpressions").and_then(Json::as_array).into_iter().flatten();
    for expression in expressions {
        let text = |field: &str| expression.get(field).and_then(Json::as_str).unwrap_or_default();
        let values = expression.get("values").and_then(Json::as_array).into_iter().flatten();
        let values = values.filter_map(Json::as_str).collect::<Vec<_>>().join(",");
        let key = text("key");
        parts.push(match text("operator") {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "DoesNotExist" => format!("!{key}"),
            _ => key.to_owned(),
        });
    }
    (!parts.is_empty()).then(|| parts.join(","))
}
