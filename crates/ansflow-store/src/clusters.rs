//! Kubernetes clusters that steps may name. A credential goes in sealed and comes out for the engine and for questions to
//! that very cluster; people see what may be told of it.

mod check;
mod input;
mod row;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;
use zeroize::Zeroizing;

pub use self::check::{Check, Count, Counts, Seen};
pub use self::input::{Input, check_name};
use self::row::{Stored, find, is_unique_violation, named, not_found, place};
use crate::audit::{self, Act, By};
use crate::db::{Db, Tx, bigint};
use crate::{Changes, Error, Keyring, Result, Store};

/// Clusters, of one store.
#[derive(Debug, Clone, Copy)]
pub struct Clusters<'s> {
    db: &'s Db,
    changes: &'s Changes,
    keyring: &'s Keyring,
}

/// Whose cluster it is; it changes nothing but words of advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any.
    K8s,
    /// Amazon's.
    Eks,
    /// Google's.
    Gke,
    /// Microsoft's.
    Aks,
    /// Rancher's.
    Rke,
    /// k3s.
    K3s,
    /// minikube.
    Minikube,
    /// kind.
    Kind,
}

/// How a credential was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// A bearer token.
    Token,
    /// A kubeconfig, which was taken apart.
    Kubeconfig,
    /// A client certificate with its key.
    Certificate,
    /// The service account of the pod that AnsFlow runs in.
    InCluster,
}

/// What was found of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has looked since it was last changed.
    Unknown,
    /// It answers, and knows us.
    Connected,
    /// It does not answer.
    Disconnected,
    /// It answers, and that is all.
    Error,
}

/// What may be told of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// `clu_` and a UUIDv7.
    pub id: String,
    /// Unique.
    pub name: String,
    /// Any text.
    pub description: String,
    /// Whose it is.
    pub kind: Kind,
    /// `https://host:port`, with a path where there is one.
    pub server: String,
    /// How its credential was given.
    pub auth: Auth,
    /// Whom its certificate may be signed by, as PEM; empty: whom this machine trusts.
    pub ca: String,
    /// Whether its certificate is looked at.
    pub verify_tls: bool,
    /// The name that its certificate must have; empty: the server's.
    pub tls_server_name: String,
    /// Through which proxy it is asked; empty: none.
    pub proxy: String,
    /// The namespace of who names none; empty: `default`.
    pub namespace: String,
    /// What may be told of the credential, as JSON.
    pub facts: String,
    /// Whether it said that it is simulated.
    pub simulated: bool,
    /// What was found last.
    pub state: State,
    /// Since when, in milliseconds since 1970; none where nobody has looked.
    pub state_since: Option<i64>,
    /// When it was last well, in milliseconds since 1970.
    pub good_at: Option<i64>,
    /// When it was last looked at, in milliseconds since 1970.
    pub checked_at: Option<i64>,
    /// What was wrong with it last, for programs; empty: nothing.
    pub check_code: String,
    /// In one sentence what was found last.
    pub check_message: String,
    /// What it was when it was last well.
    pub seen: Option<Seen>,
    /// Grows with every change by somebody, from 1.
    pub revision: u64,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// In milliseconds since 1970.
    pub updated_at: i64,
    /// Who changed it last.
    pub updated_by: String,
}

/// A cluster with its credential, for the engine and for questions to it.
#[derive(Clone)]
pub struct Opened {
    /// What may be told of it.
    pub about: Cluster,
    /// What was sealed: JSON that this crate does not read.
    pub credential: Zeroizing<String>,
}

impl Store {
    /// Clusters, their credentials sealed by this key.
    pub fn clusters<'s>(&'s self, keyring: &'s Keyring) -> Clusters<'s> {
        Clusters { db: &self.db, changes: self.changes(), keyring }
    }

    /// All that steps may call a cluster: names and ids.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn cluster_names(&self) -> Result<BTreeSet<String>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, name FROM cluster").fetch_all(self.db.read()).await?;
        Ok(rows.into_iter().flat_map(|(id, name)| [id, name]).collect())
    }
}

