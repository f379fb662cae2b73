//! One request and its answer: asked again where the cluster says "later", and told apart from what no cluster answers.

use super::Cluster;
use crate::connect::{Trouble, Why};
use crate::error::{Error, Refused};
use crate::explain::Answer;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER, WARNING};
use hyper::{Method, Request, Response, StatusCode};
use kube::client::Body;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How long an answer may take to begin. Admission may call webhooks, each for up to 30 s.
const HEAD: Duration = Duration::from_secs(40);

/// How long reading an answer may take.
const BODY: Duration = Duration::from_secs(120);

/// How much an answer may be.
const SIZE: usize = 256 * 1024 * 1024;

/// How much of a refusal is read.
const REFUSAL_SIZE: usize = 1024 * 1024;

/// For how long "later" is obeyed in one request.
const LATER: Duration = Duration::from_secs(60);

/// The longest that "later" may mean at once.
const LATER_ONCE: Duration = Duration::from_secs(30);

pub(super) const JSON: &str = "application/json";

/// Names, labels and owners of a list's objects, without what is in them.
pub(super) const METADATA_LIST: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// The same of one object, and of the events of a watch.
pub(super) const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/// A request.
#[derive(Clone)]
pub(super) struct Ask {
    pub(super) method: Method,
    /// With its query.
    pub(super) path: String,
    pub(super) accept: &'static str,
    /// What the body is, and the body.
    pub(super) body: Option<(&'static str, Bytes)>,
    /// How long the answer may take to begin.
    pub(super) head: Duration,
    /// Further headers.
    pub(super) headers: HeaderMap,
}

impl Ask {
    pub(super) fn new(method: Method, path: impl Into<String>) -> Ask {
        Ask { method, path: path.into(), accept: JSON, body: None, head: HEAD, headers: HeaderMap::new() }
    }

    pub(super) fn get(path: impl Into<String>) -> Ask {
        Ask::new(Method::GET, path)
    }

    pub(super) fn with(mut self, media: &'static str, body: &impl serde::Serialize) -> Ask {
        // Maps of JSON can always be written.
        self.body = Some((media, serde_json::to_vec(body).unwrap_or_default().into()));
        self
    }

    /// As messages name it: without its query.
    fn shown(&self) -> String {
        format!("{} {}", self.method, self.path.split('?').next().unwrap_or_default())
    }

    fn request(&self) -> Result<Request<Body>, hyper::http::Error> {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.path);
        if let Some(headers) = request.headers_mut() {
            headers.extend(self.headers.clone());
            headers.insert(ACCEPT, HeaderValue::from_static(self.accept));
        }
        match &self.body {
            Some((media, body)) => request.header(CONTENT_TYPE, *media).body(Body::from(body.to_vec())),
            None => request.body(Body::empty()),
        }
    }
}

impl Cluster {
    /// Asks, and reads the answer as JSON.
    pub(super) async fn json<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, Error> {
        Ok(self.json_and_warnings(ask).await?.0)
    }

    pub(super) async fn json_and_warnings<T: DeserializeOwned>(&self, ask: &Ask) -> Result<(T, Vec<String>), Error> {
        let (headers, body) = self.bytes(ask).await?;
        Ok((self.parse(ask, &headers, &body)?, warnings(&headers)))
    }

    pub(super) fn parse<T: DeserializeOwned>(&self, ask: &Ask, headers: &HeaderMap, body: &[u8]) -> Result<T, Error> {
        if !is_json(headers) {
            return Err(self.trouble(Why::NotKubernetes("its answer is no JSON".to_owned())).into());
        }
        serde_json::from_slice(body).map_err(|error| Error::Unreadable {
            asked: ask.shown(),
            // The error itself may quote the object, which may be a Secret.
            why: format!("{:?} at line {} column {}", error.classify(), error.line(), error.column()),
        })
    }

    /// Asks, and reads the whole answer.
    pub(super) async fn bytes(&self, ask: &Ask) -> Result<(HeaderMap, Bytes), Error> {
        let _place = self.0.in_flight.acquire().await;
        let (parts, body) = self.open(ask).await?.into_parts();
        Ok((parts.headers, self.read(body, SIZE).await?))
    }

    async fn read(&self, body: Body, size: usize) -> Result<Bytes, Error> {
        match timeout(BODY, Limited::new(body, size).collect()).await {
            Ok(Ok(read)) => Ok(read.to_bytes()),
            Ok(Err(error)) => Err(Trouble::of(self.host(), error.as_ref()).into()),
            Err(_) => Err(self.late("reading the answer", BODY).into()),
        }
    }

