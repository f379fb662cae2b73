//! Every pod has an account, and a volume with its token: ServiceAccount.

use serde_json::{Value, json};

use super::{Admission, Review, pods};
use crate::object::{Object, ObjectExt};
use crate::status::Status;

const TOKEN_AT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

pub(super) struct ServiceAccount;

impl Admission for ServiceAccount {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        if !review.is_new("", "Pod") {
            return Ok(());
        }
        let is_mirror = review.object.annotations().get("kubernetes.io/config.mirror").is_some();
        if is_mirror {
            return Ok(());
        }
        let name = match (review.object.text("/spec/serviceAccountName"), review.object.text("/spec/serviceAccount")) {
            ("", "") => "default".to_owned(),
            ("", name) | (name, _) => name.to_owned(),
        };
        let namespace = review.key.namespace.clone();
        let Some(account) = review.found("", "ServiceAccount", &namespace, &name) else {
            let why =
                format!("error looking up service account {namespace}/{name}: serviceaccount \"{name}\" not found");
            return Err(review.refuse(&why));
        };
        review.object.put(&["spec", "serviceAccountName"], name.as_str().into());
        review.object.put(&["spec", "serviceAccount"], name.as_str().into());
        if review.object.items("/spec/imagePullSecrets").is_empty() && !account.items("/imagePullSecrets").is_empty() {
            review.object.put(&["spec", "imagePullSecrets"], account.items("/imagePullSecrets").into());
        }
        let wanted = review.object.at("/spec/automountServiceAccountToken").and_then(Value::as_bool);
        let wanted = wanted.or_else(|| account.at("/automountServiceAccountToken").and_then(Value::as_bool));
        if wanted.unwrap_or(true) {
            let volume =
                existing(review.object).unwrap_or_else(|| format!("kube-api-access-{}", review.sim.ids().suffix()));
            mount(review.object, &volume);
        }
        Ok(())
    }
}

/// The token's volume, where the pod brings it.
fn existing(pod: &Object) -> Option<String> {
    let is_its = |name: &&str| name.starts_with("kube-api-access-");
    let names = pod.items("/spec/volumes").iter().filter_map(|volume| volume["name"].as_str());
    names.into_iter().find(is_its).map(str::to_owned)
}

/// Gives the token's volume to every container that has nothing there yet.
fn mount(pod: &mut Object, volume: &str) {
    let mut used = false;
    pods::each(pod, |container, _| {
        let mut mounts: Vec<Value> = container.items("/volumeMounts").to_vec();
        if mounts.iter().any(|mount| mount["mountPath"] == TOKEN_AT) {
            return;
        }
        used = true;
        mounts.push(json!({"name": volume, "readOnly": true, "mountPath": TOKEN_AT}));
        // It stands after the resources, as Kubernetes writes containers.
        container.insert("volumeMounts".to_owned(), mounts.into());
    });
    let mut volumes: Vec<Value> = pod.items("/spec/volumes").to_vec();
    if !used || volumes.iter().any(|known| known["name"] == volume) {
        return;
    }
    volumes.push(json!({
        "name": volume,
        "projected": {
            "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                {"downwardAPI": {"items": [
                    {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}},
                ]}},
            ],
            "defaultMode": 420,
        },
    }));
    pod.put(&["spec", "volumes"], volumes.into());
}
