//! Changing one's password, which ends every other session: perhaps one of them was somebody else's.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::sign_in::{PER_NAME, key};
use crate::access::{Actor, Via};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Json;
use crate::{App, password};

/// A new password for who is signed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// The present one.
    current: String,
    /// 10 to 200 characters.
    new: String,
}

/// Changes one's password.
#[utoipa::path(put, path = "/api/v1/auth/me/password", operation_id = "change_password", tag = "auth",
    request_body = PasswordChange,
    responses(
        (status = 204),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too many wrong ones"),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    actor: Actor,
    Json(asked): Json<PasswordChange>,
) -> ApiResult<StatusCode> {
    password::check_rule("new", &asked.new)?;
    // Who has found an open browser must not find out the password with it.
    let key = key(&actor.name);
    app.throttle().take(&key, PER_NAME, app.now())?;
    let stored = app.store().people().by_name(&actor.name).await?.map(|person| person.password);
    if !app.passwords().verify(asked.current, stored).await? {
        return Err(ApiError::invalid("current", "this is not the present password"));
    }
    app.throttle().forget(&key);
    let stay = match &actor.via {
        Via::Session(id) => Some(id.as_str()),
        Via::Token { .. } => None,
    };
    let hash = app.passwords().hash(asked.new).await?;
    app.store().people().set_password(&actor.id, &hash, stay).await?;
    Ok(StatusCode::NO_CONTENT)
}
