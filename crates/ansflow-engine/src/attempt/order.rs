//! What an attempt process is told, once, through its standard input: everything, secrets included, or nothing.
//!
//! The length stands first, so that an engine that died in the middle of a sentence has said nothing.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use ansflow_core::image::Address;
use ansflow_core::spec::{Container, Destination, Notify, PodPlace, StepSpec};
use ansflow_kube::Access;
use serde::{Deserialize, Serialize};

use crate::notify::MailServer;

/// No order is longer, in bytes.
const LONGEST: u32 = 256 * 1024 * 1024;

/// The work of one attempt, with everything it needs to know. Never stored.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Name of the attempt's folder, below the folder that its process was started with.
    pub folder: String,
    /// Unguessable; in the environment of every process of the attempt.
    pub mark: String,
    /// What to do.
    pub spec: StepSpec,
    /// The user's environment, values put in.
    pub env: Vec<(String, String)>,
    /// Where to do it, absolute.
    pub directory: String,
    /// The run's workspace, absolute.
    pub workspace: String,
    /// Values that appear nowhere.
    pub secrets: Vec<String>,
    /// It times out after so many milliseconds.
    pub deadline_ms: Option<u64>,
    /// From asking its processes to end to killing them, in milliseconds.
    pub grace_ms: u64,
    /// Files to keep when it has succeeded, as globs below the directory.
    pub artifacts: Vec<String>,
    /// How the attempt's processes learn where they are.
    pub names: Names,
    /// How messages leave, of a step that sends one.
    #[serde(default)]
    pub delivery: Delivery,
    /// What a step on images and containers is told besides; none: it is no such step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docker: Option<Docker>,
    /// What a step on a cluster is told besides; none: it is no such step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kube: Option<Kube>,
}

/// What a step on a cluster is told besides. Of its own cluster, and of no other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kube {
    /// How the cluster is reached, and as whom.
    pub access: Access,
    /// What people call it.
    pub cluster: String,
    /// It is a simulated one.
    pub simulated: bool,
    /// Where the step works.
    pub namespace: String,
    /// Whose the step is: of the data directory.
    pub instance: String,
    /// The cluster may be this machine.
    pub allow_loopback: bool,
    /// Programs that may be run for its token, by absolute path.
    pub allowed_exec: Vec<PathBuf>,
    /// The pod that a shell text or a script runs in.
    #[serde(default)]
    pub pod: Option<Box<Pod>>,
}

/// The pod that a shell text or a script runs in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pod {
    /// Image, account, resources.
    pub place: PodPlace,
    /// What its Job is called: made of facts, so that there are never two.
    pub name: String,
    /// By which it is found again.
    pub labels: BTreeMap<String, String>,
    /// By which the Jobs of all attempts of its step are found.
    pub siblings: String,
}

/// What a step on images and containers is told besides.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Docker {
    /// Where a shell text or a script runs that does not run on the host.
    pub container: Option<Container>,
    /// The registry that the step's image means.
    pub registry: Option<Address>,
    /// Logins that the step may need, the likeliest first.
    pub logins: Vec<RegistryLogin>,
    /// By which its containers are found again.
    pub labels: BTreeMap<String, String>,
    /// What its container is called where the step does not say: made of facts, so that there are never two.
    pub name: String,
    /// What of the host it may be given besides the workspace.
    pub allowed_mounts: Vec<PathBuf>,
}

/// Who signs in at a registry.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryLogin {
    /// Host, with port where it has one.
    pub host: String,
    /// Who.
    pub username: String,
    /// And how they prove it.
    pub password: String,
}

/// How messages leave.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Delivery {
    /// How mail does.
    pub mail: Option<MailServer>,
    /// Whether they may go to this machine's own services.
    pub allow_loopback: bool,
}

/// What stands in `ANSFLOW_…` and `CI_…`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Names {
    /// The run's id.
    pub run: String,
    /// The run's number.
    pub build_number: u64,
    /// The pipeline's name.
    pub pipeline: String,
    /// The step's name.
    pub step: String,
    /// The commit of the workspace, where known.
    pub git_commit: Option<String>,
    /// The branch of the workspace, where known.
    pub git_branch: Option<String>,
}

