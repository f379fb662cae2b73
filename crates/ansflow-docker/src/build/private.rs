//! A folder that only we can look into, for what no argument may say: secrets and logins. It goes when it is dropped.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::Build;
use crate::credentials::{Config, Login, key, same_registry};
use crate::environment::Environment;
use crate::error::{Error, Result};

/// Memory: what is in it is on no disk, whatever happens to us.
const MEMORY: &str = "/dev/shm";

pub(super) struct Private {
    folder: TempDir,
}

impl Private {
    pub(super) fn new(scratch: Option<&Path>) -> Result<Private> {
        let memory = Path::new(MEMORY);
        let place = match scratch {
            Some(place) => place.to_owned(),
            None if memory.is_dir() => memory.to_owned(),
            None => std::env::temp_dir(),
        };
        let folder = tempfile::Builder::new()
            .prefix("ansflow-build-")
            .permissions(std::fs::Permissions::from_mode(0o700))
            .tempdir_in(&place)
            .map_err(|error| Error::file(place, "written to", &error))?;
        Ok(Private { folder })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The file of each secret.
    pub(super) fn secrets(&self, build: &Build) -> Result<Vec<(String, PathBuf)>> {
        let write = |(index, (id, value)): (usize, &(String, Zeroizing<String>))| {
            let file = self.path(&format!("secret-{index}"));
            write(&file, value.as_bytes())?;
            Ok((id.clone(), file))
        };
        build.secrets.iter().enumerate().map(write).collect()
    }

    /// A folder of the docker command's settings that has these logins too, and what the user's own says besides.
    pub(super) fn docker_config(&self, environment: &Environment, logins: &[(String, Login)]) -> Result<PathBuf> {
        let folder = self.path("config");
        std::fs::create_dir(&folder).map_err(|error| Error::file(&folder, "written", &error))?;
        let own = environment.docker_config().map(|own| own.join("config.json"));
        let text = own.as_deref().and_then(|file| std::fs::read(file).ok()).map(Zeroizing::new);
        let mut all =
            text.and_then(|text| serde_json::from_slice::<Map<String, Value>>(&text).ok()).unwrap_or_default();
        let known = own.as_deref().map(Config::read).transpose()?.flatten().unwrap_or_default();
        // A store for all hosts would be asked before what we write: it keeps the hosts that it has.
        let mut helpers = known.cred_helpers.clone();
        if let Some(store) = known.creds_store.clone().filter(|store| !store.is_empty()) {
            let kept = known.auths.iter().filter(|(_, entry)| !entry.is_filled()).map(|(host, _)| host);
            for host in kept {
                helpers.entry(host.clone()).or_insert_with(|| store.clone());
            }
        }
        helpers.retain(|name, _| !logins.iter().any(|(host, _)| same_registry(name, host)));
        let mut auths = all.remove("auths").and_then(|auths| auths.as_object().cloned()).unwrap_or_default();
        auths.retain(|name, _| !logins.iter().any(|(host, _)| same_registry(name, host)));
        for (host, login) in logins {
            let entry = match login {
                Login::IdentityToken(token) => json!({ "identitytoken": token.as_str() }),
                Login::Password { .. } => json!({ "auth": login.basic().as_deref().map(String::as_str) }),
            };
            auths.insert(key(host), entry);
        }
        all.remove("credsStore");
        // Which daemon is spoken to is said in DOCKER_HOST.
        all.remove("currentContext");
        all.insert("auths".to_owned(), Value::Object(auths));
        all.insert("credHelpers".to_owned(), json!(helpers));
        let text = Zeroizing::new(Value::Object(all).to_string());
        write(&folder.join("config.json"), text.as_bytes())?;
        Ok(folder)
    }
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let open = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    open.and_then(|mut open| open.write_all(bytes)).map_err(|error| Error::file(file, "written", &error))
}
