//! At the door: finds out who asks (a session cookie or an API token), and whether the route's line in the table of
//! access lets them in. A route that is in no table is forbidden to everybody.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::access::{Access, Route};
use crate::error::{ApiError, ApiResult};
use crate::{App, api};

/// Every route that there is.
pub fn table() -> impl Iterator<Item = Route> {
    api::ACCESS.iter().flat_map(|routes| routes.iter().copied())
}

/// What each path asks, by method.
static BY_PATH: LazyLock<HashMap<&'static str, Vec<(&'static str, Access)>>> = LazyLock::new(|| {
    let mut by_path: HashMap<_, Vec<_>> = HashMap::new();
    table().for_each(|(method, path, access)| by_path.entry(path).or_default().push((method, access)));
    by_path
});

/// Lets through whom the table lets through. It asks by the route that was found, never by the path that was sent, so
/// that no spelling of a path is guarded by another route's rule.
pub(crate) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> ApiResult<Response> {
    let Some(route) = request.extensions().get::<MatchedPath>() else {
        return Ok(next.run(request).await); // No route: the fallback, which gives nothing away.
    };
    let forbidden = || ApiError::forbidden("nobody may use this route");
    let methods = BY_PATH.get(route.as_str()).ok_or_else(forbidden)?;
    // HEAD is GET without the body.
    let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    match methods.iter().find(|(verb, _)| *verb == method.as_str()) {
        Some((_, Access::Public)) => {}
        Some((_, Access::May(action))) => {
            let actor = api::auth::who(&app, request.headers(), &method).await?;
            actor.may(*action)?;
            request.extensions_mut().insert(actor);
        }
        None => return Ok(not_this_way(methods)),
    }
    Ok(next.run(request).await)
}

fn not_this_way(methods: &[(&'static str, Access)]) -> Response {
    let mut allowed: Vec<&str> = methods.iter().map(|(method, _)| *method).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    let allowed = allowed.join(", ");
    let why = format!("this address knows {allowed} only");
    let mut response = ApiError::with_status(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", why).into_response();
    response.headers_mut().insert(ALLOW, HeaderValue::try_from(allowed).expect("methods are plain ASCII"));
    response
}
