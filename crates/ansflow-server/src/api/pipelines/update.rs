//! `PUT pipelines/{id}`

use ansflow_store::pipelines::Change;
use axum::extract::State;
use axum::response::IntoResponse;

use super::meaning::Meaning;
use super::show;
use super::views::PipelineView;
use super::write::{self, PipelineInput};
use crate::App;
use crate::access::Actor;
use crate::api::revision::{IfMatch, etag};
use crate::error::{ApiResult, Problem};
use crate::extract::{Json, Path};

/// Another text or other settings. The same text makes no new version.
#[utoipa::path(
    put,
    path = "/api/v1/pipelines/{id}",
    operation_id = "update_pipeline",
    tag = "pipelines",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "the `ETag` of what was read")),
    request_body = PipelineInput,
    responses(
        (status = 200, description = "it is stored", body = PipelineView, headers(("ETag" = String))),
        (status = 400, description = "no JSON", body = Problem),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 403, description = "not allowed", body = Problem),
        (status = 404, description = "no such pipeline", body = Problem),
        (status = 412, description = "it has changed since it was read", body = Problem),
        (status = 413, description = "too large", body = Problem),
        (status = 415, description = "no JSON", body = Problem),
        (status = 422, description = "the text is not well, or the name is taken", body = Problem),
        (status = 428, description = "`If-Match` is missing", body = Problem),
    )
)]
pub(super) async fn update(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    known: IfMatch,
    Json(input): Json<PipelineInput>,
) -> ApiResult<impl IntoResponse> {
    input.check()?;
    let row = show::load(&app, &id).await?;
    let revision = known.check(row.revision, format_args!("pipeline `{}`", row.name))?;
    let stem = stem(&app, &id, row.version, &row.name).await?;
    let meaning: Meaning = write::read(&input.text, stem).await?;
    let change = Change {
        wording: Some(write::wording(&input.text, &meaning, &input.note)),
        enabled: input.enabled,
        max_runs: input.max_runs,
        by: &actor.name,
    };
    let saved = app.store().pipelines().save(&id, revision, &change, app.now()).await;
    let row = saved.map_err(|error| write::taken(error, &meaning.name))?;
    let revision = row.revision;
    Ok((etag(revision), axum::Json(show::view(&app, &actor, row).await?)))
}

/// The pipeline's name where its present text gives none itself, so that the next one need not either.
async fn stem<'n>(app: &App, id: &str, version: u64, name: &'n str) -> ApiResult<Option<&'n str>> {
    let text = app.store().pipelines().version(id, version).await?.body;
    let wanted = super::meanings::Wanted { id, version, name };
    let present = super::meanings::of_text(app, wanted, &text).await?;
    Ok((!present.names_itself).then_some(name))
}
