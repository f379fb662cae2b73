//! The identities of the kinds that controllers ask for, looked up once.

use std::sync::OnceLock;

use crate::kind::KindId;
use crate::kinds;

pub(super) struct Known {
    pub(super) controller_revision: KindId,
    pub(super) cron_job: KindId,
    pub(super) daemon_set: KindId,
    pub(super) deployment: KindId,
    pub(super) endpoint_slice: KindId,
    pub(super) endpoints: KindId,
    pub(super) event: KindId,
    pub(super) hpa: KindId,
    pub(super) job: KindId,
    pub(super) node: KindId,
    pub(super) pdb: KindId,
    pub(super) pod: KindId,
    pub(super) pv: KindId,
    pub(super) pvc: KindId,
    pub(super) replica_set: KindId,
    pub(super) service: KindId,
    pub(super) stateful_set: KindId,
    pub(super) storage_class: KindId,
}

pub(super) fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| Known {
        controller_revision: kinds::id("apps", "ControllerRevision"),
        cron_job: kinds::id("batch", "CronJob"),
        daemon_set: kinds::id("apps", "DaemonSet"),
        deployment: kinds::id("apps", "Deployment"),
        endpoint_slice: kinds::id("discovery.k8s.io", "EndpointSlice"),
        endpoints: kinds::id("", "Endpoints"),
        event: kinds::id("", "Event"),
        hpa: kinds::id("autoscaling", "HorizontalPodAutoscaler"),
        job: kinds::id("batch", "Job"),
        node: kinds::id("", "Node"),
        pdb: kinds::id("policy", "PodDisruptionBudget"),
        pod: kinds::id("", "Pod"),
        pv: kinds::id("", "PersistentVolume"),
        pvc: kinds::id("", "PersistentVolumeClaim"),
        replica_set: kinds::id("apps", "ReplicaSet"),
        service: kinds::id("", "Service"),
        stateful_set: kinds::id("apps", "StatefulSet"),
        storage_class: kinds::id("storage.k8s.io", "StorageClass"),
    })
}
