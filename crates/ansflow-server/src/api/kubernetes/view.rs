//! What is shown of a cluster: never its credential.

use ansflow_kube::check::{Checked, Right};
use ansflow_kube::credentials::Facts;
use ansflow_store::clusters::{Auth, Cluster, Count, Kind, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::times::time;
use crate::clusters::{Looked, code, help};

/// Whose cluster it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClusterKind {
    /// Any.
    K8s,
    /// Amazon's.
    Eks,
    /// Google's.
    Gke,
    /// Microsoft's.
    Aks,
    /// Rancher's.
    Rke,
    /// k3s.
    K3s,
    /// minikube.
    Minikube,
    /// kind.
    Kind,
}

/// How a credential was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClusterAuth {
    /// A bearer token.
    Token,
    /// A kubeconfig, which was taken apart.
    Kubeconfig,
    /// A client certificate with its key.
    Certificate,
    /// The service account of the pod that AnsFlow runs in.
    InCluster,
}

/// What a cluster counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClusterState {
    /// Nobody has looked since it was changed.
    Unknown,
    /// It answers, and knows us.
    Connected,
    /// It does not answer.
    Disconnected,
    /// It answers, and that is all.
    Error,
}

/// What a credential says of itself, unverified.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CredentialFacts {
    /// Who it says that it is.
    #[schema(required)]
    subject: Option<String>,
    /// Who made it.
    #[schema(required)]
    issuer: Option<String>,
    /// When it ends; null: it does not say.
    #[schema(required)]
    expires_at: Option<String>,
    /// The context of the kubeconfig that it was taken from.
    #[schema(required)]
    context: Option<String>,
    /// Whom it acts for.
    #[schema(required)]
    acts_as: Option<String>,
    /// The allowed program that makes it.
    #[schema(required)]
    program: Option<String>,
}

/// What may be told of a cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClusterView {
    id: String,
    /// What steps call it; its `id` will do as well.
    pub(super) name: String,
    description: String,
    kind: ClusterKind,
    /// `https://host:port`.
    server: String,
    auth: ClusterAuth,
    facts: CredentialFacts,
    /// Whether it has a CA of its own.
    has_ca: bool,
    /// Whether its certificate is looked at. Without, whoever answers at its address gets the credential.
    verify_tls: bool,
    #[schema(required)]
    tls_server_name: Option<String>,
    /// Without user and password.
    #[schema(required)]
    proxy: Option<String>,
    /// The namespace of who names none; null: `default`.
    #[schema(required)]
    namespace: Option<String>,
    /// Whether it said that it is simulated.
    simulated: bool,
    state: ClusterState,
    #[schema(required)]
    state_since: Option<String>,
    /// When it was last well.
    #[schema(required)]
    good_at: Option<String>,
    #[schema(required)]
    checked_at: Option<String>,
    /// What was wrong with it last: `dns`, `refused`, `timed_out`, `tls`, `unauthorized`, `forbidden`, `not_kubernetes`, …
    #[schema(required)]
    check_code: Option<String>,
    /// What was found last, in one sentence.
    #[schema(required)]
    check_message: Option<String>,
    #[schema(required)]
    version: Option<String>,
    /// Null: not known now, or not allowed to be listed.
    #[schema(required)]
    nodes: Option<u64>,
    #[schema(required)]
    nodes_ready: Option<u64>,
    /// Null: not known now, or not allowed to be listed.
    #[schema(required)]
    pods: Option<u64>,
    #[schema(required)]
    pods_running: Option<u64>,
    /// Who we are there.
    #[schema(required)]
    username: Option<String>,
    created_at: String,
    updated_at: String,
    updated_by: String,
}

/// What came of asking a cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClusterCheck {
    /// Whether it is connected: it answers, is a Kubernetes, and knows us.
    valid: bool,
    /// In one sentence.
    message: String,
    /// What to do about it.
    #[schema(required)]
    help: Option<String>,
    /// `dns`, `refused`, `timed_out`, `tls`, `unauthorized`, `forbidden`, `not_kubernetes`, `proxy`, `guard`, …
    #[schema(required)]
    trouble: Option<String>,
    #[schema(required)]
    cluster_info: Option<ClusterInfo>,
    #[schema(required)]
    identity: Option<ClusterIdentity>,
    /// What we may do there, of what steps do most.
    rights: Vec<ClusterRight>,
}

/// What a cluster is and has.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClusterInfo {
    version: String,
    simulated: bool,
    /// Null: they may not be listed.
    #[schema(required)]
    total_nodes: Option<u64>,
    #[schema(required)]
    ready_nodes: Option<u64>,
    /// Null: they may not be listed.
    #[schema(required)]
    total_pods: Option<u64>,
    #[schema(required)]
    running_pods: Option<u64>,
}

/// Who we are in a cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClusterIdentity {
    /// Empty where the cluster is too old to say.
    username: String,
    groups: Vec<String>,
}

/// One thing that we may do in a cluster, or not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClusterRight {
    verb: String,
    /// `pods`, `deployments.apps`, `pods/exec`.
    resource: String,
    /// Null: everywhere.
    #[schema(required)]
    namespace: Option<String>,
    allowed: bool,
}

