//! The same for the steps of one pipeline.

use super::{MOST, Statistics};
use crate::Result;
use crate::db::{bigint, count};

/// Ends of one step that went one way on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepCount {
    /// The step's name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// How, as a word.
    pub status: String,
    /// Days since the window began, from 0.
    pub day: i64,
    /// How many.
    pub steps: u64,
    /// How many attempts they took together.
    pub attempts: u64,
    /// Its first place among the steps of its runs, from 0.
    pub place: u64,
    /// The newest of them, in milliseconds since 1970.
    pub newest: i64,
}

/// How long one step took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDuration {
    /// The step's name.
    pub name: String,
    /// Days since the window began, from 0.
    pub day: i64,
    /// From its first start to its end, in milliseconds.
    pub duration_ms: u64,
}

type Columns = (String, String, String, i64, i64, i64, i64, i64);

impl Statistics<'_> {
    /// How often each step of a pipeline ended how on which day, since `from` in milliseconds since 1970.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn steps(&self, pipeline: &str, from: i64) -> Result<Vec<StepCount>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT name, kind, status, (ended_at - $2) / 86400000, COUNT(*), CAST(SUM(attempts) AS BIGINT), MIN(step),
                    MAX(ended_at)
             FROM step_result WHERE pipeline = $1 AND ended_at >= $2 GROUP BY 1, 2, 3, 4",
        )
        .bind(pipeline)
        .bind(from)
        .fetch_all(self.db.read())
        .await?;
        let step = |(name, kind, status, day, steps, attempts, place, newest): Columns| StepCount {
            name,
            kind,
            status,
            day,
            steps: count(steps),
            attempts: count(attempts),
            place: count(place),
            newest,
        };
        Ok(rows.into_iter().map(step).collect())
    }

    /// How long the newest steps of a pipeline took that ran to an end since `from`.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn step_durations(&self, pipeline: &str, from: i64) -> Result<Vec<StepDuration>> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT name, (ended_at - $2) / 86400000, duration_ms FROM step_result
             WHERE pipeline = $1 AND ended_at >= $2 AND status IN ('success', 'failed', 'timed_out')
             ORDER BY ended_at DESC LIMIT $3",
        )
        .bind(pipeline)
        .bind(from)
        .bind(bigint(MOST))
        .fetch_all(self.db.read())
        .await?;
        let step = |(name, day, duration_ms)| StepDuration { name, day, duration_ms: count(duration_ms) };
        Ok(rows.into_iter().map(step).collect())
    }
}
