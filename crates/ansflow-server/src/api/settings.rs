//! What an administrator sets for the whole server.

mod views;

use axum::extract::State;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{Access, Action, Actor, Route};
use crate::api::revision::{IfMatch, etag};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Json;

use views::{Settings, SettingsInput};

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/settings", Access::May(Action::View)),
    ("PUT", "/api/v1/settings", Access::May(Action::Administer)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get, put))
}

/// What is set, or what holds where nothing was.
#[utoipa::path(get, path = "/api/v1/settings", operation_id = "get_settings", tag = "settings",
    responses((status = 200, body = Settings, headers(("etag" = String)))))]
async fn get(State(app): State<App>) -> ApiResult<impl IntoResponse> {
    let settings = app.store().settings(app.keyring()).get().await?;
    Ok((etag(settings.revision), axum::Json(Settings::from(settings))))
}

/// Sets it.
#[utoipa::path(put, path = "/api/v1/settings", operation_id = "put_settings", tag = "settings",
    params(("if-match" = String, Header, description = "the `ETag` that was read")),
    request_body = SettingsInput,
    responses(
        (status = 200, body = Settings, headers(("etag" = String))),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "changed meanwhile"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 428, body = Problem, content_type = "application/problem+json", description = "`If-Match` is missing"),
    ))]
async fn put(
    State(app): State<App>,
    actor: Actor,
    known: IfMatch,
    Json(input): Json<SettingsInput>,
) -> ApiResult<impl IntoResponse> {
    let change = input.into_change();
    change.check()?;
    let store = app.store().settings(app.keyring());
    let known = known.check(store.get().await?.revision, "the settings")?;
    let settings = store.put(known, &change, &actor.name, app.now()).await.map_err(|error| match error {
        ansflow_store::Error::Refused(why) => ApiError::invalid("mail.password", why),
        other => other.into(),
    })?;
    Ok((etag(settings.revision), axum::Json(Settings::from(settings))))
}
