//! Addresses of services of type LoadBalancer, where the cluster is said to have some; else they wait for ever, as in reality.

use serde_json::json;

use super::known::known;
use super::{Step, settled, tell};
use crate::object::ObjectExt;
use crate::store::{ChangeKind, Entry, Key};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const COMPONENT: &str = "service-controller";

#[derive(Default)]
pub(super) struct LoadBalancers {
    given: u8,
}

impl Controller for LoadBalancers {
    fn name(&self) -> &'static str {
        COMPONENT
    }

    fn manager(&self) -> &'static str {
        "cloud-controller-manager"
    }

    fn interested(&self, change: &Entry, _cx: &Cx<'_>, queue: &mut Keys) {
        if change.key().kind == known().service && change.change != ChangeKind::Deleted {
            queue.add(change.key().clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        settled(self.give(cx, key))
    }
}

impl LoadBalancers {
    fn give(&mut self, cx: &mut Cx<'_>, key: &Key) -> Step<Outcome> {
        let Some(stored) = cx.stored(key).filter(|service| !service.deleting) else { return Ok(Outcome::Done) };
        let Some(service) = cx.thaw(&stored) else { return Ok(Outcome::Done) };
        let has_one = !service.items("/status/loadBalancer/ingress").is_empty();
        if service.text("/spec/type") != "LoadBalancer" || has_one {
            return Ok(Outcome::Done);
        }
        self.given = self.given.wrapping_add(1);
        let address = format!("192.0.2.{}", 100 + u16::from(self.given) % 150);
        tell::normal(cx, &stored, COMPONENT, "EnsuringLoadBalancer", "Ensuring load balancer");
        cx.change(key, Some("status"), &mut |object| {
            object.put(&["status", "loadBalancer", "ingress"], json!([{"ip": address, "ipMode": "VIP"}]));
        })?;
        tell::normal(cx, &stored, COMPONENT, "EnsuredLoadBalancer", "Ensured load balancer");
        Ok(Outcome::Done)
    }
}
