//! The newest runs of many pipelines at once, and how many of their runs have not ended.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::{Pipelines, placeholders};
use crate::Result;
use crate::db::{bigint, count};

/// What a list of pipelines shows of a run. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentRun {
    /// Its id.
    pub id: String,
    /// Its pipeline's id.
    pub pipeline: String,
    /// Its number among the pipeline's runs, from 1.
    pub number: u64,
    /// Where it stands, as a word.
    pub status: String,
    /// When it was asked for.
    pub created_at: i64,
    /// How long it took from its start to its end, in milliseconds, where it has both.
    pub duration_ms: Option<u64>,
}

pub(crate) type RecentColumns = (String, String, i64, String, i64, Option<i64>, Option<i64>);

impl From<RecentColumns> for RecentRun {
    fn from((id, pipeline, number, status, created_at, started_at, ended_at): RecentColumns) -> RecentRun {
        let duration_ms = match (started_at.unwrap_or_default(), ended_at.unwrap_or_default()) {
            (started, ended) if started > 0 && ended >= started => Some(count(ended - started)),
            _ => None,
        };
        RecentRun { id, pipeline, number: count(number), status, created_at, duration_ms }
    }
}

impl Pipelines<'_> {
    /// At most `limit` runs of each of these pipelines, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn recent_runs(&self, pipelines: &[&str], limit: u64) -> Result<HashMap<String, Vec<RecentRun>>> {
        let mut recent: HashMap<String, Vec<RecentRun>> = HashMap::new();
        if pipelines.is_empty() {
            return Ok(recent);
        }
        // Numbers only rise. The first one too many is looked up in the index of each pipeline, so that what this costs
        // does not depend on how many runs there ever were.
        let sql = format!(
            "WITH page AS MATERIALIZED (
                 SELECT pipeline.id AS id, COALESCE((SELECT run.number FROM run WHERE run.pipeline = pipeline.id
                                                     ORDER BY run.number DESC LIMIT 1 OFFSET $1), 0) AS too_old
                 FROM pipeline WHERE pipeline.id IN ({}))
             SELECT run.id, run.pipeline, run.number, run.status, run.created_at, run_detail.started_at,
                    run_detail.ended_at
             FROM page JOIN run ON run.pipeline = page.id AND run.number > page.too_old
             LEFT JOIN run_detail ON run_detail.run = run.id
             ORDER BY run.pipeline, run.number DESC",
            placeholders(2, pipelines.len())
        );
        let mut query = sqlx::query_as::<_, RecentColumns>(AssertSqlSafe(sql)).bind(bigint(limit));
        for pipeline in pipelines {
            query = query.bind(*pipeline);
        }
        for run in query.fetch_all(self.db.read()).await?.into_iter().map(RecentRun::from) {
            recent.entry(run.pipeline.clone()).or_default().push(run);
        }
        Ok(recent)
    }

    /// How many runs of each pipeline have not ended; none of a pipeline that is left out.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn unfinished_runs(&self) -> Result<HashMap<String, u64>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT pipeline, COUNT(*) FROM run WHERE status IN ('queued', 'running', 'waiting') GROUP BY pipeline",
        )
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(|(pipeline, runs)| (pipeline, count(runs))).collect())
    }
}
