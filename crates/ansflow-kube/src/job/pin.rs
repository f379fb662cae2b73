//! A volume that only one node can have: the pods that use it at the same time have to be on that node.
//!
//! The scheduler does that by itself where the volume is bound and says where it is. It does not for a claim that waits for its
//! first pod, nor for a network disk, for which the second pod would wait. So such pods ask to be where the others are: the first
//! goes anywhere, and nobody has to know which node that was. Tekton does the same with a pod of its own that holds the place.

use super::Task;
use crate::cluster::Cluster;
use crate::error::Error;
use crate::object::{Key, Obj};
use ansflow_core::spec::PodWorkspace;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

/// By which pods that use the same claim find each other.
pub(crate) const CLAIM: &str = "ansflow.io/claim";

/// How much a pod has to be where others are that use its claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pin {
    /// It may be anywhere.
    #[default]
    Free,
    /// Rather there than elsewhere: whether many nodes can have the volume could not be found out.
    Wished,
    /// There, or nowhere.
    Required,
}

/// What the claim of a task asks of its pod.
pub(super) async fn pin(cluster: &Cluster, task: &Task) -> Result<Pin, Error> {
    let PodWorkspace::Claim(name) = &task.place.workspace else { return Ok(Pin::Free) };
    let namespace = Some(task.namespace.clone());
    let kind = "PersistentVolumeClaim".to_owned();
    let key = Key { group: String::new(), kind, namespace, name: name.clone() };
    match cluster.get(&key).await {
        Ok(Some(claim)) => Ok(of(&claim)),
        // The pod tells of it better.
        Ok(None) => Ok(Pin::Required),
        Err(error) if error.code() == 403 => Ok(Pin::Wished),
        Err(error) => Err(error),
    }
}

/// What it has in the end is what counts, where it says so already.
fn of(claim: &Obj) -> Pin {
    let modes =
        |part: &str| claim.at(&[part, "accessModes"]).and_then(Json::as_array).filter(|modes| !modes.is_empty());
    let is_of_many = |mode: &Json| matches!(mode.as_str(), Some("ReadWriteMany" | "ReadOnlyMany"));
    match modes("status").or_else(|| modes("spec")) {
        Some(modes) if modes.iter().any(is_of_many) => Pin::Free,
        Some(_) | None => Pin::Required,
    }
}

/// The label of pods that use a claim; values of labels are shorter than names of claims may be.
pub(super) fn label(claim: &str) -> String {
    if claim.len() <= 63 {
        return claim.to_owned();
    }
    Sha256::digest(claim).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The pod's affinity to the others.
pub(super) fn affinity(claim: &str, pin: Pin) -> Option<Json> {
    let term = json!({
        "labelSelector": { "matchLabels": { CLAIM: label(claim) } }, "topologyKey": "kubernetes.io/hostname",
    });
    let affinity = match pin {
        Pin::Free => return None,
        Pin::Wished => {
            json!({ "preferredDuringSchedulingIgnoredDuringExecution": [{ "weight": 100, "podAffinityTerm": term }] })
        }
        Pin::Required => json!({ "requiredDuringSchedulingIgnoredDuringExecution": [term] }),
    };
    Some(json!({ "podAffinity": affinity }))
}

#[cfg(test)]
mod tests {
    //! Which claims ask for it.

    use super::{Pin, label, of};
    use crate::object::Obj;
    use serde_json::json;

    #[test]
    fn only_what_many_nodes_can_have_leaves_its_pods_free() {
        let check = |wanted: &[&str], has: &[&str], expected| {
            let claim = json!({ "spec": { "accessModes": wanted }, "status": { "accessModes": has } });
            assert_eq!(of(&Obj::new(claim).unwrap()), expected, "{wanted:?} {has:?}");
        };
        check(&["ReadWriteOnce"], &[], Pin::Required);
        check(&["ReadWriteOncePod"], &["ReadWriteOncePod"], Pin::Required);
        check(&["ReadWriteMany"], &[], Pin::Free);
        check(&["ReadWriteOnce"], &["ReadWriteOnce", "ReadWriteMany"], Pin::Free);
        check(&["ReadWriteMany"], &["ReadWriteOnce"], Pin::Required);
        check(&[], &[], Pin::Required);
    }

    #[test]
    fn a_claims_label_is_no_longer_than_one_may_be() {
        assert_eq!(label("cache"), "cache");
        let (one, other) = (label(&"a".repeat(200)), label(&"a".repeat(201)));
        assert!(one.len() <= 63 && one != other, "{one} {other}");
    }
}