impl Order {
    /// The order on the wire.
    ///
    /// # Errors
    /// When it is longer than 256 MiB.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; 4];
        serde_json::to_writer(&mut bytes, self)?;
        let length = u32::try_from(bytes.len() - 4).ok().filter(|&length| length <= LONGEST);
        let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the order is over 256 MiB"))?;
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        Ok(bytes)
    }

    /// Values of its step that are secret by their nature.
    pub(crate) fn spec_secrets(&self) -> impl Iterator<Item = &str> {
        let secrets: Vec<Option<&str>> = match &self.spec {
            StepSpec::Ansible(ansible) => vec![ansible.private_key.as_deref(), ansible.vault_password.as_deref()],
            StepSpec::Git(git) => vec![git.password.as_deref(), git.ssh_key.as_deref()],
            StepSpec::Notify(Notify { to: Destination::Hook(hook), .. }) => {
                vec![Some(hook.url.as_str()), hook.signing_secret.as_deref()]
            }
            StepSpec::Notify(Notify { to: Destination::Mail(_), .. }) => {
                vec![self.delivery.mail.as_ref().map(|mail| mail.password.as_str())]
            }
            StepSpec::DockerBuild(build) => {
                let files = build.secrets.iter().map(|(_, value)| Some(value.as_str()));
                files.chain([build.image.password.as_deref()]).collect()
            }
            StepSpec::DockerRun(run) => vec![run.image.password.as_deref()],
            StepSpec::DockerPush(push) => vec![push.image.password.as_deref()],
            StepSpec::DockerPull(pull) => vec![pull.image.password.as_deref()],
            // What goes to a cluster came from secrets by name, which are hidden as such.
            StepSpec::K8sDeploy(_)
            | StepSpec::K8sScale(_)
            | StepSpec::K8sDelete(_)
            | StepSpec::K8sWait(_)
            | StepSpec::K8sExec(_)
            | StepSpec::K8sLogs(_)
            | StepSpec::Shell(_)
            | StepSpec::ScriptFile(_)
            | StepSpec::Approval => Vec::new(),
        };
        let logins = self.docker.iter().flat_map(|docker| &docker.logins).map(|login| login.password.as_str());
        secrets.into_iter().flatten().chain(logins)
    }

    /// Whether its shell text or script runs in a container.
    pub(crate) fn is_contained(&self) -> bool {
        self.docker.as_ref().is_some_and(|docker| docker.container.is_some())
    }

    /// Whether it runs in a pod.
    pub(crate) fn is_in_a_pod(&self) -> bool {
        self.kube.as_ref().is_some_and(|kube| kube.pod.is_some())
    }

    /// Where the user's processes are, as variables.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let names = &self.names;
        let always = [
            ("CI", "true".to_owned()),
            ("ANSFLOW", "true".to_owned()),
            ("ANSFLOW_RUN_ID", names.run.clone()),
            ("ANSFLOW_BUILD_NUMBER", names.build_number.to_string()),
            ("ANSFLOW_PIPELINE", names.pipeline.clone()),
            ("ANSFLOW_STEP", names.step.clone()),
            ("ANSFLOW_WORKSPACE", self.workspace.clone()),
        ];
        let git = [("CI_COMMIT_SHA", &names.git_commit), ("CI_COMMIT_BRANCH", &names.git_branch)];
        let git = git.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        always.into_iter().chain(git).collect()
    }

    /// Says it to an attempt process.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&self.to_bytes()?)
    }

    /// Listens to the engine.
    ///
    /// # Errors
    /// When the engine stopped before the end, or speaks another language.
    pub fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        if length > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the order is over 256 MiB"));
        }
        let mut bytes = Vec::new();
        from.take(u64::from(length)).read_to_end(&mut bytes)?;
        if bytes.len() < length as usize {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(serde_json::from_slice(&bytes)?)
    }
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Order({:?}, {:?}, [hidden])", self.names, self.spec)
    }
}
