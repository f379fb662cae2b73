//! `WS k8s/monitor/{step run}`: a rollout as its attempt tells it. It begins with everything until now, so that who joins late or
//! comes again sees the same picture; the attempt's file is kept with the run, and an old run shows its own.

mod file;

use std::time::Duration;

use ansflow_core::plan::StepIndex;
use ansflow_kube::monitor::{Fold, Message as Told};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::file::File;
use crate::App;
use crate::access::{Access::May, Action::View, Actor, Route};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};
use crate::ws;

/// What it asks.
pub(crate) const ACCESS: &[Route] = &[("GET", "/api/v1/k8s/monitor/{step_run}", May(View))];

/// Its route.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(monitor))
}

/// How often it is looked whether there is more.
const LOOK: Duration = Duration::from_millis(200);

/// Every so many looks it is asked whether the attempt has ended.
const ASK: u32 = 5;

/// Which attempt is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Left out: the latest, or the first that comes.
    attempt: Option<u32>,
}

/// The rollout of a step of a run, live: JSON messages with `type`, the first one `snapshot`, the last one `end`.
#[utoipa::path(get, path = "/api/v1/k8s/monitor/{step_run}", operation_id = "monitor", tag = "kubernetes",
    params(("step_run" = String, Path), Asked),
    responses(
        (status = 101, description = "the WebSocket is open"),
        (status = 200, description = "never: a WebSocket is what is answered"),
        (status = 400, body = Problem, description = "this is no WebSocket"),
        (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem),
))]
pub(super) async fn monitor(
    State(app): State<App>,
    actor: Actor,
    Path(step_run): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> ApiResult<Response> {
    let (run, step) = find(&app, &step_run).await?;
    let upgrade =
        upgrade.map_err(|why| ApiError::with_status(StatusCode::BAD_REQUEST, "not_a_websocket", why.body_text()))?;
    ws::check_origin(&headers, &actor)?;
    let viewer = Viewer { app, run, step, attempt: asked.attempt, headers };
    Ok(upgrade.max_message_size(ws::LARGEST).on_upgrade(|socket| viewer.show(socket)))
}

/// The run and the step of an id such as `run_1.2`.
async fn find(app: &App, step_run: &str) -> ApiResult<(String, StepIndex)> {
    let unknown = || ApiError::not_found(format!("step run `{}`", crate::api::runs::short(step_run)));
    let (run, step) = step_run.rsplit_once('.').ok_or_else(unknown)?;
    let step: StepIndex = step.parse().map_err(|_| unknown())?;
    let history = app.live().run(app.store(), run).await?;
    if step < history.steps.len() { Ok((run.to_owned(), step)) } else { Err(unknown()) }
}

/// Somebody who looks at a rollout.
struct Viewer {
    app: App,
    run: String,
    step: StepIndex,
    attempt: Option<u32>,
    headers: HeaderMap,
}

/// Where the attempt stands.
enum Attempt {
    /// It may come.
    Before,
    /// This one, and whether it has ended.
    There(u32, bool),
    /// There is none, and none comes.
    Never,
}

impl Viewer {
    async fn show(self, mut socket: WebSocket) {
        let mut pings = tokio::time::interval(ws::every(&self.app));
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut reader, mut looked): (Option<File>, u32) = (None, 0);
        loop {
            tokio::select! {
                heard = socket.recv() => match heard {
                    // Nobody says anything here; answers to pings come this way.
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => {}
                },
                _ = pings.tick() => {
                    if !ws::still_may(&self.app, &self.headers, View).await {
                        return ws::signed_out(socket).await;
                    }
                    if !ws::ping(&mut socket).await {
                        return;
                    }
                }
                _ = looks.tick() => {
                    // Asked before it is read: what was written until then is read.
                    let attempt = if looked % ASK == 0 { Some(self.attempt().await) } else { None };
                    looked = looked.wrapping_add(1);
                    match self.look(&mut reader, attempt).await {
                        Some((frames, is_over)) => {
                            for frame in frames {
                                if socket.send(Message::Text(frame)).await.is_err() {
                                    return;
                                }
                            }
                            if is_over {
                                // Who has gone need not be told.
                                let _ = socket.send(Message::Close(None)).await;
                                return;
                            }
                        }
                        None => return,
                    }
                }
            }
        }
    }

    /// What is to be sent now, and whether that is all; none where it cannot be read any more.
    async fn look(&self, reader: &mut Option<File>, attempt: Option<Attempt>) -> Option<(Vec<Utf8Bytes>, bool)> {
        let has_ended = match (&attempt, &reader) {
            (Some(Attempt::Never), _) => return Some((vec![frame(&Fold::new().snapshot())?, end()?], true)),
            (Some(Attempt::Before), None) | (None, None) => return Some((Vec::new(), false)),
            (Some(Attempt::There(_, ended)), _) => *ended,
            (Some(Attempt::Before) | None, Some(_)) => false,
        };
        let is_first = reader.is_none();
        if let (Some(Attempt::There(number, _)), true) = (&attempt, is_first) {
            *reader = Some(File::new(&self.app.files().attempt(&self.run, self.step, *number)));
        }
        let lines = reader.as_mut()?.news().await?;
        let says_end = lines.iter().any(|line| matches!(serde_json::from_str(line), Ok(Told::End { .. })));
        let mut frames: Vec<Utf8Bytes> = match is_first {
            true => {
                let mut fold = Fold::new();
                for line in &lines {
                    fold.take_line(line);
                }
                vec![frame(&fold.snapshot())?]
            }
            false => lines.into_iter().map(Utf8Bytes::from).collect(),
        };
        // A killed attempt says no end; a snapshot has it in it, and is followed by it all the same.
        if says_end && is_first || has_ended && !says_end {
            frames.push(end()?);
        }
        Some((frames, says_end || has_ended))
    }

    async fn attempt(&self) -> Attempt {
        let Ok(history) = self.app.live().run(self.app.store(), &self.run).await else { return Attempt::Never };
        let Some(step) = history.steps.get(self.step) else { return Attempt::Never };
        let made = match self.attempt {
            Some(number) => step.tries.iter().find(|made| made.number == number),
            None => step.tries.last(),
        };
        match made {
            Some(made) => Attempt::There(made.number, made.ended.is_some()),
            None if history.run.step(self.step).finished().is_some() => Attempt::Never,
            None => Attempt::Before,
        }
    }
}

fn end() -> Option<Utf8Bytes> {
    frame(&Told::End { at: Timestamp::now() })
}

fn frame(message: &Told) -> Option<Utf8Bytes> {
    serde_json::to_string(message).ok().map(Utf8Bytes::from)
}
