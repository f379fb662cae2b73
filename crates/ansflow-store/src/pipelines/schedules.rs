//! The clock's triggers of a pipeline's present text, written with it.

use std::collections::VecDeque;

use ansflow_core::pipeline::Trigger;

use crate::Result;
use crate::db::Tx;

/// What the text says, and how far the clock has come with it.
struct Schedule {
    cron: String,
    timezone: String,
    /// 0: to be computed.
    next_at: i64,
    last_at: i64,
    last_run: String,
}

/// The time zone of a schedule that names none.
const NO_TIMEZONE: &str = "UTC";

/// Makes the pipeline's schedules those of its triggers. One whose time and zone stay as they were goes on as it did.
pub(crate) async fn replace(tx: &mut Tx, pipeline: &str, triggers: &[Trigger]) -> Result<()> {
    // Read as they are deleted: the clock may be about to move one of them.
    let rows: Vec<(i64, String, String, i64, i64, String)> = sqlx::query_as(
        "DELETE FROM schedule WHERE pipeline = $1 RETURNING place, cron, timezone, next_at, last_at, last_run",
    )
    .bind(pipeline)
    .fetch_all(&mut **tx)
    .await?;
    let mut before: Vec<(i64, Schedule)> = rows
        .into_iter()
        .map(|(place, cron, timezone, next_at, last_at, last_run)| {
            (place, Schedule { cron, timezone, next_at, last_at, last_run })
        })
        .collect();
    before.sort_by_key(|(place, _)| *place);
    let mut before: VecDeque<Schedule> = before.into_iter().map(|(_, schedule)| schedule).collect();
    for (place, trigger) in (0_i64..).zip(triggers) {
        let (cron, timezone) = match trigger {
            Trigger::Schedule { cron, timezone } => (cron, timezone.as_deref().unwrap_or(NO_TIMEZONE)),
            Trigger::Manual | Trigger::Api | Trigger::Webhook { .. } => continue,
        };
        let same = before.iter().position(|known| known.cron == *cron && known.timezone == timezone);
        let schedule = same.and_then(|at| before.remove(at)).unwrap_or_else(|| Schedule {
            cron: cron.clone(),
            timezone: timezone.to_owned(),
            next_at: 0,
            last_at: 0,
            last_run: String::new(),
        });
        insert(tx, pipeline, place, &schedule).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, pipeline: &str, place: i64, schedule: &Schedule) -> Result<()> {
    sqlx::query(
        "INSERT INTO schedule (pipeline, place, cron, timezone, next_at, last_at, last_run)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(pipeline)
    .bind(place)
    .bind(&schedule.cron)
    .bind(&schedule.timezone)
    .bind(schedule.next_at)
    .bind(schedule.last_at)
    .bind(&schedule.last_run)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
