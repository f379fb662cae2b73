//! Asking a registry by HTTP: a bounded time, a bounded answer, and credentials for nobody but itself.

use std::time::Duration;

use ansflow_core::mask::Masker;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, LOCATION, WWW_AUTHENTICATE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::challenge::Challenge;
use super::{Registry, certificate, guard};
use crate::cause::Cause;
use crate::credentials::Login;
use crate::error::{one_line, root};

/// For a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// For a whole answer.
const ANSWER: Duration = Duration::from_secs(30);
/// A manifest of 4 MiB is the most that registries take; a page of a list is less.
const MOST: usize = 4 << 20;
const REDIRECTS: usize = 4;

/// An answer that was read whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Whether it was given for our login: a registry that never asked for one has taken none.
    pub(super) logged_in: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Http {
    client: Client,
    /// Whether plain HTTP is tried where TLS is not spoken.
    is_insecure: bool,
}

#[derive(Deserialize)]
struct Token {
    token: Option<Zeroizing<String>>,
    access_token: Option<Zeroizing<String>>,
}

impl Http {
    pub(super) fn new(is_insecure: bool) -> Result<Http, String> {
        let client = Client::builder()
            .user_agent(concat!("ansflow/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            // Followed by hand, where it is seen who is asked next.
            .redirect(Policy::none())
            .dns_resolver(std::sync::Arc::new(guard::Guard))
            .tls_backend_preconfigured(certificate::config(is_insecure)?)
            .build()
            .map_err(|error| root(&error))?;
        Ok(Http { client, is_insecure })
    }
}

impl Registry {
    /// Gets a path of the API, with the login where it is asked for. `scope` says what a token would be for.
    pub(super) async fn get(&self, path: &str, accept: &str, scope: &str) -> Result<Answer, Cause> {
        let base = self.base().await?;
        let url = base.join(path).map_err(|error| Cause::Other(error.to_string()))?;
        let first = self.ask(url.clone(), accept, None).await?;
        if first.status != StatusCode::UNAUTHORIZED {
            return Ok(first);
        }
        let headers = first.headers.get_all(WWW_AUTHENTICATE);
        let challenge = Challenge::read(headers.iter().filter_map(|value| value.to_str().ok()));
        let is_token = matches!(challenge, Some(Challenge::Bearer { .. }));
        let authorization = match (challenge, &self.login) {
            (Some(Challenge::Basic), Some(login)) => match login.basic() {
                Some(basic) => Zeroizing::new(format!("Basic {}", basic.as_str())),
                None => return Err(Cause::LoginRefused),
            },
            (Some(Challenge::Basic), None) => return Err(Cause::LoginNeeded),
            (Some(Challenge::Bearer { realm, service }), login) => {
                let token = self.token(&base, &realm, service.as_deref(), scope, login.as_ref()).await?;
                Zeroizing::new(format!("Bearer {}", token.as_str()))
            }
            (None, _) => return Err(Cause::NotARegistry("it answers 401 and does not say how to log in".to_owned())),
        };
        let second = self.ask(url, accept, Some(&authorization)).await?.hiding(self.login.as_ref(), &authorization);
        let second = Answer { logged_in: self.login.is_some(), ..second };
        match (second.status, &self.login) {
            // A token was made for the login, which is therefore right, and does not reach as far as this.
            (StatusCode::UNAUTHORIZED, Some(_)) if is_token && !scope.is_empty() => Err(Cause::Forbidden),
            (StatusCode::UNAUTHORIZED, Some(_)) => Err(Cause::LoginRefused),
            (StatusCode::UNAUTHORIZED, None) => Err(Cause::LoginNeeded),
            _ => Ok(second),
        }
    }

    /// Where the API is: by TLS, and by plain HTTP only where that is allowed and TLS is not spoken.
    async fn base(&self) -> Result<Url, Cause> {
        let tls = self.address.clone().insecure(false).endpoint();
        let tls = Url::parse(&tls).map_err(|error| Cause::Other(error.to_string()))?;
        if !self.http.is_insecure {
            return Ok(tls);
        }
        match self.send(tls.join("/v2/").unwrap_or(tls.clone()), "*/*", None).await {
            Ok(_) => Ok(tls),
            Err(Cause::PlainHttp | Cause::Tls(_)) => {
                let mut plain = tls;
                // A URL of a host can be one or the other.
                let _ = plain.set_scheme("http");
                Ok(plain)
            }
            Err(cause) => Err(cause),
        }
    }

    /// Asks, and follows where it is sent: without credentials, when that is somewhere else.
    async fn ask(&self, mut url: Url, accept: &str, authorization: Option<&str>) -> Result<Answer, Cause> {
        let origin = url.origin();
        for _ in 0..=REDIRECTS {
            let authorization = authorization.filter(|_| url.origin() == origin);
            let response = self.send(url.clone(), accept, authorization).await?;
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let Some(location) = location.filter(|_| response.status().is_redirection()) else {
                return read(response).await;
            };
            let next = url.join(location).map_err(|_| Cause::Other("it leads to no address".to_owned()))?;
            if url.scheme() == "https" && next.scheme() != "https" {
                return Err(Cause::Other("it leads from TLS to plain HTTP".to_owned()));
            }
            url = next;
        }
        Err(Cause::Other(format!("it leads on more than {REDIRECTS} times")))
    }

    async fn token(
        &self,
        base: &Url,
        realm: &str,
        service: Option<&str>,
        scope: &str,
        login: Option<&Login>,
    ) -> Result<Zeroizing<String>, Cause> {
        let mut url = Url::parse(realm).map_err(|_| Cause::NotARegistry("it names no place of tokens".to_owned()))?;
        if url.scheme() != "https" && base.scheme() == "https" {
            return Err(Cause::Other("its tokens are made without TLS".to_owned()));
        }
        url.query_pairs_mut().extend_pairs(service.map(|service| ("service", service)));
        if !scope.is_empty() {
            url.query_pairs_mut().append_pair("scope", scope);
        }
        let answer = match login {
            Some(Login::IdentityToken(token)) => {
                let form = [
                    ("grant_type", "refresh_token"),
                    ("client_id", "ansflow"),
                    ("service", service.unwrap_or_default()),
                    ("scope", scope),
                    ("refresh_token", token.as_str()),
                ];
                url.set_query(None);
                let mut body = Url::parse("form:").map_err(|error| Cause::Other(error.to_string()))?;
                body.query_pairs_mut().extend_pairs(form);
                let body = body.query().unwrap_or_default().to_owned();
                let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
                self.allowed(&url)?;
                let sent = self.http.client.post(url).header(reqwest::header::CONTENT_TYPE, kind).body(body).send();
                read(sent.await.map_err(|error| cause_of(&error))?).await?
            }
            Some(Login::Password { .. }) => {
                let basic =
                    login.and_then(Login::basic).map(|basic| Zeroizing::new(format!("Basic {}", basic.as_str())));
                self.ask(url, "application/json", basic.as_ref().map(|text| text.as_str())).await?
            }
            None => self.ask(url, "application/json", None).await?,
        };
        let answer = answer.hiding(login, "");
        match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST if login.is_some() => return Err(Cause::LoginRefused),
            StatusCode::UNAUTHORIZED => return Err(Cause::LoginNeeded),
            StatusCode::FORBIDDEN => return Err(Cause::Forbidden),
            status if !status.is_success() => return Err(answer.cause(login.is_some())),
            _ => {}
        }
        let token: Option<Token> = serde_json::from_slice(&answer.body).ok();
        let token = token.and_then(|token| token.token.or(token.access_token)).filter(|token| !token.is_empty());
        token.ok_or_else(|| Cause::NotARegistry("what makes its tokens made none".to_owned()))
    }

    async fn send(&self, url: Url, accept: &str, authorization: Option<&str>) -> Result<Response, Cause> {
        self.allowed(&url)?;
        let mut request = self.http.client.get(url).header(ACCEPT, accept);
        if let Some(authorization) = authorization {
            let mut value = HeaderValue::from_str(authorization).map_err(|_| Cause::LoginRefused)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        request.send().await.map_err(|error| cause_of(&error))
    }

    /// What is an address already is never looked up.
    fn allowed(&self, url: &Url) -> Result<(), Cause> {
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        match host.parse().map(guard::allows) {
            Ok(false) => Err(Cause::Other(guard::FORBIDDEN.to_owned())),
            Ok(true) | Err(_) => Ok(()),
        }
    }
}

impl Answer {
    /// The same, with what was sent to get it hidden where it is repeated: what is no success ends in a message.
    fn hiding(mut self, login: Option<&Login>, authorization: &str) -> Answer {
        if !self.status.is_success() {
            let sent = authorization.split_once(' ').map_or(authorization, |(_, sent)| sent);
            let basic = login.and_then(Login::basic);
            let basic = basic.as_deref().map(String::as_str);
            let masker = Masker::new(login.map(Login::secret).into_iter().chain(basic).chain([sent]));
            self.body = masker.mask(&String::from_utf8_lossy(&self.body)).into_owned().into_bytes();
        }
        self
    }

    /// What an answer that is none of the wished ones means.
    pub(super) fn cause(&self, logged_in: bool) -> Cause {
        let words = one_line(&String::from_utf8_lossy(&self.body[..self.body.len().min(2000)]));
        match self.status {
            StatusCode::UNAUTHORIZED if logged_in => Cause::LoginRefused,
            StatusCode::UNAUTHORIZED => Cause::LoginNeeded,
            StatusCode::FORBIDDEN => Cause::Forbidden,
            StatusCode::TOO_MANY_REQUESTS => Cause::TooManyRequests,
            StatusCode::NOT_FOUND if words.contains("MANIFEST_UNKNOWN") => Cause::NoManifest,
            StatusCode::NOT_FOUND => Cause::NoRepository,
            StatusCode::METHOD_NOT_ALLOWED => Cause::NotOffered("this".to_owned()),
            status if status.is_server_error() => Cause::Broken(status.to_string()),
            status => Cause::Other(format!("it answers {status}: {words}")),
        }
    }
}

async fn read(mut response: Response) -> Result<Answer, Cause> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cause_of(&error))? {
        if body.len() + chunk.len() > MOST {
            return Err(Cause::Other(format!("it answers with more than {} MiB", MOST >> 20)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body, logged_in: false })
}

/// By what the connection said; an error's own address could hold what nobody should read.
fn cause_of(error: &reqwest::Error) -> Cause {
    use std::error::Error as _;
    if error.is_timeout() {
        return Cause::TimedOut;
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(at) = cause {
        if let Some(tls) = at.downcast_ref::<rustls::Error>() {
            return tls_cause(tls);
        }
        let io = at.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) {
            return Cause::Refused;
        }
        // An error of the system's hides what it was made of from whoever asks for its source.
        let inner = io.and_then(std::io::Error::get_ref).map(|inner| inner as &(dyn std::error::Error + 'static));
        cause = inner.or_else(|| at.source());
    }
    let words = root(error);
    match words.to_ascii_lowercase() {
        text if text.contains("lookup address") || text.contains("name or service not known") => Cause::UnknownHost,
        _ => Cause::Other(words),
    }
}

fn tls_cause(error: &rustls::Error) -> Cause {
    match error {
        // What answers does not begin as TLS does.
        rustls::Error::InvalidMessage(_) => Cause::PlainHttp,
        rustls::Error::InvalidCertificate(why) => Cause::Tls(certificate::words(why)),
        other => Cause::Tls(other.to_string()),
    }
}
