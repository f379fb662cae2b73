//! Work on images and containers. Which registry is meant is a name here; its address and password are the engine's.

use serde::{Deserialize, Serialize};

use crate::container::{Mount, Port};
use crate::image::{self, Address, Reference, Refused};

/// How a step names an image, and the registry that it means.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageName {
    /// The image, with or without registry, project and tag.
    pub image: String,
    /// A tag, where the image names none.
    pub tag: Option<String>,
    /// The registry's project.
    pub project: Option<String>,
    /// A registry by name or id.
    pub registry: Option<String>,
    /// A registry's address, for where nobody knows `registry`.
    pub registry_url: Option<Address>,
    /// Who signs in at `registry_url`.
    pub username: Option<String>,
    /// With what.
    pub password: Option<String>,
}

/// The registry that an image name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// None is named: the image's own host, else the default.
    None,
    /// One that is stored or mapped, by the name that was used.
    Known(String),
    /// This address, with the step's own user and password.
    Address(Address),
}

impl ImageName {
    /// Which registry is meant: one that is known by the name that the step gives, else its `registry_url`, else the
    /// name itself where it is an address.
    ///
    /// # Errors
    /// A sentence that names a registry which nobody knows, and says what to do.
    pub fn meant(&self, is_known: &dyn Fn(&str) -> bool) -> Result<Meant, String> {
        match (&self.registry, &self.registry_url) {
            (Some(name), _) if is_known(name) => Ok(Meant::Known(name.clone())),
            (_, Some(address)) => Ok(Meant::Address(address.clone())),
            (Some(name), None) => match address_of(name) {
                Some(address) => Ok(Meant::Address(address)),
                None => Err(unknown_registry(name)),
            },
            (None, None) => Ok(Meant::None),
        }
    }

    /// The full name in that registry, with a tag.
    ///
    /// # Errors
    /// Why it is none.
    pub fn reference(&self, registry: Option<&Address>) -> Result<Reference, Refused> {
        image::join(registry, self.project.as_deref(), &self.image, self.tag.as_deref())
    }
}

/// A registry that is named by its address.
pub(crate) fn address_of(name: &str) -> Option<Address> {
    let looks_like_one = name.contains(['.', ':']) || name == "localhost";
    Address::parse(name).ok().filter(|_| looks_like_one)
}

/// What to say of a registry that nobody knows.
#[must_use]
pub fn unknown_registry(name: &str) -> String {
    let name = name.escape_debug();
    format!("there is no registry `{name}`; add it to the registries, or give it with `--registry {name}=ADDRESS`")
}

/// A build of an image.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DockerBuild {
    /// What it is to be called.
    pub image: ImageName,
    /// Places of the Dockerfile, relative to the workspace; the first one that is there.
    pub dockerfiles: Vec<String>,
    /// The directory that the build sees, relative to the workspace; empty: the workspace.
    pub context: String,
    /// Values of `ARG`.
    pub build_args: Vec<(String, String)>,
    /// Files for `RUN --mount=type=secret`, by id.
    pub secrets: Vec<(String, String)>,
    /// The stage to stop at.
    pub target_stage: Option<String>,
    /// System and processor.
    pub platform: Option<String>,
    /// Build every layer again.
    pub no_cache: bool,
    /// Look for newer base images.
    pub pull: bool,
    /// Labels of the image.
    pub labels: Vec<(String, String)>,
    /// Images whose layers may be reused.
    pub cache_from: Vec<String>,
}

/// A command in a container.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DockerRun {
    /// In which image.
    pub image: ImageName,
    /// What to run; empty: the image's own.
    pub command: Vec<String>,
    /// The entry point; none: the image's own.
    pub entrypoint: Option<Vec<String>>,
    /// Environment in the container, beside that of the step.
    pub environment: Vec<(String, String)>,
    /// What it sees of the host.
    pub volumes: Vec<Mount>,
    /// Ports that lead to it.
    pub ports: Vec<Port>,
    /// Directory inside; a relative one lies below the step's directory in the workspace. None: the image's own.
    pub working_dir: Option<String>,
    /// Name of the container; none: one made from run and step.
    pub name: Option<String>,
    /// Network to join.
    pub network: Option<String>,
    /// User, or user and group.
    pub user: Option<String>,
    /// At most so many bytes of memory.
    pub memory: Option<u64>,
    /// At most so many billionths of a processor.
    pub nano_cpus: Option<u64>,
    /// The step ends when the container has started.
    pub detach: bool,
    /// The container is removed when it has ended.
    pub remove: bool,
    /// When the image is pulled first.
    pub pull: PullPolicy,
    /// System and processor.
    pub platform: Option<String>,
    /// Whether the workspace is there, under its own path.
    pub mount_workspace: bool,
}

/// When an image is pulled first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullPolicy {
    /// Where the daemon has it not.
    #[default]
    Missing,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// An image to a registry.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DockerPush {
    /// What it is to be called there.
    pub image: ImageName,
    /// The image of the context, `docker_image`, where there is one.
    pub built: Option<String>,
    /// The step means the image of the context itself, whatever it is to be called.
    pub is_built: bool,
    /// Every tag of the image.
    pub all_tags: bool,
    /// System and processor.
    pub platform: Option<String>,
}

impl DockerPush {
    /// The names under which the daemon may have what is pushed as `target`, the likeliest first: what an earlier step
    /// made, where that is meant; the name as the step gives it; the target itself.
    #[must_use]
    pub fn sources(&self, target: &Reference) -> Vec<Reference> {
        let bare = ImageName { tag: None, ..self.image.clone() };
        let written = Reference::parse(&self.image.image).ok().filter(|image| image.tag().is_some());
        let given = self.image.reference(None).ok();
        let without_project = image::join(None, None, &bare.image, self.image.tag.as_deref())
            .ok()
            .filter(|_| self.image.project.is_some());
        let candidates = [written, given, without_project, Some(target.clone())];
        let mut sources: Vec<Reference> = Vec::new();
        let built = self.built.as_deref().and_then(|built| Reference::parse(built).ok());
        let is_meant =
            |built: &Reference| self.is_built || candidates.iter().flatten().any(|candidate| candidate == built);
        for source in built.filter(is_meant).into_iter().chain(candidates.iter().flatten().cloned()) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
    }
}

/// An image from a registry.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DockerPull {
    /// Which.
    pub image: ImageName,
    /// Every tag of the image.
    pub all_tags: bool,
    /// System and processor.
    pub platform: Option<String>,
}

/// Where a shell text or a script runs that does not run on the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// In this image.
    pub image: Reference,
}
