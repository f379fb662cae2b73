//! What came of asking a registry.

use super::Registries;
use crate::Result;
use crate::db::bigint;

/// What came of asking a registry whether it is there and lets us in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// In milliseconds since 1970.
    pub at: i64,
    /// Whether it is, and does.
    pub ok: bool,
    /// In one sentence.
    pub message: String,
}

impl Registries<'_> {
    /// Remembers what came of asking a registry as it was in this revision; of another one it says nothing, and is not kept.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn checked(&self, id: &str, revision: u64, check: &Check) -> Result<()> {
        let mut tx = self.db.write().await?;
        sqlx::query(
            "UPDATE registry SET checked_at = $1, check_ok = $2, check_message = $3 WHERE id = $4 AND revision = $5",
        )
        .bind(check.at)
        .bind(i64::from(check.ok))
        .bind(&check.message)
        .bind(id)
        .bind(bigint(revision))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
