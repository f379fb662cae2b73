//! Services, and the addresses of load balancers, which ingresses show too.

use serde_json::Value;

use super::{age, name};
use crate::object::{Object, ObjectExt};
use crate::selector;
use crate::time::Micros;

pub(super) fn cells(service: &Object, now: Micros) -> Vec<Value> {
    let cluster_ip = service.items("/spec/clusterIPs").first().and_then(Value::as_str).unwrap_or("<none>");
    vec![
        name(service),
        service.text("/spec/type").into(),
        cluster_ip.into(),
        external(service).into(),
        ports(service).into(),
        age::age(service, now),
        selector::shown_map(service.at("/spec/selector").unwrap_or(&Value::Null)).into(),
    ]
}

fn external(service: &Object) -> String {
    let own: Vec<&str> = service.items("/spec/externalIPs").iter().filter_map(Value::as_str).collect();
    match service.text("/spec/type") {
        "ClusterIP" | "NodePort" if own.is_empty() => "<none>".to_owned(),
        "ClusterIP" | "NodePort" => own.join(","),
        "LoadBalancer" => {
            let mut all = ingress_points(service);
            all.extend(own.into_iter().map(str::to_owned));
            if all.is_empty() { "<pending>".to_owned() } else { all.join(",") }
        }
        "ExternalName" => service.text("/spec/externalName").to_owned(),
        _ => "<unknown>".to_owned(),
    }
}

/// Addresses that a load balancer has given, sorted.
pub(super) fn ingress_points(object: &Object) -> Vec<String> {
    let points = object.items("/status/loadBalancer/ingress").iter();
    let mut points: Vec<String> = points
        .filter_map(|point| {
            [&point["ip"], &point["hostname"]].into_iter().filter_map(Value::as_str).find(|text| !text.is_empty())
        })
        .map(str::to_owned)
        .collect();
    points.sort();
    points.dedup();
    points
}

fn ports(service: &Object) -> String {
    let ports: Vec<String> = service
        .items("/spec/ports")
        .iter()
        .map(|port| {
            let (number, protocol) =
                (port["port"].as_i64().unwrap_or(0), port["protocol"].as_str().unwrap_or_default());
            match port["nodePort"].as_i64().unwrap_or(0) {
                0 => format!("{number}/{protocol}"),
                node => format!("{number}:{node}/{protocol}"),
            }
        })
        .collect();
    if ports.is_empty() { "<none>".to_owned() } else { ports.join(",") }
}
