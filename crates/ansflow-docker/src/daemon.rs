//! A Docker daemon, or Podman's, found as the docker command finds it.

mod context;
mod places;
mod transport;

use std::fmt;
use std::path::PathBuf;

use bollard::Docker;

pub use self::places::{Place, Tls};
use crate::environment::Environment;
use crate::error::{Error, Result};

/// The oldest API that is spoken: Docker 20.10, Podman 4.
const OLDEST: (usize, usize) = (1, 41);

/// A daemon that answered, and where it is.
#[derive(Debug, Clone)]
pub struct Daemon {
    pub(crate) docker: Docker,
    place: Place,
    about: About,
    environment: Environment,
}

/// What a daemon says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its version: `20.10.24`.
    pub version: String,
    /// The API that is spoken with it: `1.41`.
    pub api: String,
    /// `linux/amd64`.
    pub platform: String,
    /// Whether it is Podman's.
    pub is_podman: bool,
}

/// A place where a daemon was looked for, and why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Its address.
    pub place: String,
    /// Why it was not that.
    pub why: String,
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.why)
    }
}

impl Daemon {
    /// The daemon that the environment names, else the first that answers at one of the usual places.
    pub async fn connect(environment: &Environment) -> Result<Daemon> {
        let mut tried = Vec::new();
        for place in places::of(environment)? {
            match transport::open(&place, environment).await {
                Ok((docker, version)) => return Daemon::new(docker, place, &version, environment),
                Err(why) => tried.push(Tried { place: place.to_string(), why }),
            }
        }
        Err(Error::NoDaemon { tried })
    }

    fn new(
        docker: Docker,
        place: Place,
        version: &bollard::models::SystemVersion,
        environment: &Environment,
    ) -> Result<Daemon> {
        let theirs = version.api_version.clone().unwrap_or_default();
        if places::api(&theirs).is_none_or(|theirs| theirs < OLDEST) {
            return Err(Error::TooOld { place: place.to_string(), theirs });
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut parts = version.components.iter().flatten();
        let about = About {
            version: text(&version.version),
            api: docker.client_version().to_string(),
            platform: format!("{}/{}", text(&version.os), text(&version.arch)),
            is_podman: parts.any(|part| part.name.contains("Podman")),
        };
        Ok(Daemon { docker, place, about, environment: environment.clone() })
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What it said of itself when it was connected to.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// What it was found by.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Whether it is some user's own: then who is root in a container is that user outside.
    pub async fn is_rootless(&self) -> Result<bool> {
        let info = self.docker.info().await.map_err(|error| Error::daemon("asking how it runs", error))?;
        Ok(info.security_options.iter().flatten().any(|option| option.contains("rootless")))
    }

    /// The socket that is this daemon, where it is one: what no container may be handed without being asked.
    pub fn socket(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Unix { path, .. } => Some(path.clone()),
            Place::Tcp { .. } => None,
        }
    }
}
