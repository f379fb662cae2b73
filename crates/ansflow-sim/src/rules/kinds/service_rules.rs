//! What a service is checked for: its ports, and that its address stays.

use serde_json::{Value, json};

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules::pod_spec::wrong_port_name;
use crate::rules::{Causes, said};

const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// What the cluster gave to a service stays with it, where a client did not name it; the address and the list of addresses
/// say the same.
pub(crate) fn prepare_update(_kind: &Kind, object: &mut Object, old: &Object, sub: Option<&str>) {
    if sub.is_some() {
        return;
    }
    if object.text("/spec/type") == "ExternalName" {
        if old.text("/spec/type") != "ExternalName" && object.at("/spec/clusterIP") == old.at("/spec/clusterIP") {
            for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"] {
                object.take(&["spec", field]);
            }
        }
        return;
    }
    let (before, mut now) = (old.text("/spec/clusterIP").to_owned(), object.text("/spec/clusterIP").to_owned());
    if before.is_empty() {
        return;
    }
    if now.is_empty() {
        object.put(&["spec", "clusterIP"], before.as_str().into());
        now.clone_from(&before);
    }
    let same_list = object.at("/spec/clusterIPs") == old.at("/spec/clusterIPs");
    if object.items("/spec/clusterIPs").is_empty() {
        let all = if now == before { old.items("/spec/clusterIPs").to_vec() } else { vec![now.as_str().into()] };
        object.put(&["spec", "clusterIPs"], all.into());
    } else if now != before && same_list {
        object.put(&["spec", "clusterIPs"], json!([now]));
    }
}

pub(crate) fn validate(_kind: &Kind, object: &Object, causes: &mut Causes) {
    let ports = object.items("/spec/ports");
    let kind = object.text("/spec/type");
    if ports.is_empty() && kind != "ExternalName" && object.text("/spec/clusterIP") != "None" {
        said::required(causes, "spec.ports", "");
    }
    if kind == "LoadBalancer" && object.text("/spec/clusterIP") == "None" {
        let why = "may not be set to 'None' for LoadBalancer services";
        said::invalid(causes, "spec.clusterIPs[0]", &Value::from("None"), why);
    }
    if kind == "ExternalName" && object.text("/spec/externalName").is_empty() {
        said::required(causes, "spec.externalName", "");
    }
    let mut seen: Vec<(&Value, &Value)> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for (at, port) in ports.iter().enumerate() {
        let path = format!("spec.ports[{at}]");
        let name = port["name"].as_str().unwrap_or_default();
        if name.is_empty() && ports.len() > 1 {
            said::required(causes, &format!("{path}.name"), "");
        } else if !name.is_empty() {
            if names.contains(&name) {
                said::duplicate(causes, &format!("{path}.name"), &port["name"]);
            }
            names.push(name);
        }
        said::port(causes, &format!("{path}.port"), &port["port"]);
        let protocols = ["SCTP", "TCP", "UDP"];
        said::one_of(causes, &format!("{path}.protocol"), port.get("protocol"), &protocols);
        match &port["targetPort"] {
            Value::String(target) => {
                for why in wrong_port_name(target) {
                    said::invalid(causes, &format!("{path}.targetPort"), &port["targetPort"], why);
                }
            }
            target => said::port(causes, &format!("{path}.targetPort"), target),
        }
        if kind == "ClusterIP" && port["nodePort"].as_i64().is_some_and(|number| number != 0) {
            said::forbidden(causes, &format!("{path}.nodePort"), "may not be used when `type` is 'ClusterIP'");
        }
        if seen.contains(&(&port["protocol"], &port["port"])) {
            let shown = json!({"protocol": &port["protocol"], "port": &port["port"]});
            said::duplicate(causes, &path, &shown);
        }
        seen.push((&port["protocol"], &port["port"]));
    }
    crate::rules::labels::labels(object.at("/spec/selector"), "spec.selector", causes);
    said::one_of(causes, "spec.sessionAffinity", object.at("/spec/sessionAffinity"), &["ClientIP", "None"]);
    said::one_of(causes, "spec.type", object.at("/spec/type"), &TYPES);
    if let Some(address) = object.at("/spec/clusterIP").filter(|address| {
        address
            .as_str()
            .is_some_and(|text| !text.is_empty() && text != "None" && text.parse::<std::net::IpAddr>().is_err())
    }) {
        let why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
        said::invalid(causes, "spec.clusterIPs[0]", address, why);
    }
}

pub(crate) fn validate_update(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    let had = old.text("/spec/clusterIP");
    let external = |of: &Object| of.text("/spec/type") == "ExternalName";
    if !had.is_empty() && !external(object) && !external(old) && object.text("/spec/clusterIP") != had {
        let shown = object.at("/spec/clusterIPs").unwrap_or(&Value::Null);
        said::invalid(causes, "spec.clusterIPs[0]", shown, "may not change once set");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Kinds;

    fn service(spec: &Value) -> Object {
        match json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}) {
            Value::Object(service) => service,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_address_of_a_service_stays_in_the_recorded_words() {
        let kind = Kinds::new().of("v1", "Service").unwrap();
        let old = service(&json!({"type": "ClusterIP", "clusterIP": "10.96.77.77", "clusterIPs": ["10.96.77.77"]}));
        let mut new = old.clone();
        new.put(&["spec", "clusterIP"], "10.96.77.78".into());
        prepare_update(&kind, &mut new, &old, None);
        let mut causes = Causes::new();
        validate_update(&kind, &new, &old, &mut causes);
        let told: Vec<_> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        assert_eq!(told, ["spec.clusterIPs[0]: Invalid value: [\"10.96.77.78\"]: may not change once set"]);
    }

    #[test]
    fn a_service_that_is_sent_without_its_address_keeps_it() {
        let kind = Kinds::new().of("v1", "Service").unwrap();
        let old = service(&json!({"type": "ClusterIP", "clusterIP": "10.96.77.77", "clusterIPs": ["10.96.77.77"]}));
        let mut new = service(&json!({"type": "ClusterIP"}));
        prepare_update(&kind, &mut new, &old, None);
        assert_eq!(new["spec"], old["spec"]);
    }
}
