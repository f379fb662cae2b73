//! The docker command's `config.json`: what it says of logins, and nothing else of it.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::Login;
use crate::error::{Error, Result};

/// Under this key logins to Docker Hub are kept, whatever the Hub's host is called today.
const HUB_KEY: &str = "https://index.docker.io/v1/";
const HUB_NAMES: [&str; 4] = ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

/// What of it is read.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Config {
    #[serde(default)]
    pub(crate) auths: BTreeMap<String, Entry>,
    #[serde(default)]
    pub(crate) creds_store: Option<String>,
    #[serde(default)]
    pub(crate) cred_helpers: BTreeMap<String, String>,
}

/// A login in the file itself; empty where a helper keeps it.
#[derive(Deserialize, Default)]
pub(crate) struct Entry {
    auth: Option<Zeroizing<String>>,
    username: Option<String>,
    password: Option<Zeroizing<String>>,
    identitytoken: Option<Zeroizing<String>>,
}

impl Config {
    /// Reads the file; none where there is none.
    pub(crate) fn read(file: &Path) -> Result<Option<Config>> {
        let text = match std::fs::read(file) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file(file, "read", &error)),
        };
        // The words of the reader could repeat what it read.
        let place = |error: serde_json::Error| Error::File {
            path: file.to_owned(),
            verb: "read",
            why: format!("line {}, column {} is no JSON as expected", error.line(), error.column()),
        };
        serde_json::from_slice(&text).map(Some).map_err(place)
    }

    /// The helper that keeps the login of a host.
    pub(crate) fn helper(&self, host: &str) -> Option<&str> {
        let own = self.cred_helpers.iter().find(|(name, _)| same_registry(name, host)).map(|(_, helper)| helper);
        own.or(self.creds_store.as_ref()).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The login that stands in the file.
    pub(crate) fn login(&self, host: &str) -> Result<Option<Login>, String> {
        let exact = self.auths.get(&key(host));
        let entry = exact.or_else(|| self.auths.iter().find(|(name, _)| same_registry(name, host)).map(|(_, e)| e));
        entry.map_or(Ok(None), Entry::login)
    }
}

impl Entry {
    /// Whether a login stands in the file, and not with a helper.
    pub(crate) fn is_filled(&self) -> bool {
        self.auth.is_some() || self.identitytoken.is_some() || self.password.is_some()
    }

    fn login(&self) -> Result<Option<Login>, String> {
        let filled = |text: &Option<Zeroizing<String>>| text.clone().filter(|text| !text.is_empty());
        if let Some(token) = filled(&self.identitytoken) {
            return Ok(Some(Login::IdentityToken(token)));
        }
        if let Some(auth) = filled(&self.auth) {
            let no = || "`auth` in config.json is not `user:password` in base64".to_owned();
            let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
            let bytes = Zeroizing::new(GeneralPurpose::new(&STANDARD, lenient).decode(auth.trim()).map_err(|_| no())?);
            let both = std::str::from_utf8(&bytes).map_err(|_| no())?;
            let (username, password) = both.split_once(':').ok_or_else(no)?;
            return Ok(Some(Login::new(username, password.trim_end_matches('\0'))));
        }
        match (&self.username, filled(&self.password)) {
            (Some(username), Some(password)) => Ok(Some(Login::Password { username: username.clone(), password })),
            _ => Ok(None),
        }
    }
}

/// The key under which a host's login is kept.
pub(crate) fn key(host: &str) -> String {
    if HUB_NAMES.contains(&host) { HUB_KEY.to_owned() } else { host.to_owned() }
}

/// Whether a key of the file means a host: older docker commands wrote whole URLs.
pub(crate) fn same_registry(name: &str, host: &str) -> bool {
    let bare = name.trim_start_matches("https://").trim_start_matches("http://");
    let bare = bare.split('/').next().unwrap_or_default();
    bare == host || (HUB_NAMES.contains(&bare) && HUB_NAMES.contains(&host))
}
