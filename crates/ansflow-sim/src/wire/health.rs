//! `/healthz`, `/livez`, `/readyz`: a simulator that answers is healthy.

/// The three doors to the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Healthz,
    Livez,
    Readyz,
}

impl Health {
    /// By the first part of a path: `readyz`, also `readyz/ping`.
    pub(crate) fn at(path: &str) -> Option<Health> {
        match path.trim_start_matches('/').split('/').next() {
            Some("healthz") => Some(Health::Healthz),
            Some("livez") => Some(Health::Livez),
            Some("readyz") => Some(Health::Readyz),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Health::Healthz => "healthz",
            Health::Livez => "livez",
            Health::Readyz => "readyz",
        }
    }

    /// `ok`, or with `?verbose` every check by name, as text.
    pub(crate) fn answer(self, verbose: bool) -> String {
        if !verbose {
            return "ok".to_owned();
        }
        let wanted = CHECKS.iter().filter(|check| match **check {
            "informer-sync" | "shutdown" => self == Health::Readyz,
            _ => true,
        });
        let mut text: String = wanted.map(|check| format!("[+]{check} ok\n")).collect();
        text.push_str(&format!("{} check passed\n", self.name()));
        text
    }
}

/// As recorded, in the order of a cluster's start.
const CHECKS: &[&str] = &[
    "ping",
    "log",
    "informer-sync",
    "poststarthook/start-apiserver-admission-initializer",
    "poststarthook/generic-apiserver-start-informers",
    "poststarthook/priority-and-fairness-config-consumer",
    "poststarthook/priority-and-fairness-filter",
    "poststarthook/storage-object-count-tracker-hook",
    "poststarthook/start-apiextensions-informers",
    "poststarthook/start-apiextensions-controllers",
    "poststarthook/crd-informer-synced",
    "poststarthook/start-system-namespaces-controller",
    "poststarthook/start-cluster-authentication-info-controller",
    "poststarthook/start-kube-apiserver-identity-lease-controller",
    "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
    "poststarthook/start-legacy-token-tracking-controller",
    "poststarthook/start-service-ip-repair-controllers",
    "poststarthook/rbac/bootstrap-roles",
    "poststarthook/scheduling/bootstrap-system-priority-classes",
    "poststarthook/priority-and-fairness-config-producer",
    "poststarthook/bootstrap-controller",
    "poststarthook/start-kubernetes-service-cidr-controller",
    "poststarthook/aggregator-reload-proxy-client-cert",
    "poststarthook/start-kube-aggregator-informers",
    "poststarthook/apiservice-status-local-available-controller",
    "poststarthook/apiservice-status-remote-available-controller",
    "poststarthook/apiservice-registration-controller",
    "poststarthook/apiservice-wait-for-first-sync",
    "poststarthook/apiservice-discovery-controller",
    "poststarthook/kube-apiserver-autoregistration",
    "autoregister-completion",
    "poststarthook/apiservice-openapi-controller",
    "poststarthook/apiservice-openapiv3-controller",
    "shutdown",
];
