//! The service account of the pod that AnsFlow runs in. Its token is read by the connection, whenever it changes.

use std::path::Path;

use super::refused::Refused;

/// Where Kubernetes puts a pod's own account.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// How a pod reaches the cluster that it runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InCluster {
    /// `https://host:port`.
    pub server: String,
    /// PEM.
    pub ca: String,
    /// The pod's own namespace.
    pub namespace: String,
}

/// How this process reaches the cluster that it runs in.
///
/// # Errors
/// Where it runs in none.
pub fn in_cluster() -> Result<InCluster, Refused> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let (host, port) = (variable("KUBERNETES_SERVICE_HOST"), variable("KUBERNETES_SERVICE_PORT"));
    of(Path::new(ACCOUNT), host.as_deref(), port.as_deref())
}

pub(super) fn of(account: &Path, host: Option<&str>, port: Option<&str>) -> Result<InCluster, Refused> {
    let read = |name: &str| std::fs::read_to_string(account.join(name)).ok().map(|text| text.trim().to_owned());
    let (Some(host), Some(ca), Some(_)) = (host, read("ca.crt"), read("token")) else {
        return Err(Refused::new("method", "AnsFlow does not run in a pod that has a service account")
            .help("give a token, a kubeconfig or a certificate, or run AnsFlow in the cluster"));
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let server = super::server::server(&format!("https://{host}:{}", port.unwrap_or("443")))?;
    Ok(InCluster { server, ca, namespace: read("namespace").unwrap_or_default() })
}
