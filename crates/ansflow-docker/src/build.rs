//! Building images: with BuildKit by the docker command where that is here, else by the daemon's classic builder.

mod classic;
mod command;
mod context;
mod dockerfile;
mod failure;
mod ignore;
mod plain;
mod private;
mod throttle;

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

pub use self::failure::{BuildFailure, FailedStep};
use crate::credentials::Login;
use crate::daemon::Daemon;
use crate::error::{Error, Result};
use crate::image;
use crate::labels::Labels;
use crate::progress::OnLine;
use crate::transfer;

/// What is to be built. `Build::new(context)` and what differs.
#[derive(Clone, Default)]
pub struct Build {
    /// The folder that the Dockerfile may copy from.
    pub context: PathBuf,
    /// The Dockerfile, from the context or absolute; `Dockerfile` where there is none.
    pub dockerfile: Option<PathBuf>,
    /// The names that the image gets.
    pub tags: Vec<String>,
    /// Build arguments. They are in the image's history: a secret belongs into [`Build::secrets`].
    pub args: Vec<(String, String)>,
    /// The stage at which to stop.
    pub target: Option<String>,
    /// `linux/arm64`; the daemon's own where there is none.
    pub platform: Option<String>,
    /// Whether nothing is taken from earlier builds.
    pub no_cache: bool,
    /// Whether base images are pulled even when they are there.
    pub pull: bool,
    /// The image's labels.
    pub labels: Labels,
    /// Images whose layers may be used as cache.
    pub cache_from: Vec<String>,
    /// What `RUN` has: `none`, `host`, `default`, or with the classic builder the name of a network.
    pub network: Option<String>,
    /// Files at `/run/secrets/ID` while an instruction that asks for them runs; BuildKit's.
    pub secrets: Vec<(String, Zeroizing<String>)>,
    /// Logins for the registries of base images, by host.
    pub logins: Vec<(String, Login)>,
    /// Where a private folder for secrets and logins may be made; memory where there is none.
    pub scratch: Option<PathBuf>,
}

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The image.
    pub image: transfer::Local,
    /// Who built it.
    pub builder: Builder,
}

/// Who builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Builder {
    /// The buildx plugin, with BuildKit.
    Buildx(PathBuf),
    /// A docker command that has BuildKit itself: before version 23.
    Docker(PathBuf),
    /// The daemon's classic builder, through its API.
    Classic,
}

/// Values of arguments may be secrets, and secrets are.
impl std::fmt::Debug for Build {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Build").field("context", &self.context).field("tags", &self.tags).finish_non_exhaustive()
    }
}

/// A build whose values were checked, with its files found.
struct Checked<'a> {
    build: &'a Build,
    context: PathBuf,
    dockerfile: PathBuf,
}

impl Build {
    /// Of a folder.
    pub fn new(context: impl Into<PathBuf>) -> Build {
        Build { context: context.into(), ..Build::default() }
    }

    fn check(&self) -> Result<Checked<'_>> {
        self.tags.iter().try_for_each(|name| image::new_name(name).map(drop))?;
        self.cache_from.iter().try_for_each(|name| image::reference(name).map(drop))?;
        let is_word = |text: &str| {
            text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
        };
        let word = |what, text: &str| match is_word(text) {
            true => Ok(()),
            false => Err(Error::invalid(what, text, "letters, digits, `_`, `.` and `-` make one")),
        };
        self.args.iter().try_for_each(|(name, _)| word("the build argument", name))?;
        self.secrets.iter().try_for_each(|(id, _)| word("the secret's name", id))?;
        self.target.as_deref().map_or(Ok(()), |target| word("the target stage", target))?;
        self.network.as_deref().map_or(Ok(()), |network| word("the network", network))?;
        if let Some(platform) = self.platform.as_deref().filter(|text| !text.split('/').all(is_word)) {
            return Err(Error::invalid("the platform", platform, "it is like `linux/arm64`"));
        }
        if let Some((host, _)) = self.logins.iter().find(|(host, _)| !image::is_host(host)) {
            return Err(Error::invalid("the registry", host, "it is no host name with an optional port"));
        }
        if let Some(name) = self.labels.keys().find(|name| name.is_empty() || name.contains(['=', '\n'])) {
            return Err(Error::invalid("the label", name, "a name is not empty and has no `=`"));
        }
        let context = folder(&self.context)?;
        let dockerfile = self.dockerfile.as_deref().unwrap_or(Path::new("Dockerfile"));
        Ok(Checked { build: self, dockerfile: file(&context.join(dockerfile))?, context })
    }
}

/// Builds, saying what the build says.
pub async fn build(daemon: &Daemon, build: &Build, on_line: &mut OnLine<'_>) -> Result<Built> {
    let builder = builder(daemon).await;
    build_with(daemon, build, builder, on_line).await
}

/// Who would build here.
pub async fn builder(daemon: &Daemon) -> Builder {
    // BuildKit is Docker's; what Podman's socket offers is the classic API.
    if daemon.about().is_podman { Builder::Classic } else { command::find(daemon.environment()).await }
}

/// Builds with a certain builder.
pub async fn build_with(daemon: &Daemon, build: &Build, builder: Builder, on_line: &mut OnLine<'_>) -> Result<Built> {
    let checked = build.check()?;
    let id = match &builder {
        Builder::Buildx(program) => command::build(daemon, &checked, program, true, on_line).await?,
        Builder::Docker(program) => command::build(daemon, &checked, program, false, on_line).await?,
        Builder::Classic => classic::build(daemon, &checked, on_line).await?,
    };
    let mut image = transfer::inspect(daemon, &id).await;
    // A builder beside the daemon may number images in its own way: then the name says which it is.
    if let (Err(Error::NoImage { .. }), Some(tag)) = (&image, build.tags.first()) {
        image = transfer::inspect(daemon, tag).await;
    }
    Ok(Built { image: image?, builder })
}

fn folder(path: &Path) -> Result<PathBuf> {
    let found = path.canonicalize().map_err(|error| Error::file(path, "used as build context", &error))?;
    match found.is_dir() {
        true => Ok(found),
        false => Err(Error::File { path: found, verb: "used as build context", why: "it is no folder".to_owned() }),
    }
}

fn file(path: &Path) -> Result<PathBuf> {
    let found = path.canonicalize().map_err(|error| Error::file(path, "used as Dockerfile", &error))?;
    match found.is_file() {
        true => Ok(found),
        false => Err(Error::File { path: found, verb: "used as Dockerfile", why: "it is no file".to_owned() }),
    }
}
