//! What an object costs: how many there are, and what pods, claims and services ask for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Amounts, amounts};
use crate::admission::pods;
use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::quantity::Quantity;

/// Kinds of the core that a quota names without `count/`.
const PLAIN: [&str; 7] =
    ["configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas", "secrets", "services"];

/// All that an object costs, by the names that quotas use.
pub(crate) fn of(kind: &Kind, object: &Object) -> Amounts {
    let one = Quantity::whole(1);
    let mut cost = Amounts::from([(format!("count/{}", kind.resource()), one)]);
    if !kind.group.is_empty() {
        return cost;
    }
    let is_over = &*kind.kind == "Pod" && matches!(object.text("/status/phase"), "Succeeded" | "Failed");
    if is_over {
        return cost;
    }
    if PLAIN.contains(&&*kind.plural) {
        cost.insert(kind.plural.to_string(), one);
    }
    match &*kind.kind {
        "Pod" => pod(object, &mut cost),
        "Service" => service(object, &mut cost),
        "PersistentVolumeClaim" => claim(object, &mut cost),
        _ => {}
    }
    cost
}

/// Whether a resource of a quota is about objects of this kind.
pub(super) fn is_of(resource: &str, kind: &Kind) -> bool {
    if resource.strip_prefix("count/").is_some_and(|counted| *counted == kind.resource()) {
        return true;
    }
    let is_claim = resource == "requests.storage" || resource.contains(".storageclass.storage.k8s.io/");
    kind.group.is_empty()
        && match &*kind.kind {
            "PersistentVolumeClaim" => is_claim || resource == "persistentvolumeclaims",
            "Service" => resource == "services" || resource.starts_with("services."),
            "Pod" => {
                let asked = resource.starts_with("requests.") || resource.starts_with("limits.");
                !is_claim && (asked || matches!(resource, "pods" | "cpu" | "memory" | "ephemeral-storage"))
                    || resource.starts_with("hugepages-")
            }
            _ => PLAIN.contains(&&*kind.plural) && resource == &*kind.plural,
        }
}

fn pod(pod: &Object, cost: &mut Amounts) {
    for (name, amount) in asked(pod, "requests") {
        if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-") {
            cost.insert(name.clone(), amount);
        }
        cost.insert(format!("requests.{name}"), amount);
    }
    for (name, amount) in asked(pod, "limits") {
        if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage") {
            cost.insert(format!("limits.{name}"), amount);
        }
    }
}

/// What a pod asks for: its containers together, or its greatest init container, with what its runtime costs.
pub(crate) fn asked(pod: &Object, field: &str) -> Amounts {
    let mut sum = Amounts::new();
    let mut add = |all: Amounts| {
        for (name, amount) in all {
            let known = sum.entry(name).or_default();
            *known = known.plus(amount);
        }
    };
    for container in pod.items("/spec/containers") {
        add(amounts(container["resources"].get(field)));
    }
    let (sidecars, inits): (Vec<&Value>, Vec<&Value>) =
        pod.items("/spec/initContainers").iter().partition(|container| container["restartPolicy"] == "Always");
    for container in sidecars {
        add(amounts(container["resources"].get(field)));
    }
    for container in inits {
        for (name, amount) in amounts(container["resources"].get(field)) {
            let known = sum.entry(name).or_insert(amount);
            *known = (*known).max(amount);
        }
    }
    for (name, amount) in amounts(pod.at("/spec/overhead")) {
        if field == "requests" || sum.contains_key(&name) {
            let known = sum.entry(name).or_default();
            *known = known.plus(amount);
        }
    }
    sum
}

fn service(service: &Object, cost: &mut Amounts) {
    let ports = i64::try_from(service.items("/spec/ports").len()).unwrap_or_default();
    let of_nodes = match service.text("/spec/type") {
        "NodePort" => ports,
        "LoadBalancer" => {
            cost.insert("services.loadbalancers".to_owned(), Quantity::whole(1));
            let gives = service.at("/spec/allocateLoadBalancerNodePorts").and_then(Value::as_bool).unwrap_or(true);
            if gives { ports } else { 0 }
        }
        _ => 0,
    };
    cost.insert("services.nodeports".to_owned(), Quantity::whole(of_nodes));
}

