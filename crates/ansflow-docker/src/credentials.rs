//! A registry's login as the docker command keeps it: `credHelpers`, then `credsStore`, then `auths` of its `config.json`.

mod config;
mod helper;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bollard::auth::DockerCredentials;
use zeroize::Zeroizing;

pub(crate) use self::config::{Config, key, same_registry};
use crate::environment::Environment;
use crate::error::{Error, Result};

/// A user and the password, or the token that stands for both. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// Name and password; or a robot's name and token.
    Password {
        /// Who.
        username: String,
        /// And how they prove it.
        password: Zeroizing<String>,
    },
    /// What a registry gave in exchange for a password.
    IdentityToken(Zeroizing<String>),
}

impl Login {
    /// Of a name and a password.
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Login {
        Login::Password { username: username.into(), password: Zeroizing::new(password.into()) }
    }

    pub(crate) fn for_daemon(&self, host: &str) -> DockerCredentials {
        let mut credentials = DockerCredentials { serveraddress: Some(key(host)), ..DockerCredentials::default() };
        match self {
            Login::Password { username, password } => {
                credentials.username = Some(username.clone());
                credentials.password = Some(password.to_string());
            }
            Login::IdentityToken(token) => credentials.identitytoken = Some(token.to_string()),
        }
        credentials
    }

    /// What no message may repeat.
    pub(crate) fn secret(&self) -> &str {
        match self {
            Login::Password { password: secret, .. } | Login::IdentityToken(secret) => secret,
        }
    }

    /// `user:password` in base64, as HTTP and `config.json` want it.
    pub(crate) fn basic(&self) -> Option<Zeroizing<String>> {
        match self {
            Login::Password { username, password } => {
                let both = Zeroizing::new(format!("{username}:{}", password.as_str()));
                Some(Zeroizing::new(STANDARD.encode(both.as_bytes())))
            }
            Login::IdentityToken(_) => None,
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Login::Password { username, .. } => write!(f, "Login({username}, …)"),
            Login::IdentityToken(_) => f.write_str("Login(token …)"),
        }
    }
}

/// The login that the user's docker command would use for a registry's host; none where it has none.
pub async fn find(environment: &Environment, host: &str) -> Result<Option<Login>> {
    let Some(folder) = environment.docker_config() else { return Ok(None) };
    let Some(config) = Config::read(&folder.join("config.json"))? else { return Ok(None) };
    let failed = |why: String| Error::Credentials { host: host.to_owned(), why };
    if let Some(name) = config.helper(host) {
        return helper::get(environment, name, &key(host)).await.map_err(failed);
    }
    config.login(host).map_err(failed)
}
