//! The first administrator. Who can read what the server printed at its start may be it, and nobody once there is one.

use ansflow_store::Invalid;
use ansflow_store::people::Person;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use utoipa::ToSchema;

use super::{Me, cookie, origin};
use crate::App;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Json;
use crate::password;

const TRIES: u32 = 10;
/// What wrong codes are counted under: there is one code, so everybody's are.
const KEY: &str = "setup";

/// What a page must know before anybody has signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuthState {
    /// There is nobody yet: ask for the one-time code.
    setup_required: bool,
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupRequest {
    /// The one-time code that the server printed at its start; case and dashes do not matter.
    code: String,
    /// 1 to 64 characters.
    name: String,
    /// 10 to 200 characters.
    password: String,
}

/// Whether there is anybody who could sign in.
#[utoipa::path(get, path = "/api/v1/auth/state", operation_id = "auth_state", tag = "auth",
    responses((status = 200, body = AuthState)))]
pub(super) async fn state(State(app): State<App>) -> ApiResult<axum::Json<AuthState>> {
    Ok(axum::Json(AuthState { setup_required: app.store().people().is_empty().await? }))
}

/// Makes the first administrator, and signs them in.
#[utoipa::path(post, path = "/api/v1/auth/setup", operation_id = "set_up", tag = "auth",
    request_body = SetupRequest,
    responses(
        (status = 201, body = Me),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "another site's page"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "somebody was first"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too many wrong codes"),
    ))]
pub(super) async fn setup(
    State(app): State<App>,
    headers: HeaderMap,
    Json(asked): Json<SetupRequest>,
) -> ApiResult<impl IntoResponse> {
    origin::must_not_be_anothers(&headers)?;
    if !app.store().people().is_empty().await? {
        return Err(somebody());
    }
    check_name(&asked.name)?;
    password::check_rule("password", &asked.password)?;
    app.throttle().take(KEY, TRIES, app.now())?;
    if !is_the_code(&app, &asked.code) {
        return Err(ApiError::invalid("code", "this is not the one-time code")
            .help("the server prints the code when it starts and there is nobody yet"));
    }
    app.throttle().give_back(KEY);
    let person = Person {
        id: format!("usr_{}", uuid::Uuid::now_v7().simple()),
        name: asked.name,
        password: app.passwords().hash(asked.password).await?,
        role: "admin".to_owned(),
    };
    if !app.store().people().add_first(&person, app.now()).await? {
        return Err(somebody());
    }
    let cookie = cookie::begin(&app, &headers, &person).await?;
    Ok((StatusCode::CREATED, [(SET_COOKIE, cookie)], axum::Json(Me::signed_in(person))))
}

fn somebody() -> ApiError {
    ApiError::conflict("already_set_up", "there is an administrator already").help("sign in instead")
}

fn is_the_code(app: &App, given: &str) -> bool {
    // Hashes have one length, so that the time tells nothing of the code's either.
    let plain = |text: &str| {
        let text: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).flat_map(char::to_lowercase).collect();
        Sha256::digest(text)
    };
    let Some(code) = &app.config().setup_code else { return false };
    plain(given).ct_eq(&plain(code)).into()
}

fn check_name(name: &str) -> Result<(), Invalid> {
    let length = name.chars().count();
    if (1..=64).contains(&length) && name.trim() == name && !name.contains(char::is_control) {
        return Ok(());
    }
    Err(Invalid::new("name", "a name has 1 to 64 characters, and no space at its ends"))
}
