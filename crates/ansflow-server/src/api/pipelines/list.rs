//! `GET pipelines`

use ansflow_store::pipelines::{Place, Sort};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::show;
use super::views::PipelineSummary;
use crate::App;
use crate::access::Actor;
use crate::api::page::{Page, Paging};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Query;

/// Which pipelines are asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only those that have this in their name or description, whatever its case.
    search: Option<String>,
    /// `name` where it is left out.
    #[serde(default)]
    #[param(inline)]
    sort: SortBy,
    /// At most so many, 1 to 200; 50 where it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// How a list is sorted: by name, by the last change, by the last run.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SortBy {
    /// From A on.
    #[default]
    Name,
    /// Changed last first.
    Updated,
    /// Run last first.
    LastRun,
}

/// A search is no longer than this, in characters.
const LONGEST_SEARCH: usize = 200;

/// Pipelines, page by page.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines",
    operation_id = "list_pipelines",
    tag = "pipelines",
    params(Wanted),
    responses(
        (status = 200, description = "a page of them", body = Page<PipelineSummary>),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 422, description = "no such page", body = Problem),
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> ApiResult<axum::Json<Page<PipelineSummary>>> {
    let limit = Paging { limit: wanted.limit, cursor: None }.limit()?;
    let search = wanted.search.as_deref().filter(|text| !text.is_empty());
    if search.is_some_and(|text| text.chars().count() > LONGEST_SEARCH) {
        let why = format!("`search` has at most {LONGEST_SEARCH} characters");
        return Err(ApiError::invalid("search", why));
    }
    let sort = match wanted.sort {
        SortBy::Name => Sort::Name,
        SortBy::Updated => Sort::Updated,
        SortBy::LastRun => Sort::LastRun,
    };
    let behind = wanted.cursor.as_deref().map(place).transpose()?;
    let store = app.store().pipelines();
    let listed = store.list(search, sort, behind.as_ref(), limit + 1).await?;
    let total = store.count(search).await?;
    let page = Page::of(listed, limit, |last| cursor(&last.place(sort)));
    let rows = page.items.into_iter().map(|listed| listed.row).collect();
    let items = show::summaries(&app, &actor, rows).await?;
    Ok(axum::Json(Page { items, next: page.next, total: Some(total) }))
}

fn cursor(place: &Place) -> String {
    let json = serde_json::json!([place.name, place.time, place.id]);
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn place(cursor: &str) -> ApiResult<Place> {
    let wrong = || ApiError::invalid("cursor", "this cursor is none that was given out");
    let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let (name, time, id): (String, i64, String) = serde_json::from_slice(&json).map_err(|_| wrong())?;
    if name.contains('\0') || id.contains('\0') { Err(wrong()) } else { Ok(Place { name, time, id }) }
}
