//! Mail: one message to all recipients, plain text in UTF-8, by a server that an administrator names.

pub(super) mod letter;
mod url;

use std::time::Duration;

use ansflow_core::mask::Masker;
use jiff::Timestamp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use serde::{Deserialize, Serialize};

use super::guard::Guard;
use super::{Message, SendError};

/// Said where mail is to be sent and nobody has said how.
pub const NO_SERVER: &str =
    "no mail server is known: name one in the settings, or in ANSFLOW_SMTP_URL for `ansflow run`";

/// For all of it.
const TIMEOUT: Duration = Duration::from_secs(30);
/// For each answer of the server.
const PATIENCE: Duration = Duration::from_secs(10);

/// How mail leaves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept secret.
    pub security: Security,
    /// Whom to sign in as; empty: nobody.
    pub username: String,
    /// The password.
    pub password: String,
    /// Sender, `ci@example.com` or `AnsFlow <ci@example.com>`.
    pub from: String,
}

/// How a connection to a mail server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything is said; without it nothing is.
    Starttls,
    /// Not at all: for a server on the same machine or in a network of one's own.
    None,
}

/// Sends one message to all of them: to whom it went.
pub(super) async fn send(
    server: &MailServer,
    message: &Message,
    to: &[String],
    now: Timestamp,
) -> Result<String, SendError> {
    let letter = letter::write(message, &server.from, to, now).map_err(SendError::Refused)?;
    let masker = Masker::new([&server.password]);
    let place = format!("the mail server {}:{}", server.host, server.port);
    let hide = |why: &str| masker.mask(&format!("{place} {why}")).into_owned();
    let late = || SendError::Unreachable(hide(&format!("did not finish within {TIMEOUT:?}")));
    match tokio::time::timeout(TIMEOUT, deliver(server, letter)).await {
        Ok(Ok(())) => Ok(to.join(", ")),
        Ok(Err(SendError::Refused(why))) => Err(SendError::Refused(hide(&why))),
        Ok(Err(SendError::Unreachable(why))) => Err(SendError::Unreachable(hide(&why))),
        Err(_) => Err(late()),
    }
}

/// To the first of the server's addresses that answers. What went wrong reads on after the server's name.
async fn deliver(server: &MailServer, letter: lettre::Message) -> Result<(), SendError> {
    // An administrator names the server, and one on this machine is ordinary.
    let found = Guard::new(true).addresses(&server.host, server.port).await;
    let addresses = found.map_err(|error| SendError::Unreachable(format!("could not be found: {error}")))?;
    let mut unreachable = "has no address".to_owned();
    for address in addresses {
        let sent = transport(server, &address.ip().to_string())?.send(letter.clone()).await;
        let error = match sent {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        if error.is_permanent() || error.is_transient() {
            return Err(SendError::Refused(format!("said no: {}", cause(&error))));
        }
        if error.is_client() || error.is_tls() || error.is_response() {
            return Err(SendError::Refused(format!("could not be spoken with: {}", cause(&error))));
        }
        unreachable = format!("could not be reached: {}", cause(&error));
    }
    Err(SendError::Unreachable(unreachable))
}

fn transport(server: &MailServer, address: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
    let tls = || {
        let parameters = TlsParameters::new(server.host.clone());
        parameters.map_err(|error| SendError::Refused(format!("cannot be spoken with in secret: {error}")))
    };
    let tls = match server.security {
        Security::Tls => Tls::Wrapper(tls()?),
        Security::Starttls => Tls::Required(tls()?),
        Security::None => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address)
        .port(server.port)
        .tls(tls)
        .hello_name(ClientId::default())
        .timeout(Some(PATIENCE));
    if !server.username.is_empty() {
        builder = builder.credentials(Credentials::new(server.username.clone(), server.password.clone()));
    }
    Ok(builder.build())
}

/// Why, in the words of the deepest cause.
fn cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string().chars().filter(|c| !c.is_control()).collect()
}

impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailServer({}:{}, {:?}, [hidden])", self.host, self.port, self.security)
    }
}
