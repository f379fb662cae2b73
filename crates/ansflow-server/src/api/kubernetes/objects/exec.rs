//! `GET /pods/{name}/exec`: a command in a container, over a WebSocket of binary messages. The first byte says what the rest
//! is: 0 standard input, 1 output, 2 standard error, 3 how it ended, 4 the terminal's size (`{"Width":80,"Height":24}`).

use std::time::Duration;

use ansflow_kube::facts::Pod;
use ansflow_kube::stream::channels::End;
use ansflow_kube::stream::exec::{Command, Heard, Session};
use ansflow_kube::{Cluster, Kind};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::{BufMut as _, Bytes, BytesMut};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use utoipa::IntoParams;

use super::reach::{self, Where, note, refused, within};
use crate::App;
use crate::access::{Action, Actor};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};
use crate::ws;

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const STATUS: u8 = 3;
const RESIZE: u8 = 4;

/// Where nothing was typed and nothing written for so long, nobody is there any more.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// A command has no more words, and no longer ones, in bytes.
const MOST_WORDS: usize = 256;
const LONGEST_WORD: usize = 64 * 1024;

/// What is to run.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExecQuery {
    /// Which container; left out: the one that the pod names, else its first.
    container: Option<String>,
    /// With a terminal: both outputs are one. Yes where it is left out.
    tty: Option<bool>,
}

/// Runs a command in a container: a WebSocket of binary messages, whose first byte says what the rest is: 0 standard input, 1
/// output, 2 standard error, 3 how it ended (`{"exit_code": 0}` or `{"message": …}`), 4 the terminal's size.
#[utoipa::path(get, path = super::EXEC, operation_id = "exec_in_pod", tag = "kubernetes",
    params(("name" = String, Path), Where, ExecQuery,
        ("command" = Option<Vec<String>>, Query, description = "the words of the command, one each; left out: a shell")),
    responses(
        (status = 101, description = "the WebSocket is open"),
        (status = 200, description = "never: a WebSocket is what is answered"),
        (status = 400, body = Problem, description = "this is no WebSocket"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
#[expect(clippy::too_many_arguments, reason = "each is read from another part of the request")]
pub(super) async fn exec(
    actor: Actor,
    State(app): State<App>,
    Path(name): Path<String>,
    Query(place): Query<Where>,
    Query(asked): Query<ExecQuery>,
    Query(pairs): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> ApiResult<Response> {
    ws::check_origin(&headers, &actor)?;
    let upgrade =
        upgrade.map_err(|why| ApiError::with_status(StatusCode::BAD_REQUEST, "not_a_websocket", why.body_text()))?;
    let words = words(pairs)?;
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let namespace = place.namespaces().unwrap_or(reached.cluster.default_namespace()).to_owned();
    let (kind, pod) = within(&reached, pod(&reached.cluster, &namespace, &name)).await?;
    let object = kind.key(Some(&namespace), &name).object();
    let pod = pod.ok_or_else(|| refused(ansflow_kube::browse::Fault::NotFound(object.clone())))?;
    let container = asked.container.filter(|name| !name.is_empty());
    let command = Command {
        container: container.or_else(|| pod.default_container().map(str::to_owned)),
        namespace,
        pod: name,
        command: words,
        stdin: true,
        tty: asked.tty.unwrap_or(true),
    };
    let detail = json!({ "namespace": command.namespace, "container": command.container, "command": command.command });
    note(&app, &actor, &reached, "pod.exec", &object, &detail).await?;
    let session = within(&reached, Session::open(&reached.cluster, &command)).await?;
    let upgrade = upgrade.max_message_size(ws::LARGEST).max_frame_size(ws::LARGEST);
    Ok(upgrade.on_upgrade(move |socket| converse(app, headers, socket, session)))
}

async fn pod(cluster: &Cluster, namespace: &str, name: &str) -> Result<(Kind, Option<Pod>), ansflow_kube::Error> {
    let kind = cluster.kind_of("", None, "Pod").await?;
    let pod = cluster.get_as::<Pod>(&kind, Some(namespace), name).await?;
    Ok((kind, pod))
}

/// The command of a query; a shell where it says none.
fn words(pairs: Vec<(String, String)>) -> ApiResult<Vec<String>> {
    let words: Vec<String> = pairs.into_iter().filter(|(name, _)| name == "command").map(|(_, word)| word).collect();
    if words.len() > MOST_WORDS || words.iter().any(|word| word.len() > LONGEST_WORD || word.contains('\0')) {
        return Err(ApiError::invalid("command", "the command is too long, or holds a zero byte"));
    }
    match words.is_empty() {
        true => Ok(["sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash || exec sh"].map(str::to_owned).to_vec()),
        false => Ok(words),
    }
}

/// Both ways, until one side has nothing more to say.
async fn converse(app: App, headers: HeaderMap, mut socket: WebSocket, mut session: Session) {
    let every = ws::every(&app);
    let mut ping = interval_at(Instant::now() + every, every);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut used = Instant::now();
    let last = loop {
        tokio::select! {
            heard = session.next() => {
                used = Instant::now();
                let (channel, data) = match heard {
                    Heard::Out(out) => (STDOUT, out),
                    Heard::Err(err) => (STDERR, err),
                    Heard::End(End::Code(code)) => break Some(json!({ "exit_code": code })),
                    Heard::End(End::Refused(why)) => break Some(json!({ "message": why })),
                    Heard::Lost(why) => {
                        let message = format!("the connection to the cluster is lost ({why}); whether the command ended nobody knows");
                        break Some(json!({ "message": message }));
                    }
                };
                if socket.send(message(channel, &data)).await.is_err() {
                    break None;
                }
            }
            said = socket.recv() => match said {
                Some(Ok(Message::Binary(data))) => {
                    used = Instant::now();
                    if let Err(why) = pass(&mut session, &data).await {
                        break Some(json!({ "message": why }));
                    }
                }
                // Pings are answered by the socket itself, answers to ours say nothing of a person, and text has no channel.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
            },
            _ = ping.tick() => {
                if !ws::still_may(&app, &headers, Action::Edit).await {
                    return ws::signed_out(socket).await;
                }
                if used.elapsed() > IDLE {
                    break Some(json!({ "message": "nothing was typed or written for 30 minutes" }));
                }
                if !ws::ping(&mut socket).await {
                    break None;
                }
            }
        }
    };
    if let Some(last) = last {
        // Who has gone need not be told.
        let _ = socket.send(message(STATUS, last.to_string().as_bytes())).await;
        let _ = socket.send(Message::Close(None)).await;
    }
}

/// Hands on what the browser sent; an error is why nothing can be written any more.
async fn pass(session: &mut Session, data: &[u8]) -> Result<(), String> {
    /// As the browser says it.
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Size {
        width: u16,
        height: u16,
    }
    match data.split_first() {
        // Nothing at all: there will be no more.
        Some((&STDIN, [])) => session.end_input().await.map(drop),
        Some((&STDIN, typed)) => session.write(typed).await,
        Some((&RESIZE, size)) => match serde_json::from_slice::<Size>(size) {
            Ok(size) => session.resize(size.width, size.height).await,
            Err(_) => Ok(()),
        },
        Some(_) | None => Ok(()),
    }
}

fn message(channel: u8, data: &[u8]) -> Message {
    let mut message = BytesMut::with_capacity(data.len() + 1);
    message.put_u8(channel);
    message.put_slice(data);
    Message::Binary(Bytes::from(message))
}
