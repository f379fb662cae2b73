//! Steps on clusters, with every value put in.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// Where a step works.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// The cluster, by name or id.
    pub cluster: String,
    /// None: the cluster's own default, else `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// A deploy from objects.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct K8sDeploy {
    /// Where to.
    pub place: Place,
    /// What.
    pub source: Source,
    /// What names in `{{ }}` mean in files; empty: files stay as they are written.
    pub names: Map<String, Json>,
    /// How long to wait, in milliseconds.
    pub timeout_ms: u64,
    /// Until all of it is ready.
    pub wait: bool,
    /// Bring back what was there before when it does not become ready.
    pub rollback: bool,
    /// Ask what would happen, change nothing.
    pub dry_run: bool,
    /// Delete what this step deployed before and no longer has.
    pub prune: bool,
    /// Take over fields that somebody else manages.
    pub force_conflicts: bool,
    /// Delete and create what cannot be changed.
    pub recreate_immutable: bool,
    /// Make the namespace where it does not exist.
    pub create_namespace: bool,
    /// What the one deployed thing is called.
    pub resource_name: Option<String>,
}

/// Where objects come from.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The objects themselves.
    Inline(Vec<Json>),
    /// A file, a folder or a glob, relative to the step's directory.
    Path(String),
    /// One deployment in a few words.
    Short(Box<DeploymentSpec>),
    /// What is there: a chart in the step's directory, else the manifests in `k8s/`.
    Look,
}

/// One deployment in a few words.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DeploymentSpec {
    /// Its name.
    pub name: String,
    /// The image, with its tag.
    pub image: String,
    /// How many pods.
    pub replicas: u32,
    /// Ports that the container listens on; with any there is a service.
    #[serde(default)]
    pub ports: Vec<ContainerPort>,
    /// Environment of the container.
    #[serde(default)]
    pub environment: Vec<(String, String)>,
    /// What a node must have free, by resource.
    #[serde(default)]
    pub requests: Vec<(String, String)>,
    /// What a pod may use at most, by resource.
    #[serde(default)]
    pub limits: Vec<(String, String)>,
    /// Labels besides `app`.
    #[serde(default)]
    pub labels: Vec<(String, String)>,
}

/// A port that a container listens on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerPort {
    /// Its number.
    pub container_port: u16,
    /// What services may call it.
    pub name: Option<String>,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
}

/// A change of the number of pods.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct K8sScale {
    /// Where.
    pub place: Place,
    /// What kind of thing, as the user writes it, such as `deployment`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub replicas: u32,
    /// Only where it has so many now.
    pub current: Option<u32>,
    /// Until that is reached.
    pub wait: bool,
    /// How long to wait, in milliseconds.
    pub timeout_ms: u64,
}

/// Which objects.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Of one kind, by name; at least one.
    Named {
        /// As the user writes it, such as `deployment`, `deploy` or `certificates.cert-manager.io`.
        kind: String,
        /// Their names.
        names: Vec<String>,
    },
    /// Of one kind, by labels.
    Selected {
        /// As above.
        kind: String,
        /// A label selector.
        selector: String,
    },
    /// Those of manifests.
    Of(Source),
}

/// A deletion.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct K8sDelete {
    /// Where.
    pub place: Place,
    /// What.
    pub which: Which,
    /// What names in `{{ }}` mean in files; empty: files stay as they are written.
    pub names: Map<String, Json>,
    /// What is not there is no failure.
    pub ignore_not_found: bool,
    /// Pods get no time to end.
    pub force: bool,
    /// What becomes of what it owns.
    pub propagation: Propagation,
    /// Until it is gone.
    pub wait: bool,
    /// How long to wait, in milliseconds.
    pub timeout_ms: u64,
}

/// What becomes of what a deleted object owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Propagation {
    /// It goes afterwards.
    #[default]
    Background,
    /// It goes first.
    Foreground,
    /// It stays.
    Orphan,
}

