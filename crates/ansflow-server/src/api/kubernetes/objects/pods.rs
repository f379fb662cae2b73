//! What pods write: as text, and as it comes, of one pod or of many.

use std::time::Duration;

use ansflow_core::spec::Pods;
use ansflow_kube::cluster::{Lines, PodLog};
use ansflow_kube::stream::logs::{Containers, LogLine, Logs, Said, Stopped, Wanted};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::{Instant, timeout, timeout_at};
use utoipa::{IntoParams, ToSchema};

use super::reach::{self, Reached, Where, refused, within};
use crate::App;
use crate::access::Action;
use crate::allowed::while_allowed;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};
use crate::sse::{self, BEAT, HEARTBEAT};

/// So many lines from the end, where nobody says.
const USUAL: u32 = 1_000;
/// A text is no longer, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;
/// Lines wait so long for more of them.
const COALESCED: Duration = Duration::from_millis(100);
/// A message has no more lines.
const AT_ONCE: usize = 500;

/// Which part of the log.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogQuery {
    /// Which container; left out: the one that the pod names, else its first. `*`: all of them, in streams.
    #[serde(default)]
    container: String,
    /// Of the life before the last restart.
    #[serde(default)]
    previous: bool,
    /// So many lines from the end of each container; 1000 where it is left out.
    tail: Option<u32>,
    /// Only what was written in the last so many seconds.
    since_s: Option<u64>,
    /// With the time before each line; streams say it beside each line anyway.
    #[serde(default)]
    timestamps: bool,
    /// Only lines that have this in them, in any case.
    #[serde(default)]
    search: String,
    /// For streams of many pods: their labels, `app=web`.
    #[serde(default)]
    selector: String,
}

/// Lines of a stream.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PodLines {
    lines: Vec<PodLine>,
}

/// A line that a container wrote.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PodLine {
    pod: String,
    container: String,
    #[schema(required)]
    at: Option<String>,
    text: String,
}

