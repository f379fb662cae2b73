//! What a pod needs before its containers: volumes, and a sandbox.

use super::timing;
use super::volumes;
use super::worker::{Desk, Job, Sandbox, Worker, place};
use crate::faults::rule::What;
use crate::store::Key;
use crate::time::Micros;
use crate::world::events::Severity;

impl Worker {
    pub(super) fn mount(&mut self, desk: &mut Desk<'_, '_>, tries: u32, until: Micros) {
        let now = desk.cx.now();
        let mounted = {
            let pod = self.pod.clone();
            let place = place(&pod, "", "", desk.node);
            volumes::mount(&self.refer(desk), &pod, &place, now)
        };
        match mounted {
            Ok(volumes) => {
                self.volumes = Some(volumes);
                self.mounted(desk);
            }
            Err(wrong) if now >= until => {
                let names: Vec<&str> = wrong.iter().map(|(name, _)| name.as_str()).collect();
                let message = format!(
                    "Unable to attach or mount volumes: unmounted volumes=[{}], unattached volumes=[], failed to process \
                     volumes=[]: context deadline exceeded",
                    names.join(" ")
                );
                self.event(desk, None, Severity::Warning, "FailedMount", &message);
                self.failed = true;
                self.finish(desk);
            }
            Err(wrong) => {
                for (_, message) in wrong {
                    self.event(desk, None, Severity::Warning, "FailedMount", &message);
                }
                // Half a second, and twice as long after each try, two minutes at most.
                let wait = 500_i64.saturating_mul(1 << tries.min(8)).min(122_000);
                self.job = Job::Mount { at: now.plus_millis(wait).min(until.max(now)), tries: tries + 1, until };
            }
        }
    }

    /// The volumes are there.
    pub(super) fn mounted(&mut self, desk: &mut Desk<'_, '_>) {
        let now = desk.cx.now();
        self.probes.begin(&self.pod, now);
        self.missing_pull_secrets(desk);
        match self.sandbox {
            Sandbox::Up(_) => self.begin_work(desk),
            Sandbox::None | Sandbox::Down(_) => self.job = Job::Sandbox { at: now.plus(timing::sandbox(desk.chance)) },
        }
    }

    fn missing_pull_secrets(&mut self, desk: &mut Desk<'_, '_>) {
        let pod = self.pod.clone();
        let names = pod.spec.image_pull_secrets.iter().filter_map(|secret| secret["name"].as_str());
        let missing: Vec<&str> = {
            let refer = self.refer(desk);
            names.filter(|name| refer.object("Secret", name).is_none()).collect()
        };
        if !missing.is_empty() {
            let message = format!(
                "Unable to retrieve some image pull secrets ({}); attempting to pull the image may not succeed.",
                missing.join(", ")
            );
            self.event(desk, None, Severity::Warning, "FailedToRetrieveImagePullSecret", &message);
        }
    }

    pub(super) fn make_sandbox(&mut self, desk: &mut Desk<'_, '_>) {
        let pod = self.pod.clone();
        let faults = desk.cx.sim.faults().at(&place(&pod, "", "", desk.node));
        let refused = faults.into_iter().find_map(|what| match what {
            What::Sandbox(why) => Some(why),
            _ => None,
        });
        let handler = self.handler(desk).map(|handler| format!("no runtime for \"{handler}\" is configured"));
        let refused = refused.or_else(|| handler.map(|why| format!("failed to get sandbox runtime: {why}")));
        if let Some(why) = refused {
            let message = format!("Failed to create pod sandbox: rpc error: code = Unknown desc = {why}");
            self.event(desk, None, Severity::Warning, "FailedCreatePodSandBox", &message);
            self.failed = true;
            self.finish(desk);
            return;
        }
        *desk.address += 1;
        let number = *desk.address % 254 + 1;
        let address = if pod.spec.host_network {
            desk.host.to_owned()
        } else {
            format!("10.244.{}.{number}", desk.subnet + usize::try_from(*desk.address / 254).unwrap_or_default() * 16)
        };
        self.sandbox = Sandbox::Up(address);
        self.changed = true;
        if self.limits_storage() {
            self.evict_at = Some(desk.cx.now().plus(timing::EVICTION));
        }
        self.begin_work(desk);
    }

    /// The handler of the pod's runtime class, where the node knows no such thing.
    fn handler(&self, desk: &Desk<'_, '_>) -> Option<String> {
        let name = &self.pod.spec.runtime_class_name;
        if name.is_empty() {
            return None;
        }
        let kind = desk.cx.sim.kinds().named("node.k8s.io", "RuntimeClass");
        let stored = kind.as_ref().and_then(|kind| {
            let key = Key::new(kind.id, "", name.as_str());
            Some((desk.cx.stored(&key)?, kind))
        });
        let handler = stored.and_then(|(stored, kind)| Some(stored.thaw(kind).get("handler")?.as_str()?.to_owned()));
        handler.or_else(|| Some(name.clone())).filter(|handler| !matches!(handler.as_str(), "runc" | "containerd"))
    }
}
