//! Printers: for every kind the columns of `kubectl get` and what stands in them.

mod admission;
mod age;
mod apps;
mod batch;
mod certificates;
mod column;
mod custom;
mod discovery;
mod event;
mod hpa;
mod networking;
mod node;
mod pod;
mod policy;
mod rbac;
mod rest;
mod service;
mod storage;

use serde_json::{Value, json};

use column::Column;
pub(crate) use custom::CustomColumns;

use super::embedded;
use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

/// How the rows of one kind are made.
#[derive(Debug)]
pub(crate) enum Printer {
    /// Columns as a real cluster says them, by plural.
    Recorded(&'static str, Cells),
    Written(&'static [Column], Cells),
    Custom(CustomColumns),
}

type Cells = fn(&Object, Micros) -> Vec<Value>;

impl Printer {
    /// The printer of a built-in kind; kinds without one of their own show name and creation, as in Kubernetes.
    pub(crate) fn of(kind: &Kind) -> &'static Printer {
        found(&kind.group, &kind.kind).unwrap_or(&PLAIN)
    }

    pub(crate) fn columns(&self) -> Value {
        match self {
            Printer::Recorded(plural, _) => embedded::tables().get(*plural).cloned().unwrap_or_else(|| json!([])),
            Printer::Written(columns, _) => columns.iter().map(Column::definition).collect(),
            Printer::Custom(custom) => custom.definitions(),
        }
    }

    pub(crate) fn cells(&self, object: &Object, now: Micros) -> Vec<Value> {
        match self {
            Printer::Recorded(_, cells) | Printer::Written(_, cells) => cells(object, now),
            Printer::Custom(custom) => custom.cells(object, now),
        }
    }

    /// That a pod has ended is said beside the cells.
    pub(crate) fn completed(&self, object: &Object) -> Option<Value> {
        match self {
            Printer::Recorded("pods", _) => pod::completed(object),
            Printer::Recorded(..) | Printer::Written(..) | Printer::Custom(_) => None,
        }
    }
}

static PLAIN: Printer = Printer::Written(rest::PLAIN, rest::plain);

fn found(group: &str, kind: &str) -> Option<&'static Printer> {
    use Printer::{Recorded, Written};
    let printer: &'static Printer = match (group, kind) {
        ("", "Pod") => &Recorded("pods", pod::cells),
        ("", "Node") => &Recorded("nodes", node::cells),
        ("", "Service") => &Recorded("services", service::cells),
        ("", "Event") => &Recorded("events", event::cells),
        ("events.k8s.io", "Event") => &Recorded("events", event::cells_new),
        ("", "Namespace") => &Recorded("namespaces", rest::namespace),
        ("", "Secret") => &Recorded("secrets", rest::secret),
        ("", "ConfigMap") => &Recorded("configmaps", rest::config_map),
        ("", "ServiceAccount") => &Written(rest::SERVICE_ACCOUNT, rest::service_account),
        ("", "PodTemplate") => &Written(rest::POD_TEMPLATE, rest::pod_template),
        ("", "ComponentStatus") => &Written(rest::COMPONENT, rest::component),
        ("", "ResourceQuota") => &Written(policy::QUOTA, policy::quota),
        ("", "ReplicationController") => &Recorded("replicationcontrollers", apps::replication_controller),
        ("", "PersistentVolume") => &Written(storage::VOLUME, storage::volume),
        ("", "PersistentVolumeClaim") => &Written(storage::CLAIM, storage::claim),
        ("", "Endpoints") => &Written(discovery::ENDPOINTS, discovery::endpoints),
        ("apps", "Deployment") => &Recorded("deployments", apps::deployment),
        ("apps", "ReplicaSet") => &Recorded("replicasets", apps::replica_set),
        ("apps", "StatefulSet") => &Recorded("statefulsets", apps::stateful_set),
        ("apps", "DaemonSet") => &Recorded("daemonsets", apps::daemon_set),
        ("apps", "ControllerRevision") => &Written(apps::REVISION, apps::revision),
        ("batch", "Job") => &Recorded("jobs", batch::job),
        ("batch", "CronJob") => &Recorded("cronjobs", batch::cron_job),
        ("autoscaling", "HorizontalPodAutoscaler") => &Recorded("horizontalpodautoscalers", hpa::cells),
        ("policy", "PodDisruptionBudget") => &Written(policy::BUDGET, policy::budget),
        ("discovery.k8s.io", "EndpointSlice") => &Written(discovery::SLICE, discovery::slice),
        ("networking.k8s.io", "Ingress") => &Written(networking::INGRESS, networking::ingress),
        ("networking.k8s.io", "IngressClass") => &Written(networking::CLASS, networking::class),
        ("networking.k8s.io", "NetworkPolicy") => &Written(networking::POLICY, networking::policy),
        ("networking.k8s.io", "IPAddress") => &Written(networking::ADDRESS, networking::address),
        ("networking.k8s.io", "ServiceCIDR") => &Written(networking::CIDR, networking::cidr),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => &Written(rbac::BINDING, rbac::binding),
        ("storage.k8s.io", "StorageClass") => &Written(storage::CLASS, storage::class),
        ("storage.k8s.io", "CSINode") => &Written(storage::CSI_NODE, storage::csi_node),
        ("storage.k8s.io", "VolumeAttachment") => &Written(storage::ATTACHMENT, storage::attachment),
        ("coordination.k8s.io", "Lease") => &Written(rest::LEASE, rest::lease),
        ("scheduling.k8s.io", "PriorityClass") => &Written(rest::PRIORITY, rest::priority),
        ("node.k8s.io", "RuntimeClass") => &Written(rest::RUNTIME, rest::runtime),
        ("certificates.k8s.io", "CertificateSigningRequest") => &Written(certificates::REQUEST, certificates::request),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration") => {
            &Written(admission::WEBHOOKS, admission::webhooks)
        }
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy") => &Written(admission::POLICY, admission::policy),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding") => {
            &Written(admission::BINDING, admission::binding)
        }
        _ => return None,
    };
    Some(printer)
}

/// The first cell of nearly every row.
fn name(object: &Object) -> Value {
    object.name().into()
}

/// The text at a place, or a word for nothing.
fn text_or(object: &Object, pointer: &str, nothing: &str) -> Value {
    match object.text(pointer) {
        "" => nothing.into(),
        text => text.into(),
    }
}

fn count(object: &Object, pointer: &str) -> Value {
    object.int(pointer).unwrap_or(0).into()
}

/// Names and images of a pod template's containers, as two cells.
fn containers(object: &Object, pointer: &str) -> [Value; 2] {
    let of = |field: &str| {
        let all: Vec<&str> =
            object.items(pointer).iter().map(|container| container[field].as_str().unwrap_or_default()).collect();
        Value::from(all.join(","))
    };
    [of("name"), of("image")]
}

/// The selector of a workload as a cell.
fn selector(object: &Object, pointer: &str) -> Value {
    crate::selector::shown(object.at(pointer).unwrap_or(&Value::Null)).into()
}

/// At most `most` of them, then how many more.
fn some_of(all: &[String], most: usize) -> String {
    match all.get(..most) {
        Some(first) if all.len() > most => format!("{} + {} more...", first.join(","), all.len() - most),
        _ => all.join(","),
    }
}

#[cfg(test)]
mod tests;
