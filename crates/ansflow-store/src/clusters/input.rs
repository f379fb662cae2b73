//! What a cluster is to be.

use super::{Auth, Cluster, Kind, State};
use crate::error::Invalid;

/// The longest name, in characters.
const NAME_MAX: usize = 100;

/// What a cluster is to be.
#[derive(Clone, Copy)]
pub struct Input<'i> {
    /// As [`check_name`] takes it.
    pub name: &'i str,
    /// Any text.
    pub description: &'i str,
    /// Whose it is.
    pub kind: Kind,
    /// `https://host:port`, with a path where there is one.
    pub server: &'i str,
    /// How the credential is given; what is stored is kept with the credential.
    pub auth: Auth,
    /// What is to be sealed; none keeps what is stored.
    pub credential: Option<&'i str>,
    /// PEM; empty: whom this machine trusts.
    pub ca: &'i str,
    /// Whether its certificate is looked at.
    pub verify_tls: bool,
    /// The name that its certificate must have; empty: the server's.
    pub tls_server_name: &'i str,
    /// Through which proxy; empty: none.
    pub proxy: &'i str,
    /// The namespace of who names none; empty: `default`.
    pub namespace: &'i str,
    /// What may be told of the credential, as JSON; what is stored is kept with the credential.
    pub facts: &'i str,
}

/// Whether a cluster may be called this.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> Result<(), Invalid> {
    let refuse = |why: String| Err(Invalid::new("name", why));
    if name.trim().is_empty() || name.trim() != name || name.chars().count() > NAME_MAX {
        return refuse(format!("a cluster's name has 1 to {NAME_MAX} characters, with no space at its ends"));
    }
    // Steps name it, and in their texts braces are holes; on the command line `=` and `#` end it.
    if name.contains(char::is_control) || name.contains(['{', '}', '=', '#']) {
        return refuse("a cluster's name is one line, with no braces, `=` or `#`".to_owned());
    }
    if name.starts_with("clu_") {
        return refuse("names that begin with `clu_` are ids".to_owned());
    }
    Ok(())
}

impl Input<'_> {
    /// Whether a credential that was given for what there was must not go where this leads.
    #[must_use]
    pub fn leads_elsewhere(&self, before: &Cluster) -> bool {
        let is_looser = before.verify_tls && !self.verify_tls;
        let is_other_proxy = !self.proxy.is_empty() && self.proxy != before.proxy;
        before.server != self.server || is_looser || is_other_proxy
    }

    /// Whether what was seen on the way there was might be otherwise on this one.
    pub(super) fn leads_otherwise(&self, before: &Cluster) -> bool {
        let was = (&*before.server, &*before.ca, before.verify_tls, &*before.tls_server_name, &*before.proxy);
        was != (self.server, self.ca, self.verify_tls, self.tls_server_name, self.proxy)
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] =
        [Kind::K8s, Kind::Eks, Kind::Gke, Kind::Aks, Kind::Rke, Kind::K3s, Kind::Minikube, Kind::Kind];

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::K8s => "k8s",
            Kind::Eks => "eks",
            Kind::Gke => "gke",
            Kind::Aks => "aks",
            Kind::Rke => "rke",
            Kind::K3s => "k3s",
            Kind::Minikube => "minikube",
            Kind::Kind => "kind",
        }
    }

    /// What this word means.
    #[must_use]
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

impl Auth {
    /// All of them.
    pub const ALL: [Auth; 4] = [Auth::Token, Auth::Kubeconfig, Auth::Certificate, Auth::InCluster];

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Auth::Token => "token",
            Auth::Kubeconfig => "kubeconfig",
            Auth::Certificate => "certificate",
            Auth::InCluster => "in_cluster",
        }
    }

    /// What this word means.
    #[must_use]
    pub fn of(word: &str) -> Option<Auth> {
        Auth::ALL.into_iter().find(|auth| auth.name() == word)
    }
}

impl State {
    /// All of them.
    pub const ALL: [State; 4] = [State::Unknown, State::Connected, State::Disconnected, State::Error];

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Unknown => "unknown",
            State::Connected => "connected",
            State::Disconnected => "disconnected",
            State::Error => "error",
        }
    }

    /// What this word means.
    #[must_use]
    pub fn of(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == word)
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Input { name, kind, server, auth, .. } = self;
        write!(f, "Input({name:?}, {}, {server}, {}, [hidden])", kind.name(), auth.name())
    }
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn a_name_is_something_that_a_step_and_a_command_line_can_say() {
        for good in ["staging", "1", "生产集群", "eu-west-1.example.com", "a b"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", " ", " a", "a\nb", "a\0b", "{{ x }}", "a=b", "a#b", "clu_1", &"x".repeat(101)] {
            assert_eq!(check_name(bad).unwrap_err().field, "name", "{bad:?}");
        }
    }
}
