//! Lists of pipelines: searched, sorted, page by page, each page one query.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::{Columns, PipelineRow, Pipelines, placeholders};
use crate::Result;
use crate::db::count;

/// How a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By name, from A on.
    #[default]
    Name,
    /// The one that was changed last first.
    Updated,
    /// The one that was run last first; those that never were come last.
    LastRun,
}

/// Where a page begins: behind the row with these values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The row's name.
    pub name: String,
    /// What it was sorted by, where that is a time; else 0.
    pub time: i64,
    /// The row's id.
    pub id: String,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The pipeline.
    pub row: PipelineRow,
    /// When it was run last, in milliseconds since 1970; 0: never.
    pub last_run: i64,
}

impl Listed {
    /// Where the page behind this row begins.
    #[must_use]
    pub fn place(&self, sort: Sort) -> Place {
        let time = match sort {
            Sort::Name => 0,
            Sort::Updated => self.row.updated_at,
            Sort::LastRun => self.last_run,
        };
        Place { name: self.row.name.clone(), time, id: self.row.id.clone() }
    }
}

impl Pipelines<'_> {
    /// At most `limit` living pipelines whose name or description has `search` in it, whatever its case.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn list(
        &self,
        search: Option<&str>,
        sort: Sort,
        behind: Option<&Place>,
        limit: u64,
    ) -> Result<Vec<Listed>> {
        let rows: Vec<Row> = sqlx::query_as(match sort {
            Sort::Name => BY_NAME,
            Sort::Updated => BY_CHANGE,
            Sort::LastRun => BY_RUN,
        })
        .bind(search.map(pattern))
        .bind(behind.map(|place| place.id.as_str()))
        .bind(behind.map(|place| place.name.as_str()))
        .bind(behind.map(|place| place.time))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(Listed::from).collect())
    }

    /// How many such pipelines there are.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn count(&self, search: Option<&str>) -> Result<u64> {
        let all: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pipeline WHERE deleted_at = 0 AND ($1 IS NULL OR search LIKE $1 ESCAPE '!')",
        )
        .bind(search.map(pattern))
        .fetch_one(self.db.read())
        .await?;
        Ok(count(all))
    }

    /// What the living ones of these pipelines are called, by id.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn names(&self, pipelines: &[&str]) -> Result<HashMap<String, String>> {
        let mut names = HashMap::new();
        // A database takes so many values in one statement, and no more.
        for some in pipelines.chunks(500) {
            let sql = format!(
                "SELECT id, name FROM pipeline WHERE deleted_at = 0 AND id IN ({})",
                placeholders(1, some.len())
            );
            let mut query = sqlx::query_as::<_, (String, String)>(AssertSqlSafe(sql));
            for id in some {
                query = query.bind(*id);
            }
            names.extend(query.fetch_all(self.db.read()).await?);
        }
        Ok(names)
    }
}

/// The three differ in the row that a page begins behind and in the order. `$3` and `$4` are named in each, because
/// PostgreSQL must be able to tell what a value is.
const BY_NAME: &str = "SELECT id, name, description, version, builds, enabled, max_runs, revision, created_at,
            updated_at, updated_by,
            COALESCE((SELECT MAX(created_at) FROM run WHERE run.pipeline = pipeline.id), 0) AS last_run
     FROM pipeline
     WHERE deleted_at = 0 AND ($1 IS NULL OR search LIKE $1 ESCAPE '!')
       AND ($2 IS NULL OR name > $3 OR (name = $3 AND id > $2 AND $4 IS NOT NULL))
     ORDER BY name, id LIMIT $5";

const BY_CHANGE: &str = "SELECT id, name, description, version, builds, enabled, max_runs, revision, created_at,
            updated_at, updated_by,
            COALESCE((SELECT MAX(created_at) FROM run WHERE run.pipeline = pipeline.id), 0) AS last_run
     FROM pipeline
     WHERE deleted_at = 0 AND ($1 IS NULL OR search LIKE $1 ESCAPE '!')
       AND ($2 IS NULL OR updated_at < $4 OR (updated_at = $4 AND id < $2 AND $3 IS NOT NULL))
     ORDER BY updated_at DESC, id DESC LIMIT $5";

const BY_RUN: &str = "SELECT * FROM (
         SELECT id, name, description, version, builds, enabled, max_runs, revision, created_at,
                updated_at, updated_by,
                COALESCE((SELECT MAX(created_at) FROM run WHERE run.pipeline = pipeline.id), 0) AS last_run
         FROM pipeline
         WHERE deleted_at = 0 AND ($1 IS NULL OR search LIKE $1 ESCAPE '!')) AS living
     WHERE ($2 IS NULL OR last_run < $4 OR (last_run = $4 AND id < $2 AND $3 IS NOT NULL))
     ORDER BY last_run DESC, id DESC LIMIT $5";

type Row = (String, String, String, i64, i64, i64, i64, i64, i64, i64, String, i64);

impl From<Row> for Listed {
    fn from(
        (id, name, about, version, builds, enabled, max_runs, revision, made, changed, by, last_run): Row,
    ) -> Listed {
        let row: Columns = (id, name, about, version, builds, enabled, max_runs, revision, made, changed, by);
        Listed { row: row.into(), last_run }
    }
}

/// What `LIKE` takes for a text that stands anywhere; what means more to it is taken as it is.
fn pattern(search: &str) -> String {
    let literal = search.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{literal}%")
}
