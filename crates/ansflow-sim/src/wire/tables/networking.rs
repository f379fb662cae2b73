//! Ingresses, network policies, addresses.

use serde_json::Value;

use super::column::{AGE, Column, NAME, text};
use super::{age, name, selector, service, text_or};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) const INGRESS: &[Column] = &[
    NAME,
    text("Class", "The name of the IngressClass resource that should be used for additional configuration"),
    text("Hosts", "Hosts that incoming requests are matched against before the ingress rule"),
    text("Address", "Address is a list containing ingress points for the load-balancer"),
    text("Ports", "Ports of TLS configurations that open"),
    AGE,
];

pub(super) fn ingress(ingress: &Object, now: Micros) -> Vec<Value> {
    let ports = if ingress.items("/spec/tls").is_empty() { "80" } else { "80, 443" };
    vec![
        name(ingress),
        text_or(ingress, "/spec/ingressClassName", "<none>"),
        hosts(ingress).into(),
        service::ingress_points(ingress).join(",").into(),
        ports.into(),
        age::age(ingress, now),
    ]
}

/// At most three hosts. As in Kubernetes the rest is counted in rules, not in hosts.
fn hosts(ingress: &Object) -> String {
    let rules = ingress.items("/spec/rules");
    let all = rules.iter().filter_map(|rule| rule["host"].as_str()).filter(|host| !host.is_empty());
    let hosts: Vec<&str> = all.take(3).collect();
    match hosts.as_slice() {
        [] => "*".to_owned(),
        three if three.len() == 3 && rules.len() > 3 => format!("{} + {} more...", three.join(","), rules.len() - 3),
        few => few.join(","),
    }
}

pub(super) const CLASS: &[Column] = &[
    NAME,
    text("Controller", "Controller that is responsible for handling this class"),
    text("Parameters", "A reference to a resource with additional parameters"),
    AGE,
];

pub(super) fn class(class: &Object, now: Micros) -> Vec<Value> {
    let parameters = match class.at("/spec/parameters") {
        None | Some(Value::Null) => "<none>".to_owned(),
        Some(parameters) => {
            let of = |field: &str| parameters[field].as_str().unwrap_or_default();
            let group = if of("apiGroup").is_empty() { String::new() } else { format!(".{}", of("apiGroup")) };
            format!("{}{group}/{}", of("kind"), of("name"))
        }
    };
    vec![name(class), class.text("/spec/controller").into(), parameters.into(), age::age(class, now)]
}

pub(super) const POLICY: &[Column] =
    &[NAME, text("Pod-Selector", "podSelector selects the pods to which this NetworkPolicy object applies."), AGE];

pub(super) fn policy(policy: &Object, now: Micros) -> Vec<Value> {
    vec![name(policy), selector(policy, "/spec/podSelector"), age::age(policy, now)]
}

pub(super) const ADDRESS: &[Column] =
    &[NAME, text("ParentRef", "ParentRef references the resource that an IPAddress is attached to."), AGE];

pub(super) fn address(address: &Object, now: Micros) -> Vec<Value> {
    let of = |field: &str| address.text(&format!("/spec/parentRef/{field}"));
    let parts = [of("resource"), of("namespace"), of("name")];
    let group = if of("group").is_empty() { String::new() } else { format!("{}/", of("group")) };
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    vec![name(address), format!("{group}{}", parts.join("/")).into(), age::age(address, now)]
}

pub(super) const CIDR: &[Column] = &[
    NAME,
    text("CIDRs", "CIDRs defines the IP blocks in CIDR notation from which to assign service cluster IPs."),
    AGE,
];

pub(super) fn cidr(object: &Object, now: Micros) -> Vec<Value> {
    let blocks: Vec<&str> = object.items("/spec/cidrs").iter().filter_map(Value::as_str).collect();
    vec![name(object), blocks.join(",").into(), age::age(object, now)]
}
