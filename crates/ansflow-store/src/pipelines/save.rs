//! Writing pipelines: a new one, and a change under the revision that the writer knew.

use ansflow_core::pipeline::Trigger;
use jiff::Timestamp;

use super::{PipelineRow, Pipelines, not_found, schedules};
use crate::db::{Tx, bigint};
use crate::{Error, Result};

/// A text, and what whoever read it found in it.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'w> {
    /// As its author wrote it, to the last byte.
    pub body: &'w str,
    /// What the pipeline is called.
    pub name: &'w str,
    /// What it is for; may be empty.
    pub description: &'w str,
    /// What starts it.
    pub triggers: &'w [Trigger],
    /// Why it was written.
    pub note: &'w str,
}

/// What stands beside the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether it may be started.
    pub enabled: bool,
    /// So many runs of it have their turn at once; none: as many as the server takes.
    pub max_runs: Option<u64>,
}

/// A pipeline that is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewPipeline<'n> {
    /// `pl_` and a UUIDv7.
    pub id: &'n str,
    /// Its first text.
    pub wording: Wording<'n>,
    /// What stands beside it.
    pub settings: Settings,
    /// Who makes it.
    pub by: &'n str,
}

/// What changes of a pipeline; what is left out stays.
#[derive(Debug, Clone, Copy)]
pub struct Change<'c> {
    /// Its text. The same text makes no new version.
    pub wording: Option<Wording<'c>>,
    /// Whether it may be started.
    pub enabled: Option<bool>,
    /// How many of its runs have their turn at once; none in it: as many as the server takes.
    pub max_runs: Option<Option<u64>>,
    /// Who changes it.
    pub by: &'c str,
}

impl Pipelines<'_> {
    /// Remembers a new pipeline with its first version.
    ///
    /// # Errors
    /// [`Error::Taken`] when a pipeline has this name.
    pub async fn create(&self, new: &NewPipeline<'_>, now: Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        let made = sqlx::query(
            "INSERT INTO pipeline (id, name, description, search, version, builds, enabled, max_runs, revision,
                                   created_at, updated_at, updated_by, deleted_at)
             VALUES ($1, $2, $3, $4, 1, 0, $5, $6, 1, $7, $7, $8, 0) ON CONFLICT DO NOTHING",
        )
        .bind(new.id)
        .bind(new.wording.name)
        .bind(new.wording.description)
        .bind(searchable(&new.wording))
        .bind(i64::from(new.settings.enabled))
        .bind(bigint(new.settings.max_runs.unwrap_or_default()))
        .bind(now.as_millisecond())
        .bind(new.by)
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 0 {
            return Err(Error::Taken("name"));
        }
        add_version(&mut tx, new.id, 1, &new.wording, new.by, now).await?;
        schedules::replace(&mut tx, new.id, new.wording.triggers).await?;
        tx.commit().await?;
        self.changes.tell_of_pipelines();
        Ok(())
    }

    /// Changes a pipeline that the writer knows as it was at `revision`, and says how it is then. What changes nothing
    /// writes nothing.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it has changed since, [`Error::Taken`] when another pipeline has the name,
    /// [`Error::NotFound`].
    pub async fn save(&self, id: &str, revision: u64, change: &Change<'_>, now: Timestamp) -> Result<PipelineRow> {
        let mut tx = self.db.write().await?;
        let (mut row, body) = present(&mut tx, id).await?;
        if row.revision != revision {
            return Err(Error::Conflict(format!("pipeline `{}`", row.name)));
        }
        let before = row.clone();
        let wording = change.wording.filter(|wording| wording.body != body || wording.name != row.name);
        let new_text = wording.filter(|wording| wording.body != body);
        row.enabled = change.enabled.unwrap_or(row.enabled);
        row.max_runs = change.max_runs.unwrap_or(row.max_runs);
        row.version += u64::from(new_text.is_some());
        if let Some(wording) = wording {
            wording.name.clone_into(&mut row.name);
            wording.description.clone_into(&mut row.description);
        }
        if row == before {
            return Ok(row);
        }
        row.revision += 1;
        row.updated_at = now.as_millisecond();
        change.by.clone_into(&mut row.updated_by);
        update(&mut tx, &row).await?;
        if let Some(text) = new_text {
            add_version(&mut tx, id, row.version, &text, change.by, now).await?;
            schedules::replace(&mut tx, id, text.triggers).await?;
        }
        tx.commit().await?;
        self.changes.tell_of_pipelines();
        Ok(row)
    }
}

/// The living pipeline and its text, as this transaction sees them.
async fn present(tx: &mut Tx, id: &str) -> Result<(PipelineRow, String)> {
    type Columns = (String, String, String, i64, i64, i64, i64, i64, i64, i64, String, String);
    let row: Option<Columns> = sqlx::query_as(
        "SELECT pipeline.id, name, description, pipeline.version, builds, enabled, max_runs, revision,
                pipeline.created_at, updated_at, updated_by, body
         FROM pipeline
         JOIN pipeline_version ON pipeline_version.pipeline = pipeline.id AND pipeline_version.version = pipeline.version
         WHERE pipeline.id = $1 AND deleted_at = 0",
    )
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some((id, name, description, version, builds, enabled, max_runs, revision, made, changed, by, body)) = row
    else {
        return Err(not_found(id));
    };
    let row = (id, name, description, version, builds, enabled, max_runs, revision, made, changed, by);
    Ok((PipelineRow::from(row), body))
}

/// Writes the row over the one before it; of two writers who read the same one, the second finds it gone.
async fn update(tx: &mut Tx, row: &PipelineRow) -> Result<()> {
    let searchable = lower(&row.name, &row.description);
    let written = sqlx::query(
        "UPDATE pipeline SET name = $1, description = $2, search = $3, version = $4, enabled = $5, max_runs = $6,
                             revision = $7, updated_at = $8, updated_by = $9
         WHERE id = $10 AND revision = $7 - 1 AND deleted_at = 0",
    )
    .bind(&row.name)
    .bind(&row.description)
    .bind(searchable)
    .bind(bigint(row.version))
    .bind(i64::from(row.enabled))
    .bind(bigint(row.max_runs.unwrap_or_default()))
    .bind(bigint(row.revision))
    .bind(row.updated_at)
    .bind(&row.updated_by)
    .bind(&row.id)
    .execute(&mut **tx)
    .await
    .map_err(taken)?;
    if written.rows_affected() == 0 { Err(Error::Conflict(format!("pipeline `{}`", row.name))) } else { Ok(()) }
}

/// The only unique column that an update changes is the name.
fn taken(error: sqlx::Error) -> Error {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Error::Taken("name"),
        Some(_) | None => error.into(),
    }
}

async fn add_version(
    tx: &mut Tx,
    pipeline: &str,
    version: u64,
    wording: &Wording<'_>,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO pipeline_version (pipeline, version, body, note, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(pipeline)
    .bind(bigint(version))
    .bind(wording.body)
    .bind(wording.note)
    .bind(now.as_millisecond())
    .bind(by)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn searchable(wording: &Wording<'_>) -> String {
    lower(wording.name, wording.description)
}

fn lower(name: &str, description: &str) -> String {
    format!("{name}\n{description}").to_lowercase()
}
