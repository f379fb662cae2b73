//! Opens the connection to a place, or says in words why there is none.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use bollard::models::SystemVersion;
use bollard::{API_DEFAULT_VERSION, BollardRequest, ClientVersion, Docker};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::places::{self, Place, Tls};
use crate::environment::Environment;
use crate::error::{root, said};

/// For a connection, and for the first answer.
const FIRST: Duration = Duration::from_secs(10);
/// Until the head of an answer is there. Some come only when all is done: a pull's first line waits for the registry, and
/// stopping waits as long as a container is given. Who wants less time drops the future.
const LATER: Duration = Duration::from_secs(24 * 3600);

/// A daemon that answered, with what it said of its version.
pub(super) async fn open(place: &Place, environment: &Environment) -> Result<(Docker, SystemVersion), String> {
    let version = wanted(environment)?;
    let docker = match place {
        Place::Unix { path } => unix(path, &version).await?,
        Place::Tcp { address, tls: None } => {
            reach(address).await?;
            Docker::connect_with_http(&format!("http://{address}"), FIRST.as_secs(), &version)
                .map_err(|error| said(error).1)?
        }
        Place::Tcp { address, tls: Some(files) } => {
            reach(address).await?;
            tls(address, files, &version)?
        }
    };
    let docker = docker.with_request_modifier(url_safe);
    let answer = async { docker.clone().negotiate_version().await?.version().await };
    let version = match timeout(FIRST, answer).await {
        Ok(Ok(version)) => version,
        Ok(Err(error)) => return Err(why(error)),
        Err(_) => return Err(format!("does not answer within {} s", FIRST.as_secs())),
    };
    Ok((docker.with_timeout(LATER), version))
}

/// The newest version to speak: ours, or an older one that the user asks for.
fn wanted(environment: &Environment) -> Result<ClientVersion, String> {
    let Some(text) = environment.get("DOCKER_API_VERSION") else { return Ok(*API_DEFAULT_VERSION) };
    let (major_version, minor_version) =
        places::api(text).ok_or_else(|| format!("cannot be spoken to: DOCKER_API_VERSION `{text}` is no version"))?;
    Ok(ClientVersion { major_version, minor_version })
}

async fn unix(path: &Path, version: &ClientVersion) -> Result<Docker, String> {
    match timeout(FIRST, UnixStream::connect(path)).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => return Err(refusal(&error)),
        Err(_) => return Err("does not take connections".to_owned()),
    }
    let path = path.to_str().ok_or("has a path that is no text")?;
    Docker::connect_with_unix(path, FIRST.as_secs(), version).map_err(|error| said(error).1)
}

async fn reach(address: &str) -> Result<(), String> {
    match timeout(FIRST, TcpStream::connect(address)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(refusal(&error)),
        Err(_) => Err("does not answer in time".to_owned()),
    }
}

fn refusal(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "is not there".to_owned(),
        ErrorKind::PermissionDenied => {
            "may not be used by this user: permission denied (add the user to the group docker)".to_owned()
        }
        ErrorKind::ConnectionRefused => "is there and nothing listens on it: is the daemon running?".to_owned(),
        _ if error.to_string().contains("lookup") => format!("has a name without an address: {error}"),
        _ => format!("cannot be connected to: {error}"),
    }
}

fn tls(address: &str, files: &Tls, version: &ClientVersion) -> Result<Docker, String> {
    let file = |name: &str| files.folder.join(name);
    for name in ["ca.pem", "cert.pem", "key.pem"] {
        std::fs::metadata(file(name)).map_err(|error| format!("needs {}: {error}", file(name).display()))?;
    }
    let (key, cert, ca) = (file("key.pem"), file("cert.pem"), file("ca.pem"));
    Docker::connect_with_ssl(&format!("https://{address}"), &key, &cert, &ca, FIRST.as_secs(), version)
        .map_err(|error| format!("has no TLS connection: {}", said(error).1))
}

fn why(error: bollard::errors::Error) -> String {
    use bollard::errors::Error as Theirs;
    match error {
        Theirs::DockerResponseServerError { status_code, message } => {
            format!("answers {status_code}, which is no Docker daemon's answer: {}", crate::error::one_line(&message))
        }
        Theirs::JsonDataError { .. } | Theirs::JsonSerdeError { .. } => "answers, and is no Docker daemon".to_owned(),
        other => format!("does not answer as a Docker daemon: {}", root(&other)),
    }
}

/// The daemon reads logins in the URL's alphabet of base64; bollard writes them in the other, so that a password with a
/// `?` or `~` in the wrong place would be none.
fn url_safe(mut request: BollardRequest) -> BollardRequest {
    for name in ["X-Registry-Auth", "X-Registry-Config"] {
        let Some(value) = request.headers_mut().get_mut(name) else { continue };
        let text = value.to_str().unwrap_or_default().replace('+', "-").replace('/', "_");
        if let Ok(mut mended) = text.parse::<reqwest::header::HeaderValue>() {
            mended.set_sensitive(true);
            *value = mended;
        }
    }
    request
}
