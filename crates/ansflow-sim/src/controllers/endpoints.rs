//! Endpoints of version 1: the same as the slices, as older clients read it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::endpoint_slice::{TRIGGER, ports, services_of};
use super::known::known;
use super::pods::Pod;
use super::{Step, part, settled};
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::store::{Entry, Key, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";
const HEADLESS: &str = "service.kubernetes.io/headless";

pub(super) struct Endpoints;

impl Controller for Endpoints {
    fn name(&self) -> &'static str {
        "endpoint-controller"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().service {
            queue.add(key.clone());
        } else if key.kind == known().endpoints {
            queue.add(Key::new(known().service, key.namespace.clone(), key.name.clone()));
        } else if key.kind == known().pod {
            services_of(cx, &change.object).into_iter().for_each(|key| queue.add(key));
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let key = Key::new(known().endpoints, key.namespace.clone(), key.name.clone());
        let service = cx.stored(&Key { kind: known().service, ..key.clone() });
        settled(match service.and_then(|stored| cx.thaw(&stored)) {
            Some(service) => sync(cx, &key, &service),
            None => gone(cx, &key),
        })
    }
}

/// Endpoints that were made for a service go with it.
fn gone(cx: &mut Cx<'_>, key: &Key) -> Step<Outcome> {
    if cx.stored(key).is_some_and(|stored| stored.label(MANAGED_BY).is_some()) {
        cx.delete(key, &crate::api::delete::DeleteOptions::default())?;
    }
    Ok(Outcome::Done)
}

fn sync(cx: &mut Cx<'_>, key: &Key, service: &Object) -> Step<Outcome> {
    let selector = Selector::of_map(&part(service, "spec")["selector"]);
    if selector.is_everything() || service.is_deleting() {
        return Ok(Outcome::Done);
    }
    let mut labels = service.at("/metadata/labels").and_then(Value::as_object).cloned().unwrap_or_default();
    labels.insert(MANAGED_BY.to_owned(), "endpoint-controller".into());
    if matches!(service.text("/spec/clusterIP"), "" | "None") {
        labels.insert(HEADLESS.to_owned(), "".into());
    }
    let subsets = subsets(cx, service, &selector);
    let now = cx.now().rfc3339();
    let fill = |object: &mut Object| {
        object.set_meta("labels", labels.clone().into());
        match subsets.as_slice() {
            [] => drop(object.shift_remove("subsets")),
            some => drop(object.insert("subsets".to_owned(), some.into())),
        }
    };
    let Some(stored) = cx.stored(key) else {
        let since = service.text("/metadata/creationTimestamp");
        let mut object = Object::new();
        object.insert("apiVersion".to_owned(), "v1".into());
        object.insert("kind".to_owned(), "Endpoints".into());
        let metadata =
            json!({"name": service.name(), "namespace": service.namespace(), "annotations": {TRIGGER: since}});
        object.insert("metadata".to_owned(), metadata);
        fill(&mut object);
        cx.create(object)?;
        return Ok(Outcome::Done);
    };
    let differs = cx.thaw(&stored).is_some_and(|object| {
        object.at("/metadata/labels").and_then(Value::as_object) != Some(&labels) || object.items("/subsets") != subsets
    });
    if differs {
        cx.change(key, None, &mut |object| {
            object.put(&["metadata", "annotations", TRIGGER], now.as_str().into());
            fill(object);
        })?;
    }
    Ok(Outcome::Done)
}

/// The pods that answer, put together by the ports that they answer on.
fn subsets(cx: &Cx<'_>, service: &Object, selector: &Selector) -> Vec<Value> {
    let mut groups: Vec<(Value, [Vec<Value>; 2])> = Vec::new();
    for stored in cx.sim.store().all(known().pod, Some(service.namespace())) {
        if !selector.matches_pairs(&stored.labels) {
            continue;
        }
        let Some(pod) = cx.view_of::<Pod>(&stored).filter(|pod| !pod.status.pod_ip.is_empty()) else { continue };
        let all = service.flag("/spec/publishNotReadyAddresses");
        if (!all && pod.is_deleting()) || pod.has_ended() {
            continue;
        }
        let Some(ports) = cx.thaw(&stored).map(|pod| bare(ports(service, &pod))) else { continue };
        let is_out = usize::from(!all && !pod.is_ready());
        let address = address(&stored, &pod);
        let known = groups.iter_mut().find(|(known, _)| *known == ports);
        let (_, group) = match known {
            Some(group) => group,
            None => {
                groups.push((ports, Default::default()));
                let Some(last) = groups.last_mut() else { continue };
                last
            }
        };
        if let Some(list) = group.get_mut(is_out) {
            list.push(address);
        }
    }
    let subset = |(ports, addresses): (Value, [Vec<Value>; 2])| {
        let mut subset = Object::new();
        for (field, mut list) in ["addresses", "notReadyAddresses"].into_iter().zip(addresses) {
            list.sort_by_key(|one| one["ip"].as_str().unwrap_or_default().to_owned());
            if !list.is_empty() {
                subset.insert(field.to_owned(), list.into());
            }
        }
        if ports.as_array().is_some_and(|ports| !ports.is_empty()) {
            subset.insert("ports".to_owned(), ports);
        }
        Value::Object(subset)
    };
    groups.into_iter().map(subset).collect()
}

/// Here a port without a name has none, where a slice names it "".
fn bare(mut ports: Value) -> Value {
    for port in ports.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        if port.get("name").is_some_and(|name| name == "") {
            port.shift_remove("name");
        }
    }
    ports
}

fn address(stored: &Arc<Stored>, pod: &Pod) -> Value {
    json!({"ip": pod.status.pod_ip, "nodeName": pod.spec.node_name,
        "targetRef": {"kind": "Pod", "namespace": stored.namespace(), "name": stored.name(), "uid": &*stored.uid}})
}
