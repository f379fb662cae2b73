//! axum's extractors with our refusals: what cannot be read is a problem like any other, and names the field.

use axum::extract::rejection::{JsonDataError, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};

use crate::ApiError;

/// A JSON body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<T>(pub(crate) T);

/// The query string.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<T>(pub(crate) T);

/// Parts of the path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Json(value)),
            Err(JsonRejection::JsonDataError(error)) => Err(misfit(&error)),
            Err(other) => Err(ApiError::with_status(other.status(), "unreadable", other.body_text())),
        }
    }
}

/// What JSON is not what it should be. Its cause reads `path.to.field: why at line 1 column 2`.
fn misfit(error: &JsonDataError) -> ApiError {
    let cause = std::error::Error::source(error).map_or_else(|| error.body_text(), ToString::to_string);
    let is_path = |text: &str| !text.contains([' ', '`']);
    let (path, why) = cause.split_once(": ").filter(|(path, _)| is_path(path)).unwrap_or(("", &cause));
    let why = why.split(" at line ").next().unwrap_or(why);
    // Of a field that is missing the path is its parent's.
    let named =
        ["unknown field `", "missing field `"].iter().find_map(|start| why.strip_prefix(start)?.split('`').next());
    let path = path.trim_start_matches('.');
    let field = match named {
        Some(named) if path.is_empty() => named.to_owned(),
        Some(named) if path.rsplit('.').next() != Some(named) => format!("{path}.{named}"),
        None if path.is_empty() => "body".to_owned(),
        Some(_) | None => path.to_owned(),
    };
    ApiError::invalid(field, why)
}

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // PostgreSQL knows no text with a zero byte, and nothing that is looked for has one.
        if let Some(field) = holds_zero_byte(&parts.uri) {
            let why = format!("`{}` cannot hold a zero byte", field.escape_debug());
            return Err(ApiError::invalid(field, why));
        }
        let read: Result<_, QueryRejection> = axum::extract::Query::from_request_parts(parts, state).await;
        let axum::extract::Query(value) = read.map_err(|error| ApiError::invalid("query", error.body_text()))?;
        Ok(Query(value))
    }
}

/// The first field of the query whose value holds one.
fn holds_zero_byte(uri: &Uri) -> Option<String> {
    let axum::extract::Query(pairs) = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().find(|(_, value)| value.contains('\0')).map(|(field, _)| field)
}

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // Nothing is called by a zero byte, and a database would stumble over it.
        if parts.uri.path().contains("%00") {
            return Err(ApiError::with_status(StatusCode::NOT_FOUND, "not_found", "there is no such address"));
        }
        let read: Result<_, PathRejection> = axum::extract::Path::from_request_parts(parts, state).await;
        let axum::extract::Path(value) =
            read.map_err(|error| ApiError::with_status(StatusCode::NOT_FOUND, "not_found", error.body_text()))?;
        Ok(Path(value))
    }
}
