//! Sending by HTTP: ten seconds, no redirects, no proxy, only where the guard lets through.

use std::time::Duration;

use ansflow_core::mask::Masker;
use ansflow_core::spec::Hook;
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;

use super::guard::Guard;
use super::request::Request;
use super::{SendError, answer};

/// For all of it: name, connection, request, answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// So much of an answer is read.
const ANSWER: usize = 16 * 1024;
/// Parts of a path that are shorter are words, not tokens.
const TOKEN: usize = 8;

#[derive(Debug, Clone)]
pub(super) struct Client {
    client: reqwest::Client,
    guard: Guard,
}

impl Client {
    pub(super) fn new(guard: Guard) -> Result<Client, SendError> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("ansflow/", env!("CARGO_PKG_VERSION")))
            .timeout(TIMEOUT)
            // Where a redirect leads nobody has checked, and it would be handed the message.
            .redirect(Policy::none())
            // A proxy would resolve names for us, and connect where we do not see it.
            .no_proxy()
            .dns_resolver(std::sync::Arc::new(guard.clone()))
            // A connection that is kept is one whose name is not looked up again.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| SendError::Refused(format!("nothing can be sent by HTTP: {}", root(&error))))?;
        Ok(Client { client, guard })
    }

    /// Sends a request: the host that took it.
    pub(super) async fn post(&self, hook: &Hook, request: Request) -> Result<String, SendError> {
        let (place, host) = (place(&request.url), request.url.host_str().unwrap_or_default().to_owned());
        let masker = Masker::new(secrets(hook));
        let hide = |text: String| masker.mask(&text).into_owned();
        // What is an address already is never looked up.
        if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse() {
            self.guard.check(address).map_err(SendError::Refused)?;
        }
        let mut sending = self.client.post(request.url).header(CONTENT_TYPE, "application/json");
        for (name, value) in request.headers {
            sending = sending.header(name, value);
        }
        let unreachable = |error: reqwest::Error| {
            let why = if error.is_timeout() { format!("no answer within {TIMEOUT:?}") } else { root(&error) };
            SendError::Unreachable(hide(format!("{place} could not be reached: {why}")))
        };
        let mut response = sending.body(request.body).send().await.map_err(unreachable)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&chunk[..chunk.len().min(ANSWER - body.len())]);
            if body.len() == ANSWER {
                break;
            }
        }
        match answer::judge(hook.kind, response.status().as_u16(), &body) {
            Ok(()) => Ok(host),
            Err(why) => Err(SendError::Refused(hide(format!("{place} {why}")))),
        }
    }
}

/// What may be said of an address.
fn place(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

/// What an answer might repeat of an address.
fn secrets(hook: &Hook) -> Vec<String> {
    let mut secrets: Vec<String> = hook.signing_secret.iter().cloned().collect();
    if let Ok(url) = Url::parse(&hook.url) {
        secrets.extend(url.path_segments().into_iter().flatten().map(str::to_owned));
        secrets.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
        secrets.retain(|secret| secret.len() >= TOKEN);
    }
    secrets.push(hook.url.clone());
    secrets
}

/// The last cause of an error: those above it repeat the address.
fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
