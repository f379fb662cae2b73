//! What a container may ask for, and what it gets where it asks for nothing: LimitRanger.

use serde_json::Value;

use super::{Admission, Review, pods};
use crate::object::{Object, ObjectExt};
use crate::quantity::Quantity;
use crate::status::Status;

pub(super) struct LimitRanger;

/// Amounts by resource, in the order of names.
type Amounts = std::collections::BTreeMap<String, Quantity>;

impl Admission for LimitRanger {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        if !review.is_new("", "Pod") {
            return Ok(());
        }
        for range in review.beside("", "LimitRange") {
            for limit in range.items("/spec/limits").iter().filter(|limit| limit["type"] == "Container") {
                fill(review.object, limit);
            }
        }
        Ok(())
    }

    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let is_claim = review.is_new("", "PersistentVolumeClaim");
        if !is_claim && !review.is_new("", "Pod") {
            return Ok(());
        }
        for range in review.beside("", "LimitRange") {
            let mut wrong = Vec::new();
            for limit in range.items("/spec/limits") {
                match limit["type"].as_str().unwrap_or_default() {
                    "PersistentVolumeClaim" if is_claim => {
                        let asked = amounts(review.object.at("/spec/resources/requests"));
                        claim(limit, &asked, &mut wrong);
                    }
                    "Container" if !is_claim => {
                        let spec = review.object.get("spec").unwrap_or(&Value::Null);
                        for container in pods::containers(spec) {
                            let of = |field: &str| amounts(container["resources"].get(field));
                            checked(limit, "Container", &of("requests"), &of("limits"), &mut wrong);
                        }
                    }
                    "Pod" if !is_claim => {
                        let spec = review.object.get("spec").unwrap_or(&Value::Null);
                        checked(limit, "Pod", &whole(spec, "requests"), &whole(spec, "limits"), &mut wrong);
                    }
                    _ => {}
                }
            }
            match wrong.as_slice() {
                [] => {}
                [one] => return Err(review.refuse(one)),
                several => return Err(review.refuse(&format!("[{}]", several.join(", ")))),
            }
        }
        Ok(())
    }
}

fn amounts(value: Option<&Value>) -> Amounts {
    let all = value.and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, value)| Some((name.clone(), Quantity::read(value)?))).collect()
}

fn fill(pod: &mut Object, limit: &Value) {
    let mut said: Vec<String> = Vec::new();
    pods::each(pod, |container, is_init| {
        let what = if is_init { "init container" } else { "container" };
        let name = container.text("/name").to_owned();
        let mut put = |field: &str, defaults: &Value| {
            let mut set: Vec<&str> = Vec::new();
            for (resource, value) in defaults.as_object().into_iter().flatten() {
                if container.at(&format!("/resources/{field}/{}", resource.replace('/', "~1"))).is_none() {
                    container.put(&["resources", field, resource], value.clone());
                    set.push(resource);
                }
            }
            set.sort_unstable();
            set.join(", ")
        };
        let limits = put("limits", &limit["default"]);
        let requests = put("requests", &limit["defaultRequest"]);
        for (set, kind) in [(requests, "request"), (limits, "limit")] {
            if !set.is_empty() {
                said.push(format!("{set} {kind} for {what} {name}"));
            }
        }
    });
    if !said.is_empty() {
        let text = format!("LimitRanger plugin set: {}", said.join("; "));
        pod.put(&["metadata", "annotations", "kubernetes.io/limit-ranger"], text.into());
    }
}

/// All containers of a pod together; init containers run before them, so only the greatest counts.
fn whole(spec: &Value, field: &str) -> Amounts {
    let of = |list: &str| spec[list].as_array().into_iter().flatten();
    let each: Vec<Amounts> = of("containers").map(|container| amounts(container["resources"].get(field))).collect();
    let mut sum = Amounts::new();
    let names: Vec<String> = each.iter().flat_map(|amounts| amounts.keys().cloned()).collect();
    for name in names {
        // What one of them does not say is not known of all of them.
        let values: Option<Vec<Quantity>> = each.iter().map(|amounts| amounts.get(&name).copied()).collect();
        if let Some(values) = values {
            sum.insert(name, values.into_iter().fold(Quantity::ZERO, Quantity::plus));
        }
    }
    for container in of("initContainers") {
        for (name, value) in amounts(container["resources"].get(field)) {
            let known = sum.entry(name).or_insert(value);
            *known = (*known).max(value);
        }
    }
    sum
}

