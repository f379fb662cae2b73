//! What every answer says to browsers, and by which names browsers may come.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::App;
use crate::error::{ApiError, ApiResult};

const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

/// Adds what a handler has not said itself.
pub(crate) async fn add(request: Request, next: Next) -> Response {
    let of_the_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut say = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    say(CONTENT_SECURITY_POLICY, POLICY);
    say(X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(REFERRER_POLICY, "same-origin");
    if of_the_api {
        // Tokens, sessions and what one person may see are not for caches.
        say(CACHE_CONTROL, "no-store");
    }
    response
}

/// Turns away who comes by a name that is not the server's: a page elsewhere can give its own name this address.
pub(crate) async fn check_host(State(app): State<App>, request: Request, next: Next) -> ApiResult<Response> {
    let allowed = &app.config().allowed_hosts;
    if allowed.is_empty() || host(request.headers()).is_some_and(|host| allowed.contains(&host)) {
        return Ok(next.run(request).await);
    }
    let why = "this server does not go by the name in `Host`";
    let help = "use the address that the server printed, or start it with a base URL";
    Err(ApiError::with_status(StatusCode::MISDIRECTED_REQUEST, "unknown_host", why).help(help))
}

/// The name in `Host`, without its port.
fn host(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return None };
    let host = host.to_str().ok()?;
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => name,
        Some(_) | None => host,
    };
    Some(name.to_ascii_lowercase())
}
