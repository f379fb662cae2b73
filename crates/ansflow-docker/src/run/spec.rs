//! What a container is to be, and the check of it.

use std::net::IpAddr;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};
use crate::image::reference;
use crate::labels::Labels;

/// A container to be. `Spec::new(image)` and what differs.
#[derive(Clone, Default)]
pub struct Spec {
    /// The image.
    pub image: String,
    /// Whether it is pulled first.
    pub pull: Pull,
    /// `linux/arm64`; the daemon's own where there is none.
    pub platform: Option<String>,
    /// Made of facts, so that the same container is never made twice; the daemon invents one where there is none.
    pub name: Option<String>,
    /// Words; the image's own where there are none.
    pub command: Vec<String>,
    /// Words; the image's own where there is none, and none at all where it is empty.
    pub entrypoint: Option<Vec<String>>,
    /// Environment.
    pub env: Vec<(String, String)>,
    /// What is mounted.
    pub mounts: Vec<Mount>,
    /// What can be reached from outside.
    pub ports: Vec<Port>,
    /// `none`, `host`, `bridge`, the name of a network, or `container:NAME` for that of another container.
    pub network: Option<String>,
    /// `user`, `uid`, `uid:gid`.
    pub user: Option<String>,
    /// Where the command starts.
    pub working_dir: Option<String>,
    /// Bytes; swap is not given besides, so that it is a limit.
    pub memory: Option<u64>,
    /// Processors, in thousandths.
    pub milli_cpus: Option<u64>,
    /// By which it is found again.
    pub labels: Labels,
    /// Whether a small init reaps what the command leaves behind, and hands signals on.
    pub init: bool,
}

/// Whether an image is pulled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pull {
    /// When the daemon has none of that name.
    #[default]
    Missing,
    /// Every time.
    Always,
    /// The daemon has it, or the start fails.
    Never,
}

/// Something mounted into a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What.
    pub source: Source,
    /// The absolute path in the container.
    pub target: String,
    /// Whether it cannot be written to.
    pub read_only: bool,
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file or folder of the daemon's machine, by its absolute path. It must be there.
    Path(PathBuf),
    /// A volume of the daemon's, which is made when it is not there.
    Volume(String),
    /// A new volume of the daemon's, which goes with the container.
    Anonymous,
    /// Memory.
    Tmpfs,
}

/// A port of a container that can be reached from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port {
    /// The address of the host that it is bound to; all where there is none.
    pub address: Option<IpAddr>,
    /// The port of the host; any that is free where there is none.
    pub host: Option<u16>,
    /// The port in the container.
    pub container: u16,
    /// Of which protocol.
    pub protocol: Protocol,
}

/// The protocol of a port.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Protocol {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    pub(super) fn word(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        }
    }
}

/// Values of the environment may be secrets, and so may be words of the command.
impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spec").field("image", &self.image).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Spec {
    /// Of an image, with everything as the image has it.
    pub fn new(image: impl Into<String>) -> Spec {
        Spec { image: image.into(), ..Spec::default() }
    }

    pub(super) fn check(&self) -> Result<String> {
        let image = reference(&self.image)?.to_string();
        if let Some(name) = self.name.as_deref().filter(|name| !is_name(name)) {
            let why = "it begins with a letter or digit, and goes on with letters, digits, `_`, `.` and `-`";
            return Err(Error::invalid("the container's name", name, why));
        }
        for (name, _) in &self.env {
            if name.is_empty() || name.contains(['=', '\0']) {
                return Err(Error::invalid("the variable", name, "a name is not empty and has no `=`"));
            }
        }
        self.mounts.iter().try_for_each(Mount::check)?;
        if let Some(network) = self.network.as_deref().filter(|network| !is_network(network)) {
            let why =
                "it is `none`, `host`, `bridge`, the name of a network, or `container:` with the name of a container";
            return Err(Error::invalid("the network", network, why));
        }
        if let Some(memory) = self.memory.filter(|memory| *memory < 6 << 20) {
            return Err(Error::invalid("the memory limit", memory.to_string(), "Docker needs 6 MiB at least"));
        }
        Ok(image)
    }
}

impl Mount {
    fn check(&self) -> Result<()> {
        let target = Path::new(&self.target);
        let goes_up = target.components().any(|part| part == Component::ParentDir);
        if !target.is_absolute() || target == Path::new("/") || goes_up || self.target.contains('\0') {
            let why = "it is an absolute path in the container, below `/` and without `..`";
            return Err(Error::invalid("the mount's target", &self.target, why));
        }
        match &self.source {
            Source::Path(path) if !path.is_absolute() => {
                let text = path.display().to_string();
                Err(Error::invalid("the mount's source", text, "it is an absolute path of the daemon's machine"))
            }
            Source::Volume(name) if !is_name(name) => {
                let why = "a volume's name has letters, digits, `_`, `.` and `-`, and begins with a letter or digit";
                Err(Error::invalid("the volume", name, why))
            }
            Source::Path(_) | Source::Volume(_) | Source::Anonymous | Source::Tmpfs => Ok(()),
        }
    }
}

fn is_network(network: &str) -> bool {
    is_name(network.strip_prefix("container:").unwrap_or(network))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}
