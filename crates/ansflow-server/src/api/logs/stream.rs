//! `GET …/log/stream`: the output as it is written. Ids are places in it, so that who comes again goes on exactly there.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::stream;
use serde::Deserialize;
use utoipa::IntoParams;

use super::which;
use crate::App;
use crate::access::Action;
use crate::allowed::while_allowed;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};
use crate::live::{Follower, LogChunk};
use crate::sse;

/// Which output is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Left out: the latest, or the first that comes. Who comes again should name the one that was sent.
    attempt: Option<u32>,
    /// Place of the first byte; `Last-Event-ID` wins.
    from: Option<u64>,
}

/// Lines as they are written: `event: lines`, at last `event: end`, which says of which attempt. What a step does when
/// it is tried again is another stream.
#[utoipa::path(get, path = "/api/v1/runs/{id}/steps/{name}/log/stream", operation_id = "stream_log", tag = "logs",
    params(("id" = String, Path), ("name" = String, Path), Asked, ("Last-Event-ID" = Option<u64>, Header)),
    responses(
        (status = 200, content_type = "text/event-stream", body = LogChunk),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem),
))]
pub(super) async fn stream(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if asked.from.is_some_and(|from| i64::try_from(from).is_err()) {
        return Err(ApiError::invalid("from", "`from` is not a place in an output"));
    }
    let from = sse::go_on(&headers, asked.from)?;
    let step = which::step(&app, &id, &name, asked.attempt).await?;
    let follower = Follower::new(app.clone(), id, step, asked.attempt, from);
    let frames = stream::unfold(follower, |mut follower| async move { Some((follower.next().await?, follower)) });
    Ok(sse::response(while_allowed(app, headers, Action::View, frames)))
}
