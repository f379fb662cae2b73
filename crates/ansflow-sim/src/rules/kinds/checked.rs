//! Kinds that are checked for a few things: claims, disruption budgets, autoscalers, bindings, secrets, ingresses.

use serde_json::Value;

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules::{Causes, pod_spec, said};

pub(crate) fn pod(_kind: &Kind, object: &Object, causes: &mut Causes) {
    pod_spec::validate(object.get("spec").unwrap_or(&Value::Null), "spec", causes);
}

pub(crate) fn claim(_kind: &Kind, object: &Object, causes: &mut Causes) {
    if object.items("/spec/accessModes").is_empty() {
        said::required(causes, "spec.accessModes", "at least 1 access mode is required");
    }
    let modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
    for mode in object.items("/spec/accessModes") {
        said::one_of(causes, "spec.accessModes", Some(mode), &modes);
    }
    if object.at("/spec/resources/requests/storage").is_none() {
        said::required(causes, "spec.resources[storage]", "");
    }
}

pub(crate) fn disruption_budget(_kind: &Kind, object: &Object, causes: &mut Causes) {
    let (least, most) = (object.at("/spec/minAvailable"), object.at("/spec/maxUnavailable"));
    if least.is_some() && most.is_some() {
        let shown = object.get("spec").unwrap_or(&Value::Null);
        said::invalid(causes, "spec", shown, "minAvailable and maxUnavailable cannot be both set");
    }
    for (field, value) in [("minAvailable", least), ("maxUnavailable", most)] {
        let path = format!("spec.{field}");
        said::not_negative(causes, &path, value);
        if let Some(value) = value
            && let Some(text) = value.as_str()
            && text.strip_suffix('%').is_none_or(|number| number.parse::<u32>().is_err())
        {
            let why = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used \
                       for validation is '[0-9]+%')";
            said::invalid(causes, &path, value, why);
        }
    }
}

pub(crate) fn autoscaler(_kind: &Kind, object: &Object, causes: &mut Causes) {
    for field in ["kind", "name"] {
        if object.text(&format!("/spec/scaleTargetRef/{field}")).is_empty() {
            said::required(causes, &format!("spec.scaleTargetRef.{field}"), "");
        }
    }
    let number = |field: &str| object.int(&format!("/spec/{field}"));
    let value = |field: &str| object.at(&format!("/spec/{field}")).unwrap_or(&Value::Null);
    if number("minReplicas").is_some_and(|number| number < 1) {
        said::invalid(causes, "spec.minReplicas", value("minReplicas"), "must be greater than or equal to 1");
    }
    let most = number("maxReplicas").unwrap_or_default();
    if most < 1 {
        said::invalid(causes, "spec.maxReplicas", &Value::from(most), "must be greater than 0");
    }
    if number("minReplicas").is_some_and(|least| least > most) {
        said::invalid(
            causes,
            "spec.maxReplicas",
            value("maxReplicas"),
            "must be greater than or equal to `minReplicas`",
        );
    }
}

pub(crate) fn binding(kind: &Kind, object: &Object, causes: &mut Causes) {
    let group = "rbac.authorization.k8s.io";
    said::one_of(causes, "roleRef.apiGroup", object.at("/roleRef/apiGroup"), &[group]);
    let known: &[&str] = if &*kind.kind == "RoleBinding" { &["ClusterRole", "Role"] } else { &["ClusterRole"] };
    said::one_of(causes, "roleRef.kind", object.at("/roleRef/kind"), known);
    if object.text("/roleRef/name").is_empty() {
        said::required(causes, "roleRef.name", "");
    }
    for (at, subject) in object.items("/subjects").iter().enumerate() {
        let path = format!("subjects[{at}]");
        if subject["name"].as_str().unwrap_or_default().is_empty() {
            said::required(causes, &format!("{path}.name"), "");
        }
        said::one_of(causes, &format!("{path}.kind"), subject.get("kind"), &["Group", "ServiceAccount", "User"]);
        let nowhere = subject["namespace"].as_str().unwrap_or_default().is_empty();
        if subject["kind"] == "ServiceAccount" && nowhere && &*kind.kind == "ClusterRoleBinding" {
            said::required(causes, &format!("{path}.namespace"), "");
        }
    }
}

/// Secrets of some types have what those who read them need.
pub(crate) fn secret(kind: &Kind, object: &Object, causes: &mut Causes) {
    super::config_map::validate(kind, object, causes);
    let needed: &[&str] = match object.text("/type") {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    };
    let data = object.get("data").and_then(Value::as_object);
    for name in needed.iter().filter(|name| !data.is_some_and(|data| data.contains_key(**name))) {
        said::required(causes, &format!("data[{name}]"), "");
    }
}

pub(crate) fn secret_update(kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    said::fixed(causes, "type", object.get("type"), old.get("type"));
    super::config_map::validate_update(kind, object, old, causes);
}

pub(crate) fn ingress(_kind: &Kind, object: &Object, causes: &mut Causes) {
    let rules = object.items("/spec/rules");
    if rules.is_empty() && object.at("/spec/defaultBackend").is_none() {
        let shown = object.get("spec").unwrap_or(&Value::Null);
        said::invalid(causes, "spec", shown, "either `defaultBackend` or `rules` must be specified");
    }
    for (at, rule) in rules.iter().enumerate() {
        let paths = rule["http"]["paths"].as_array().map_or(&[][..], Vec::as_slice);
        for (number, path) in paths.iter().enumerate() {
            let place = format!("spec.rules[{at}].http.paths[{number}]");
            let kind = path["pathType"].as_str().unwrap_or_default();
            if kind.is_empty() {
                said::required(causes, &format!("{place}.pathType"), "pathType must be specified");
            }
            let known = ["Exact", "ImplementationSpecific", "Prefix"];
            said::one_of(causes, &format!("{place}.pathType"), path.get("pathType"), &known);
            let text = path["path"].as_str().unwrap_or_default();
            if matches!(kind, "Exact" | "Prefix") && !text.starts_with('/') {
                said::invalid(causes, &format!("{place}.path"), &Value::from(text), "must be an absolute path");
            }
            let service = &path["backend"]["service"];
            if service.is_object() && service["name"].as_str().unwrap_or_default().is_empty() {
                said::required(causes, &format!("{place}.backend.service.name"), "");
            }
        }
    }
}
