//! Signing in and out. A wrong name and a wrong password look the same, and take the same time.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::peer::Peer;
use super::{Me, cookie, origin};
use crate::App;
use crate::access::{Actor, Via};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Json;

/// Wrong passwords of one name, within the throttle's minutes.
pub(super) const PER_NAME: u32 = 10;
/// Wrong ones from one address; several people may share one.
const PER_ADDRESS: u32 = 100;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginRequest {
    name: String,
    password: String,
}

/// What wrong passwords of somebody are counted under.
pub(super) fn key(name: &str) -> String {
    format!("name {}", name.chars().take(64).collect::<String>())
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/auth/login", operation_id = "log_in", tag = "auth",
    request_body = LoginRequest,
    responses(
        (status = 200, body = Me),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "wrong name or password"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "another site's page"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too many wrong ones"),
    ))]
pub(super) async fn login(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Json(asked): Json<LoginRequest>,
) -> ApiResult<impl IntoResponse> {
    origin::must_not_be_anothers(&headers)?;
    let (name, address) = (key(&asked.name), peer.key());
    app.throttle().take(&address, PER_ADDRESS, app.now())?;
    app.throttle().take(&name, PER_NAME, app.now())?;
    let found = app.store().people().by_name(&asked.name).await?;
    let stored = found.as_ref().map(|person| person.password.clone());
    let is_right = app.passwords().verify(asked.password, stored).await?;
    let Some(person) = found.filter(|_| is_right) else {
        return Err(ApiError::with_status(
            StatusCode::UNAUTHORIZED,
            "wrong_credentials",
            "the name or the password is wrong",
        ));
    };
    app.throttle().give_back(&address);
    app.throttle().forget(&name);
    let cookie = cookie::begin(&app, &headers, &person).await?;
    Ok(([(SET_COOKIE, cookie)], axum::Json(Me::signed_in(person))))
}

/// Ends the session of this request. An API token has none; nothing happens to it.
#[utoipa::path(post, path = "/api/v1/auth/logout", operation_id = "log_out", tag = "auth", responses((status = 204)))]
pub(super) async fn logout(State(app): State<App>, actor: Actor) -> ApiResult<Response> {
    match &actor.via {
        Via::Token { .. } => Ok(StatusCode::NO_CONTENT.into_response()),
        Via::Session(id) => {
            match app.store().people().end_session(&actor.id, id).await {
                // Two windows may log out at once.
                Ok(()) | Err(ansflow_store::Error::NotFound(_)) => {}
                Err(other) => return Err(other.into()),
            }
            Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::none(&app))]).into_response())
        }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/auth/me", operation_id = "who_am_i", tag = "auth",
    responses((status = 200, body = Me)))]
pub(super) async fn me(actor: Actor) -> axum::Json<Me> {
    axum::Json(Me::of(actor))
}
