//! The texts that a pipeline ever had. They stay when it is deleted.

use sqlx::AssertSqlSafe;

use super::{Pipelines, placeholders};
use crate::db::count;
use crate::{Error, Result};

/// A version without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// From 1.
    pub version: u64,
    /// Why it was written; may be empty.
    pub note: String,
    /// When, in milliseconds since 1970.
    pub created_at: i64,
    /// By whom.
    pub created_by: String,
}

/// A version with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionText {
    /// Which.
    pub version: Version,
    /// As its author wrote it.
    pub body: String,
}

impl Pipelines<'_> {
    /// At most `limit` versions, newest first, older than `before` or from the newest on.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn versions(&self, pipeline: &str, before: Option<u64>, limit: u64) -> Result<Vec<Version>> {
        let rows: Vec<(i64, String, i64, String)> = sqlx::query_as(
            "SELECT version, note, created_at, created_by FROM pipeline_version
             WHERE pipeline = $1 AND version < $2 ORDER BY version DESC LIMIT $3",
        )
        .bind(pipeline)
        .bind(before.map_or(i64::MAX, |version| i64::try_from(version).unwrap_or(i64::MAX)))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(self.db.read())
        .await?;
        let version =
            |(version, note, created_at, created_by)| Version { version: count(version), note, created_at, created_by };
        Ok(rows.into_iter().map(version).collect())
    }

    /// One version, also of a pipeline that was deleted.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn version(&self, pipeline: &str, version: u64) -> Result<VersionText> {
        let missing = || Error::NotFound(format!("version {version} of pipeline `{pipeline}`"));
        let Ok(number) = i64::try_from(version) else { return Err(missing()) };
        let row: Option<(String, i64, String, String)> = sqlx::query_as(
            "SELECT note, created_at, created_by, body FROM pipeline_version WHERE pipeline = $1 AND version = $2",
        )
        .bind(pipeline)
        .bind(number)
        .fetch_optional(self.db.read())
        .await?;
        let (note, created_at, created_by, body) = row.ok_or_else(missing)?;
        Ok(VersionText { version: Version { version, note, created_at, created_by }, body })
    }

    /// The present texts of these pipelines, with their numbers; one that was deleted is left out.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn texts(&self, pipelines: &[&str]) -> Result<Vec<(String, u64, String)>> {
        if pipelines.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT pipeline.id, pipeline.version, body FROM pipeline
             JOIN pipeline_version ON pipeline_version.pipeline = pipeline.id AND pipeline_version.version = pipeline.version
             WHERE deleted_at = 0 AND pipeline.id IN ({})",
            placeholders(1, pipelines.len())
        );
        let mut query = sqlx::query_as::<_, (String, i64, String)>(AssertSqlSafe(sql));
        for pipeline in pipelines {
            query = query.bind(*pipeline);
        }
        let rows = query.fetch_all(self.db.read()).await?;
        Ok(rows.into_iter().map(|(pipeline, version, body)| (pipeline, count(version), body)).collect())
    }
}
