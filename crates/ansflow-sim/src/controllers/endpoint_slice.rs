//! EndpointSlices: where the pods of a Service answer. One slice a service, as no simulated one has more than a thousand pods.

use std::sync::Arc;

use serde_json::{Value, json};

use super::known::known;
use super::pods::{Pod, controlled_by};
use super::{Step, part, settled};
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::store::{ChangeKind, Entry, Key, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

pub(super) const TRIGGER: &str = "endpoints.kubernetes.io/last-change-trigger-time";

pub(super) struct EndpointSlices;

impl Controller for EndpointSlices {
    fn name(&self) -> &'static str {
        "endpointslice-controller"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().service {
            queue.add(key.clone());
        } else if key.kind == known().endpoint_slice && change.change == ChangeKind::Deleted {
            if let Some(owner) = change.object.controller() {
                queue.add(Key::new(known().service, key.namespace.clone(), owner.name.clone()));
            }
        } else if key.kind == known().pod {
            services_of(cx, &change.object).into_iter().for_each(|key| queue.add(key));
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(service) = cx.stored(key).and_then(|stored| cx.thaw(&stored)) else { return Outcome::Done };
        settled(sync(cx, &service))
    }
}

/// The services that select a pod.
pub(super) fn services_of(cx: &Cx<'_>, pod: &Stored) -> Vec<Key> {
    let selects = |service: &Arc<Stored>| {
        let selector = Selector::of_map(&cx.view_of::<Value>(service)?["spec"]["selector"]);
        Some(!selector.is_everything() && selector.matches_pairs(&pod.labels))
    };
    let all = cx.sim.store().all(known().service, Some(pod.namespace()));
    all.iter().filter(|service| selects(service) == Some(true)).map(|service| service.key.clone()).collect()
}

fn sync(cx: &mut Cx<'_>, service: &Object) -> Step<Outcome> {
    let selector = Selector::of_map(&part(service, "spec")["selector"]);
    let external = service.text("/spec/type") == "ExternalName";
    if selector.is_everything() || external || service.is_deleting() {
        return Ok(Outcome::Done);
    }
    let mut endpoints = Vec::new();
    let mut ports = Value::Null;
    for stored in cx.sim.store().all(known().pod, Some(service.namespace())) {
        if !selector.matches_pairs(&stored.labels) {
            continue;
        }
        let Some(pod) = cx.view_of::<Pod>(&stored).filter(|pod| !pod.has_ended() && !pod.status.pod_ip.is_empty())
        else {
            continue;
        };
        endpoints.push(endpoint(service, &stored, &pod));
        if ports.is_null() {
            ports = cx.thaw(&stored).map(|pod| self::ports(service, &pod)).unwrap_or_default();
        }
    }
    let endpoints = if endpoints.is_empty() { Value::Null } else { Value::from(endpoints) };
    let slices = cx.sim.store().owned(service.uid());
    let Some(slice) = slices.into_iter().find(|stored| stored.key.kind == known().endpoint_slice) else {
        cx.create(slice(service, endpoints, ports))?;
        return Ok(Outcome::Done);
    };
    let now = cx.now().rfc3339();
    let differs = |object: &Object| *part(object, "endpoints") != endpoints || *part(object, "ports") != ports;
    if cx.thaw(&slice).is_some_and(|object| differs(&object)) {
        cx.change(&slice.key, None, &mut |object| {
            object.put(&["metadata", "annotations", TRIGGER], now.as_str().into());
            object.insert("endpoints".to_owned(), endpoints.clone());
            object.insert("ports".to_owned(), ports.clone());
        })?;
    }
    Ok(Outcome::Done)
}

fn slice(service: &Object, endpoints: Value, ports: Value) -> Object {
    let mut labels = service.at("/metadata/labels").and_then(Value::as_object).cloned().unwrap_or_default();
    labels.insert("endpointslice.kubernetes.io/managed-by".to_owned(), "endpointslice-controller.k8s.io".into());
    labels.insert("kubernetes.io/service-name".to_owned(), service.name().into());
    if service.text("/spec/clusterIP") == "None" {
        labels.insert("service.kubernetes.io/headless".to_owned(), "".into());
    }
    let owner = controlled_by("v1", "Service", service.name(), service.uid());
    let mut slice = Object::new();
    slice.insert("apiVersion".to_owned(), "discovery.k8s.io/v1".into());
    slice.insert("kind".to_owned(), "EndpointSlice".into());
    slice.insert(
        "metadata".to_owned(),
        json!({"generateName": format!("{}-", service.name()), "namespace": service.namespace(), "labels": labels,
            "annotations": {TRIGGER: service.text("/metadata/creationTimestamp")}, "ownerReferences": [owner]}),
    );
    slice.insert("addressType".to_owned(), "IPv4".into());
    slice.insert("endpoints".to_owned(), endpoints);
    slice.insert("ports".to_owned(), ports);
    slice
}

fn endpoint(service: &Object, stored: &Arc<Stored>, pod: &Pod) -> Value {
    let ready = service.flag("/spec/publishNotReadyAddresses") || (pod.is_ready() && !pod.is_deleting());
    let mut endpoint = json!({
        "addresses": [pod.status.pod_ip],
        "conditions": {"ready": ready, "serving": pod.is_ready(), "terminating": pod.is_deleting()},
        "targetRef": {"kind": "Pod", "namespace": stored.namespace(), "name": stored.name(), "uid": &*stored.uid},
        "nodeName": pod.spec.node_name,
    });
    // A pod with a name of its own below the service's is found by it.
    if !pod.spec.hostname.is_empty() && pod.spec.subdomain == service.name() {
        endpoint["hostname"] = pod.spec.hostname.as_str().into();
    }
    endpoint
}

/// The ports on the pod's side; a named one is looked up among its containers.
pub(super) fn ports(service: &Object, pod: &Object) -> Value {
    let mut ports = Vec::new();
    for port in service.items("/spec/ports") {
        let target = match &port["targetPort"] {
            Value::String(name) => pod
                .items("/spec/containers")
                .iter()
                .flat_map(|container| container["ports"].as_array().into_iter().flatten())
                .find(|one| one["name"] == name.as_str())
                .map(|one| one["containerPort"].clone()),
            Value::Number(number) => Some(number.clone().into()),
            _ => Some(port["port"].clone()),
        };
        if let Some(number) = target {
            let name = port["name"].as_str().unwrap_or_default();
            ports.push(json!({"name": name, "protocol": port["protocol"], "port": number}));
        }
    }
    ports.into()
}
