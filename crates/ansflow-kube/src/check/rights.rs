//! What we may do: a dozen questions, of what steps and pages do most.

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::cluster::Cluster;
use crate::error::Error;

/// One thing that we may do, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// `list`, `create`, …
    pub verb: String,
    /// `pods`, `deployments.apps`, `pods/exec`.
    pub resource: String,
    /// Where; none: everywhere.
    pub namespace: Option<String>,
    /// Whether we may.
    pub allowed: bool,
}

/// Asked everywhere.
const EVERYWHERE: [(&str, &str); 4] =
    [("list", "nodes"), ("list", "namespaces"), ("list", "pods"), ("list", "deployments.apps")];
/// Asked in the default namespace.
const HERE: [(&str, &str); 9] = [
    ("list", "pods"),
    ("create", "deployments.apps"),
    ("patch", "deployments.apps"),
    ("patch", "services"),
    ("delete", "pods"),
    ("get", "pods/log"),
    ("create", "pods/exec"),
    ("create", "jobs.batch"),
    ("get", "secrets"),
];

impl Right {
    pub(super) fn of(verb: &str, resource: &str, namespace: Option<&str>) -> Right {
        let (verb, resource) = (verb.to_owned(), resource.to_owned());
        Right { verb, resource, namespace: namespace.map(str::to_owned), allowed: false }
    }
}

/// What we may do, as the cluster says; what it does not answer is left out.
pub(super) async fn rights(cluster: &Cluster) -> Vec<Right> {
    let namespace = cluster.default_namespace();
    let everywhere = EVERYWHERE.map(|(verb, resource)| Right::of(verb, resource, None));
    let here = HERE.map(|(verb, resource)| Right::of(verb, resource, Some(namespace)));
    let asked = everywhere.into_iter().chain(here).map(|right| async move {
        let allowed = may(cluster, &right).await.ok()?;
        Some(Right { allowed, ..right })
    });
    join_all(asked).await.into_iter().flatten().collect()
}

pub(super) async fn may(cluster: &Cluster, right: &Right) -> Result<bool, Error> {
    let (resource, subresource) = right.resource.split_once('/').unwrap_or((&right.resource, ""));
    let (resource, group) = resource.split_once('.').unwrap_or((resource, ""));
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": { "resourceAttributes": { "verb": right.verb, "group": group, "resource": resource,
            "subresource": subresource, "namespace": right.namespace.as_deref().unwrap_or_default() } }
    });
    let said = cluster.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review).await?;
    Ok(said["status"]["allowed"].as_bool() == Some(true) && said["status"]["denied"] != Json::Bool(true))
}

/// ``may deploy in `shop`, may not list nodes``; empty where nothing is known.
pub(super) fn sentence(rights: &[Right]) -> String {
    let found = |verb: &str, resource: &str, is_here: bool| {
        rights.iter().find(|r| r.verb == verb && r.resource == resource && r.namespace.is_some() == is_here)
    };
    let may = |is_allowed: bool| if is_allowed { "may" } else { "may not" };
    let deploy = found("create", "deployments.apps", true).zip(found("patch", "deployments.apps", true));
    let deploys = deploy.map(|(create, patch)| {
        let namespace = create.namespace.as_deref().unwrap_or("default");
        format!("{} deploy in `{namespace}`", may(create.allowed && patch.allowed))
    });
    let nodes = found("list", "nodes", false).filter(|nodes| !nodes.allowed).map(|_| "may not list nodes".to_owned());
    [deploys, nodes].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
