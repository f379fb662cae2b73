//! What the engine asks of all runs: whose turn it is, and what of the past may go.

use crate::db::{bigint, count};
use crate::{Result, Runs};

use super::STATUSES;
use ansflow_core::run::event::RunStatus;

/// A run that has not ended, as whoever gives turns sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The run's id.
    pub run: String,
    /// Its pipeline's.
    pub pipeline: String,
    /// Where it stands; none: in a word that this version does not know.
    pub status: Option<RunStatus>,
    /// Number of its last event.
    pub seq: u64,
    /// At most so many runs of the pipeline at once; 0: no limit.
    pub limit: u64,
}

impl Runs<'_> {
    /// Runs that have not ended, in the order in which they were asked for. Of a server's store only.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn turns(&self) -> Result<Vec<Turn>> {
        let rows: Vec<(String, String, String, i64, i64)> = sqlx::query_as(
            "SELECT run.id, run.pipeline, run.status, run.seq, COALESCE(pipeline.max_runs, 0)
             FROM run LEFT JOIN pipeline ON pipeline.id = run.pipeline
             WHERE run.status IN ('queued', 'running', 'waiting') ORDER BY run.created_at, run.id",
        )
        .fetch_all(self.db.read())
        .await?;
        let turn = |(run, pipeline, status, seq, limit): (String, String, String, i64, i64)| {
            let status = STATUSES.into_iter().find(|known| known.as_str() == status);
            Turn { run, pipeline, status, seq: count(seq), limit: count(limit) }
        };
        Ok(rows.into_iter().map(turn).collect())
    }

    /// At most `limit` runs that ended before a time, in milliseconds since 1970; the oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn ended_before(&self, time: i64, limit: u64) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM run WHERE updated_at < $1 AND status NOT IN ('queued', 'running', 'waiting')
             ORDER BY created_at, id LIMIT $2",
        )
        .bind(time)
        .bind(bigint(limit))
        .fetch_all(self.db.read())
        .await?)
    }

    /// When the run ended, in milliseconds since 1970; the inner none: it has not. None: there is no such run.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn ended_at(&self, run: &str) -> Result<Option<Option<i64>>> {
        let ended: Option<(i64, i64)> = sqlx::query_as(
            "SELECT updated_at, CASE WHEN status IN ('queued', 'running', 'waiting') THEN 0 ELSE 1 END
             FROM run WHERE id = $1",
        )
        .bind(run)
        .fetch_optional(self.db.read())
        .await?;
        Ok(ended.map(|(at, has_ended)| (has_ended != 0).then_some(at)))
    }

    /// Forgets a run that has ended, with all that hangs on it; its folder is the caller's. Whether there was one.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn forget(&self, run: &str) -> Result<bool> {
        let mut tx = self.db.write().await?;
        let gone = sqlx::query("DELETE FROM run WHERE id = $1 AND status NOT IN ('queued', 'running', 'waiting')")
            .bind(run)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected() > 0)
    }
}
