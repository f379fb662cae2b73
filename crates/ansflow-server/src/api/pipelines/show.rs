//! From rows to views: what a page needs is asked for once for all of its rows.

use ansflow_core::planning;
use ansflow_store::pipelines::PipelineRow;

use super::meaning::Meaning;
use super::meanings::{self, Wanted};
use super::permissions::Permissions;
use super::views::{PipelineSummary, PipelineView};
use crate::App;
use crate::access::Actor;
use crate::error::{ApiError, ApiResult, Diagnostic};

/// A page shows so many runs of each pipeline.
const RECENT: u64 = 10;

/// The pipeline of this id.
pub(crate) async fn load(app: &App, id: &str) -> ApiResult<PipelineRow> {
    // What cannot be an id is none, and no database needs to be asked (one of them takes not every character).
    let plain = !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !plain {
        return Err(ApiError::not_found("this pipeline"));
    }
    Ok(app.store().pipelines().get(id).await?)
}

pub(super) async fn summaries(app: &App, actor: &Actor, rows: Vec<PipelineRow>) -> ApiResult<Vec<PipelineSummary>> {
    let wanted: Vec<Wanted<'_>> = rows.iter().map(wanted).collect();
    let meanings = meanings::of(app, &wanted).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut recent = app.store().pipelines().recent_runs(&ids, RECENT).await?;
    let unfinished = app.store().pipelines().unfinished_runs().await?;
    let summary = |(row, meaning): (PipelineRow, std::sync::Arc<Meaning>)| {
        let runs = recent.remove(&row.id).unwrap_or_default();
        let waiting = unfinished.get(&row.id).copied().unwrap_or_default();
        let permissions = Permissions::of(actor, &row, &meaning, waiting);
        PipelineSummary::of(row, &meaning, runs, permissions)
    };
    Ok(rows.into_iter().zip(meanings).map(summary).collect())
}

pub(super) async fn view(app: &App, actor: &Actor, row: PipelineRow) -> ApiResult<PipelineView> {
    let text = app.store().pipelines().version(&row.id, row.version).await?.body;
    let meaning = meanings::of_text(app, wanted(&row), &text).await?;
    let diagnostics = diagnostics(app, &meaning).await?;
    let summary = summaries(app, actor, vec![row]).await?.pop();
    let summary = summary.expect("there are as many summaries as rows");
    Ok(summary.with_text(text, &meaning, diagnostics))
}

/// What is said of a text that is well: its own warnings, and secrets, registries and clusters that are not there.
pub(super) async fn diagnostics(app: &App, meaning: &Meaning) -> ApiResult<Vec<Diagnostic>> {
    let names = meaning.secrets.iter().map(|(name, _)| name.clone()).collect();
    let missing = app.store().pipelines().missing_secrets(&names).await?;
    let mut found = meaning.diagnostics.clone();
    found.extend(meaning.without_secrets(&missing));
    if !meaning.registries.is_empty() || found.iter().any(planning::needs_default) {
        let known = app.store().registry_names().await?;
        found.retain(|warning| !(planning::needs_default(warning) && known.contains(planning::DEFAULT_REGISTRY)));
        found.extend(meaning.about_registries(&known));
    }
    if !meaning.clusters.is_empty() {
        found.extend(meaning.about_clusters(&app.store().cluster_names().await?));
    }
    found.sort_by(|a, b| (a.span, a.code).cmp(&(b.span, b.code)));
    Ok(found.iter().map(Diagnostic::from).collect())
}

fn wanted(row: &PipelineRow) -> Wanted<'_> {
    Wanted { id: &row.id, version: row.version, name: &row.name }
}
