//! Files that steps leave behind: a row says whose, a file named after its content holds the bytes.
//!
//! The workspace belongs to somebody else's program, which may still run and mean ill: a path is opened beneath the
//! workspace by the kernel, so that no link and no race leads out of it.

mod content;
mod path;

use std::path::{Path, PathBuf};

use ansflow_core::plan::StepIndex;
use jiff::Timestamp;

use self::path::ArtifactPath;
use crate::db::{Db, Tx, bigint, count};
use crate::{Error, Result};

/// Files that steps left behind, of one store, with their bytes in one folder.
#[derive(Debug, Clone)]
pub struct Artifacts<'s> {
    pub(crate) db: &'s Db,
    pub(crate) folder: PathBuf,
}

/// Which attempt leaves something behind.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'o> {
    /// The run's id.
    pub run: &'o str,
    /// Its step.
    pub step: StepIndex,
    /// The step's attempt, from 1.
    pub attempt: u32,
}

/// A file that an attempt has kept by itself, in a folder that only we can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it was, relative to the directory of its step.
    pub path: String,
    /// Where it is, absolute.
    pub file: PathBuf,
    /// In bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A file that a step left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The run's id.
    pub run: String,
    /// Its step.
    pub step: StepIndex,
    /// The step's attempt, from 1.
    pub attempt: u32,
    /// Where it was, relative to the directory of its step.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// When it was kept, in milliseconds since 1970.
    pub kept_at: i64,
}

impl Artifacts<'_> {
    /// Copies the file at `path`, relative to the workspace, into the folder, and remembers it. The same path of the
    /// same attempt again replaces what was remembered.
    ///
    /// # Errors
    /// [`Error::Refused`] when the path has `..`, leads out of the workspace or is no ordinary file;
    /// [`Error::NotFound`] when there is no such file; [`Error::Io`].
    pub async fn keep(&self, origin: Origin<'_>, workspace: &Path, path: &str, now: Timestamp) -> Result<Artifact> {
        let path = ArtifactPath::parse(path)?;
        let (root, relative, folder) = (workspace.to_owned(), path.clone(), self.folder.clone());
        let copied = tokio::task::spawn_blocking(move || {
            let file = relative.open_beneath(&root)?;
            content::take(&folder, file)
        });
        // The bytes first: a row without bytes would be a promise that nobody can keep.
        let content::Content { size, sha256 } = copied.await.map_err(|panic| Error::Io {
            doing: "copy",
            path: workspace.join(path.as_str()),
            source: std::io::Error::other(panic),
        })??;
        let kept = Kept { path: path.into_string(), file: PathBuf::new(), size, sha256 };
        let mut tx = self.db.write().await?;
        insert(&mut tx, origin, &kept, now).await?;
        tx.commit().await?;
        let (Origin { run, step, attempt }, Kept { path, size, sha256, .. }) = (origin, kept);
        Ok(Artifact { run: run.to_owned(), step, attempt, path, size, sha256, kept_at: now.as_millisecond() })
    }

    /// Remembers files that an attempt has kept by itself, all of them or none, and gives their bytes a place in the
    /// folder; where both are on one file system that is a second name and no second copy. Again is fine.
    ///
    /// # Errors
    /// [`Error::Refused`] when a path has `..`; [`Error::NotFound`] when there is no such run; [`Error::Io`].
    pub async fn adopt(&self, origin: Origin<'_>, kept: Vec<Kept>, now: Timestamp) -> Result<()> {
        for file in &kept {
            ArtifactPath::parse(&file.path)?;
        }
        let folder = self.folder.clone();
        let placed = tokio::task::spawn_blocking(move || {
            kept.iter().try_for_each(|kept| content::adopt(&folder, &kept.file, &kept.sha256)).map(|()| kept)
        });
        let kept = placed.await.map_err(|panic| Error::Io {
            doing: "fill",
            path: self.folder.clone(),
            source: std::io::Error::other(panic),
        })??;
        let mut tx = self.db.write().await?;
        for file in &kept {
            insert(&mut tx, origin, file, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// What the steps of a run left behind, by step, attempt and path.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn list(&self, run: &str) -> Result<Vec<Artifact>> {
        let rows: Vec<(i64, i64, String, i64, String, i64)> = sqlx::query_as(
            "SELECT step, attempt, path, size, sha256, kept_at FROM artifact
             WHERE run = $1 ORDER BY step, attempt, path",
        )
        .bind(run)
        .fetch_all(self.db.read())
        .await?;
        let artifact = |(step, attempt, path, size, sha256, kept_at)| Artifact {
            run: run.to_owned(),
            step: count(step) as StepIndex,
            attempt: u32::try_from(attempt).unwrap_or_default(),
            path,
            size: count(size),
            sha256,
            kept_at,
        };
        Ok(rows.into_iter().map(artifact).collect())
    }

    /// How many files the steps of a run left behind, those that left any.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn counts(&self, run: &str) -> Result<Vec<(StepIndex, u64)>> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT step, COUNT(*) FROM artifact WHERE run = $1 GROUP BY step ORDER BY step")
                .bind(run)
                .fetch_all(self.db.read())
                .await?;
        Ok(rows.into_iter().map(|(step, files)| (count(step) as StepIndex, count(files))).collect())
    }

    /// The file that an attempt left behind under this path, exactly as it is remembered.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find(&self, origin: Origin<'_>, path: &str) -> Result<Artifact> {
        let row: Option<(i64, String, i64)> = sqlx::query_as(
            "SELECT size, sha256, kept_at FROM artifact WHERE run = $1 AND step = $2 AND attempt = $3 AND path = $4",
        )
        .bind(origin.run)
        .bind(bigint(origin.step as u64))
        .bind(i64::from(origin.attempt))
        .bind(path)
        .fetch_optional(self.db.read())
        .await?;
        let Some((size, sha256, kept_at)) = row else {
            return Err(Error::NotFound(format!("the artifact `{}`", path.escape_debug())));
        };
        let (run, path) = (origin.run.to_owned(), path.to_owned());
        Ok(Artifact { run, step: origin.step, attempt: origin.attempt, path, size: count(size), sha256, kept_at })
    }

    /// Opens an artifact's bytes.
    ///
    /// # Errors
    /// [`Error::Io`] when they are gone.
    pub async fn open(&self, artifact: &Artifact) -> Result<tokio::fs::File> {
        let place = content::place(&self.folder, &artifact.sha256);
        tokio::fs::File::open(&place).await.map_err(Error::io("open", &place))
    }
}

async fn insert(tx: &mut Tx, origin: Origin<'_>, kept: &Kept, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO artifact (run, step, attempt, path, size, sha256, kept_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (run, step, attempt, path) DO UPDATE
         SET size = excluded.size, sha256 = excluded.sha256, kept_at = excluded.kept_at",
    )
    .bind(origin.run)
    .bind(bigint(origin.step as u64))
    .bind(i64::from(origin.attempt))
    .bind(&kept.path)
    .bind(bigint(kept.size))
    .bind(&kept.sha256)
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .map_err(|error| match error.as_database_error().is_some_and(|error| error.is_foreign_key_violation()) {
        true => Error::NotFound(format!("run `{}`", origin.run)),
        false => Error::Unavailable(error),
    })?;
    Ok(())
}
