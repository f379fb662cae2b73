//! The token that goes with a request: a fixed one, the pod's own, or what an allowed program prints.

use super::cause::Why;
use super::exec;
use crate::access::{Auth, Program, Secret};
use crate::connect::Limits;
use jiff::Timestamp;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

/// Where a pod finds its token.
pub(crate) const TOKEN_FILE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// Where a pod finds its cluster's authority.
pub(crate) const CA_FILE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

/// How long a token of a file is used before it is read again: kubelets write a new one long before it ends.
const READ_AGAIN: Duration = Duration::from_secs(60);

/// How long before its end a token is not used any more, in seconds.
const EARLY: i64 = 30;

/// Where tokens come from.
pub(super) struct Tokens {
    from: From,
    /// The last one, and until when it is used.
    kept: Mutex<Option<(Secret, Until)>>,
}

enum From {
    Nowhere,
    Fixed(Secret),
    File(PathBuf),
    Program(Program, Vec<PathBuf>),
}

enum Until {
    Read(Instant),
    Expires(Option<Timestamp>),
}

impl Tokens {
    pub(super) fn new(auth: &Auth, limits: &Limits) -> Tokens {
        let from = match auth {
            Auth::Nobody | Auth::Certificate { .. } => From::Nowhere,
            Auth::Token(token) => From::Fixed(token.clone()),
            Auth::InCluster => From::File(TOKEN_FILE.into()),
            Auth::Exec(program) => From::Program(program.clone(), limits.allowed_exec.clone()),
        };
        Tokens { from, kept: Mutex::new(None) }
    }

    /// Forgets what was kept: it was not accepted. Says whether another one may be had.
    pub(super) async fn renew(&self) -> bool {
        let is_made = matches!(self.from, From::File(_) | From::Program(..));
        is_made && self.kept.lock().await.take().is_some()
    }

    /// The token to go with a request, if one does.
    pub(super) async fn token(&self) -> Result<Option<Secret>, Why> {
        match &self.from {
            From::Nowhere => return Ok(None),
            From::Fixed(token) => return Ok(Some(token.clone())),
            From::File(_) | From::Program(..) => {}
        }
        let mut kept = self.kept.lock().await;
        if let Some((token, until)) = kept.as_ref()
            && until.is_good()
        {
            return Ok(Some(token.clone()));
        }
        let (token, until) = match &self.from {
            From::File(path) => {
                let read = tokio::fs::read_to_string(path).await.map(Zeroizing::new);
                let text = read.map_err(|error| {
                    Why::Credential(format!("{}: {error}; is this a pod with a service account?", path.display()))
                })?;
                (Zeroizing::new(text.trim().to_owned()), Until::Read(Instant::now()))
            }
            From::Program(program, allowed) => {
                let (token, expires) = exec::token(program, allowed).await?;
                (token, Until::Expires(expires))
            }
            From::Nowhere | From::Fixed(_) => return Ok(None),
        };
        *kept = Some((token.clone(), until));
        Ok(Some(token))
    }
}

impl Until {
    fn is_good(&self) -> bool {
        match self {
            Until::Read(at) => at.elapsed() < READ_AGAIN,
            Until::Expires(None) => true,
            Until::Expires(Some(end)) => end.as_second() - EARLY > Timestamp::now().as_second(),
        }
    }
}
