//! A kind of objects as a cluster serves it: what it is called in manifests, in paths and by people.

use crate::object::Key;

/// A kind of objects, in one version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// `apps`; empty for the core's own kinds.
    pub group: String,
    /// `v1`.
    pub version: String,
    /// `Deployment`.
    pub kind: String,
    /// `deployments`, as in paths.
    pub plural: String,
    /// `deployment`.
    pub singular: String,
    /// `deploy`.
    pub short_names: Vec<String>,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// `get`, `list`, `watch`, …
    pub verbs: Vec<String>,
    /// `status`, `scale`, `log`, …
    pub subresources: Vec<String>,
}

impl Kind {
    /// One of those that every cluster has; None for others.
    #[must_use]
    pub fn builtin(group: &str, kind: &str) -> Option<Kind> {
        let found = BUILTIN.iter().find(|row| row.0 == group && row.2 == kind)?;
        Some(Kind::of(found))
    }

    /// Every kind that every cluster has.
    pub fn all_builtin() -> impl Iterator<Item = Kind> {
        BUILTIN.iter().map(Kind::of)
    }

    fn of((group, version, kind, plural, short, namespaced): &Row) -> Kind {
        let verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
        Kind {
            group: (*group).to_owned(),
            version: (*version).to_owned(),
            kind: (*kind).to_owned(),
            plural: (*plural).to_owned(),
            singular: kind.to_lowercase(),
            short_names: short.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            namespaced: *namespaced,
            verbs: verbs.map(str::to_owned).to_vec(),
            subresources: Vec::new(),
        }
    }

    /// `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        match self.group.is_empty() {
            true => self.version.clone(),
            false => format!("{}/{}", self.group, self.version),
        }
    }

    /// `deployments.apps`: its name that no other kind has.
    #[must_use]
    pub fn full_name(&self) -> String {
        match self.group.is_empty() {
            true => self.plural.clone(),
            false => format!("{}.{}", self.plural, self.group),
        }
    }

    /// Whether it can be asked so.
    #[must_use]
    pub fn can(&self, verb: &str) -> bool {
        self.verbs.iter().any(|known| known == verb)
    }

    /// An object of it.
    #[must_use]
    pub fn key(&self, namespace: Option<&str>, name: &str) -> Key {
        Key {
            group: self.group.clone(),
            kind: self.kind.clone(),
            namespace: namespace.filter(|_| self.namespaced).map(str::to_owned),
            name: name.to_owned(),
        }
    }

    /// The path of all of them, or of those of a namespace.
    #[must_use]
    pub fn path(&self, namespace: Option<&str>) -> String {
        let root = match self.group.is_empty() {
            true => format!("/api/{}", encoded(&self.version)),
            false => format!("/apis/{}/{}", encoded(&self.group), encoded(&self.version)),
        };
        match namespace.filter(|_| self.namespaced) {
            Some(namespace) => format!("{root}/namespaces/{}/{}", encoded(namespace), encoded(&self.plural)),
            None => format!("{root}/{}", encoded(&self.plural)),
        }
    }

    /// The path of one of them.
    #[must_use]
    pub fn path_of(&self, namespace: Option<&str>, name: &str) -> String {
        format!("{}/{}", self.path(namespace), encoded(name))
    }

    /// Whether a word of people means it: `deploy`, `deployments`, `Deployment`, `deployments.apps`, `Deployment.apps`,
    /// `deployments.v1.apps`.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let (first, rest) = word.split_once('.').map_or((word.as_str(), None), |(first, rest)| (first, Some(rest)));
        let names = [&self.plural, &self.singular];
        let is_name =
            names.into_iter().chain(&self.short_names).any(|name| name == first) || self.kind.to_lowercase() == first;
        let full = format!("{}.{}", self.version, self.group);
        is_name && rest.is_none_or(|rest| rest == self.group || rest == full.trim_end_matches('.'))
    }
}

/// A text as one part of a path, or as a value of a query. A name with a slash in it leads nowhere else.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => out.push(char::from(byte)),
            // A name of dots alone would be a step to another folder.
            b'.' if text.bytes().any(|byte| byte != b'.') => out.push('.'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, bool);

/// Group, version, kind, plural, short names, whether in namespaces. As discovery of Kubernetes 1.34 tells them.
const BUILTIN: [Row; 38] = [
    ("", "v1", "ConfigMap", "configmaps", "cm", true),
    ("", "v1", "Endpoints", "endpoints", "ep", true),
    ("", "v1", "Event", "events", "ev", true),
    ("", "v1", "LimitRange", "limitranges", "limits", true),
    ("", "v1", "Namespace", "namespaces", "ns", false),
    ("", "v1", "Node", "nodes", "no", false),
    ("", "v1", "PersistentVolume", "persistentvolumes", "pv", false),
    ("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", true),
    ("", "v1", "Pod", "pods", "po", true),
    ("", "v1", "ReplicationController", "replicationcontrollers", "rc", true),
    ("", "v1", "ResourceQuota", "resourcequotas", "quota", true),
    ("", "v1", "Secret", "secrets", "", true),
    ("", "v1", "Service", "services", "svc", true),
    ("", "v1", "ServiceAccount", "serviceaccounts", "sa", true),
    ("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", "", false),
    (
        "admissionregistration.k8s.io",
        "v1",
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        "",
        false,
    ),
    ("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", "crd crds", false),
    ("apiregistration.k8s.io", "v1", "APIService", "apiservices", "", false),
    ("apps", "v1", "ControllerRevision", "controllerrevisions", "", true),
    ("apps", "v1", "DaemonSet", "daemonsets", "ds", true),
    ("apps", "v1", "Deployment", "deployments", "deploy", true),
    ("apps", "v1", "ReplicaSet", "replicasets", "rs", true),
    ("apps", "v1", "StatefulSet", "statefulsets", "sts", true),
    ("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", true),
    ("batch", "v1", "CronJob", "cronjobs", "cj", true),
    ("batch", "v1", "Job", "jobs", "", true),
    ("coordination.k8s.io", "v1", "Lease", "leases", "", true),
    ("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", "", true),
    ("networking.k8s.io", "v1", "Ingress", "ingresses", "ing", true),
    ("networking.k8s.io", "v1", "IngressClass", "ingressclasses", "", false),
    ("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "netpol", true),
    ("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", true),
    ("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", "", false),
    ("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", "", false),
    ("rbac.authorization.k8s.io", "v1", "Role", "roles", "", true),
    ("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", "", true),
    ("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", "pc", false),
    ("storage.k8s.io", "v1", "StorageClass", "storageclasses", "sc", false),
];
