//! Storing texts: read first, so that nothing is stored that is not well.

use ansflow_core::diagnostic::Diagnostic;
use ansflow_store::Error as StoreError;
use ansflow_store::pipelines::{Change, NewPipeline, PipelineRow, Settings, Wording};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::meaning::{Meaning, check_name};
use super::meanings::blocking;
use super::show;
use crate::App;
use crate::access::Actor;
use crate::error::{ApiError, ApiResult};

/// Bytes of a request with one text: each byte of it takes at most six as JSON.
pub(super) const LARGEST_REQUEST: usize = 6 * super::meaning::LONGEST + 64 * 1024;

/// A note is no longer than this, in characters.
const LONGEST_NOTE: usize = 1_000;

/// So many runs of a pipeline at once are the most that can be asked for.
const MOST_RUNS: u64 = 1_000;

/// A pipeline that is to be stored.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelineInput {
    /// The YAML text; at most 1 MiB.
    pub(super) text: String,
    /// Why it was written; at most 1000 characters.
    #[serde(default)]
    pub(super) note: String,
    /// Whether it may be started; left out: as it is.
    #[serde(default)]
    pub(super) enabled: Option<bool>,
    /// Of runs of it that have their turn at once, 1 to 1000; null: as many as the server takes; left out: as it is.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    pub(super) max_runs: Option<Option<u64>>,
}

/// What is null was given.
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl PipelineInput {
    /// What can be said against it without reading its text.
    pub(super) fn check(&self) -> ApiResult<()> {
        check_note(&self.note)?;
        match self.max_runs.flatten() {
            None | Some(1..=MOST_RUNS) => Ok(()),
            Some(_) => Err(ApiError::invalid("max_runs", format!("`max_runs` must be from 1 to {MOST_RUNS}, or null"))),
        }
    }
}

fn check_note(note: &str) -> ApiResult<()> {
    if note.contains('\0') || note.chars().count() > LONGEST_NOTE {
        let why = format!("a note has at most {LONGEST_NOTE} characters, and no NUL among them");
        return Err(ApiError::invalid("note", why));
    }
    Ok(())
}

/// A name that stands beside a text, such as that of its file.
pub(super) fn check_given_name(name: &str) -> ApiResult<()> {
    check_name(name).map_err(|why| ApiError::invalid("name", why))
}

/// What a text means.
///
/// # Errors
/// 422 with every place that is at fault.
pub(super) async fn read(text: &str, stem: Option<&str>) -> ApiResult<Meaning> {
    let (text, stem) = (text.to_owned(), stem.map(str::to_owned));
    let read = blocking(move || Meaning::read(&text, stem.as_deref())).await?;
    read.map_err(|found| unwell(&found))
}

fn unwell(found: &[Diagnostic]) -> ApiError {
    let errors = found.iter().filter(|problem| problem.is_error()).count();
    let first = found.iter().find(|problem| problem.is_error()).map_or("", |problem| problem.message.as_str());
    let why = match errors {
        1 => format!("the text has an error: {first}"),
        many => format!("the text has {many} errors, the first of them: {first}"),
    };
    ApiError::invalid("text", why).diagnostics(found)
}

/// Stores a new pipeline and answers with its row.
pub(super) async fn create(
    app: &App,
    actor: &Actor,
    text: &str,
    meaning: &Meaning,
    note: &str,
    settings: Settings,
) -> ApiResult<PipelineRow> {
    let id = format!("pl_{}", uuid::Uuid::now_v7().simple());
    let wording = wording(text, meaning, note);
    let new = NewPipeline { id: &id, wording, settings, by: &actor.name };
    app.store().pipelines().create(&new, app.now()).await.map_err(|error| taken(error, &meaning.name))?;
    show::load(app, &id).await
}

/// Stores a new version over the present one, whichever that is.
pub(super) async fn replace(
    app: &App,
    actor: &Actor,
    id: &str,
    text: &str,
    meaning: &Meaning,
    note: &str,
) -> ApiResult<PipelineRow> {
    let change = Change { wording: Some(wording(text, meaning, note)), enabled: None, max_runs: None, by: &actor.name };
    save_over(app, id, &change).await.map_err(|error| taken(error, &meaning.name))
}

/// Changes a pipeline, whatever its revision: a change that nobody made from an older one.
pub(super) async fn save_over(app: &App, id: &str, change: &Change<'_>) -> Result<PipelineRow, StoreError> {
    loop {
        let row = app.store().pipelines().get(id).await?;
        match app.store().pipelines().save(id, row.revision, change, app.now()).await {
            Err(StoreError::Conflict(_)) => (), // Somebody was faster: over theirs.
            other => return other,
        }
    }
}

pub(super) fn wording<'w>(text: &'w str, meaning: &'w Meaning, note: &'w str) -> Wording<'w> {
    Wording { body: text, name: &meaning.name, description: &meaning.description, triggers: &meaning.triggers, note }
}

/// Says which name is taken.
pub(super) fn taken(error: StoreError, name: &str) -> ApiError {
    match error {
        StoreError::Taken("name") => ApiError::invalid("name", format!("there is already a pipeline `{name}`"))
            .help("give it another name, or change the pipeline that there is"),
        other => other.into(),
    }
}