fn claim(claim: &Object, cost: &mut Amounts) {
    let size = claim.at("/spec/resources/requests/storage").and_then(Quantity::read).unwrap_or_default();
    cost.insert("requests.storage".to_owned(), size);
    let class = claim.text("/spec/storageClassName");
    if !class.is_empty() {
        cost.insert(format!("{class}.storageclass.storage.k8s.io/requests.storage"), size);
        cost.insert(format!("{class}.storageclass.storage.k8s.io/persistentvolumeclaims"), Quantity::whole(1));
    }
}

/// What a quota limits and a container leaves open: `limits.cpu for: app; requests.memory for: app,side`.
pub(super) fn unspecified(hard: &Amounts, kind: &Kind, pod: &Object) -> Option<String> {
    if !kind.is("", "Pod") {
        return None;
    }
    let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for limited in hard.keys() {
        let (field, name) = match limited.as_str() {
            "cpu" | "memory" => ("requests", limited.as_str()),
            "requests.cpu" | "requests.memory" | "limits.cpu" | "limits.memory" => limited.split_once('.')?,
            _ => continue,
        };
        let spec = pod.get("spec").unwrap_or(&Value::Null);
        for container in pods::containers(spec).filter(|container| container["resources"][field][name].is_null()) {
            missing.entry(limited).or_default().insert(container["name"].as_str().unwrap_or_default());
        }
    }
    let told = |(name, containers): (&str, BTreeSet<&str>)| {
        format!("{name} for: {}", containers.into_iter().collect::<Vec<_>>().join(","))
    };
    (!missing.is_empty()).then(|| missing.into_iter().map(told).collect::<Vec<_>>().join("; "))
}

/// Whether a quota's scopes take an object in.
pub(crate) fn counts(quota: &Object, kind: &Kind, object: &Object) -> bool {
    let expressions = quota.items("/spec/scopeSelector/matchExpressions");
    let scopes = quota.items("/spec/scopes");
    if scopes.is_empty() && expressions.is_empty() {
        return true;
    }
    // Only pods have scopes: a quota with some counts nothing else.
    if !kind.is("", "Pod") {
        return false;
    }
    let has = |scope: &str| {
        let ends = object.int("/spec/activeDeadlineSeconds").is_some();
        let best_effort = asked(object, "requests").is_empty() && asked(object, "limits").is_empty();
        match scope {
            "Terminating" => ends,
            "NotTerminating" => !ends,
            "BestEffort" => best_effort,
            "NotBestEffort" => !best_effort,
            "PriorityClass" => !object.text("/spec/priorityClassName").is_empty(),
            _ => false,
        }
    };
    let fits = |expression: &Value| {
        let scope = expression["scopeName"].as_str().unwrap_or_default();
        let class = object.text("/spec/priorityClassName");
        let named = expression["values"].as_array().into_iter().flatten().any(|value| value == class);
        match expression["operator"].as_str().unwrap_or_default() {
            "In" if scope == "PriorityClass" => named,
            "NotIn" if scope == "PriorityClass" => !named,
            "DoesNotExist" => !has(scope),
            _ => has(scope),
        }
    };
    scopes.iter().filter_map(Value::as_str).all(has) && expressions.iter().all(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(spec: Value) -> Object {
        Object::from_iter([("spec".to_owned(), spec)])
    }

    #[test]
    fn a_pod_asks_for_its_containers_together_or_for_its_greatest_init_container() {
        let cpu = |amount: &str| json!({"resources": {"requests": {"cpu": amount}}});
        let pod = pod(json!({"containers": [cpu("100m"), cpu("200m")], "initContainers": [cpu("1")]}));
        assert_eq!(asked(&pod, "requests")["cpu"].to_string(), "1");
    }

    #[test]
    fn what_a_quota_limits_and_nobody_says_is_told_by_container() {
        let kind = crate::kinds::Kinds::new().named("", "Pod").unwrap();
        let hard = amounts(Some(&json!({"limits.cpu": "1", "pods": "2"})));
        let pod = pod(json!({"containers": [{"name": "app", "resources": {}}]}));
        assert_eq!(unspecified(&hard, &kind, &pod).as_deref(), Some("limits.cpu for: app"));
    }
}
