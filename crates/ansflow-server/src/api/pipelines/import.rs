//! `POST pipelines/import`

use ansflow_store::pipelines::Settings;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::batch::BatchResult;
use super::meaning::Meaning;
use super::{clone, write};
use crate::App;
use crate::access::Actor;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Json;

/// Bytes of a request with many texts.
pub(super) const LARGEST_REQUEST: usize = 32 * 1024 * 1024;

/// So many texts at once.
const MOST: usize = 500;

/// Texts to be stored, each by itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportRequest {
    /// At most 500.
    items: Vec<ImportItem>,
    /// What is done where a pipeline has the name already.
    on_conflict: OnConflict,
}

/// One text.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportItem {
    text: String,
    /// Its name where the text gives none, such as that of its file.
    #[serde(default)]
    #[schema(required)]
    name: Option<String>,
}

/// What is done where a pipeline has the name already: nothing, a new version of it, or another name for this one.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnConflict {
    /// The text is not stored.
    Fail,
    /// It becomes a new version of the pipeline that there is.
    NewVersion,
    /// It gets a number behind its name.
    Rename,
}

/// What came of each, in the order of the request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BatchResults {
    pub(super) items: Vec<BatchResult>,
}

/// Stores many texts, each by itself: one that is not well stops none of the others.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/import",
    operation_id = "import_pipelines",
    tag = "pipelines",
    request_body = ImportRequest,
    responses(
        (status = 200, description = "what came of each", body = BatchResults),
        (status = 400, description = "no JSON", body = Problem),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 403, description = "not allowed", body = Problem),
        (status = 413, description = "too large", body = Problem),
        (status = 415, description = "no JSON", body = Problem),
        (status = 422, description = "too many texts", body = Problem),
    )
)]
pub(super) async fn import(
    State(app): State<App>,
    actor: Actor,
    Json(request): Json<ImportRequest>,
) -> ApiResult<axum::Json<BatchResults>> {
    if request.items.len() > MOST {
        return Err(ApiError::invalid("items", format!("at most {MOST} texts can be imported at once")));
    }
    let mut items = Vec::with_capacity(request.items.len());
    for (number, item) in (1..).zip(&request.items) {
        let given = item.name.clone().unwrap_or_else(|| format!("text {number}"));
        items.push(match one(&app, &actor, item, request.on_conflict).await {
            Ok((name, id)) => BatchResult::done(name, Some(id), None),
            Err((name, error)) => BatchResult::refused(name.unwrap_or(given), None, error),
        });
    }
    Ok(axum::Json(BatchResults { items }))
}

type Refused = (Option<String>, ApiError);

/// Stores one text, and says under which name and id.
async fn one(
    app: &App,
    actor: &Actor,
    item: &ImportItem,
    on_conflict: OnConflict,
) -> Result<(String, String), Refused> {
    let nameless = |error| (None, error);
    item.name.as_deref().map_or(Ok(()), write::check_given_name).map_err(nameless)?;
    let meaning = write::read(&item.text, item.name.as_deref()).await.map_err(nameless)?;
    let named = |error| (Some(meaning.name.clone()), error);
    let present = app.store().pipelines().by_name(&meaning.name).await.map_err(|error| named(error.into()))?;
    let stored = match (present, on_conflict) {
        (Some(present), OnConflict::NewVersion) => {
            write::replace(app, actor, &present.id, &item.text, &meaning, NOTE).await
        }
        (Some(_), OnConflict::Rename) => under_another_name(app, actor, &item.text, &meaning).await,
        (Some(_), OnConflict::Fail) | (None, _) => {
            write::create(app, actor, &item.text, &meaning, NOTE, SETTINGS).await
        }
    };
    stored.map(|row| (row.name, row.id)).map_err(named)
}

const NOTE: &str = "imported";
const SETTINGS: Settings = Settings { enabled: true, max_runs: None };

/// Under the first number that is free. A text that gives no name itself stays as it is.
async fn under_another_name(
    app: &App,
    actor: &Actor,
    text: &str,
    meaning: &Meaning,
) -> ApiResult<ansflow_store::pipelines::PipelineRow> {
    let mut last = None;
    for number in 2..10_000 {
        let name = format!("{} {number}", meaning.name);
        write::check_given_name(&name)?;
        if app.store().pipelines().by_name(&name).await?.is_some() {
            continue;
        }
        let text =
            if meaning.names_itself { clone::rename(text.to_owned(), name.clone()).await? } else { text.to_owned() };
        let renamed = write::read(&text, Some(&name)).await?;
        match write::create(app, actor, &text, &renamed, NOTE, SETTINGS).await {
            Ok(row) => return Ok(row),
            Err(error) => last = Some(error), // Somebody has just taken it.
        }
    }
    Err(last.unwrap_or_else(|| ApiError::invalid("name", "there are too many pipelines of this name")))
}
