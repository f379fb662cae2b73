//! What knocked, what came of it, and why not: deliveries of forges and programs, and the strokes of the clock.

mod prune;

use jiff::Timestamp;

use crate::db::{Db, Tx, bigint};
use crate::{Error, Result, Store};

/// Deliveries of one store.
#[derive(Debug, Clone, Copy)]
pub struct Deliveries<'s> {
    db: &'s Db,
}

/// What came of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A run.
    Started,
    /// Nothing, as it should be.
    Ignored,
    /// Nothing, although somebody wanted it.
    Refused,
    /// Nothing, because the first of its kind has started a run.
    Duplicate,
    /// Nothing, because nobody was there.
    Missed,
}

/// A delivery to be remembered. What is not known is empty.
#[derive(Debug, Clone, Copy)]
pub struct NewDelivery<'d> {
    /// `github`, `gitlab`, `gitea`, `gitee`, `generic`, `schedule`.
    pub source: &'d str,
    /// What its sender calls it.
    pub event: &'d str,
    /// What its sender calls it and nothing else; empty where it does not.
    pub dedupe: &'d str,
    /// The id of the pipeline that it is for.
    pub pipeline: &'d str,
    /// What came of it.
    pub status: Status,
    /// One sentence about that.
    pub reason: &'d str,
    /// The run that it started.
    pub run: &'d str,
    /// The branch that it is about.
    pub branch: &'d str,
    /// The commit that it is about.
    pub commit: &'d str,
    /// Who is behind it.
    pub sender: &'d str,
}

/// A delivery as it was remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// `dlv_` and a UUIDv7.
    pub id: String,
    /// Where it came from.
    pub source: String,
    /// What its sender calls it.
    pub event: String,
    /// Id and name of the pipeline that it is for.
    pub pipeline: Option<(String, String)>,
    /// What came of it.
    pub status: Status,
    /// One sentence about that.
    pub reason: String,
    /// The run that it started, or that the first of its kind did.
    pub run: Option<String>,
    /// The branch that it is about.
    pub branch: Option<String>,
    /// The commit that it is about.
    pub commit: Option<String>,
    /// Who is behind it; may be empty.
    pub sender: String,
    /// When it came, in milliseconds since 1970.
    pub received_at: i64,
}

/// Whether a delivery was remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// It was.
    Here,
    /// The first of its kind was before, and has started this run.
    Before(String),
}

impl Store {
    /// Deliveries.
    pub fn deliveries(&self) -> Deliveries<'_> {
        Deliveries { db: &self.db }
    }
}

