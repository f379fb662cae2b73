//! What steps left behind. Bytes come as attachments that no browser takes for a page of ours; which file that is, a row
//! says, never the address.

use ansflow_store::artifacts::{Artifact, Origin};
use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, ETAG, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::time;
use crate::App;
use crate::api::page::Page;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;
use crate::files::{self, attachment, encoded};
use crate::live::History;

/// A file that a step left behind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ArtifactView {
    /// The step's name.
    step: String,
    attempt: u32,
    /// Where it was, relative to the step's directory.
    path: String,
    /// In bytes.
    size: u64,
    sha256: String,
    kept_at: String,
    /// Where its bytes are.
    href: String,
}

/// What the steps of a run left behind.
#[utoipa::path(get, path = "/api/v1/runs/{id}/artifacts", operation_id = "list_artifacts", tag = "runs", params(("id" = String, Path)), responses(
    (status = 200, body = Page<ArtifactView>),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<Page<ArtifactView>>> {
    let history = app.live().run(app.store(), &id).await?;
    let kept = app.store().artifacts(app.files().artifacts(&id)).list(&id).await?;
    Ok(Json(Page::all(kept.into_iter().filter_map(|artifact| view(&history, artifact)).collect())))
}

fn view(history: &History, artifact: Artifact) -> Option<ArtifactView> {
    let Artifact { run, step, attempt, path, size, sha256, kept_at } = artifact;
    let name = history.run.plan().steps.get(step)?.name.clone();
    // A browser would take `..` for a step up.
    let place = if name.chars().all(|c| c == '.') { step.to_string() } else { encoded(&name) };
    let names: Vec<String> = path.split('/').map(encoded).collect();
    let href = format!("/api/v1/runs/{run}/artifacts/{place}/{attempt}/{}", names.join("/"));
    Some(ArtifactView { step: name, attempt, path, size, sha256, kept_at: time(kept_at), href })
}

/// The bytes of an artifact; `step` is its name, or its index.
#[utoipa::path(get, path = "/api/v1/runs/{id}/artifacts/{step}/{attempt}/{*path}", operation_id = "download_artifact", tag = "runs",
    params(
        ("id" = String, Path), ("step" = String, Path), ("attempt" = u32, Path), ("path" = String, Path),
        ("Range" = Option<String>, Header),
    ),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 416, body = Problem),
))]
pub(super) async fn download(
    State(app): State<App>,
    Path((id, step, attempt, path)): Path<(String, String, u32, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let history = app.live().run(app.store(), &id).await?;
    let by_index = || step.parse().ok().filter(|index| *index < history.steps.len());
    let step = history.index(&step).or_else(by_index).ok_or_else(|| ApiError::not_found("the step"))?;
    let artifacts = app.store().artifacts(app.files().artifacts(&id));
    let artifact = artifacts.find(Origin { run: &id, step, attempt }, &path).await?;
    let file = artifacts.open(&artifact).await.map_err(|_| ApiError::not_found("what the artifact holds"))?;
    let mut response = files::send(file, artifact.size, &headers).await?;
    let name = artifact.path.rsplit('/').next().unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_DISPOSITION, attachment(name));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", artifact.sha256)) {
        headers.insert(ETAG, tag);
    }
    Ok(response)
}
