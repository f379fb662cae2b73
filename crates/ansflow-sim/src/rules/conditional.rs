//! Defaults that depend on what else the object says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};

pub(super) fn fill(kind: &Kind, object: &mut Object) {
    match (&*kind.group, &*kind.kind) {
        ("", "Pod") => {
            pod_spec(object.at_mut("/spec"));
            pod(object);
        }
        ("", "PodTemplate") => pod_spec(object.at_mut("/template/spec")),
        ("", "ReplicationController") => pod_spec(object.at_mut("/spec/template/spec")),
        ("apps", "Deployment") => {
            pod_spec(object.at_mut("/spec/template/spec"));
            if object.text("/spec/strategy/type") == "RollingUpdate" {
                open(object, &["spec", "strategy", "rollingUpdate", "maxUnavailable"], "25%".into());
                open(object, &["spec", "strategy", "rollingUpdate", "maxSurge"], "25%".into());
            }
        }
        ("apps", "ReplicaSet") => pod_spec(object.at_mut("/spec/template/spec")),
        ("apps", "StatefulSet") => {
            pod_spec(object.at_mut("/spec/template/spec"));
            if object.text("/spec/updateStrategy/type") == "RollingUpdate" {
                open(object, &["spec", "updateStrategy", "rollingUpdate", "partition"], 0.into());
            }
        }
        ("apps", "DaemonSet") => {
            open(object, &["metadata", "annotations", "deprecated.daemonset.template.generation"], "1".into());
            pod_spec(object.at_mut("/spec/template/spec"));
            if object.text("/spec/updateStrategy/type") == "RollingUpdate" {
                open(object, &["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"], 1.into());
                open(object, &["spec", "updateStrategy", "rollingUpdate", "maxSurge"], 0.into());
            }
        }
        ("batch", "Job") => {
            pod_spec(object.at_mut("/spec/template/spec"));
            job(object);
        }
        ("batch", "CronJob") => pod_spec(object.at_mut("/spec/jobTemplate/spec/template/spec")),
        ("", "Service") => service(object),
        ("", "Secret") => secret(object),
        ("", "Namespace") => {
            let name = object.name().to_owned();
            if !name.is_empty() {
                open(object, &["metadata", "labels", "kubernetes.io/metadata.name"], name.into());
            }
        }
        ("autoscaling", "HorizontalPodAutoscaler")
            if &*kind.version == "v2" && object.items("/spec/metrics").is_empty() =>
        {
            let target = json!({"type": "Utilization", "averageUtilization": 80});
            let metric = json!({"type": "Resource", "resource": {"name": "cpu", "target": target}});
            object.put(&["spec", "metrics"], json!([metric]));
        }
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => subjects(object),
        ("networking.k8s.io", "NetworkPolicy") => {
            let mut types = vec!["Ingress"];
            if object.at("/spec/egress").is_some() {
                types.push("Egress");
            }
            open(object, &["spec", "policyTypes"], json!(types));
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            let name = object.text("/spec/names/kind").to_owned();
            open(object, &["spec", "names", "singular"], name.to_lowercase().into());
            open(object, &["spec", "names", "listKind"], format!("{name}List").into());
        }
        _ => {}
    }
}

/// Sets what is open.
fn open(object: &mut Object, path: &[&str], value: Value) {
    let pointer: String =
        path.iter().map(|field| format!("/{}", field.replace('~', "~0").replace('/', "~1"))).collect();
    if object.at(&pointer).is_none_or(Value::is_null) {
        object.put(path, value);
    }
}