impl From<Cluster> for ClusterView {
    fn from(stored: Cluster) -> ClusterView {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let seen = stored.seen.as_ref();
        // What was counted before it was lost says nothing of now.
        let counts = seen.filter(|_| stored.state == State::Connected).map(|seen| seen.counts).unwrap_or_default();
        let total = |count: Option<Count>| count.map(|count| count.total);
        let well = |count: Option<Count>| count.map(|count| count.well);
        ClusterView {
            facts: facts(&stored).into(),
            has_ca: !stored.ca.is_empty(),
            version: seen.map(|seen| seen.version.clone()),
            username: seen.map(|seen| seen.username.clone()).and_then(some),
            id: stored.id,
            name: stored.name,
            description: stored.description,
            kind: stored.kind.into(),
            server: stored.server,
            auth: stored.auth.into(),
            verify_tls: stored.verify_tls,
            tls_server_name: some(stored.tls_server_name),
            proxy: some(stored.proxy),
            namespace: some(stored.namespace),
            simulated: stored.simulated,
            state: stored.state.into(),
            state_since: stored.state_since.map(time),
            good_at: stored.good_at.map(time),
            checked_at: stored.checked_at.map(time),
            check_code: some(stored.check_code),
            check_message: some(stored.check_message),
            nodes: total(counts.nodes),
            nodes_ready: well(counts.nodes),
            pods: total(counts.pods),
            pods_running: well(counts.pods),
            created_at: time(stored.created_at),
            updated_at: time(stored.updated_at),
            updated_by: stored.updated_by,
        }
    }
}

/// What may be told of a stored credential.
pub(super) fn facts(stored: &Cluster) -> Facts {
    serde_json::from_str(&stored.facts).unwrap_or_default()
}

impl From<Facts> for CredentialFacts {
    fn from(facts: Facts) -> CredentialFacts {
        let Facts { subject, issuer, expires_at, context, acts_as, program } = facts;
        CredentialFacts { subject, issuer, expires_at, context, acts_as, program }
    }
}

impl ClusterCheck {
    /// What came of asking.
    pub(super) fn of(found: &Result<Checked, ansflow_kube::Error>) -> ClusterCheck {
        match found {
            Ok(checked) => ClusterCheck {
                valid: true,
                message: checked.sentence(),
                help: None,
                trouble: None,
                cluster_info: Some(info(checked)),
                identity: Some(ClusterIdentity { username: checked.username.clone(), groups: checked.groups.clone() }),
                rights: checked.rights.iter().map(ClusterRight::from).collect(),
            },
            Err(error) => ClusterCheck {
                valid: false,
                message: error.to_string(),
                help: help(error).map(str::to_owned),
                trouble: Some(code(error).to_owned()),
                cluster_info: None,
                identity: None,
                rights: Vec::new(),
            },
        }
    }
}

impl From<&Looked> for ClusterCheck {
    fn from(looked: &Looked) -> ClusterCheck {
        ClusterCheck::of(&looked.found)
    }
}

fn info(checked: &Checked) -> ClusterInfo {
    ClusterInfo {
        version: checked.version.clone(),
        simulated: checked.simulated,
        total_nodes: checked.nodes.map(|count| count.total),
        ready_nodes: checked.nodes.map(|count| count.well),
        total_pods: checked.pods.map(|count| count.total),
        running_pods: checked.pods.map(|count| count.well),
    }
}

impl From<&Right> for ClusterRight {
    fn from(right: &Right) -> ClusterRight {
        let Right { verb, resource, namespace, allowed } = right.clone();
        ClusterRight { verb, resource, namespace, allowed }
    }
}

impl From<Kind> for ClusterKind {
    fn from(kind: Kind) -> ClusterKind {
        match kind {
            Kind::K8s => ClusterKind::K8s,
            Kind::Eks => ClusterKind::Eks,
            Kind::Gke => ClusterKind::Gke,
            Kind::Aks => ClusterKind::Aks,
            Kind::Rke => ClusterKind::Rke,
            Kind::K3s => ClusterKind::K3s,
            Kind::Minikube => ClusterKind::Minikube,
            Kind::Kind => ClusterKind::Kind,
        }
    }
}

impl From<ClusterKind> for Kind {
    fn from(kind: ClusterKind) -> Kind {
        match kind {
            ClusterKind::K8s => Kind::K8s,
            ClusterKind::Eks => Kind::Eks,
            ClusterKind::Gke => Kind::Gke,
            ClusterKind::Aks => Kind::Aks,
            ClusterKind::Rke => Kind::Rke,
            ClusterKind::K3s => Kind::K3s,
            ClusterKind::Minikube => Kind::Minikube,
            ClusterKind::Kind => Kind::Kind,
        }
    }
}

impl From<Auth> for ClusterAuth {
    fn from(auth: Auth) -> ClusterAuth {
        match auth {
            Auth::Token => ClusterAuth::Token,
            Auth::Kubeconfig => ClusterAuth::Kubeconfig,
            Auth::Certificate => ClusterAuth::Certificate,
            Auth::InCluster => ClusterAuth::InCluster,
        }
    }
}

impl From<State> for ClusterState {
    fn from(state: State) -> ClusterState {
        match state {
            State::Unknown => ClusterState::Unknown,
            State::Connected => ClusterState::Connected,
            State::Disconnected => ClusterState::Disconnected,
            State::Error => ClusterState::Error,
        }
    }
}