impl Clusters<'_> {
    /// All of them, by name.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn all(&self) -> Result<Vec<Cluster>> {
        let rows = sqlx::query("SELECT * FROM cluster ORDER BY name").fetch_all(self.db.read()).await?;
        rows.iter().map(|row| Ok(Stored::read(row)?.about)).collect()
    }

    /// At most so many of them by name, after this name.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn list(&self, after: &str, limit: u64) -> Result<Vec<Cluster>> {
        let rows = sqlx::query("SELECT * FROM cluster WHERE name > $1 ORDER BY name LIMIT $2")
            .bind(after)
            .bind(bigint(limit))
            .fetch_all(self.db.read())
            .await?;
        rows.iter().map(|row| Ok(Stored::read(row)?.about)).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn get(&self, id: &str) -> Result<Cluster> {
        Ok(find(self.db.read(), id).await?.about)
    }

    /// The one that has this name, or else this id.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn named(&self, word: &str) -> Result<Cluster> {
        let row =
            sqlx::query("SELECT * FROM cluster WHERE name = $1").bind(word).fetch_optional(self.db.read()).await?;
        match row {
            Some(row) => Ok(Stored::read(&row)?.about),
            None => self.get(word).await,
        }
    }

    /// One of them with its credential, to ask it something.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Corrupt`] when it was sealed by another key, or for another place.
    pub async fn open(&self, id: &str) -> Result<Opened> {
        let stored = find(self.db.read(), id).await?;
        let credential = self.keyring.open_sealed(&stored.place(), &stored.sealed)?;
        Ok(Opened { about: stored.about, credential })
    }

    /// Remembers a new one.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name is; [`Error::Refused`] without a credential; [`Error::Unavailable`].
    pub async fn add(&self, id: &str, input: &Input<'_>, by: By<'_>, now: Timestamp) -> Result<Cluster> {
        let Some(credential) = input.credential else {
            return Err(Error::Refused("a new cluster needs a credential".to_owned()));
        };
        let mut tx = self.db.write().await?;
        let sealed = self.keyring.seal(&place(id, 1, input.server, input.verify_tls), credential);
        let made = sqlx::query(
            "INSERT INTO cluster (id, name, description, kind, server, auth, sealed, sealed_version, ca, verify_tls,
               tls_server_name, proxy, namespace, facts, simulated, state, state_since, good_at, checked_at, check_code,
               check_message, version, nodes, nodes_ready, pods, pods_running, username, revision, created_at, updated_at,
               updated_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $12, $13, 0, 'unknown', 0, 0, 0, '', '', '',
               -1, -1, -1, -1, '', 1, $14, $14, $15) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(input.name)
        .bind(input.description)
        .bind(input.kind.name())
        .bind(input.server)
        .bind(input.auth.name())
        .bind(sealed)
        .bind(input.ca)
        .bind(i64::from(input.verify_tls))
        .bind(input.tls_server_name)
        .bind(input.proxy)
        .bind(input.namespace)
        .bind(input.facts)
        .bind(now.as_millisecond())
        .bind(by.name)
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 0 {
            return Err(Error::Taken("name"));
        }
        let added = find(&mut *tx, id).await?.about;
        told(&mut tx, by, "cluster.create", &added, now).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Changes one whose revision is `known`. What is stored for one server is never sent to another, through another proxy,
    /// nor without a look at the certificate where there was one: such a change needs its credential again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`]; [`Error::Taken`]; [`Error::Refused`] when the credential is missing.
    pub async fn update(&self, id: &str, known: u64, input: &Input<'_>, by: By<'_>, now: Timestamp) -> Result<Cluster> {
        let mut tx = self.db.write().await?;
        let before = find(&mut *tx, id).await?;
        if before.about.revision != known {
            return Err(Error::Conflict(named(id)));
        }
        let (sealed, sealed_version) = self.sealed_again(&before, input)?;
        let (auth, facts) = match input.credential {
            Some(_) => (input.auth, input.facts),
            None => (before.about.auth, before.about.facts.as_str()),
        };
        let changed = sqlx::query(
            "UPDATE cluster SET name = $1, description = $2, kind = $3, server = $4, auth = $5, sealed = $6,
               sealed_version = $7, ca = $8, verify_tls = $9, tls_server_name = $10, proxy = $11, namespace = $12,
               facts = $13, revision = $14, updated_at = $15, updated_by = $16
             WHERE id = $17 AND revision = $18",
        )
        .bind(input.name)
        .bind(input.description)
        .bind(input.kind.name())
        .bind(input.server)
        .bind(auth.name())
        .bind(&sealed)
        .bind(bigint(sealed_version))
        .bind(input.ca)
        .bind(i64::from(input.verify_tls))
        .bind(input.tls_server_name)
        .bind(input.proxy)
        .bind(input.namespace)
        .bind(facts)
        .bind(bigint(known + 1))
        .bind(now.as_millisecond())
        .bind(by.name)
        .bind(id)
        .bind(bigint(known))
        .execute(&mut *tx)
        .await
        .map_err(|error| if is_unique_violation(&error) { Error::Taken("name") } else { error.into() })?;
        if changed.rows_affected() == 0 {
            return Err(Error::Conflict(named(id)));
        }
        // What was seen of another server, or as somebody else, says nothing of this one.
        if sealed != before.sealed || input.leads_otherwise(&before.about) {
            check::forget(&mut tx, id).await?;
        }
        let changed = find(&mut *tx, id).await?.about;
        told(&mut tx, by, "cluster.update", &changed, now).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Forgets one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn remove(&self, id: &str, by: By<'_>, now: Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        let gone = find(&mut *tx, id).await?.about;
        let removed = sqlx::query("DELETE FROM cluster WHERE id = $1").bind(id).execute(&mut *tx).await?;
        if removed.rows_affected() == 0 {
            return Err(not_found(id));
        }
        told(&mut tx, by, "cluster.delete", &gone, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The credential after a change, sealed, with its version.
    fn sealed_again(&self, before: &Stored, input: &Input<'_>) -> Result<(String, u64)> {
        let (id, next) = (&before.about.id, before.sealed_version + 1);
        let seal = |text: &str| (self.keyring.seal(&place(id, next, input.server, input.verify_tls), text), next);
        match input.credential {
            Some(credential) => Ok(seal(credential)),
            None if input.leads_elsewhere(&before.about) => Err(Error::Refused(
                "another server, another proxy, or no look at the certificate needs the credential again".to_owned(),
            )),
            None if before.about.verify_tls == input.verify_tls => Ok((before.sealed.clone(), before.sealed_version)),
            // Its certificate is looked at from now on: sealed for the stricter place.
            None => Ok(seal(&self.keyring.open_sealed(&before.place(), &before.sealed)?)),
        }
    }
}

/// Writes down who did what to a cluster.
async fn told(tx: &mut Tx, by: By<'_>, action: &str, cluster: &Cluster, now: Timestamp) -> Result<()> {
    let object = format!("cluster {}", cluster.name);
    let detail = json!({ "id": cluster.id, "server": cluster.server, "auth": cluster.auth.name(),
        "verify_tls": cluster.verify_tls, "revision": cluster.revision });
    audit::append(tx, by, Act { action, object: &object, detail: &detail }, now).await?;
    Ok(())
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("about", &self.about).field("credential", &"[hidden]").finish()
    }
}
