//! `GET runs/{id}/events`: what happens to a run, as it happens. Ids are numbers of stored facts, so that nothing is
//! missing and nothing comes twice, whoever is restarted in between.

use std::collections::VecDeque;

use ansflow_core::run::event::Event;
use ansflow_core::run::told;
use ansflow_store::changes::Listener;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use crate::App;
use crate::access::Action;
use crate::allowed::while_allowed;
use crate::api::page::{Page, Paging};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};
use crate::live::History;
use crate::sse::{self, BEAT, HEARTBEAT};

/// Events are read in portions of so many.
const PORTION: u64 = 200;

/// Which events are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Behind the event with this number; `Last-Event-ID` wins.
    after: Option<u64>,
    /// Of a page: at most so many, 1 to 200; 50 where it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// What happened and happens to a run. As a stream: one event a message, its number as id, at last `event: end`. With
/// `Accept: application/json`: a page of what there is.
#[utoipa::path(get, path = "/api/v1/runs/{id}/events", operation_id = "run_events", tag = "runs",
    params(("id" = String, Path), ("Last-Event-ID" = Option<u64>, Header), Asked),
    responses(
        (status = 200, content((String = "text/event-stream"), (Page<Object> = "application/json"))),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem),
))]
pub(super) async fn events(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if asked.after.is_some_and(|after| i64::try_from(after).is_err()) {
        return Err(ApiError::invalid("after", "`after` is not the number of an event"));
    }
    if wants_json(&headers) {
        return Ok(Json(page(&app, &id, &asked).await?).into_response());
    }
    let after = sse::go_on(&headers, asked.after)?;
    // Listen first, then read: what comes in between is news.
    let listener = app.store().changes().listen(&id);
    app.store().runs().get(&id).await?;
    let viewer = Viewer { app: app.clone(), id, listener, after, ready: VecDeque::new(), ends: false };
    let frames = stream::unfold(viewer, |mut viewer| async move { Some((viewer.next().await?, viewer)) });
    Ok(sse::response(while_allowed(app, headers, Action::View, frames)))
}

/// A page was asked for, not a stream.
fn wants_json(headers: &HeaderMap) -> bool {
    let accepts =
        |kind| headers.get_all(ACCEPT).iter().any(|value| value.to_str().is_ok_and(|text| text.contains(kind)));
    accepts("application/json") && !accepts("text/event-stream")
}

async fn page(app: &App, id: &str, asked: &Asked) -> ApiResult<Page<Map<String, Value>>> {
    let limit = Paging { limit: asked.limit, cursor: None }.limit()?;
    // The history first: it must have come as far as the events.
    let mut events = app.store().runs().after(id, asked.after.unwrap_or_default(), limit + 1).await?;
    let history = app.live().run(app.store(), id).await?;
    let more = events.len() as u64 > limit;
    events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = events.last().filter(|_| more).map(|(seq, _)| seq.to_string());
    let items = events.iter().filter_map(|(seq, event)| Some(told::tell(*seq, event, &history.run)?.object)).collect();
    Ok(Page { items, next, total: None })
}

/// Somebody who watches a run.
struct Viewer {
    app: App,
    id: String,
    listener: Listener,
    /// Number of the last event that was read.
    after: u64,
    /// What was read and not sent yet.
    ready: VecDeque<Bytes>,
    /// The last frame is ready, or sent.
    ends: bool,
}

impl Viewer {
    /// The next frame; none: the end. What goes wrong ends the stream, and the client comes again.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Some(frame);
            }
            if self.ends {
                return None;
            }
            let events = self.app.store().runs().after(&self.id, self.after, PORTION).await.ok()?;
            let history = self.app.live().run(self.app.store(), &self.id).await.ok()?;
            let Some((last, _)) = events.last() else {
                if history.run.is_ended() {
                    // It may know of events that came after we looked: they are told first.
                    if history.run.seq() <= self.after {
                        self.end(&history);
                    }
                    continue;
                }
                // Other processes are not heard: the clock asks for them.
                match tokio::time::timeout(HEARTBEAT, self.listener.changed()).await {
                    Ok(()) => continue,
                    Err(_) => return Some(BEAT),
                }
            };
            self.after = *last;
            self.ready.extend(events.iter().filter_map(|(seq, event)| frame(*seq, event, &history)));
        }
    }

    fn end(&mut self, history: &History) {
        let data = json!({ "run": self.id, "status": history.run.status().as_str() }).to_string();
        self.ready.push_back(sse::frame(Some("end"), self.after.max(history.run.seq()), data.as_bytes()).into());
        self.ends = true;
    }
}

fn frame(seq: u64, event: &Event, history: &History) -> Option<Bytes> {
    let told = told::tell(seq, event, &history.run)?;
    let data = serde_json::to_vec(&told.object).ok()?;
    Some(sse::frame(None, seq, &data).into())
}