fn checked(limit: &Value, of: &str, requests: &Amounts, limits: &Amounts, wrong: &mut Vec<String>) {
    for (name, least) in amounts(limit.get("min")) {
        let (request, most) = (requests.get(&name), limits.get(&name));
        let said = format!("minimum {name} usage per {of} is {least}");
        match (request, most) {
            (None, _) => wrong.push(format!("{said}.  No request is specified")),
            (Some(request), _) if *request < least => wrong.push(format!("{said}, but request is {request}")),
            (_, Some(most)) if *most < least => wrong.push(format!("{said}, but limit is {most}")),
            _ => {}
        }
    }
    for (name, greatest) in amounts(limit.get("max")) {
        let (request, most) = (requests.get(&name), limits.get(&name));
        let said = format!("maximum {name} usage per {of} is {greatest}");
        match (request, most) {
            (_, None) => wrong.push(format!("{said}.  No limit is specified")),
            (_, Some(most)) if *most > greatest => wrong.push(format!("{said}, but limit is {most}")),
            (Some(request), _) if *request > greatest => wrong.push(format!("{said}, but request is {request}")),
            _ => {}
        }
    }
    for (name, ratio) in amounts(limit.get("maxLimitRequestRatio")) {
        let said = format!("{name} max limit to request ratio per {of} is {ratio}");
        let request = requests.get(&name).filter(|request| !request.is_zero());
        let most = limits.get(&name).filter(|most| !most.is_zero());
        match (request, most) {
            (None, _) => wrong.push(format!("{said}, but no request is specified or request is 0")),
            (_, None) => wrong.push(format!("{said}, but no limit is specified or limit is 0")),
            (Some(request), Some(most)) => {
                let is = most.over(*request).unwrap_or_default();
                if ratio.over(Quantity::whole(1)).is_some_and(|ratio| is > ratio) {
                    wrong.push(format!("{said}, but provided ratio is {is:.6}"));
                }
            }
        }
    }
}

fn claim(limit: &Value, asked: &Amounts, wrong: &mut Vec<String>) {
    let of = "PersistentVolumeClaim";
    for (name, least) in amounts(limit.get("min")) {
        let said = format!("minimum {name} usage per {of} is {least}");
        match asked.get(&name) {
            None => wrong.push(format!("{said}.  No request is specified")),
            Some(request) if *request < least => wrong.push(format!("{said}, but request is {request}")),
            Some(_) => {}
        }
    }
    for (name, greatest) in amounts(limit.get("max")) {
        let said = format!("maximum {name} usage per {of} is {greatest}");
        match asked.get(&name) {
            None => wrong.push(format!("{said}.  No request is specified")),
            Some(request) if *request > greatest => wrong.push(format!("{said}, but request is {request}")),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_limit_above_the_greatest_is_told_as_recorded() {
        let mut wrong = Vec::new();
        let limits = amounts(Some(&json!({"memory": "2Gi"})));
        checked(&json!({"max": {"memory": "512Mi"}}), "Container", &limits, &limits, &mut wrong);
        assert_eq!(wrong, ["maximum memory usage per Container is 512Mi, but limit is 2Gi"]);
    }

    #[test]
    fn a_container_that_asks_for_nothing_gets_the_default_and_the_pod_says_so() {
        let mut pod = Object::new();
        pod.put(&["spec", "containers"], json!([{"name": "app", "resources": {"limits": {"cpu": "1"}}}]));
        fill(&mut pod, &json!({"default": {"cpu": "2", "memory": "1Gi"}, "defaultRequest": {"cpu": "100m"}}));
        assert_eq!(pod.text("/spec/containers/0/resources/limits/cpu"), "1");
        assert_eq!(pod.text("/spec/containers/0/resources/limits/memory"), "1Gi");
        assert_eq!(
            pod.annotations().get("kubernetes.io/limit-ranger"),
            Some("LimitRanger plugin set: cpu request for container app; memory limit for container app")
        );
    }
}