/// What a container wrote, as text.
#[utoipa::path(get, path = super::LOG, operation_id = "pod_log", tag = "kubernetes",
    params(("name" = String, Path), Where, LogQuery),
    responses(
        (status = 200, content_type = "text/plain", body = String),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn text(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(place): Query<Where>,
    Query(asked): Query<LogQuery>,
) -> ApiResult<Response> {
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let log = PodLog {
        namespace: namespace(&reached, &place),
        pod: name,
        container: asked.container.clone(),
        previous: asked.previous,
        tail: Some(asked.tail.unwrap_or(USUAL)),
        since_seconds: asked.since_s,
        timestamps: asked.timestamps,
        limit_bytes: Some(LONGEST),
        ..PodLog::default()
    };
    let lines = within(&reached, reached.cluster.log(&log)).await?;
    let reading = Reading { lines, search: asked.search.to_lowercase() };
    let mut response = Response::new(Body::from_stream(stream::unfold(reading, Reading::next)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    Ok(response)
}

/// What a pod writes, as it comes: `event: lines`; `note` says what is to be known of the reading, such as a gap; `end` says
/// why nothing more comes.
#[utoipa::path(get, path = super::LOG_STREAM, operation_id = "stream_pod_log", tag = "kubernetes",
    params(("name" = String, Path), Where, LogQuery),
    responses(
        (status = 200, content_type = "text/event-stream", body = PodLines),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn one(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(place): Query<Where>,
    Query(asked): Query<LogQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    follow(app, headers, &place, &asked, Pods::Named(name)).await
}

/// The same of all pods that have some labels, in one order.
#[utoipa::path(get, path = super::LOGS_STREAM, operation_id = "stream_pods_logs", tag = "kubernetes",
    params(Where, LogQuery),
    responses(
        (status = 200, content_type = "text/event-stream", body = PodLines),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn many(
    State(app): State<App>,
    Query(place): Query<Where>,
    Query(asked): Query<LogQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if asked.selector.trim().is_empty() {
        return Err(ApiError::invalid("selector", "say which pods are meant by their labels, such as `app=web`"));
    }
    follow(app, headers, &place, &asked, Pods::Selected(asked.selector.clone())).await
}

async fn follow(app: App, headers: HeaderMap, place: &Where, asked: &LogQuery, pods: Pods) -> ApiResult<Response> {
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let wanted = Wanted {
        pods,
        containers: match asked.container.as_str() {
            "" => Containers::Default,
            "*" => Containers::All,
            name => Containers::Named(name.to_owned()),
        },
        tail: Some(asked.tail.unwrap_or(USUAL)),
        since_seconds: asked.since_s,
        previous: asked.previous,
        follow: !asked.previous,
        until: None,
    };
    let logs = within(&reached, Logs::open(&reached.cluster, &namespace(&reached, place), wanted)).await?;
    let following = Following { logs, search: asked.search.to_lowercase(), lines: Vec::new(), next: None, over: false };
    Ok(sse::response(while_allowed(app, headers, Action::Operate, stream::unfold(following, Following::next))))
}

fn namespace(reached: &Reached, place: &Where) -> String {
    place.namespaces().unwrap_or(reached.cluster.default_namespace()).to_owned()
}

struct Reading {
    lines: Lines,
    search: String,
}

impl Reading {
    /// The next line; what breaks in the middle ends the text with a sentence, for its head was sent already.
    async fn next(mut self) -> Option<(Result<Bytes, std::convert::Infallible>, Reading)> {
        loop {
            let mut line = match self.lines.next().await {
                Ok(Some(line)) => line.bytes.to_vec(),
                Ok(None) => return None,
                Err(error) => format!("ansflow: the log breaks off here: {error}").into_bytes(),
            };
            let is_wanted =
                self.search.is_empty() || String::from_utf8_lossy(&line).to_lowercase().contains(&self.search);
            if is_wanted {
                line.push(b'\n');
                return Some((Ok(line.into()), self));
            }
        }
    }
}

struct Following {
    logs: Logs,
    search: String,
    lines: Vec<PodLine>,
    /// What was heard behind lines that had to go first.
    next: Option<Said>,
    over: bool,
}

impl Following {
    async fn next(mut self) -> Option<(Bytes, Following)> {
        if self.over {
            return None;
        }
        let heard = match self.next.take() {
            Some(said) => Ok(said),
            None => timeout(HEARTBEAT, self.logs.next()).await,
        };
        let frame = match heard {
            Err(_) => BEAT,
            Ok(Said::Note(text)) => frame("note", &json!({ "message": text })),
            Ok(Said::End(end)) => {
                self.over = true;
                frame("end", &json!({ "message": ended(&end) }))
            }
            Ok(Said::Line(line)) => {
                self.take(line);
                self.gather().await;
                match std::mem::take(&mut self.lines) {
                    // None of them is looked for.
                    lines if lines.is_empty() => BEAT,
                    lines => frame("lines", &PodLines { lines }),
                }
            }
        };
        Some((frame, self))
    }

    /// Those that come right behind.
    async fn gather(&mut self) {
        let until = Instant::now() + COALESCED;
        while self.lines.len() < AT_ONCE {
            match timeout_at(until, self.logs.next()).await {
                Ok(Said::Line(line)) => self.take(line),
                Ok(said) => {
                    self.next = Some(said);
                    return;
                }
                Err(_) => return,
            }
        }
    }

    fn take(&mut self, line: LogLine) {
        if self.search.is_empty() || line.text.to_lowercase().contains(&self.search) {
            let at = line.at.as_ref().map(Timestamp::to_string);
            self.lines.push(PodLine { pod: line.pod, container: line.container, at, text: line.text });
        }
    }
}

fn ended(end: &Stopped) -> String {
    match end {
        Stopped::Over { .. } | Stopped::Matched(_) | Stopped::Unmatched => {
            "the containers have ended; nothing more comes".to_owned()
        }
        Stopped::Nothing(why) => why.clone(),
        Stopped::Refused(error) => refused((**error).clone().into()).detail().to_owned(),
    }
}

/// Who comes again is told the end of it again: the stream has no places.
fn frame(event: &str, data: &impl Serialize) -> Bytes {
    sse::frame(Some(event), 0, &serde_json::to_vec(data).unwrap_or_default()).into()
}
