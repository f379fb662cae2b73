//! What one attempt is to do, with every value put in: the typed end of the step catalogue.
//!
//! A `StepSpec` goes to the attempt's process through a pipe and may hold secrets, so it is never stored and its
//! `Debug` shows no text of the user.

mod docker;
mod kubernetes;
mod notify;

pub(crate) use self::docker::address_of;
pub use self::docker::{
    Container, DockerBuild, DockerPull, DockerPush, DockerRun, ImageName, Meant, PullPolicy, unknown_registry,
};
pub use self::kubernetes::{
    ContainerPort, DeploymentSpec, K8sDelete, K8sDeploy, K8sExec, K8sLogs, K8sScale, K8sWait, Place, PodPlace,
    PodWorkspace, Pods, Propagation, Source, Which, unknown_cluster,
};
pub use self::notify::{Destination, Hook, HookKind, Notify};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The work of one attempt. Adding a kind: a variant here, its catalogue entry, one match arm in the engine.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StepSpec {
    /// One shell text, `command` and inline `script`.
    Shell(Shell),
    /// A file with its own `#!`.
    ScriptFile(ScriptFile),
    /// `ansible-playbook`.
    Ansible(Ansible),
    /// A git checkout.
    Git(Git),
    /// A message to people or to another program.
    Notify(Notify),
    /// A build of an image.
    DockerBuild(Box<DockerBuild>),
    /// A command in a container.
    DockerRun(Box<DockerRun>),
    /// An image to a registry.
    DockerPush(Box<DockerPush>),
    /// An image from a registry.
    DockerPull(Box<DockerPull>),
    /// Objects to a cluster.
    K8sDeploy(Box<K8sDeploy>),
    /// A change of the number of pods.
    K8sScale(Box<K8sScale>),
    /// A deletion of objects.
    K8sDelete(Box<K8sDelete>),
    /// A wait for objects.
    K8sWait(Box<K8sWait>),
    /// A command in a pod.
    K8sExec(Box<K8sExec>),
    /// Logs of pods.
    K8sLogs(Box<K8sLogs>),
    /// Nothing to do: the people who were asked are the step.
    Approval,
}

/// A shell text. Values of `{{ }}` are in `values`, and the text only names them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Shell {
    /// Which shell reads it.
    pub dialect: Dialect,
    /// What it reads; holds no value of a variable.
    pub text: String,
    /// Environment variables that the text names, with the values.
    pub values: Vec<(String, String)>,
}

/// Which shell reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// `sh -e`
    #[default]
    Sh,
    /// `bash -eo pipefail`
    Bash,
}

impl Dialect {
    /// The shell that a step asks for; `sh` where it asks for none.
    #[must_use]
    pub fn of(word: Option<&str>) -> Self {
        match word {
            Some("bash") => Dialect::Bash,
            Some(_) | None => Dialect::Sh,
        }
    }
}

/// A script file that is started as it is.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ScriptFile {
    /// Path, relative to the step's directory or absolute.
    pub path: String,
    /// Arguments, one word each.
    #[serde(default)]
    pub args: Vec<String>,
}

/// A run of `ansible-playbook`.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Ansible {
    /// Path of the playbook.
    pub playbook: String,
    /// Path of the inventory, or a comma-separated list of hosts with a comma in it.
    pub inventory: Option<String>,
    /// Extra variables; handed over without touching the disk or the process list.
    pub extra_vars: Map<String, Json>,
    /// Only these tags.
    pub tags: Vec<String>,
    /// Not these tags.
    pub skip_tags: Vec<String>,
    /// Only these hosts.
    pub limit: Option<String>,
    /// Run as another user (root where none is named).
    pub r#become: bool,
    /// Predict, change nothing.
    pub check_mode: bool,
    /// 0 to 4: `-v` so many times.
    pub verbose: u8,
    /// Remote user.
    pub user: Option<String>,
    /// Private key, PEM text.
    pub private_key: Option<String>,
    /// Password of the vault.
    pub vault_password: Option<String>,
}

/// A git checkout.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Git {
    /// Where to clone from.
    pub repository: String,
    /// Branch, tag or commit; the remote's default branch where none is given.
    pub reference: Option<String>,
    /// Directory below the step's directory; the repository's last name where none is given.
    pub path: Option<String>,
    /// History to fetch; 0: all of it.
    pub depth: u32,
    /// Submodules too.
    pub submodules: bool,
    /// User name for HTTPS.
    pub username: Option<String>,
    /// Password or access token for HTTPS.
    pub password: Option<String>,
    /// Private key for SSH, PEM text.
    pub ssh_key: Option<String>,
    /// Lines for `known_hosts`; without them a host that is not known yet is trusted once.
    pub known_hosts: Option<String>,
}

impl StepSpec {
    /// The canonical word of the catalogue.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            StepSpec::Shell(_) => "command",
            StepSpec::ScriptFile(_) => "script",
            StepSpec::Ansible(_) => "ansible",
            StepSpec::Git(_) => "git",
            StepSpec::Notify(_) => "notify",
            StepSpec::DockerBuild(_) => "docker_build",
            StepSpec::DockerRun(_) => "docker_run",
            StepSpec::DockerPush(_) => "docker_push",
            StepSpec::DockerPull(_) => "docker_pull",
            StepSpec::K8sDeploy(_) => "k8s_deploy",
            StepSpec::K8sScale(_) => "k8s_scale",
            StepSpec::K8sDelete(_) => "k8s_delete",
            StepSpec::K8sWait(_) => "k8s_wait",
            StepSpec::K8sExec(_) => "k8s_exec",
            StepSpec::K8sLogs(_) => "k8s_logs",
            StepSpec::Approval => "approval",
        }
    }

    /// Where a step on a cluster works; none: it is no such step.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            StepSpec::K8sDeploy(step) => Some(&step.place),
            StepSpec::K8sScale(step) => Some(&step.place),
            StepSpec::K8sDelete(step) => Some(&step.place),
            StepSpec::K8sWait(step) => Some(&step.place),
            StepSpec::K8sExec(step) => Some(&step.place),
            StepSpec::K8sLogs(step) => Some(&step.place),
            StepSpec::Shell(_)
            | StepSpec::ScriptFile(_)
            | StepSpec::Ansible(_)
            | StepSpec::Git(_)
            | StepSpec::Notify(_)
            | StepSpec::DockerBuild(_)
            | StepSpec::DockerRun(_)
            | StepSpec::DockerPush(_)
            | StepSpec::DockerPull(_)
            | StepSpec::Approval => None,
        }
    }
}

impl std::fmt::Debug for StepSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StepSpec({}, [hidden])", self.kind())
    }
}