/// A wait for objects to be as they should be.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct K8sWait {
    /// Where.
    pub place: Place,
    /// For which.
    pub which: Which,
    /// What for, all of it, each a word or a text of the catalogue's `for`: `available`, `ready`, `complete`,
    /// `progressing`, `delete`, `exists`, `condition=NAME[=VALUE]`, `jsonpath={…}[=VALUE]`; at least one.
    pub conditions: Vec<String>,
    /// One of the objects is enough.
    pub any: bool,
    /// How long to wait, in milliseconds.
    pub timeout_ms: u64,
}

/// Which pods.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pods {
    /// The one with this name.
    Named(String),
    /// Those with these labels.
    Selected(String),
    /// Those of a workload with this name.
    Of(String),
}

/// A command in a pod.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct K8sExec {
    /// Where.
    pub place: Place,
    /// In which pod; of several the newest that is ready.
    pub pods: Pods,
    /// In which container; none: the pod's default one.
    pub container: Option<String>,
    /// The command, one word each; no shell.
    pub command: Vec<String>,
    /// Standard input stays open.
    pub stdin: bool,
    /// With a terminal.
    pub tty: bool,
    /// How long to wait for a pod that is ready, in milliseconds.
    pub timeout_ms: u64,
}

/// Logs of pods.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct K8sLogs {
    /// Where.
    pub place: Place,
    /// Of which pods.
    pub pods: Pods,
    /// Of which container; none: the pod's default one.
    pub container: Option<String>,
    /// Of all containers.
    pub all_containers: bool,
    /// How many lines from the end; none: all of them.
    pub tail_lines: Option<u32>,
    /// Only lines that are not older, in milliseconds.
    pub since_ms: Option<u64>,
    /// Go on until the containers end, `until` stands in a line, or the time is up.
    pub follow: bool,
    /// Of the containers before their last restart.
    pub previous: bool,
    /// Each line with its time.
    pub timestamps: bool,
    /// A regular expression that ends the following.
    pub until: Option<String>,
    /// How long to follow, in milliseconds.
    pub timeout_ms: u64,
}

/// Where a shell text or a script of a pipeline of type `kubernetes` runs: in a pod of its own.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PodPlace {
    /// In which cluster.
    pub place: Place,
    /// In this image.
    pub image: String,
    /// As this account of the cluster; none: as nobody who may ask the cluster anything.
    #[serde(default)]
    pub service_account: Option<String>,
    /// What a node must have free, by resource.
    #[serde(default)]
    pub requests: Vec<(String, String)>,
    /// What it may use at most, by resource.
    #[serde(default)]
    pub limits: Vec<(String, String)>,
    /// Only on nodes with these labels.
    #[serde(default)]
    pub node_selector: Vec<(String, String)>,
    /// As this user of the image; none: as one who is not root.
    #[serde(default)]
    pub run_as_user: Option<u32>,
    /// Where its workspace is.
    #[serde(default)]
    pub workspace: PodWorkspace,
}

impl std::fmt::Debug for PodPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PodPlace([hidden])")
    }
}

/// Where the workspace of a pod is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PodWorkspace {
    /// In the pod: brought there, and fetched when the command has ended.
    #[default]
    Upload,
    /// On this PersistentVolumeClaim, where the steps of a run find what the others left.
    Claim(String),
}

/// That there is no such cluster, which there are, and what to do.
#[must_use]
pub fn unknown_cluster<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known = known.into_iter().take(MOST_NAMED).map(|known| format!("`{}`", known.escape_debug()));
    let known = match known.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "there is none yet".to_owned(),
        some => format!("known are {some}"),
    };
    let name = name.escape_debug();
    format!(
        "there is no cluster `{name}`, {known}; add it to the clusters, or give it with `--cluster {name}=KUBECONFIG`"
    )
}

/// No message lists more clusters.
const MOST_NAMED: usize = 12;

impl Propagation {
    /// The API's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Propagation::Background => "Background",
            Propagation::Foreground => "Foreground",
            Propagation::Orphan => "Orphan",
        }
    }
}
