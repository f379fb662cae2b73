//! The web UI's files, and what is answered to an address that is no route.
//!
//! Files come from [`App::asset`], which knows a fixed set of names; nothing of a request's path reaches a disk here.

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use crate::error::ApiError;
use crate::{App, Asset};

const INDEX: &str = "index.html";
/// The bundler gives these names with a hash of what is in them.
const HASHED: &str = "assets/";

const WITHOUT_UI: &str = "<!doctype html><meta charset=\"utf-8\"><title>AnsFlow</title>
<h1>AnsFlow</h1><p>This binary was built without its web UI. To build it: <code>npm ci &amp;&amp; npm run build</code> in
<code>web/</code>, then <code>cargo build --release</code>.</p>
<p>The API works: <a href=\"/api/docs\">/api/docs</a>.</p>
";

/// Answers what no route answers: a file of the UI, its page for every other address, and a problem below `/api`.
pub(crate) async fn answer(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    let is_api = path.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("/api"))
        && matches!(path.as_bytes().get(4), None | Some(b'/'));
    if is_api || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return nowhere();
    }
    let name = path.trim_start_matches('/');
    if is_plain(name)
        && let Some(response) = file(&app, name, request.headers())
    {
        return response;
    }
    if name.starts_with(HASHED) {
        // A page of an older version asks for a script that is gone: it must not get a page instead.
        return nowhere();
    }
    file(&app, INDEX, request.headers()).unwrap_or_else(|| Html(WITHOUT_UI).into_response())
}

fn nowhere() -> Response {
    ApiError::with_status(StatusCode::NOT_FOUND, "not_found", "there is no such address").into_response()
}

/// Only what a bundler would call a file.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    !name.is_empty()
        && name.chars().all(plain)
        && name.split('/').all(|part| !part.starts_with('.') && !part.is_empty())
}

fn file(app: &App, name: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = app.asset(name)?;
    let packed = ["br", "gzip"].into_iter().filter(|encoding| accepts(headers, encoding)).find_map(|encoding| {
        let end = if encoding == "br" { "br" } else { "gz" };
        Some((encoding, app.asset(&format!("{name}.{end}"))?))
    });
    let (encoding, asset) = packed.map_or((None, plain), |(encoding, asset)| (Some(encoding), asset));
    let tag = tag(&asset);
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|text| text.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.trim_start_matches("W/") == tag
    });
    let mut response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { asset.bytes.into_response() };
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    out.insert(ETAG, HeaderValue::try_from(tag).expect("hexadecimal in quotes is plain ASCII"));
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let keep = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    out.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Some(encoding) = encoding {
        out.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

fn tag(asset: &Asset) -> String {
    let hex: String = asset.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// Whether a browser takes it; one that says `q=0` does not.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let texts = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
