//! Who sends a request, by their API token or their session's cookie. The token wins: it cannot be sent by accident.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method};
use jiff::Timestamp;

use super::{cookie, origin};
use crate::access::{Actor, Via};
use crate::error::{ApiError, ApiResult};
use crate::{App, random};

/// Who it is.
///
/// # Errors
/// 401 when nobody, 403 when another site's page uses somebody's cookie.
pub(crate) async fn who(app: &App, headers: &HeaderMap, method: &Method) -> ApiResult<Actor> {
    if let Some(token) = bearer(headers) {
        return by_token(app, token?).await;
    }
    let secret = cookie::read(app, headers).ok_or_else(ApiError::unauthenticated)?;
    if !matches!(*method, Method::GET | Method::HEAD) {
        origin::must_be_ours(headers)?;
    }
    let id = random::fingerprint(secret);
    let person = app.store().people().by_session(&id, app.now()).await?.ok_or_else(ApiError::unauthenticated)?;
    Ok(Actor { id: person.id, name: person.name, role: person.role, via: Via::Session(id) })
}

async fn by_token(app: &App, token: &str) -> ApiResult<Actor> {
    let found = app.store().people().by_token(&random::fingerprint(token), app.now()).await?;
    let found = found.ok_or_else(ApiError::unauthenticated)?;
    let via = Via::Token {
        id: found.id,
        read_only: found.read_only,
        expires_at: found.expires_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
    };
    Ok(Actor { id: found.person.id, name: found.person.name, role: found.person.role, via })
}

/// What comes behind `Bearer`; another scheme is some proxy's business. What cannot be read is nobody's token.
fn bearer(headers: &HeaderMap) -> Option<ApiResult<&str>> {
    headers.get_all(AUTHORIZATION).iter().find_map(|value| {
        let Ok(text) = value.to_str() else { return Some(Err(ApiError::unauthenticated())) };
        let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
        scheme.eq_ignore_ascii_case("bearer").then(|| Ok(token.trim()))
    })
}
