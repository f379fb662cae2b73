//! Which server, and with which token: `$XDG_CONFIG_HOME/ansflow/config.toml`, mode 0600.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::cli::remote::RemoteArgs;
use crate::exit::Refused;
use crate::state::write_private;

/// What `ansflow login` has left.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The server that is meant where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) server: Option<String>,
    /// Its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
}

/// A server, and who we are there.
#[derive(Clone)]
pub(crate) struct Remote {
    /// `http://host:port`, without a slash at the end.
    pub(crate) server: String,
    /// An API token.
    pub(crate) token: Option<String>,
}

impl Config {
    /// The user's own; nothing where there is none yet.
    pub(crate) fn read() -> Result<Self> {
        let path = path()?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(other) => return Err(other).with_context(|| format!("failed to read `{}`", path.display())),
        };
        toml::from_str(&text).with_context(|| Refused::invalid(format!("`{}` cannot be understood", path.display())))
    }

    /// Keeps it, for its owner's eyes only.
    pub(crate) fn write(&self) -> Result<()> {
        let path = path()?;
        let folder = path.parent().expect("it is a file in a folder");
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("failed to make the folder `{}`", folder.display()))?;
        let text = toml::to_string(self).map_err(std::io::Error::other);
        let written = text.and_then(|text| write_private(&path, text.as_bytes()));
        written.with_context(|| format!("failed to write `{}`", path.display()))
    }

    /// The server that is meant: by a flag or the environment, else the last login's. Its token goes to no other one.
    pub(crate) fn remote(&self, args: &RemoteArgs) -> Result<Remote> {
        let stored = self.server.as_deref();
        let server = args.server.as_deref().or(stored).ok_or_else(|| {
            Refused::invalid("no server is named").help("`ansflow login --server URL`, or set ANSFLOW_SERVER")
        })?;
        let server = address(server)?;
        let own = self.token.clone().filter(|_| stored == Some(server.as_str()));
        Ok(Remote { token: args.token()?.or(own), server })
    }
}

/// An address as it is kept.
pub(crate) fn address(text: &str) -> Result<String> {
    let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let wrong = || Refused::invalid(format!("`{text}` is no address of a server")).help("write https://HOST[:PORT]");
    let url = reqwest::Url::parse(&full).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || !url.username().is_empty() {
        return Err(wrong().into());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn path() -> Result<PathBuf> {
    let folder = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
    let folder = folder.ok_or_else(|| {
        Refused::invalid("there is no place for settings: neither XDG_CONFIG_HOME nor HOME is set")
            .help("set XDG_CONFIG_HOME to a folder of yours, or give --server and --token")
    })?;
    Ok(folder.join("ansflow/config.toml"))
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Config({:?}, [hidden])", self.server)
    }
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Remote({}, [hidden])", self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_token_goes_to_no_other_server() {
        let config = Config { server: Some("https://ci.example.com".into()), token: Some("ansf_x".into()) };
        let remote = |server: Option<&str>| {
            let args = RemoteArgs { server: server.map(str::to_owned), ..RemoteArgs::default() };
            config.remote(&args).unwrap().token
        };
        assert_eq!(remote(None).as_deref(), Some("ansf_x"));
        assert_eq!(remote(Some("https://ci.example.com/")).as_deref(), Some("ansf_x"));
        assert_eq!(remote(Some("http://ci.example.com")), None);
        assert_eq!(remote(Some("https://evil.example.com")), None);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in ["ftp://x", "https://", "https://u:p@h", "::"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
        assert_eq!(address("127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
    }
}
