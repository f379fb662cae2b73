//! Which kinds come first: what others refer to is there before them.
//!
//! The order is that of Helm's installs (`kind_sorter.go`), which charts and their authors rely on, but for namespaces and
//! definitions of kinds: nothing can be where these are not, so that they go before everything.

use crate::object::Key;

/// Helm's order; what it does not list comes after.
const ORDER: [&str; 34] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    // What has no place in the list.
    "",
];

/// The place of an object: lower ones are written first, equal ones together.
pub(super) fn place(key: &Key) -> usize {
    match (key.group.as_str(), key.kind.as_str()) {
        ("", "Namespace") => 0,
        ("apiextensions.k8s.io", "CustomResourceDefinition") => 1,
        // A kind of others that has a name of the list is another one all the same.
        (group, kind) if is_own(group) => 2 + ORDER.iter().position(|known| *known == kind).unwrap_or(ORDER.len() - 1),
        _ => 2 + ORDER.len(),
    }
}

/// Whether a group is one of Kubernetes itself.
fn is_own(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}
