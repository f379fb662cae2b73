//! Deleting a pipeline: it stops existing for everybody but its runs.

use jiff::Timestamp;

use super::{Pipelines, not_found};
use crate::Error;
use crate::db::count;

/// Why a pipeline was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// So many runs of it have not ended.
    #[error("{0} of its runs have not ended")]
    Unfinished(u64),
    /// The store could not; [`Error::NotFound`] for the pipeline.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<sqlx::Error> for DeleteError {
    fn from(error: sqlx::Error) -> DeleteError {
        DeleteError::Store(error.into())
    }
}

impl Pipelines<'_> {
    /// Deletes a pipeline: its name is free, its schedules and its hook are gone; its versions and runs stay.
    ///
    /// # Errors
    /// [`DeleteError`]; nothing was changed.
    pub async fn delete(&self, id: &str, by: &str, now: Timestamp) -> Result<(), DeleteError> {
        let mut tx = self.db.write().await?;
        // The row is taken first, so that a run that is being made beside this is seen, or finds the pipeline gone.
        let gone = sqlx::query(
            "UPDATE pipeline SET deleted_at = $1, updated_at = $1, updated_by = $2, revision = revision + 1
             WHERE id = $3 AND deleted_at = 0",
        )
        .bind(now.as_millisecond().max(1))
        .bind(by)
        .bind(id)
        .execute(&mut *tx)
        .await?;
        if gone.rows_affected() == 0 {
            return Err(not_found(id).into());
        }
        let unfinished: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM run WHERE pipeline = $1 AND status IN ('queued', 'running', 'waiting')",
        )
        .bind(id)
        .fetch_one(&mut *tx)
        .await?;
        if unfinished > 0 {
            return Err(DeleteError::Unfinished(count(unfinished)));
        }
        sqlx::query("DELETE FROM schedule WHERE pipeline = $1").bind(id).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM hook WHERE pipeline = $1").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
