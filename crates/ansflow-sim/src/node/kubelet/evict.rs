//! Pods that have to go before their time: they use more of the node's disk than they may, the node has no room for them, or
//! they were active for too long.

use std::time::Duration;

use serde_json::Value;

use super::status::Doom;
use super::worker::{Desk, Worker, place};
use crate::faults::rule::{EvictFault, What};
use crate::node::pod::Container;
use crate::node::quantity;
use crate::time::Micros;
use crate::world::events::Severity;

impl Worker {
    pub(super) fn limits_storage(&self) -> bool {
        let limited = |container: &Container| container.resources.pointer("/limits/ephemeral-storage").is_some();
        let sized = |volume: &Value| volume.pointer("/emptyDir/sizeLimit").is_some();
        self.pod.all_containers().any(limited) || self.pod.spec.volumes.iter().any(sized)
    }

    /// Whether the pod uses more than it may, and must go.
    pub(super) fn evicted(&mut self, desk: &mut Desk<'_, '_>) -> bool {
        let pod = self.pod.clone();
        let (mut limit, mut used, mut written, mut all) = (0, 0_i128, String::new(), true);
        for (at, container) in pod.all_containers().enumerate() {
            match container.resources.pointer("/limits/ephemeral-storage") {
                Some(most) => {
                    limit += quantity::whole(most);
                    written = most.as_str().unwrap_or_default().to_owned();
                }
                None => all &= pod.is_init(at),
            }
            used += i128::from(self.container(desk, at).used());
        }
        used += self.volumes.iter().flatten().map(|(_, volume)| i128::from(volume.used())).sum::<i128>();
        let over = pod.spec.volumes.iter().find_map(|volume| {
            let most = volume.pointer("/emptyDir/sizeLimit")?;
            let name = volume["name"].as_str()?;
            let held = self.volumes.as_ref()?.get(name)?.used();
            let written = most.as_str().unwrap_or_default();
            (i128::from(held) > quantity::whole(most))
                .then(|| format!("Usage of EmptyDir volume \"{name}\" exceeds the limit \"{written}\". "))
        });
        let total = (limit > 0 && all && used > limit)
            .then(|| format!("Pod ephemeral local storage usage exceeds the total limit of containers {written}. "));
        let Some(message) = over.or(total) else { return false };
        self.event(desk, None, Severity::Warning, "Evicted", &message);
        self.doom = Some(Doom { reason: "Evicted", message, surely: false, disruption: false });
        true
    }

    /// Whether a fault says that the node has no room for the pod any more, and the pod has to go for it.
    pub(super) fn crowded_out(&mut self, desk: &mut Desk<'_, '_>) -> bool {
        let Some(since) = self.since.filter(|_| self.ending.is_none() && !self.pod.has_ended()) else { return false };
        let pod = self.pod.clone();
        let fault = desk.cx.sim.faults().at(&place(&pod, "", "", desk.node)).into_iter().find_map(|what| match what {
            What::Evict(fault) => Some(fault),
            _ => None,
        });
        let Some(EvictFault { message, .. }) = fault.filter(|fault| since.plus(fault.after.0) <= desk.cx.now()) else {
            return false;
        };
        let message = match message.as_str() {
            "" => "The node was low on resource: memory. Threshold quantity: 100Mi, available: 64Mi. ".to_owned(),
            _ => message,
        };
        self.event(desk, None, Severity::Warning, "Evicted", &message);
        self.doom = Some(Doom { reason: "Evicted", message, surely: false, disruption: true });
        self.evict_at = None;
        self.end_soon(desk);
        true
    }

    /// When the pod has been active for as long as it may.
    pub(super) fn deadline(&self) -> Option<Micros> {
        let seconds = u64::try_from(self.pod.spec.active_deadline_seconds?).ok()?;
        Some(self.since?.plus(Duration::from_secs(seconds))).filter(|_| !self.pod.has_ended())
    }

    /// It was active for longer than it may.
    pub(super) fn outlived(&mut self, desk: &mut Desk<'_, '_>) {
        let message = "Pod was active on the node longer than the specified deadline";
        self.event(desk, None, Severity::Normal, "DeadlineExceeded", message);
        let message = message.to_owned();
        self.doom = Some(Doom { reason: "DeadlineExceeded", message, surely: true, disruption: false });
        self.end_soon(desk);
    }
}
