//! The kinds whose rows are made here, with columns of our own; all others are shown as their cluster prints them.

use super::columns::Cell;
use super::rows;
use crate::object::Obj;

/// A kind that is known by name.
#[derive(Debug)]
pub struct Known {
    /// As it stands in addresses: `deployments`.
    pub plural: &'static str,
    /// `apps`; empty for the core's own.
    pub group: &'static str,
    /// `v1`.
    pub version: &'static str,
    /// `Deployment`.
    pub kind: &'static str,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// Its columns, in the order of the cells.
    columns: &'static [&'static str],
    /// The cells of an object of it.
    pub(super) cells: fn(&Obj) -> Vec<Cell>,
}

/// All of them.
pub const KNOWN: [Known; 13] = [
    Known {
        plural: "namespaces",
        group: "",
        version: "v1",
        kind: "Namespace",
        namespaced: false,
        columns: &["status"],
        cells: rows::cluster::namespace,
    },
    Known {
        plural: "deployments",
        group: "apps",
        version: "v1",
        kind: "Deployment",
        namespaced: true,
        columns: &["ready", "up_to_date", "available", "images"],
        cells: rows::workload::deployment,
    },
    Known {
        plural: "statefulsets",
        group: "apps",
        version: "v1",
        kind: "StatefulSet",
        namespaced: true,
        columns: &["ready", "up_to_date", "images"],
        cells: rows::workload::stateful_set,
    },
    Known {
        plural: "daemonsets",
        group: "apps",
        version: "v1",
        kind: "DaemonSet",
        namespaced: true,
        columns: &["ready", "up_to_date", "available", "images"],
        cells: rows::workload::daemon_set,
    },
    Known {
        plural: "jobs",
        group: "batch",
        version: "v1",
        kind: "Job",
        namespaced: true,
        columns: &["completions", "active", "failed", "started_at", "finished_at", "images"],
        cells: rows::workload::job,
    },
    Known {
        plural: "services",
        group: "",
        version: "v1",
        kind: "Service",
        namespaced: true,
        columns: &["type", "cluster_ip", "external_ips", "ports"],
        cells: rows::network::service,
    },
    Known {
        plural: "ingresses",
        group: "networking.k8s.io",
        version: "v1",
        kind: "Ingress",
        namespaced: true,
        columns: &["class", "hosts", "addresses", "ports"],
        cells: rows::network::ingress,
    },
    Known {
        plural: "pods",
        group: "",
        version: "v1",
        kind: "Pod",
        namespaced: true,
        columns: &["ready", "status", "restarts", "restarted_at", "ip", "node", "containers"],
        cells: rows::pod::pod,
    },
    Known {
        plural: "configmaps",
        group: "",
        version: "v1",
        kind: "ConfigMap",
        namespaced: true,
        columns: &["keys"],
        cells: rows::cluster::config_map,
    },
    Known {
        plural: "secrets",
        group: "",
        version: "v1",
        kind: "Secret",
        namespaced: true,
        columns: &["type", "keys"],
        cells: rows::cluster::secret,
    },
    Known {
        plural: "events",
        group: "",
        version: "v1",
        kind: "Event",
        namespaced: true,
        columns: &["type", "reason", "object", "message", "count", "last_seen_at", "source"],
        cells: rows::cluster::event,
    },
    Known {
        plural: "nodes",
        group: "",
        version: "v1",
        kind: "Node",
        namespaced: false,
        columns: &["status", "roles", "version", "ip", "os", "cpu", "memory", "pods"],
        cells: rows::cluster::node,
    },
    Known {
        plural: "persistentvolumeclaims",
        group: "",
        version: "v1",
        kind: "PersistentVolumeClaim",
        namespaced: true,
        columns: &["status", "volume", "capacity", "access_modes", "class"],
        cells: rows::cluster::claim,
    },
];

impl Known {
    /// The kind of a word as it stands in addresses.
    #[must_use]
    pub fn by_plural(plural: &str) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.plural == plural)
    }

    /// The kind of a group and a kind.
    #[must_use]
    pub fn find(group: &str, kind: &str) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.group == group && known.kind == kind)
    }

    /// Its columns.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|column| (*column).to_owned()).collect()
    }

    /// `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }
}
