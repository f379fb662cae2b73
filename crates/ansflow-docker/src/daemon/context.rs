//! The docker command's contexts: `contexts/meta/<sha256 of the name>/meta.json` in its folder of settings.

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::places::{self, Place, Tls};
use crate::environment::Environment;
use crate::error::{Error, Result};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    #[serde(default)]
    endpoints: Endpoints,
}

#[derive(Deserialize, Default)]
struct Endpoints {
    docker: Option<Endpoint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    #[serde(default)]
    host: String,
    #[serde(default, rename = "SkipTLSVerify")]
    skip_tls_verify: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Config {
    current_context: Option<String>,
}

/// Where the context leads that is in use. None is in use, or the one named `default`: then nothing was named.
pub(super) fn named(environment: &Environment) -> Result<Option<Place>> {
    let Some(folder) = environment.docker_config() else { return Ok(None) };
    let (name, origin) = match environment.get("DOCKER_CONTEXT") {
        Some(name) => (name.to_owned(), "DOCKER_CONTEXT".to_owned()),
        None => match current(&folder)? {
            Some(name) => (name, folder.join("config.json").display().to_string()),
            None => return Ok(None),
        },
    };
    if name == "default" {
        return Ok(None);
    }
    read(&folder, &name, &format!("the Docker context `{name}` (of {origin})")).map(Some)
}

fn current(folder: &Path) -> Result<Option<String>> {
    let file = folder.join("config.json");
    let text = match std::fs::read(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::file(file, "read", &error)),
    };
    let config: Config = serde_json::from_slice(&text).map_err(|error| Error::File {
        path: file,
        verb: "read",
        why: format!("it is no JSON as expected: {error}"),
    })?;
    Ok(config.current_context.filter(|name| !name.is_empty()))
}

fn read(folder: &Path, name: &str, origin: &str) -> Result<Place> {
    let no = |why: String| Error::Address { origin: origin.to_owned(), why };
    let id: String = Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let file = folder.join("contexts/meta").join(&id).join("meta.json");
    let text = std::fs::read(&file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => no("there is no such context: `docker context ls` lists them".to_owned()),
        _ => no(format!("{} could not be read: {error}", file.display())),
    })?;
    let meta: Meta =
        serde_json::from_slice(&text).map_err(|error| no(format!("{} is damaged: {error}", file.display())))?;
    let endpoint = meta.endpoints.docker.ok_or_else(|| no("it has no Docker endpoint".to_owned()))?;
    if endpoint.skip_tls_verify {
        return Err(no("it does not verify the daemon's certificate, which AnsFlow always does".to_owned()));
    }
    let tls = folder.join("contexts/tls").join(&id).join("docker");
    let tls = tls.is_dir().then_some(Tls { folder: tls });
    places::parse(&endpoint.host, tls, origin)
}
