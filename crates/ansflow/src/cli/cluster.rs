//! What can be typed about clusters on a server. A credential is never an argument: others read those.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum ClusterCommand {
    /// List clusters and how they are; credentials are never shown
    List,
    /// Show a cluster: what it is, who we are there, what was found last
    Get {
        /// Name or id
        cluster: String,
    },
    /// Add a cluster: it is tried first
    Add(Box<ClusterAddArgs>),
    /// Change a cluster; what is not named stays as it is
    Edit(Box<ClusterEditArgs>),
    /// Remove a cluster; nothing is changed in it
    Remove {
        /// Name or id
        cluster: String,
    },
    /// Ask a cluster whether it is connected, and why not
    Test {
        /// Name or id
        #[arg(required_unless_present = "all")]
        cluster: Option<String>,
        /// All of them; exit code 1 if one is not
        #[arg(long, conflicts_with = "cluster")]
        all: bool,
    },
    /// Forget what is remembered of a cluster's kinds, and look at it again
    Sync {
        /// Name or id
        cluster: String,
    },
    /// Say what a cluster's credential is, when it ends, and whether it works now
    Token {
        /// Name or id
        cluster: String,
        /// Say how to make another one instead
        #[arg(long)]
        guide: bool,
    },
}

/// How a cluster is reached, and as whom.
#[derive(Debug, Args)]
pub(crate) struct WayArgs {
    /// A kubeconfig, of which the current context is meant or the one behind `#`; files that it names are read here
    #[arg(long, value_name = "FILE[#CONTEXT]", conflicts_with_all = ["token_stdin", "client_cert", "in_cluster"])]
    pub(crate) kubeconfig: Option<String>,
    /// A program that the kubeconfig may have run here for a token, as it is written there
    #[arg(long = "allow-exec", value_name = "PROGRAM", requires = "kubeconfig")]
    pub(crate) allowed_exec: Vec<PathBuf>,
    /// Read a bearer token from standard input
    #[arg(long, conflicts_with_all = ["client_cert", "in_cluster"])]
    pub(crate) token_stdin: bool,
    /// A client certificate, PEM
    #[arg(long, value_name = "FILE", requires = "client_key", conflicts_with = "in_cluster")]
    pub(crate) client_cert: Option<PathBuf>,
    /// Its key, PEM
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub(crate) client_key: Option<PathBuf>,
    /// The service account of the pod that the server runs in
    #[arg(long)]
    pub(crate) in_cluster: bool,
    /// Whom its certificate may be signed by, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// The name that its certificate must have, where that is not the server's
    #[arg(long, value_name = "NAME")]
    pub(crate) tls_server_name: Option<String>,
    /// `http://`, `https://` or `socks5://`
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// The namespace of who names none
    #[arg(long, short = 'n', value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Whose it is
    #[arg(long, value_enum)]
    pub(crate) kind: Option<ClusterKind>,
    /// Any text
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Store it though it is not connected
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ClusterAddArgs {
    /// What steps are to call it
    pub(crate) name: String,
    /// Where it is: `https://10.0.0.5:6443`; not needed with a kubeconfig, and in the cluster itself
    pub(crate) address: Option<String>,
    /// Do not look at its certificate: whoever answers at its address gets the credential
    #[arg(long)]
    pub(crate) insecure_skip_tls_verify: bool,
    #[command(flatten)]
    pub(crate) way: WayArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ClusterEditArgs {
    /// Name or id
    pub(crate) cluster: String,
    /// What steps are to call it from now on
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Where it is; another server needs its credential again
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,
    /// Whether its certificate is not looked at
    #[arg(long, value_name = "true|false")]
    pub(crate) insecure_skip_tls_verify: Option<bool>,
    #[command(flatten)]
    pub(crate) way: WayArgs,
}

/// Whose cluster it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClusterKind {
    /// Any
    #[value(name = "k8s")]
    K8s,
    /// Amazon's
    Eks,
    /// Google's
    Gke,
    /// Microsoft's
    Aks,
    /// Rancher's
    Rke,
    /// k3s
    #[value(name = "k3s")]
    K3s,
    /// minikube
    Minikube,
    /// kind
    Kind,
}

impl ClusterKind {
    /// Its word in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ClusterKind::K8s => "k8s",
            ClusterKind::Eks => "eks",
            ClusterKind::Gke => "gke",
            ClusterKind::Aks => "aks",
            ClusterKind::Rke => "rke",
            ClusterKind::K3s => "k3s",
            ClusterKind::Minikube => "minikube",
            ClusterKind::Kind => "kind",
        }
    }
}
