//! Pipelines: the texts that people wrote, as they wrote them, and every version of each.
//!
//! Nothing here reads a text: whoever saves says what it is called and what starts it. A pipeline that is deleted gives
//! its name back and keeps its versions, because runs refer to them.

mod delete;
mod list;
mod recent;
mod save;
pub(crate) mod schedules;
mod secrets;
mod versions;

pub use delete::DeleteError;
pub use list::{Listed, Place, Sort};
pub use recent::RecentRun;
pub use save::{Change, NewPipeline, Settings, Wording};
pub use versions::{Version, VersionText};

use crate::db::{Db, count};
use crate::{Changes, Error, Result, Store};

/// Pipelines of one store.
#[derive(Debug, Clone, Copy)]
pub struct Pipelines<'s> {
    pub(crate) db: &'s Db,
    changes: &'s Changes,
}

/// A pipeline's present, without its text. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineRow {
    /// `pl_` and a UUIDv7.
    pub id: String,
    /// Unique among pipelines that are not deleted.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Number of its present text, from 1.
    pub version: u64,
    /// How many runs it has had.
    pub builds: u64,
    /// Whether it may be started.
    pub enabled: bool,
    /// So many runs of it have their turn at once; none: as many as the server takes.
    pub max_runs: Option<u64>,
    /// Counts every change, from 1: what a writer must know.
    pub revision: u64,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
    /// Who changed it last.
    pub updated_by: String,
}

impl Store {
    /// Pipelines and their versions.
    pub fn pipelines(&self) -> Pipelines<'_> {
        Pipelines { db: &self.db, changes: self.changes() }
    }
}

impl Pipelines<'_> {
    /// A pipeline that is not deleted.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: &str) -> Result<PipelineRow> {
        let row: Option<Columns> = sqlx::query_as(
            "SELECT id, name, description, version, builds, enabled, max_runs, revision, created_at, updated_at,
                    updated_by
             FROM pipeline WHERE id = $1 AND deleted_at = 0",
        )
        .bind(id)
        .fetch_optional(self.db.read())
        .await?;
        row.map(PipelineRow::from).ok_or_else(|| not_found(id))
    }

    /// The pipeline of this name that is not deleted.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn by_name(&self, name: &str) -> Result<Option<PipelineRow>> {
        let row: Option<Columns> = sqlx::query_as(
            "SELECT id, name, description, version, builds, enabled, max_runs, revision, created_at, updated_at,
                    updated_by
             FROM pipeline WHERE name = $1 AND deleted_at = 0",
        )
        .bind(name)
        .fetch_optional(self.db.read())
        .await?;
        Ok(row.map(PipelineRow::from))
    }
}

type Columns = (String, String, String, i64, i64, i64, i64, i64, i64, i64, String);

impl From<Columns> for PipelineRow {
    fn from(
        (id, name, description, version, builds, enabled, max_runs, revision, created_at, updated_at, updated_by): Columns,
    ) -> PipelineRow {
        PipelineRow {
            id,
            name,
            description,
            version: count(version),
            builds: count(builds),
            enabled: enabled != 0,
            max_runs: Some(count(max_runs)).filter(|most| *most > 0),
            revision: count(revision),
            created_at,
            updated_at,
            updated_by,
        }
    }
}

fn not_found(id: &str) -> Error {
    Error::NotFound(format!("pipeline `{id}`"))
}

/// `$FIRST, $FIRST+1 …`: placeholders for a list of so many values. Nothing of anybody's text is in it.
pub(crate) fn placeholders(first: usize, values: usize) -> String {
    (first..first + values).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}
