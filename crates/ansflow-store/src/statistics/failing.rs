//! Pipelines whose newest verdict is a failure. A run that was cancelled says nothing of its pipeline.

use super::Statistics;
use crate::Result;
use crate::db::{bigint, count};
use crate::pipelines::RecentRun;

/// A pipeline that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// Its name.
    pub name: String,
    /// How many of its runs have failed or timed out since the last that did not.
    pub in_a_row: u64,
    /// The last of them.
    pub last: RecentRun,
}

type Columns = (String, i64, String, String, i64, String, i64, Option<i64>, Option<i64>);

impl Statistics<'_> {
    /// At most `limit` living pipelines that fail, the one that failed last first.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn failing(&self, limit: u64) -> Result<Vec<Failing>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "WITH living AS MATERIALIZED (
                 SELECT id, name, COALESCE((
                     SELECT MAX(updated_at) FROM run
                     WHERE run.pipeline = pipeline.id AND status = 'success'
                       AND status IN ('success', 'failed', 'cancelled', 'timed_out')), 0) AS well_at
                 FROM pipeline WHERE deleted_at = 0),
             failing AS MATERIALIZED (
                 SELECT id, name, (
                     SELECT COUNT(*) FROM run
                     WHERE run.pipeline = living.id AND status IN ('failed', 'timed_out')
                       AND status IN ('success', 'failed', 'cancelled', 'timed_out') AND updated_at > well_at) AS times,
                   (SELECT run.id FROM run
                     WHERE run.pipeline = living.id AND status IN ('failed', 'timed_out')
                       AND status IN ('success', 'failed', 'cancelled', 'timed_out') AND updated_at > well_at
                     ORDER BY updated_at DESC, run.id DESC LIMIT 1) AS last_run
                 FROM living)
             SELECT failing.name, times, run.id, run.pipeline, run.number, run.status, run.created_at, started_at, ended_at
             FROM failing JOIN run ON run.id = failing.last_run LEFT JOIN run_detail ON run_detail.run = run.id
             WHERE times > 0 ORDER BY run.updated_at DESC, run.id DESC LIMIT $1",
        )
        .bind(bigint(limit))
        .fetch_all(self.db.read())
        .await?;
        let failing =
            |(name, times, id, pipeline, number, status, created_at, started_at, ended_at): Columns| Failing {
                name,
                in_a_row: count(times),
                last: (id, pipeline, number, status, created_at, started_at, ended_at).into(),
            };
        Ok(rows.into_iter().map(failing).collect())
    }
}
