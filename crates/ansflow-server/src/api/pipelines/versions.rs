//! `GET pipelines/{id}/versions[/{version}]` and `POST pipelines/{id}/versions/{version}/restore`

use axum::extract::State;
use axum::response::IntoResponse;

use super::show;
use super::views::{PipelineView, VersionText, VersionView};
use super::write;
use crate::App;
use crate::access::Actor;
use crate::api::page::{Page, Paging};
use crate::api::revision::etag;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};

/// Every version of a pipeline, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{id}/versions",
    operation_id = "list_pipeline_versions",
    tag = "pipelines",
    params(("id" = String, Path), Paging),
    responses(
        (status = 200, description = "a page of them", body = Page<VersionView>),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 404, description = "no such pipeline", body = Problem),
        (status = 422, description = "no such page", body = Problem),
    )
)]
pub(super) async fn versions(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> ApiResult<axum::Json<Page<VersionView>>> {
    let limit = paging.limit()?;
    let row = show::load(&app, &id).await?;
    let wrong = |_| ApiError::invalid("cursor", "this cursor is none that was given out");
    let before: Option<u64> = paging.cursor.as_deref().map(str::parse).transpose().map_err(wrong)?;
    let versions = app.store().pipelines().versions(&id, before, limit + 1).await?;
    let views = versions.into_iter().map(VersionView::from).collect();
    let page = Page::of(views, limit, |last: &VersionView| last.version.to_string());
    // Numbers have no gaps.
    Ok(axum::Json(Page { total: Some(row.version), ..page }))
}

/// One version with its text.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{id}/versions/{version}",
    operation_id = "get_pipeline_version",
    tag = "pipelines",
    params(("id" = String, Path), ("version" = u64, Path)),
    responses(
        (status = 200, description = "the version", body = VersionText),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 404, description = "no such version", body = Problem),
    )
)]
pub(super) async fn version(
    State(app): State<App>,
    Path((id, version)): Path<(String, u64)>,
) -> ApiResult<axum::Json<VersionText>> {
    show::load(&app, &id).await?;
    Ok(axum::Json(app.store().pipelines().version(&id, version).await?.into()))
}

/// An old text again, as a new version.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/{id}/versions/{version}/restore",
    operation_id = "restore_pipeline_version",
    tag = "pipelines",
    params(("id" = String, Path), ("version" = u64, Path)),
    responses(
        (status = 200, description = "it is stored", body = PipelineView, headers(("ETag" = String))),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 403, description = "not allowed", body = Problem),
        (status = 404, description = "no such version", body = Problem),
        (status = 422, description = "its text is not well any more, or its name is taken", body = Problem),
    )
)]
pub(super) async fn restore(
    State(app): State<App>,
    actor: Actor,
    Path((id, version)): Path<(String, u64)>,
) -> ApiResult<impl IntoResponse> {
    let row = show::load(&app, &id).await?;
    let text = app.store().pipelines().version(&id, version).await?.body;
    // A text that gave no name when it was stored needs none now.
    let meaning = write::read(&text, Some(&row.name)).await?;
    let note = format!("version {version} again");
    let row = write::replace(&app, &actor, &id, &text, &meaning, &note).await?;
    let revision = row.revision;
    Ok((etag(revision), axum::Json(show::view(&app, &actor, row).await?)))
}
