//! Forgetting deliveries: a log is for those who look for what went wrong lately.

use jiff::Timestamp;

use super::Deliveries;
use crate::Result;
use crate::db::bigint;

impl Deliveries<'_> {
    /// Forgets those that came before then, and all but the newest `keep`.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn prune(&self, before: Timestamp, keep: u64) -> Result<()> {
        let mut tx = self.db.write().await?;
        let first_too_many: Option<(i64, String)> =
            sqlx::query_as("SELECT received_at, id FROM delivery ORDER BY received_at DESC, id DESC LIMIT 1 OFFSET $1")
                .bind(bigint(keep))
                .fetch_optional(&mut *tx)
                .await?;
        let (at, id) = first_too_many.unwrap_or_default();
        sqlx::query("DELETE FROM delivery WHERE received_at < $1 OR (received_at, id) <= ($2, $3)")
            .bind(before.as_millisecond())
            .bind(at)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
