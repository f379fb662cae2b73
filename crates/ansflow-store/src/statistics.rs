//! What runs have shown: how many ended how, on which day, and how long they took.
//!
//! Counts are over all runs of the window and read indices only. How long something took is read of the newest
//! [`MOST`] only: more would tell nobody more. A run has ended when its last event came.

mod failing;
mod steps;

pub use failing::Failing;
pub use steps::{StepCount, StepDuration};

use crate::db::{Db, count};
use crate::{Result, Store};

/// Of so many at most it is looked up how long they took, for each way to end.
pub const MOST: u64 = 10_000;

/// Milliseconds of a day; in UTC every day has as many.
pub const DAY_MS: i64 = 86_400_000;

/// Statistics of one store.
#[derive(Debug, Clone, Copy)]
pub struct Statistics<'s> {
    pub(crate) db: &'s Db,
}

/// Runs that ended one way on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunCount {
    /// How, as a word.
    pub status: String,
    /// Days since the window began, from 0.
    pub day: i64,
    /// How many.
    pub runs: u64,
}

/// How long one run took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunDuration {
    /// Its pipeline's id.
    pub pipeline: String,
    /// Days since the window began, from 0.
    pub day: i64,
    /// From its turn to its end, in milliseconds.
    pub duration_ms: u64,
    /// From the request to its turn, in milliseconds.
    pub queue_ms: u64,
}

impl Store {
    /// What runs have shown.
    pub fn statistics(&self) -> Statistics<'_> {
        Statistics { db: &self.db }
    }
}

impl Statistics<'_> {
    /// How many runs have not ended, by status.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn unfinished(&self) -> Result<Vec<(String, u64)>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT status, COUNT(*) FROM run WHERE status IN ('queued', 'running', 'waiting') GROUP BY status",
        )
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(|(status, runs)| (status, count(runs))).collect())
    }

    /// How many runs ended how on which day, of one pipeline or all, since `from` in milliseconds since 1970.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn runs(&self, pipeline: Option<&str>, from: i64) -> Result<Vec<RunCount>> {
        let rows: Vec<(String, i64, i64)> = match pipeline {
            None => {
                sqlx::query_as(
                    "SELECT status, (updated_at - $1) / 86400000, COUNT(*) FROM run
                     WHERE status IN ('success', 'failed', 'cancelled', 'timed_out') AND updated_at >= $1
                     GROUP BY 1, 2",
                )
                .bind(from)
                .fetch_all(self.db.read())
                .await?
            }
            Some(pipeline) => {
                sqlx::query_as(
                    "SELECT status, (updated_at - $1) / 86400000, COUNT(*) FROM run
                     WHERE status IN ('success', 'failed', 'cancelled', 'timed_out') AND updated_at >= $1
                       AND pipeline = $2
                     GROUP BY 1, 2",
                )
                .bind(from)
                .bind(pipeline)
                .fetch_all(self.db.read())
                .await?
            }
        };
        Ok(rows.into_iter().map(|(status, day, runs)| RunCount { status, day, runs: count(runs) }).collect())
    }

    /// How long the newest runs took that ended in one way since `from`, of one pipeline or all.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn durations(&self, pipeline: Option<&str>, status: &str, from: i64) -> Result<Vec<RunDuration>> {
        // The second condition on the status says what the index is about.
        let rows: Vec<(String, i64, i64, i64, i64)> = match pipeline {
            None => {
                sqlx::query_as(
                    "SELECT run.pipeline, (run.updated_at - $2) / 86400000, run.created_at, started_at, ended_at
                     FROM run JOIN run_detail ON run_detail.run = run.id
                     WHERE status = $1 AND status IN ('success', 'failed', 'cancelled', 'timed_out')
                       AND run.updated_at >= $2
                     ORDER BY run.updated_at DESC LIMIT $3",
                )
                .bind(status)
                .bind(from)
                .bind(crate::db::bigint(MOST))
                .fetch_all(self.db.read())
                .await?
            }
            Some(pipeline) => {
                sqlx::query_as(
                    "SELECT run.pipeline, (run.updated_at - $2) / 86400000, run.created_at, started_at, ended_at
                     FROM run JOIN run_detail ON run_detail.run = run.id
                     WHERE status = $1 AND status IN ('success', 'failed', 'cancelled', 'timed_out')
                       AND run.updated_at >= $2 AND pipeline = $4
                     ORDER BY run.updated_at DESC LIMIT $3",
                )
                .bind(status)
                .bind(from)
                .bind(crate::db::bigint(MOST))
                .bind(pipeline)
                .fetch_all(self.db.read())
                .await?
            }
        };
        let duration = |(pipeline, day, created_at, started_at, ended_at): (String, i64, i64, i64, i64)| {
            let took = RunDuration {
                pipeline,
                day,
                duration_ms: count(ended_at - started_at),
                queue_ms: count(started_at - created_at),
            };
            // 0: not known.
            (started_at > 0 && ended_at > 0).then_some(took)
        };
        Ok(rows.into_iter().filter_map(duration).collect())
    }
}
