//! A server, asked over HTTP: addresses, credentials, and what its refusals mean to a shell.

pub(crate) mod config;
pub(crate) mod follow;
pub(crate) mod sse;

use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::header::{ETAG, IF_MATCH};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value as Json;

use crate::client::config::{Config, Remote};
use crate::exit::{Exit, Refused};

/// An answer that is no stream comes within this time.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, and who we are there.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    remote: Remote,
    http: reqwest::Client,
}

impl Client {
    /// The server of `--server`, `ANSFLOW_SERVER` or the last `ansflow login`.
    pub(crate) fn of(remote: &crate::cli::remote::RemoteArgs) -> Result<Self> {
        Self::at(Config::read()?.remote(remote)?)
    }

    /// This server.
    pub(crate) fn at(remote: Remote) -> Result<Self> {
        // A second time it refuses, and the first one's is in place.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(concat!("ansflow/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            // A token is for this origin and no other.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("failed to set up HTTP")?;
        Ok(Self { remote, http })
    }

    /// Where it is.
    pub(crate) fn address(&self) -> &str {
        &self.remote.server
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Json> {
        self.json(self.request(Method::GET, path)).await
    }

    /// What it is, and its revision for [`Client::put`].
    pub(crate) async fn get_tagged(&self, path: &str) -> Result<(Json, String)> {
        let response = self.send(self.request(Method::GET, path).timeout(PATIENCE)).await?;
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
        Ok((body(response).await?, tag))
    }

    /// A text as it is.
    pub(crate) async fn text(&self, path: &str) -> Result<String> {
        let response = self.send(self.request(Method::GET, path)).await?;
        response.text().await.context("the answer broke off")
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Result<Json> {
        self.json(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, tag: Option<&str>, body: &Json) -> Result<Json> {
        let request = self.request(Method::PUT, path).json(body);
        self.json(match tag {
            Some(tag) => request.header(IF_MATCH, tag),
            None => request,
        })
        .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<()> {
        self.json(self.request(Method::DELETE, path)).await.map(drop)
    }

    /// Every item of a list, page by page; at most `most`.
    pub(crate) async fn list(&self, path: &str, most: usize) -> Result<Vec<Json>> {
        let mut items = Vec::new();
        let mut cursor = None::<String>;
        loop {
            let page = (most - items.len()).clamp(1, 200);
            let mark = if path.contains('?') { '&' } else { '?' };
            let mut asked = format!("{path}{mark}limit={page}");
            if let Some(cursor) = &cursor {
                asked += &format!("&cursor={}", encode(cursor));
            }
            let mut answer = self.get(&asked).await?;
            if let Some(Json::Array(found)) = answer.get_mut("items").map(Json::take) {
                items.extend(found);
            }
            cursor = answer["next"].as_str().map(str::to_owned);
            if cursor.is_none() || items.len() >= most {
                items.truncate(most);
                return Ok(items);
            }
        }
    }

    /// A request below `/api/v1/`, as who we are.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1/{path}", self.remote.server));
        match &self.remote.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn json(&self, request: RequestBuilder) -> Result<Json> {
        body(self.send(request.timeout(PATIENCE)).await?).await
    }

    /// Sends it; a refusal is an error that says why and carries its exit code.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        // A connection that becomes another is a success as well.
        if response.status().is_success() || response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(response);
        }
        let status = response.status();
        let problem = response.json::<Json>().await.unwrap_or_default();
        Err(self.refusal(status, &problem).into())
    }

    fn unreachable(&self, error: &reqwest::Error) -> anyhow::Error {
        let server = &self.remote.server;
        let mut why = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            why = cause.to_string();
            source = cause.source();
        }
        let what = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
        Refused::invalid(format!("the server {server} {what}: {why}"))
            .exit(Exit::Failed)
            .help("is it running, and is its address right? `ansflow login` changes it")
            .into()
    }

    fn refusal(&self, status: StatusCode, problem: &Json) -> Refused {
        let detail = problem["detail"].as_str().map_or_else(|| format!("the server answered {status}"), str::to_owned);
        let mut lines = detail;
        for found in problem["diagnostics"].as_array().into_iter().flatten() {
            let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
            lines += &format!("\n  {}:{}: {}", found["line"], found["column"], text("message"));
            if let Some(help) = found["help"].as_str() {
                lines += &format!("\n    help: {help}");
            }
        }
        let exit = match status.as_u16() {
            400 | 405 | 413 | 415 | 422 => Exit::Invalid,
            401 | 403 => Exit::NotAllowed,
            404 | 410 => Exit::NotFound,
            409 | 412 | 428 => Exit::Conflict,
            _ => Exit::Failed,
        };
        let refused = Refused::invalid(lines).exit(exit);
        if status == StatusCode::UNAUTHORIZED {
            return refused.help(format!("`ansflow login --server {}` signs you in", self.remote.server));
        }
        match problem["help"].as_str() {
            Some(help) => refused.help(help),
            None => refused,
        }
    }
}

async fn body(response: Response) -> Result<Json> {
    let bytes = response.bytes().await.context("the answer broke off")?;
    if bytes.is_empty() {
        return Ok(Json::Null);
    }
    serde_json::from_slice(&bytes).context("the server's answer is no JSON; is this an AnsFlow server?")
}

/// A text as a part of an address.
pub(crate) fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn a_part_of_an_address_can_hold_any_text() {
        assert_eq!(encode("unit tests/构建?"), "unit%20tests%2F%E6%9E%84%E5%BB%BA%3F");
    }
}
