//! Who did what to clusters and what is in them: a chain of rows, of which none can be changed, taken out or put in between
//! without a break. What changes something of the store's writes its row in the same transaction.

use jiff::Timestamp;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::db::{Db, Tx, bigint, count};
use crate::{Result, Store};

/// So many rows are read at once to go through the chain.
const AT_ONCE: u64 = 1_000;

/// The chain, of one store.
#[derive(Debug, Clone, Copy)]
pub struct Audit<'s> {
    db: &'s Db,
}

/// Who does something.
#[derive(Debug, Clone, Copy)]
pub struct By<'b> {
    /// A person's name.
    pub name: &'b str,
    /// How they came: `session`, or the id of an API token.
    pub via: &'b str,
}

/// What is done.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// A word with a dot: `cluster.update`, `secret.reveal`.
    pub action: &'a str,
    /// To what: `cluster staging`, `staging: Secret shop/db`.
    pub object: &'a str,
    /// What else is to be remembered of it; never a secret.
    pub detail: &'a Json,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// From 1, without a gap.
    pub seq: u64,
    /// In milliseconds since 1970.
    pub at: i64,
    /// A person's name.
    pub actor: String,
    /// How they came.
    pub via: String,
    /// A word with a dot.
    pub action: String,
    /// To what.
    pub object: String,
    /// JSON.
    pub detail: String,
    /// The hash of the row before; empty in the first.
    pub previous: String,
    /// Of this row, in hex.
    pub hash: String,
}

/// Which rows are asked for; what is left empty may be anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'f> {
    /// This person's.
    pub actor: &'f str,
    /// A word with a dot, or the part before it: `secret.reveal`, `cluster`.
    pub action: &'f str,
    /// A text that stands in what it was done to, in any case.
    pub object: &'f str,
    /// Not before, in milliseconds since 1970.
    pub since: i64,
}

/// What came of going through the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// So many rows are as they were written.
    pub rows: u64,
    /// The hash of the last of them; empty: there is none. Kept elsewhere, it shows later whether all were written anew.
    pub hash: String,
    /// Where it breaks, and how; none: nowhere.
    pub broken: Option<String>,
}

impl Store {
    /// The chain of what was done.
    #[must_use]
    pub fn audit(&self) -> Audit<'_> {
        Audit { db: &self.db }
    }
}

impl Audit<'_> {
    /// Remembers what is done elsewhere, before it is.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`]: then it must not be done.
    pub async fn add(&self, by: By<'_>, act: Act<'_>, now: Timestamp) -> Result<u64> {
        let mut tx = self.db.write().await?;
        let seq = append(&mut tx, by, act, now).await?;
        tx.commit().await?;
        Ok(seq)
    }

    /// The newest first: at most so many, before this number; 0 begins with the newest.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn list(&self, filter: Filter<'_>, before: u64, limit: u64) -> Result<Vec<Row>> {
        let before = if before == 0 { i64::MAX } else { bigint(before) };
        let rows = sqlx::query(
            "SELECT * FROM audit WHERE seq < $1 AND at >= $2 AND ($3 = '' OR actor = $3)
             AND ($4 = '' OR action = $4 OR action LIKE $5 ESCAPE '!') AND ($6 = '' OR LOWER(object) LIKE $7 ESCAPE '!')
             ORDER BY seq DESC LIMIT $8",
        )
        .bind(before)
        .bind(filter.since)
        .bind(filter.actor)
        .bind(filter.action)
        .bind(format!("{}.%", literal(filter.action)))
        .bind(filter.object)
        .bind(format!("%{}%", literal(&filter.object.to_lowercase())))
        .bind(bigint(limit))
        .fetch_all(self.db.read())
        .await?;
        rows.iter().map(read).collect()
    }

    /// Goes through the whole chain, as long as it was when this began.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn verify(&self) -> Result<Verified> {
        let (last, end): (i64, String) =
            sqlx::query_as("SELECT seq, hash FROM audit_end WHERE id = 1").fetch_one(self.db.read()).await?;
        let last = count(last);
        let (mut rows, mut hash) = (0, String::new());
        while rows < last {
            let page = sqlx::query("SELECT * FROM audit WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3")
                .bind(bigint(rows))
                .bind(bigint(last))
                .bind(bigint(AT_ONCE))
                .fetch_all(self.db.read())
                .await?;
            if page.is_empty() {
                return Ok(Verified { rows, hash, broken: Some(format!("rows {} to {last} are gone", rows + 1)) });
            }
            for row in page.iter().map(read) {
                let row = row?;
                if let Some(broken) = row.breaks(rows + 1, &hash) {
                    return Ok(Verified { rows, hash, broken: Some(broken) });
                }
                (rows, hash) = (row.seq, row.hash);
            }
        }
        let broken = (hash != end).then(|| format!("row {last} is not the one that was written last"));
        Ok(Verified { rows, hash, broken })
    }
}

impl Row {
    /// How the chain breaks here, where this is to be the row of this number after that hash.
    fn breaks(&self, seq: u64, previous: &str) -> Option<String> {
        let told = |what: &str| Some(format!("row {seq} {what}"));
        match self {
            row if row.seq != seq => told("is gone"),
            row if row.previous != previous => told("does not follow the one before it"),
            row if row.hash != row.own_hash() => told("was changed"),
            _ => None,
        }
    }

    /// Every field is a JSON string or number of one list, so that no two rows read the same.
    fn own_hash(&self) -> String {
        let Row { seq, at, actor, via, action, object, detail, previous, hash: _ } = self;
        let text = serde_json::json!([seq, at, actor, via, action, object, detail, previous]).to_string();
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A text that means itself to `LIKE`.
fn literal(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Writes a row in the transaction of what it tells.
pub(crate) async fn append(tx: &mut Tx, by: By<'_>, act: Act<'_>, now: Timestamp) -> Result<u64> {
    let (seq, previous): (i64, String) =
        sqlx::query_as("UPDATE audit_end SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash")
            .fetch_one(&mut **tx)
            .await?;
    let mut row = Row {
        seq: count(seq),
        at: now.as_millisecond(),
        actor: by.name.to_owned(),
        via: by.via.to_owned(),
        action: act.action.to_owned(),
        object: act.object.to_owned(),
        detail: act.detail.to_string(),
        previous,
        hash: String::new(),
    };
    row.hash = row.own_hash();
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, via, action, object, detail, previous, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(seq)
    .bind(row.at)
    .bind(&row.actor)
    .bind(&row.via)
    .bind(&row.action)
    .bind(&row.object)
    .bind(&row.detail)
    .bind(&row.previous)
    .bind(&row.hash)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE audit_end SET hash = $1 WHERE id = 1").bind(&row.hash).execute(&mut **tx).await?;
    Ok(row.seq)
}

fn read(row: &AnyRow) -> Result<Row> {
    Ok(Row {
        seq: count(row.try_get("seq")?),
        at: row.try_get("at")?,
        actor: row.try_get("actor")?,
        via: row.try_get("via")?,
        action: row.try_get("action")?,
        object: row.try_get("object")?,
        detail: row.try_get("detail")?,
        previous: row.try_get("previous")?,
        hash: row.try_get("hash")?,
    })
}
