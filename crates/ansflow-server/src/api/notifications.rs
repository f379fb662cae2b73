//! Notifications: who is told of what. What is sent, and where to, is the engine's; here it is written down, and an
//! address never comes back.

mod input;
mod messages;
mod view;

use ansflow_store::Error as StoreError;
use ansflow_store::notifications::Notification;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::input::NotificationInput;
use self::view::NotificationView;
use super::page::{Page, Paging};
use super::revision::{IfMatch, etag};
use crate::App;
use crate::access::Access::May;
use crate::access::{Action, Actor, Route};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path, Query};

const LIST: &str = "/api/v1/notifications";
const ONE: &str = "/api/v1/notifications/{id}";

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", LIST, May(Action::View)),
    ("POST", LIST, May(Action::Edit)),
    ("GET", ONE, May(Action::View)),
    ("PUT", ONE, May(Action::Edit)),
    ("DELETE", ONE, May(Action::Edit)),
    ("POST", messages::TEST, May(Action::Edit)),
    ("GET", messages::LIST, May(Action::View)),
    ("POST", messages::RETRY, May(Action::Edit)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, update, remove))
        .routes(routes!(messages::test))
        .routes(routes!(messages::list))
        .routes(routes!(messages::retry))
}

/// Every notification, by name.
#[utoipa::path(get, path = LIST, operation_id = "list_notifications", tag = "notifications", params(Paging), responses(
    (status = 200, body = Page<NotificationView>),
    (status = 401, body = Problem), (status = 422, body = Problem), (status = 500, body = Problem),
))]
async fn list(State(app): State<App>, Query(paging): Query<Paging>) -> ApiResult<axum::Json<Page<NotificationView>>> {
    let limit = paging.limit()?;
    let found = app.store().notifications().list(paging.cursor.as_deref().unwrap_or_default(), limit + 1).await?;
    let names = app.store().notifications().pipelines().await?;
    let newest = app.store().messages().newest().await?;
    let views = found.iter().map(|one| {
        let last = newest.iter().find(|message| message.notification == one.id);
        NotificationView::of(one, &names, last)
    });
    Ok(axum::Json(Page::of(views.collect(), limit, |view| view.name.clone())))
}

/// A new one. `url` is what a chat or program gives, its token included; it is stored sealed and never shown again.
#[utoipa::path(post, path = LIST, operation_id = "create_notification", tag = "notifications", request_body = NotificationInput, responses(
    (status = 201, body = NotificationView, headers(("ETag" = String))),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
    (status = 500, body = Problem),
))]
async fn add(actor: Actor, State(app): State<App>, Json(input): Json<NotificationInput>) -> ApiResult<Response> {
    let checked = input.check(None)?;
    let names = known_pipelines(&app, &checked.pipelines).await?;
    let now = app.now().as_millisecond();
    let (id, version) = (format!("ntf_{}", uuid::Uuid::now_v7().simple()), 1);
    let sealed = app.keyring().seal(&Notification::place(&id, version), &checked.address());
    let created = checked.into_notification(id, version, sealed, now, now, actor.name);
    app.store().notifications().add(&created).await?;
    Ok((StatusCode::CREATED, with_etag(&created, NotificationView::of(&created, &names, None))).into_response())
}

/// One of them.
#[utoipa::path(get, path = ONE, operation_id = "get_notification", tag = "notifications", params(("id" = String, Path)), responses(
    (status = 200, body = NotificationView, headers(("ETag" = String))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 500, body = Problem),
))]
async fn get(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Response> {
    let found = app.store().notifications().get(&id).await?;
    show(&app, &found).await
}

/// Changes one; `url: null` and `signing_secret: null` keep what is stored, an empty signing secret removes it.
#[utoipa::path(put, path = ONE, operation_id = "update_notification", tag = "notifications", request_body = NotificationInput,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "the `ETag` that was read")),
    responses(
        (status = 200, body = NotificationView, headers(("ETag" = String))),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 412, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem),
        (status = 500, body = Problem),
))]
async fn update(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
    known: IfMatch,
    Json(input): Json<NotificationInput>,
) -> ApiResult<Response> {
    let stored = app.store().notifications().get(&id).await?;
    known.check(stored.version, format!("notification `{}`", stored.id))?;
    let checked = input.check(Some((&stored, &open(&app, &stored)?)))?;
    known_pipelines(&app, &checked.pipelines).await?;
    let version = stored.version + 1;
    let sealed = app.keyring().seal(&Notification::place(&id, version), &checked.address());
    let now = app.now().as_millisecond();
    let changed = checked.into_notification(id, version, sealed, stored.created_at, now, actor.name);
    app.store().notifications().update(&changed).await?;
    show(&app, &changed).await
}

/// Forgets one, and its messages.
#[utoipa::path(delete, path = ONE, operation_id = "delete_notification", tag = "notifications", params(("id" = String, Path)), responses(
    (status = 204),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 500, body = Problem),
))]
async fn remove(State(app): State<App>, Path(id): Path<String>) -> ApiResult<StatusCode> {
    app.store().notifications().remove(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn show(app: &App, found: &Notification) -> ApiResult<Response> {
    let names = app.store().notifications().pipelines().await?;
    let last = app.store().messages().list(&found.id, None, 1).await?;
    Ok(with_etag(found, NotificationView::of(found, &names, last.first())))
}

fn with_etag(found: &Notification, view: NotificationView) -> Response {
    (etag(found.version), axum::Json(view)).into_response()
}

/// What is sealed of it; empty where it was sealed with another key, so that it can be entered anew.
fn open(app: &App, stored: &Notification) -> ApiResult<ansflow_store::notifications::Address> {
    let place = Notification::place(&stored.id, stored.version);
    match app.keyring().open_sealed(&place, &stored.sealed) {
        Ok(text) => Ok(serde_json::from_str(&text).unwrap_or_default()),
        Err(StoreError::Corrupt(_)) => Ok(ansflow_store::notifications::Address::default()),
        Err(error) => Err(error.into()),
    }
}

/// Names of pipelines, when each of these is one.
async fn known_pipelines(app: &App, ids: &[String]) -> ApiResult<Vec<(String, String)>> {
    let known = app.store().notifications().pipelines().await?;
    match ids.iter().find(|id| !known.iter().any(|(known, _)| known == *id)) {
        Some(unknown) => Err(ApiError::invalid("pipelines", format!("there is no pipeline `{unknown}`"))),
        None => Ok(known),
    }
}
