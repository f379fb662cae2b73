//! Forgetting a run that has ended: its rows, then its folder.

use std::path::Path;

use super::{Runs, not_found};
use crate::launch::waiting_for;
use crate::{Error, Files};

/// Why a run stays.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// It has not ended.
    #[error("the run has not ended; cancel it first")]
    NotEnded,
    /// Another run is to take over its files and has not had its turn.
    #[error("the run `{0}` waits to take over its files; wait for it, or cancel it first")]
    InUse(String),
    /// The store could not; [`Error::NotFound`] for the run.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<sqlx::Error> for RemoveError {
    fn from(error: sqlx::Error) -> Self {
        RemoveError::Store(error.into())
    }
}

impl Runs<'_> {
    /// Forgets a run of a server that has ended, with all that hangs on it: history, results, artifacts, directory.
    ///
    /// # Errors
    /// [`RemoveError`]; where only its folder cannot be removed, the rows are gone all the same.
    pub async fn remove(&self, run: &str, files: &Files) -> Result<(), RemoveError> {
        let mut tx = self.db.write().await?;
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT CASE WHEN status IN ('queued', 'running', 'waiting') THEN 0 ELSE 1 END FROM run WHERE id = $1",
        )
        .bind(run)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(has_ended) = found else { return Err(not_found(run).into()) };
        if has_ended == 0 {
            return Err(RemoveError::NotEnded);
        }
        if let Some(other) = waiting_for(&mut tx, run).await? {
            return Err(RemoveError::InUse(other));
        }
        sqlx::query("DELETE FROM run WHERE id = $1").bind(run).execute(&mut *tx).await?;
        tx.commit().await?;
        self.changes.tell(run, u64::MAX);
        remove_folder(&files.run(run)).await?;
        Ok(())
    }
}

async fn remove_folder(folder: &Path) -> Result<(), Error> {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", folder)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