/// What containers pull, what volumes are, and that the two names of a service account are one.
fn pod_spec(spec: Option<&mut Value>) {
    let Some(spec) = spec.and_then(Value::as_object_mut) else { return };
    let host_network = spec.get("hostNetwork") == Some(&Value::Bool(true));
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            let Value::Object(container) = container else { continue };
            if !container.contains_key("imagePullPolicy") {
                let policy = pull_policy(container.get("image").and_then(Value::as_str).unwrap_or_default());
                container.insert("imagePullPolicy".to_owned(), policy.into());
            }
            if host_network {
                for port in container.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
                    if port["hostPort"].is_null() {
                        port["hostPort"] = port["containerPort"].clone();
                    }
                }
            }
        }
    }
    for volume in spec.get_mut("volumes").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::Object(volume) = volume
            && volume.len() == 1
        {
            volume.insert("emptyDir".to_owned(), json!({}));
        }
    }
    let account = spec.get("serviceAccountName").or_else(|| spec.get("serviceAccount")).cloned();
    if let Some(account) = account.filter(|account| account != "") {
        spec.insert("serviceAccountName".to_owned(), account.clone());
        spec.insert("serviceAccount".to_owned(), account);
    }
}

/// `Always` for an image that may be another tomorrow.
fn pull_policy(image: &str) -> &'static str {
    let name = image.rsplit('/').next().unwrap_or_default();
    let moves = !image.contains('@') && name.rsplit_once(':').is_none_or(|(_, tag)| tag == "latest");
    if moves { "Always" } else { "IfNotPresent" }
}

/// A pod that limits something requests as much of it, where it requests nothing.
fn pod(object: &mut Object) {
    for list in ["containers", "initContainers"] {
        let containers = object.at_mut(&format!("/spec/{list}")).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let Some(limits) = container["resources"]["limits"].as_object().cloned() else { continue };
            let requests = container["resources"]["requests"].as_object().cloned().unwrap_or_default();
            let mut all = Map::new();
            all.extend(requests);
            for (name, limit) in limits {
                all.entry(name).or_insert(limit);
            }
            if !all.is_empty() {
                container["resources"]["requests"] = Value::Object(all);
            }
        }
    }
}

fn job(object: &mut Object) {
    let (completions, parallelism) = (object.int("/spec/completions"), object.int("/spec/parallelism"));
    if completions.is_none() && parallelism.is_none() {
        object.put(&["spec", "completions"], 1.into());
    }
    open(object, &["spec", "parallelism"], 1.into());
    // Where each index has a limit of its own, the whole has none.
    let limit = if object.at("/spec/backoffLimitPerIndex").is_some() { i32::MAX } else { 6 };
    open(object, &["spec", "backoffLimit"], limit.into());
    let policy = if object.at("/spec/podFailurePolicy").is_some() { "Failed" } else { "TerminatingOrFailed" };
    open(object, &["spec", "podReplacementPolicy"], policy.into());
}

fn service(object: &mut Object) {
    let external = matches!(object.text("/spec/type"), "NodePort" | "LoadBalancer");
    let has_address = external || object.text("/spec/type") == "ClusterIP";
    for port in object.at_mut("/spec/ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if port["targetPort"].is_null() || port["targetPort"] == 0 || port["targetPort"] == "" {
            port["targetPort"] = port["port"].clone();
        }
    }
    if has_address {
        open(object, &["spec", "internalTrafficPolicy"], "Cluster".into());
    }
    if external {
        open(object, &["spec", "externalTrafficPolicy"], "Cluster".into());
    }
    if object.text("/spec/type") == "LoadBalancer" {
        open(object, &["spec", "allocateLoadBalancerNodePorts"], true.into());
    }
    if object.text("/spec/sessionAffinity") == "ClientIP" {
        open(object, &["spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"], 10_800.into());
    }
}

/// Texts become data: nobody sees them again as texts.
fn secret(object: &mut Object) {
    let Some(Value::Object(texts)) = object.take(&["stringData"]) else { return };
    for (name, text) in texts {
        let packed = STANDARD.encode(text.as_str().unwrap_or_default());
        object.put(&["data", &name], packed.into());
    }
    // `type` stands behind the data, as Kubernetes writes it.
    if let Some(kind) = object.take(&["type"]) {
        object.insert("type".to_owned(), kind);
    }
}

fn subjects(object: &mut Object) {
    for subject in object.at_mut("/subjects").and_then(Value::as_array_mut).into_iter().flatten() {
        if subject["apiGroup"].is_null() && matches!(subject["kind"].as_str(), Some("User" | "Group")) {
            subject["apiGroup"] = "rbac.authorization.k8s.io".into();
        }
    }
}
