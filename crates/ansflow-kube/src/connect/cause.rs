//! Why a cluster was not reached, in one sentence: what stood behind an error of a connection.

use super::peer::Presented;
use std::error::Error as _;
use std::io;

/// Why a cluster was not reached, or did not answer as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host}: {why}")]
pub struct Trouble {
    /// Whom we asked: host and port.
    pub host: String,
    /// What went wrong.
    pub why: Why,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The name has no address.
    #[error("the name `{0}` has no address; check the server's name, and this machine's DNS")]
    Dns(String),
    /// Nobody listens there.
    #[error("nobody listens at {0} (connection refused)")]
    Refused(String),
    /// Nothing came in time: what was waited for, and for how many seconds.
    #[error("no answer after {seconds} s while {doing}")]
    TimedOut {
        /// `connecting`.
        doing: &'static str,
        /// How long.
        seconds: u64,
    },
    /// Its certificate is not accepted, or ours is not.
    #[error("TLS: {why}{}", .presented.as_ref().map(|it| format!("; {it}")).unwrap_or_default())]
    Tls {
        /// In words.
        why: String,
        /// The certificate that was shown, if one was.
        presented: Option<Box<Presented>>,
    },
    /// 401.
    #[error("the credential is not accepted (401{0})")]
    Unauthorized(String),
    /// Something answered, but no Kubernetes.
    #[error("no Kubernetes answers there: {0}")]
    NotKubernetes(String),
    /// The way there, not the cluster.
    #[error("proxy: {0}")]
    Proxy(String),
    /// An address that is not asked.
    #[error("{0}; such addresses are not asked")]
    Guard(String),
    /// The connection ended in the middle.
    #[error("the connection broke ({0})")]
    Broken(String),
    /// What we have to prove who we are cannot be used.
    #[error("the credential cannot be used: {0}")]
    Credential(String),
    /// Anything else, in the words of who said it.
    #[error("{0}")]
    Other(String),
}

impl Trouble {
    /// Of a host.
    #[must_use]
    pub fn new(host: impl Into<String>, why: Why) -> Trouble {
        Trouble { host: host.into(), why }
    }

    /// Its word, as it is stored: `dns`, `refused`, `timed_out`, …
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.why {
            Why::Dns(_) => "dns",
            Why::Refused(_) => "refused",
            Why::TimedOut { .. } => "timed_out",
            Why::Tls { .. } => "tls",
            Why::Unauthorized(_) => "unauthorized",
            Why::NotKubernetes(_) => "not_kubernetes",
            Why::Proxy(_) => "proxy",
            Why::Guard(_) => "guard",
            Why::Broken(_) => "broken",
            Why::Credential(_) => "credential",
            Why::Other(_) => "other",
        }
    }

    /// Whether it may be over the next time, though nothing of the settings changes: nobody answered at all.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self.why,
            Why::Dns(_)
                | Why::Refused(_)
                | Why::TimedOut { .. }
                | Why::Proxy(_)
                | Why::Broken(_)
                | Why::Other(_)
                | Why::NotKubernetes(_)
        )
    }

    /// What stands behind an error of the client.
    pub(crate) fn of(host: &str, error: &(dyn std::error::Error + 'static)) -> Trouble {
        let mut at = Some(error);
        let mut last = error.to_string();
        while let Some(error) = at {
            if let Some(trouble) = error.downcast_ref::<Trouble>() {
                return trouble.clone();
            }
            if let Some(why) = error.downcast_ref::<hyper::Error>().and_then(of_http) {
                return Trouble::new(host, why);
            }
            last = error.to_string();
            at = match error.downcast_ref::<io::Error>() {
                // Its own source is that of what it wraps, which would be passed over.
                Some(io) => match io.get_ref().filter(|_| io.kind() == io::ErrorKind::Other) {
                    Some(inner) => Some(inner),
                    None => return Trouble::new(host, of_io(host, io)),
                },
                None => error.source(),
            };
        }
        Trouble::new(host, Why::Other(last))
    }
}

fn of_http(error: &hyper::Error) -> Option<Why> {
    if error.is_parse() {
        return Some(Why::NotKubernetes("it does not speak HTTP".to_owned()));
    }
    let is_io = error.source().is_some();
    (error.is_incomplete_message() || (error.is_closed() && !is_io)).then(|| Why::Broken("it was closed".to_owned()))
}

/// What an error of the system means.
pub(super) fn of_io(at: &str, error: &io::Error) -> Why {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Why::Refused(at.to_owned()),
        io::ErrorKind::ConnectionReset => Why::Broken("it was reset".to_owned()),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionAborted => {
            Why::Broken("it was closed".to_owned())
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Why::Other(format!("there is no way to {at} from this machine ({error})"))
        }
        _ => Why::Other(error.to_string()),
    }
}
