//! What leads to pods.

use super::super::columns::Cell;
use super::{field, items};
use crate::object::Obj;
use serde_json::Value as Json;

pub(crate) fn service(object: &Obj) -> Vec<Cell> {
    let kind = object.text(&["spec", "type"]).unwrap_or("ClusterIP");
    let given = items(object, &["spec", "externalIPs"]).iter().filter_map(Json::as_str);
    let name = object.text(&["spec", "externalName"]);
    let outside = given.chain(name).chain(balancers(object));
    vec![
        Cell::text(kind),
        Cell::text(object.text(&["spec", "clusterIP"]).unwrap_or_default()),
        Cell::list(outside),
        Cell::list(items(object, &["spec", "ports"]).iter().map(port)),
    ]
}

pub(crate) fn ingress(object: &Obj) -> Vec<Cell> {
    let old_class = object.text(&["metadata", "annotations", "kubernetes.io/ingress.class"]);
    let class = object.text(&["spec", "ingressClassName"]).or(old_class);
    let hosts = items(object, &["spec", "rules"]).iter().map(|rule| match field(rule, "host") {
        "" => "*",
        host => host,
    });
    let ports: &[&str] = if items(object, &["spec", "tls"]).is_empty() { &["80"] } else { &["80", "443"] };
    vec![Cell::text(class.unwrap_or_default()), Cell::list(hosts), Cell::list(balancers(object)), Cell::list(ports)]
}

/// The addresses that a load balancer has given.
fn balancers(object: &Obj) -> impl Iterator<Item = &str> {
    items(object, &["status", "loadBalancer", "ingress"]).iter().map(|entry| match field(entry, "ip") {
        "" => field(entry, "hostname"),
        ip => ip,
    })
}

/// `443:30443/TCP`, as kubectl writes it.
fn port(port: &Json) -> String {
    let number = |name: &str| port.get(name).and_then(Json::as_i64);
    let protocol = match field(port, "protocol") {
        "" => "TCP",
        protocol => protocol,
    };
    match (number("port").unwrap_or_default(), number("nodePort")) {
        (port, Some(node)) if node != 0 => format!("{port}:{node}/{protocol}"),
        (port, _) => format!("{port}/{protocol}"),
    }
}
