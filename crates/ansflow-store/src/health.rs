//! Whether the database answers, and what is counted of it for those who watch the service.

use crate::db::count;
use crate::{Result, Store};

impl Store {
    /// Asks the database something that costs nothing.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] when it does not answer.
    pub async fn ping(&self) -> Result<()> {
        let _: i64 = sqlx::query_scalar("SELECT CAST(1 AS BIGINT)").fetch_one(self.db.read()).await?;
        Ok(())
    }

    /// How many runs there are of each status.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn runs_by_status(&self) -> Result<Vec<(String, u64)>> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT status, COUNT(*) FROM run GROUP BY status ORDER BY status")
                .fetch_all(self.db.read())
                .await?;
        Ok(rows.into_iter().map(|(status, number)| (status, count(number))).collect())
    }
}
