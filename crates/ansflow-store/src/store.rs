//! The one door to the database.

use std::path::{Path, PathBuf};

use crate::db::{self, Db};
use crate::{Artifacts, Changes, Error, Result, Runs, migrations};

/// An open database with its tables up to date. Cheap to clone; all clones share connections and wake-ups.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
    changes: Changes,
}

impl Store {
    /// Opens `sqlite:///absolute/path.db` (made when missing, in an existing folder), `sqlite::memory:` or
    /// `postgres://…`, and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be reached, [`Error::Corrupt`]
    /// when a later AnsFlow has been at it.
    pub async fn open(url: &str) -> Result<Store> {
        let db = Db::connect(url).await?;
        migrations::apply(&db).await?;
        Ok(Store { db, changes: Changes::default() })
    }

    /// Opens, or makes, a SQLite file; its path may hold any character.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_file(path: &Path) -> Result<Store> {
        db::lay_down(path).map_err(Error::io("make", path))?;
        let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        Store::open(&format!("sqlite://{path}")).await
    }

    /// Runs and their histories.
    pub fn runs(&self) -> Runs<'_> {
        Runs { db: &self.db, changes: &self.changes }
    }

    /// Files that steps left behind; their bytes are in `folder`.
    pub fn artifacts(&self, folder: impl Into<PathBuf>) -> Artifacts<'_> {
        Artifacts { db: &self.db, folder: folder.into() }
    }

    /// Who wants to know when a run has news.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Closes every connection once its work is done. What was acknowledged is safe without it.
    pub async fn close(&self) {
        self.db.close().await;
    }
}
