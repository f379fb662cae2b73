//! Where a daemon may be, in the docker command's order: what was named, and only else the usual sockets.

use std::fmt;
use std::path::{Path, PathBuf};

use super::context;
use crate::environment::Environment;
use crate::error::{Error, Result};

/// The address of a daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A socket of this machine.
    Unix {
        /// Its file.
        path: PathBuf,
    },
    /// A port.
    Tcp {
        /// `host:port`.
        address: String,
        /// How it is secured; not at all where there is none.
        tls: Option<Tls>,
    },
}

/// The files that a connection over TLS is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The folder of `ca.pem`, `cert.pem` and `key.pem`.
    pub folder: PathBuf,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Unix { path } => write!(f, "unix://{}", path.display()),
            Place::Tcp { address, .. } => write!(f, "tcp://{address}"),
        }
    }
}

/// The places to look at.
pub(super) fn of(environment: &Environment) -> Result<Vec<Place>> {
    if let Some(host) = environment.get("DOCKER_HOST") {
        return Ok(vec![parse(host, tls(environment), "DOCKER_HOST")?]);
    }
    match context::named(environment)? {
        Some(place) => Ok(vec![place]),
        None => Ok(usual(environment)),
    }
}

fn usual(environment: &Environment) -> Vec<Place> {
    let own = environment.get("XDG_RUNTIME_DIR").map(Path::new);
    let sockets = [
        Some(PathBuf::from("/var/run/docker.sock")),
        own.map(|folder| folder.join("docker.sock")),
        own.map(|folder| folder.join("podman/podman.sock")),
        Some(PathBuf::from("/run/podman/podman.sock")),
    ];
    sockets.into_iter().flatten().map(|path| Place::Unix { path }).collect()
}

/// What `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` ask for. `DOCKER_TLS` alone would trust anybody: here it verifies too.
fn tls(environment: &Environment) -> Option<Tls> {
    environment.get("DOCKER_TLS_VERIFY").or_else(|| environment.get("DOCKER_TLS"))?;
    let folder = environment.get("DOCKER_CERT_PATH").map(PathBuf::from).or_else(|| environment.docker_config())?;
    Some(Tls { folder })
}

/// Reads an address as it stands in `DOCKER_HOST` or in a context.
pub(super) fn parse(host: &str, tls: Option<Tls>, origin: &str) -> Result<Place> {
    let no = |why: String| Error::Address { origin: origin.to_owned(), why };
    let (scheme, rest) = host.split_once("://").unwrap_or(("tcp", host));
    match scheme {
        "unix" if rest.starts_with('/') => Ok(Place::Unix { path: PathBuf::from(rest) }),
        "unix" => Err(no(format!("`{host}` has no absolute path: write unix:///var/run/docker.sock"))),
        "tcp" | "http" | "https" => {
            let address = rest.trim_end_matches('/');
            if address.contains('/') || !crate::image::is_host(address) {
                return Err(no(format!("`{}` is no host with a port", without_login(host))));
            }
            let port = if tls.is_some() { 2376 } else { 2375 };
            let has_port = address.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
            let address = if has_port { address.to_owned() } else { format!("{address}:{port}") };
            Ok(Place::Tcp { address, tls })
        }
        "ssh" => Err(no(format!(
            "`{}` goes by SSH, which is not supported: forward the socket (ssh -L) or use tcp:// with TLS",
            without_login(host)
        ))),
        "npipe" => Err(no("`npipe://` is Windows' own: use unix:// or tcp://".to_owned())),
        "fd" => Err(no("`fd://` is what a daemon listens on, not where it is reached".to_owned())),
        other => Err(no(format!("`{other}://` is not an address of a Docker daemon: use unix:// or tcp://"))),
    }
}

/// An address may hold a password, which no message repeats.
fn without_login(host: &str) -> String {
    match (host.find("://"), host.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}…{}", &host[..scheme + 3], &host[at..]),
        (None, Some(at)) => format!("…{}", &host[at..]),
        _ => host.to_owned(),
    }
}

/// A version of the API.
pub(super) fn api(version: &str) -> Option<(usize, usize)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
