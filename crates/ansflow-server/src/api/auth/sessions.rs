//! One's own sessions: where somebody is signed in, and ending it from elsewhere.

use ansflow_store::people::Session;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::access::{Actor, Via};
use crate::api::page::{Page, Paging};
use crate::api::times::time;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};

/// A browser that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionView {
    id: String,
    created_at: String,
    /// To the minute.
    seen_at: String,
    /// If nobody uses it until then.
    expires_at: String,
    /// This request came with it.
    current: bool,
}

/// Where one is signed in, the newest first.
#[utoipa::path(get, path = "/api/v1/auth/sessions", operation_id = "list_sessions", tag = "auth", params(Paging),
    responses(
        (status = 200, body = Page<SessionView>),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(paging): Query<Paging>,
) -> ApiResult<axum::Json<Page<SessionView>>> {
    let limit = paging.limit()?;
    let before = paging.cursor.as_deref().map(|cursor| {
        let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
        parts.ok_or_else(|| ApiError::invalid("cursor", "`cursor` is not one of ours"))
    });
    let found = app.store().people().sessions(&actor.id, before.transpose()?, limit + 1, app.now()).await?;
    let page = Page::of(found, limit, |last| format!("{}.{}", last.created_at, last.id));
    let items = page.items.into_iter().map(|session| SessionView::of(session, &actor)).collect();
    Ok(axum::Json(Page { items, next: page.next, total: page.total }))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{id}", operation_id = "end_session", tag = "auth",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn end(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> ApiResult<StatusCode> {
    app.store().people().end_session(&actor.id, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl SessionView {
    fn of(session: Session, actor: &Actor) -> SessionView {
        let current = matches!(&actor.via, Via::Session(id) if *id == session.id);
        SessionView {
            id: session.id,
            created_at: time(session.created_at),
            seen_at: time(session.seen_at),
            expires_at: time(session.expires_at),
            current,
        }
    }
}
