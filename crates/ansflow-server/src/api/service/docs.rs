//! What can be asked: the OpenAPI document, and a page to browse it that comes from this binary alone.

use std::sync::{Arc, LazyLock};

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use utoipa_swagger_ui::Config;

use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;
use crate::routes;

static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| routes::document().to_json().expect("a document of texts and numbers is JSON"));

/// The OpenAPI 3.1 document.
#[utoipa::path(get, path = "/api/openapi.json", operation_id = "openapi", tag = "service",
    responses((status = 200, body = serde_json::Value)))]
pub(super) async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}

/// The page to browse it.
#[utoipa::path(get, path = "/api/docs", operation_id = "docs", tag = "service", responses((status = 303)))]
pub(super) async fn docs() -> Redirect {
    // The page's own links are relative, and paths here have no slash at their end.
    Redirect::to("/api/docs/index.html")
}

/// A file of that page.
#[utoipa::path(get, path = "/api/docs/{file}", operation_id = "docs_file", tag = "service",
    params(("file" = String, Path)),
    responses(
        (status = 200, body = String, content_type = "text/html"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn file(Path(file): Path<String>) -> ApiResult<Response> {
    let config = Arc::new(Config::from("/api/openapi.json").use_base_layout().try_it_out_enabled(true));
    let found = utoipa_swagger_ui::serve(&file, config).ok().flatten();
    let found = found.ok_or_else(|| ApiError::not_found(format!("the page's file `{file}`")))?;
    let kind =
        HeaderValue::try_from(found.content_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = ([(CONTENT_TYPE, kind)], found.bytes.into_owned()).into_response();
    if found.gzpipped {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}
