//! What came of asking a cluster.

use super::{Clusters, State};
use crate::Result;
use crate::db::{Tx, bigint};
use crate::messages::{Body, tell_of_cluster};

/// What came of asking a cluster who we are and what it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// In milliseconds since 1970.
    pub at: i64,
    /// What it counts as from now on; after a single failure that may still be what it was.
    pub state: State,
    /// What was wrong, for programs; empty: nothing.
    pub code: String,
    /// In one sentence.
    pub message: String,
    /// What it is; none where it was not to be found out: what was seen before is kept.
    pub seen: Option<Seen>,
}

/// What a cluster was when it was well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `v1.34.9`.
    pub version: String,
    /// Whether it says that it is simulated.
    pub simulated: bool,
    /// Who we are there.
    pub username: String,
    /// How many there are of what.
    pub counts: Counts,
}

/// How many there are of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Nodes, and how many of them are ready; none: we may not list them.
    pub nodes: Option<Count>,
    /// Pods, and how many of them run; none: we may not list them.
    pub pods: Option<Count>,
}

/// How many there are, and how many of them are well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// All.
    pub total: u64,
    /// Those that are well.
    pub well: u64,
}

impl Clusters<'_> {
    /// Remembers what came of asking a cluster as it was in this revision; of another one it says nothing, and is not kept.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn checked(&self, id: &str, revision: u64, check: &Check) -> Result<()> {
        let mut tx = self.db.write().await?;
        let before: Option<(String, String, i64)> =
            sqlx::query_as("SELECT name, state, state_since FROM cluster WHERE id = $1 AND revision = $2")
                .bind(id)
                .bind(bigint(revision))
                .fetch_optional(&mut *tx)
                .await?;
        let Some((name, was, since)) = before else { return Ok(()) };
        sqlx::query(
            "UPDATE cluster SET state_since = CASE WHEN state = $1 THEN state_since ELSE $2 END, state = $1,
               checked_at = $2, check_code = $3, check_message = $4, good_at = CASE WHEN $5 = 1 THEN $2 ELSE good_at END
             WHERE id = $6 AND revision = $7",
        )
        .bind(check.state.name())
        .bind(check.at)
        .bind(&check.code)
        .bind(&check.message)
        .bind(i64::from(check.seen.is_some()))
        .bind(id)
        .bind(bigint(revision))
        .execute(&mut *tx)
        .await?;
        if let Some(seen) = &check.seen {
            keep(&mut tx, id, revision, seen).await?;
        }
        let is_connected = check.state == State::Connected;
        let was_known = was != State::Unknown.name();
        let is_told = was_known && is_connected != (was == State::Connected.name()) && {
            let body = Body {
                cluster: Some(name),
                status: check.state.name().to_owned(),
                duration_ms: u64::try_from(check.at - since).ok(),
                why: (!is_connected).then(|| check.message.clone()),
                ..Body::default()
            };
            tell_of_cluster(&mut tx, &body, check.at).await?
        };
        tx.commit().await?;
        if is_told {
            self.changes.tell_all();
        }
        Ok(())
    }
}

async fn keep(tx: &mut Tx, id: &str, revision: u64, seen: &Seen) -> Result<()> {
    let columns = |count: Option<Count>| count.map_or((-1, -1), |count| (bigint(count.total), bigint(count.well)));
    let ((nodes, nodes_ready), (pods, pods_running)) = (columns(seen.counts.nodes), columns(seen.counts.pods));
    sqlx::query(
        "UPDATE cluster SET version = $1, simulated = $2, username = $3, nodes = $4, nodes_ready = $5, pods = $6,
           pods_running = $7 WHERE id = $8 AND revision = $9",
    )
    .bind(&seen.version)
    .bind(i64::from(seen.simulated))
    .bind(&seen.username)
    .bind(nodes)
    .bind(nodes_ready)
    .bind(pods)
    .bind(pods_running)
    .bind(id)
    .bind(bigint(revision))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// As if nobody had ever looked.
pub(super) async fn forget(tx: &mut Tx, id: &str) -> Result<()> {
    sqlx::query(
        "UPDATE cluster SET simulated = 0, state = 'unknown', state_since = 0, good_at = 0, checked_at = 0, check_code = '',
           check_message = '', version = '', nodes = -1, nodes_ready = -1, pods = -1, pods_running = -1, username = ''
         WHERE id = $1",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
