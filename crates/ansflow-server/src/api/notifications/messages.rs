//! The messages of a notification. None is sent from here: who sends is told that there is one.

use ansflow_store::Error as StoreError;
use axum::extract::State;
use axum::http::StatusCode;

use super::view::MessageView;
use crate::App;
use crate::access::Actor;
use crate::api::page::{Page, Paging};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};

pub(super) const TEST: &str = "/api/v1/notifications/{id}/test";
pub(super) const LIST: &str = "/api/v1/notifications/{id}/messages";
pub(super) const RETRY: &str = "/api/v1/notifications/{id}/messages/{message}/retry";

/// Sends a message that says who asked for it, switched on or not; what came of it is in the list of messages.
#[utoipa::path(post, path = TEST, operation_id = "test_notification", tag = "notifications", params(("id" = String, Path)), responses(
    (status = 202, body = MessageView),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 500, body = Problem),
))]
pub(super) async fn test(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<(StatusCode, axum::Json<MessageView>)> {
    let message = app.store().messages().test(&id, &actor.name, app.now()).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(MessageView::of(&message))))
}

/// Messages of the last 30 days, newest first.
#[utoipa::path(get, path = LIST, operation_id = "list_messages", tag = "notifications", params(("id" = String, Path), Paging), responses(
    (status = 200, body = Page<MessageView>),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
    (status = 500, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> ApiResult<axum::Json<Page<MessageView>>> {
    app.store().notifications().get(&id).await?;
    let limit = paging.limit()?;
    let found = app.store().messages().list(&id, paging.cursor.as_deref(), limit + 1).await?;
    Ok(axum::Json(Page::of(found.iter().map(MessageView::of).collect(), limit, |view| view.id.clone())))
}

/// Sends a message again that was not taken, now.
#[utoipa::path(post, path = RETRY, operation_id = "retry_message", tag = "notifications",
    params(("id" = String, Path), ("message" = String, Path)), responses(
    (status = 202, body = MessageView),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 500, body = Problem),
))]
pub(super) async fn retry(
    State(app): State<App>,
    Path((id, message)): Path<(String, String)>,
) -> ApiResult<(StatusCode, axum::Json<MessageView>)> {
    let again = app.store().messages().retry(&id, &message, app.now()).await;
    let message = again.map_err(|error| match error {
        StoreError::Conflict(what) => ApiError::conflict("already_sent", format!("{what} has been sent")),
        other => other.into(),
    })?;
    Ok((StatusCode::ACCEPTED, axum::Json(MessageView::of(&message))))
}
