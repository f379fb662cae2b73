//! How pods are reached: Services, Ingresses, Gateways.

use super::{Readiness, conditions, is_true};
use crate::object::Obj;
use serde_json::Value as Json;

pub(super) fn service(object: &Obj) -> Readiness {
    match object.text(&["spec", "type"]).unwrap_or("ClusterIP") {
        "ExternalName" => Readiness::ready(),
        "LoadBalancer" if !has_address(object) => {
            let outside =
                object.at(&["spec", "externalIPs"]).and_then(Json::as_array).is_some_and(|ips| !ips.is_empty());
            if outside {
                Readiness::ready()
            } else {
                Readiness::Progressing("its load balancer has no address yet".to_owned())
            }
        }
        _ if object.text(&["spec", "clusterIP"]).unwrap_or_default().is_empty() => {
            Readiness::Progressing("it has no address yet".to_owned())
        }
        _ => Readiness::ready(),
    }
}

/// Clusters without a load balancer never give an Ingress an address, and serve it nevertheless.
pub(super) fn ingress(object: &Obj) -> Readiness {
    if has_address(object) { Readiness::ready() } else { Readiness::with("no address was given to it yet") }
}

pub(super) fn gateway(object: &Obj) -> Readiness {
    let programmed = is_true(&conditions(object), "Programmed").is_some();
    if programmed { Readiness::ready() } else { Readiness::with("no controller has programmed it yet") }
}

fn has_address(object: &Obj) -> bool {
    object.at(&["status", "loadBalancer", "ingress"]).and_then(Json::as_array).is_some_and(|items| !items.is_empty())
}
