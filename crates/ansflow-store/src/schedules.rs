//! The clock's triggers: what each says, and how far the clock has come with it. When the next time is, is computed
//! elsewhere.

use jiff::Timestamp;

use crate::db::Db;
use crate::deliveries::{self, NewDelivery};
use crate::{Result, Store};

/// What `next_at` says of a schedule that has no next time.
pub const NEVER: i64 = i64::MAX;

/// Schedules of one store.
#[derive(Debug, Clone, Copy)]
pub struct Schedules<'s> {
    db: &'s Db,
}

/// A schedule. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The pipeline's id.
    pub pipeline: String,
    /// Which of the pipeline's triggers it is, from 0.
    pub place: i64,
    /// Five fields: minute, hour, day of month, month, day of week.
    pub cron: String,
    /// A name of the time zone database.
    pub timezone: String,
    /// When it is due; 0: to be computed; [`NEVER`].
    pub next_at: i64,
    /// When it was due last; 0: not yet.
    pub last_at: i64,
    /// The run that it started then; may be empty.
    pub last_run: String,
}

impl Store {
    /// The clock's triggers.
    pub fn schedules(&self) -> Schedules<'_> {
        Schedules { db: &self.db }
    }
}

impl Schedules<'_> {
    /// Those of a pipeline, in the order of its text.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn of(&self, pipeline: &str) -> Result<Vec<Schedule>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT pipeline, place, cron, timezone, next_at, last_at, last_run FROM schedule
             WHERE pipeline = $1 ORDER BY place",
        )
        .bind(pipeline)
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(Schedule::from).collect())
    }

    /// Those that are due, and those whose next time is to be computed.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn due(&self, now: Timestamp) -> Result<Vec<Schedule>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT pipeline, place, cron, timezone, next_at, last_at, last_run FROM schedule
             WHERE next_at <= $1 ORDER BY next_at, pipeline, place",
        )
        .bind(now.as_millisecond())
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(Schedule::from).collect())
    }

    /// When the next one is due; 0 when a time is to be computed.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn next_at(&self) -> Result<Option<i64>> {
        let next: Option<i64> = sqlx::query_scalar("SELECT MIN(next_at) FROM schedule WHERE next_at < $1")
            .bind(NEVER)
            .fetch_one(self.db.read())
            .await?;
        Ok(next)
    }

    /// Computes anew what had no next time: the world may know more time zones than it did.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn reconsider(&self) -> Result<()> {
        let mut tx = self.db.write().await?;
        sqlx::query("UPDATE schedule SET next_at = 0 WHERE next_at = $1").bind(NEVER).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says how far the clock has come with a schedule, and what came of it, in one transaction; nothing when somebody
    /// else has, or when the text has changed.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn advance(
        &self,
        known: &Schedule,
        next: &Schedule,
        delivery: Option<&NewDelivery<'_>>,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.db.write().await?;
        let moved = sqlx::query(
            "UPDATE schedule SET next_at = $1, last_at = $2, last_run = $3
             WHERE pipeline = $4 AND place = $5 AND next_at = $6 AND cron = $7 AND timezone = $8",
        )
        .bind(next.next_at)
        .bind(next.last_at)
        .bind(&next.last_run)
        .bind(&known.pipeline)
        .bind(known.place)
        .bind(known.next_at)
        .bind(&known.cron)
        .bind(&known.timezone)
        .execute(&mut *tx)
        .await?;
        if moved.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(delivery) = delivery {
            deliveries::insert(&mut tx, delivery, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The run that was asked for under this key.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn run_of(&self, request_key: &str) -> Result<Option<String>> {
        let run = sqlx::query_scalar("SELECT run FROM run_detail WHERE request_key = $1 AND request_key <> ''");
        Ok(run.bind(request_key).fetch_optional(self.db.read()).await?)
    }
}

type Columns = (String, i64, String, String, i64, i64, String);

impl From<Columns> for Schedule {
    fn from((pipeline, place, cron, timezone, next_at, last_at, last_run): Columns) -> Schedule {
        Schedule { pipeline, place, cron, timezone, next_at, last_at, last_run }
    }
}