impl Deliveries<'_> {
    /// The run that a delivery of this kind has started before.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn started(&self, source: &str, dedupe: &str, pipeline: &str) -> Result<Option<String>> {
        let run = sqlx::query_scalar(
            "SELECT run FROM delivery
             WHERE source = $1 AND dedupe = $2 AND dedupe <> '' AND pipeline = $3 AND status = 'started'",
        );
        Ok(run.bind(source).bind(dedupe).bind(pipeline).fetch_optional(self.db.read()).await?)
    }

    /// Remembers a delivery. One that came before and started nothing is forgotten for it: who sends it again wants to
    /// know what comes of it now.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn record(&self, delivery: &NewDelivery<'_>, now: Timestamp) -> Result<Recorded> {
        let mut tx = self.db.write().await?;
        let is_here = insert(&mut tx, delivery, now).await?;
        tx.commit().await?;
        if is_here {
            return Ok(Recorded::Here);
        }
        let before = self.started(delivery.source, delivery.dedupe, delivery.pipeline).await?;
        Ok(Recorded::Before(before.unwrap_or_default()))
    }

    /// Remembers a delivery that was refused, unless so many of its source and pipeline were since then: whoever knocks
    /// in vain fills no disk.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn record_some(
        &self,
        delivery: &NewDelivery<'_>,
        most: u64,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let refused: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM (
                 SELECT 1 FROM delivery
                 WHERE pipeline = $1 AND source = $2 AND status = 'refused' AND received_at > $3 LIMIT $4) AS known",
        )
        .bind(delivery.pipeline)
        .bind(delivery.source)
        .bind(since.as_millisecond())
        .bind(bigint(most))
        .fetch_one(&mut *tx)
        .await?;
        if refused < bigint(most) {
            insert(&mut tx, delivery, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// At most `limit` deliveries, newest first: of one pipeline or all, behind the one that came then with this id.
    ///
    /// # Errors
    /// [`Error::Corrupt`]; [`Error::Unavailable`].
    pub async fn list(&self, pipeline: Option<&str>, behind: Option<(i64, &str)>, limit: u64) -> Result<Vec<Delivery>> {
        let (at, id) = behind.unwrap_or((i64::MAX, ""));
        let rows: Vec<Columns> = sqlx::query_as(if pipeline.is_some() { OF_ONE } else { OF_ALL })
            .bind(at)
            .bind(id)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(pipeline.unwrap_or_default())
            .fetch_all(self.db.read())
            .await?;
        rows.into_iter().map(Delivery::try_from).collect()
    }
}

const OF_ONE: &str =
    "SELECT delivery.id, source, event, delivery.pipeline, COALESCE(pipeline.name, ''), status, reason, run, branch,
            commit_id, sender, received_at
     FROM delivery LEFT JOIN pipeline ON pipeline.id = delivery.pipeline
     WHERE delivery.pipeline = $4 AND (received_at, delivery.id) < ($1, $2)
     ORDER BY received_at DESC, delivery.id DESC LIMIT $3";

const OF_ALL: &str =
    "SELECT delivery.id, source, event, delivery.pipeline, COALESCE(pipeline.name, ''), status, reason, run, branch,
            commit_id, sender, received_at
     FROM delivery LEFT JOIN pipeline ON pipeline.id = delivery.pipeline
     WHERE $4 = '' AND (received_at, delivery.id) < ($1, $2)
     ORDER BY received_at DESC, delivery.id DESC LIMIT $3";

/// Remembers a delivery, unless one of its kind has started a run; says whether it did.
pub(crate) async fn insert(tx: &mut Tx, delivery: &NewDelivery<'_>, now: Timestamp) -> Result<bool> {
    let written = sqlx::query(
        "INSERT INTO delivery (id, source, event, dedupe, pipeline, status, reason, run, branch, commit_id, sender,
                               received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (source, dedupe, pipeline) WHERE dedupe <> '' DO UPDATE
         SET id = excluded.id, event = excluded.event, status = excluded.status, reason = excluded.reason,
             run = excluded.run, branch = excluded.branch, commit_id = excluded.commit_id, sender = excluded.sender,
             received_at = excluded.received_at
         WHERE delivery.status <> 'started'",
    )
    .bind(format!("dlv_{}", uuid::Uuid::now_v7().simple()))
    .bind(delivery.source)
    .bind(delivery.event)
    .bind(delivery.dedupe)
    .bind(delivery.pipeline)
    .bind(delivery.status.word())
    .bind(delivery.reason)
    .bind(delivery.run)
    .bind(delivery.branch)
    .bind(delivery.commit)
    .bind(delivery.sender)
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected() > 0)
}

impl Status {
    const ALL: [Status; 5] = [Status::Started, Status::Ignored, Status::Refused, Status::Duplicate, Status::Missed];

    /// The word of the API, which is that of the column.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Status::Started => "started",
            Status::Ignored => "ignored",
            Status::Refused => "refused",
            Status::Duplicate => "duplicate",
            Status::Missed => "missed",
        }
    }
}

type Columns = (String, String, String, String, String, String, String, String, String, String, String, i64);

impl TryFrom<Columns> for Delivery {
    type Error = Error;

    fn try_from(row: Columns) -> Result<Delivery> {
        let (id, source, event, pipeline, name, word, reason, run, branch, commit, sender, received_at) = row;
        let status = Status::ALL.into_iter().find(|status| status.word() == word);
        let status =
            status.ok_or_else(|| Error::Corrupt(format!("delivery `{id}` has the unknown status `{word}`")))?;
        let known = |text: String| Some(text).filter(|text| !text.is_empty());
        let pipeline = known(pipeline).map(|pipeline| (pipeline, name));
        let (run, branch, commit) = (known(run), known(branch), known(commit));
        Ok(Delivery { id, source, event, pipeline, status, reason, run, branch, commit, sender, received_at })
    }
}
