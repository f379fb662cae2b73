//! The one door to the database.

use std::path::{Path, PathBuf};

use crate::db::{self, Db};
use crate::migrations::{self, Scope};
use crate::runs::StepNames;
use crate::{Artifacts, Changes, Error, Messages, Notifications, Result, Runs};

/// An open database with its tables up to date. Cheap to clone; all clones share connections and wake-ups.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) db: Db,
    changes: Changes,
    scope: Scope,
    names: StepNames,
}

impl Store {
    /// Opens `sqlite:///absolute/path.db` (made when missing, in an existing folder), `sqlite::memory:` or
    /// `postgres://…`, and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be reached, [`Error::Corrupt`]
    /// when a later AnsFlow has been at it.
    pub async fn open(url: &str) -> Result<Store> {
        Store::open_for(url, Scope::Runs).await
    }

    /// The same for a server, which remembers more than runs: pipelines, people, secrets and so on.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_for_server(url: &str) -> Result<Store> {
        Store::open_for(url, Scope::Server).await
    }

    async fn open_for(url: &str, scope: Scope) -> Result<Store> {
        let db = Db::connect(url).await?;
        migrations::apply(&db, scope).await?;
        Ok(Store { db, changes: Changes::default(), scope, names: StepNames::default() })
    }

    /// Opens, or makes, a SQLite file; its path may hold any character.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_file(path: &Path) -> Result<Store> {
        Store::open_for(&file(path)?, Scope::Runs).await
    }

    /// The same for a server.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_file_for_server(path: &Path) -> Result<Store> {
        Store::open_for(&file(path)?, Scope::Server).await
    }

    /// Runs and their histories.
    pub fn runs(&self) -> Runs<'_> {
        Runs { db: &self.db, changes: &self.changes, for_server: self.scope == Scope::Server, names: &self.names }
    }

    /// Files that steps left behind; their bytes are in `folder`.
    pub fn artifacts(&self, folder: impl Into<PathBuf>) -> Artifacts<'_> {
        Artifacts { db: &self.db, folder: folder.into() }
    }

    /// Who is told of what.
    pub fn notifications(&self) -> Notifications<'_> {
        Notifications { db: &self.db }
    }

    /// Messages on their way.
    pub fn messages(&self) -> Messages<'_> {
        Messages { db: &self.db, changes: &self.changes }
    }

    /// Who wants to know when a run has news.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Whether another process may write besides, of which [`Changes`] say nothing by themselves.
    pub fn is_shared(&self) -> bool {
        self.db.is_shared()
    }

    /// Closes every connection once its work is done. What was acknowledged is safe without it.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// The address of a SQLite file, which is there then; its path may hold any character.
fn file(path: &Path) -> Result<String> {
    db::lay_down(path).map_err(Error::io("make", path))?;
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    Ok(format!("sqlite://{path}"))
}