    /// Asks until the answer begins. "Later" is obeyed; any other refusal is an error.
    pub(super) async fn open(&self, ask: &Ask) -> Result<Response<Body>, Error> {
        let until = Instant::now() + LATER;
        loop {
            let answer = self.send(ask).await?;
            if answer.status().is_success() || answer.status() == StatusCode::SWITCHING_PROTOCOLS {
                return Ok(answer);
            }
            let refused = self.refused(ask, answer).await?;
            let is_later = matches!(refused.answer.code, 429 | 503);
            match refused.retry_after.filter(|wait| is_later && Instant::now() + *wait < until) {
                Some(wait) => tokio::time::sleep(wait.min(LATER_ONCE)).await,
                None => return Err(Error::Refused(Box::new(refused))),
            }
        }
    }

    /// One request and the beginning of its answer, whatever that is.
    pub(super) async fn send(&self, ask: &Ask) -> Result<Response<Body>, Error> {
        let request = ask.request().map_err(|error| self.trouble(Why::Other(error.to_string())))?;
        match timeout(ask.head, self.0.client.send(request)).await {
            Ok(Ok(answer)) => {
                self.0.clock.hear(answer.headers());
                Ok(answer)
            }
            Ok(Err(error)) => Err(Trouble::of(self.host(), &error).into()),
            Err(_) => Err(self.late("waiting for an answer", ask.head).into()),
        }
    }

    /// What a refusal says.
    async fn refused(&self, ask: &Ask, answer: Response<Body>) -> Result<Refused, Error> {
        let (parts, body) = answer.into_parts();
        let code = parts.status.as_u16();
        if parts.status.is_redirection() {
            let to = parts.headers.get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
            let why = format!("it redirects to {}, which is not followed", crate::text::short(to, 100));
            return Err(self.trouble(Why::NotKubernetes(why)).into());
        }
        let text = self.read(body, REFUSAL_SIZE).await?;
        let status: Option<Json> = serde_json::from_slice(&text).ok().filter(|_| is_json(&parts.headers));
        let is_status = status.as_ref().is_some_and(|status| status["kind"] == "Status");
        let is_page = media(&parts.headers).starts_with("text/html");
        if code == 401 {
            let said = status.as_ref().and_then(|status| status["message"].as_str()).filter(|it| *it != "Unauthorized");
            let mut said = said.map(|said| format!(": {said}")).unwrap_or_default();
            said.extend(self.0.ends.as_ref().map(|ends| ends.words(self.time())));
            return Err(self.trouble(Why::Unauthorized(said)).into());
        }
        if is_page && !is_status {
            return Err(self.trouble(Why::NotKubernetes(format!("it answers with a page ({code})"))).into());
        }
        let body = status.unwrap_or_else(|| Json::from(crate::text::short(&String::from_utf8_lossy(&text), 200)));
        let seconds = body.pointer("/details/retryAfterSeconds").and_then(Json::as_u64);
        let header = parts.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let retry_after = header.or(seconds).map(Duration::from_secs);
        let retry_after = retry_after.or((code == 429).then_some(Duration::from_secs(1)));
        Ok(Refused { asked: ask.shown(), answer: Answer::new(code, &body), retry_after })
    }

    pub(super) fn trouble(&self, why: Why) -> Trouble {
        Trouble::new(self.host(), why)
    }

    /// Said of a question that took too long.
    pub(crate) fn no_answer(&self, after: Duration) -> Error {
        self.late("waiting for an answer", after).into()
    }

    pub(super) fn late(&self, doing: &'static str, after: Duration) -> Trouble {
        self.trouble(Why::TimedOut { doing, seconds: after.as_secs() })
    }
}

fn media(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_json(headers: &HeaderMap) -> bool {
    media(headers).starts_with(JSON)
}

/// `299 - "text"`, as servers warn of fields that they do not know.
fn warnings(headers: &HeaderMap) -> Vec<String> {
    let text = |value: &HeaderValue| {
        let text = value.to_str().ok()?;
        let quoted = text.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map_or(text, |(it, _)| it);
        Some(quoted.replace("\\\"", "\"").replace("\\\\", "\\"))
    };
    headers.get_all(WARNING).iter().filter_map(text).collect()
}
