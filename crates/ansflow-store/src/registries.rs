//! Image registries that steps may name. A password goes in sealed and comes out for the engine and for questions to that
//! very registry; people see whether there is one.

mod check;
mod input;
mod row;

use std::collections::BTreeSet;

use ansflow_core::image::Address;
use jiff::Timestamp;
use zeroize::Zeroizing;

pub use self::check::Check;
pub use self::input::{Input, check_name};
use self::row::{Stored, find, is_unique_violation, named, not_found, place};
use crate::db::{Db, bigint};
use crate::{Error, Keyring, Result, Store};

/// What steps may call the default one, whichever that is; no registry has this name.
pub const DEFAULT: &str = ansflow_core::planning::DEFAULT_REGISTRY;

/// Registries, of one store.
#[derive(Debug, Clone, Copy)]
pub struct Registries<'s> {
    db: &'s Db,
    keyring: &'s Keyring,
}

/// Whose registry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Docker Hub.
    DockerHub,
    /// One of one's own, such as `distribution`.
    Private,
    /// Harbor.
    Harbor,
    /// Amazon's.
    Ecr,
    /// Google's.
    Gcr,
    /// Microsoft's.
    Acr,
}

/// What may be told of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    /// `reg_` and a UUIDv7.
    pub id: String,
    /// Unique.
    pub name: String,
    /// Whose it is.
    pub kind: Kind,
    /// Where it is, and whether it may do without TLS.
    pub address: Address,
    /// Who signs in; empty: nobody.
    pub username: String,
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether it is meant where no other is.
    pub is_default: bool,
    /// Grows with every change by somebody, from 1.
    pub revision: u64,
    /// What came of asking it last, since it was changed.
    pub last_check: Option<Check>,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// In milliseconds since 1970.
    pub updated_at: i64,
    /// Who changed it last.
    pub updated_by: String,
}

/// A registry with its password, for the engine and for questions to it.
#[derive(Clone)]
pub struct Opened {
    /// What may be told of it.
    pub about: Registry,
    /// Where somebody signs in.
    pub password: Option<Zeroizing<String>>,
}

impl Store {
    /// Registries, their passwords sealed by this key.
    pub fn registries<'s>(&'s self, keyring: &'s Keyring) -> Registries<'s> {
        Registries { db: &self.db, keyring }
    }

    /// All that steps may call a registry: names, ids, and [`DEFAULT`] where there is one.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn registry_names(&self) -> Result<BTreeSet<String>> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT id, name, is_default FROM registry").fetch_all(self.db.read()).await?;
        Ok(rows.into_iter().flat_map(|(id, name, is_default)| names(id, name, is_default != 0)).collect())
    }
}

/// What steps may call a registry.
fn names(id: String, name: String, is_default: bool) -> impl Iterator<Item = String> {
    [name, id].into_iter().chain(is_default.then(|| DEFAULT.to_owned()))
}

impl Registries<'_> {
    /// All of them with their passwords, by name, for the engine.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one was sealed by another key, for another place; [`Error::Unavailable`].
    pub async fn all(&self) -> Result<Vec<Opened>> {
        let rows = sqlx::query("SELECT * FROM registry ORDER BY name").fetch_all(self.db.read()).await?;
        rows.iter().map(|row| self.opened(Stored::read(row)?)).collect()
    }

    /// At most so many of them by name, after this name.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn list(&self, after: &str, limit: u64) -> Result<Vec<Registry>> {
        let rows = sqlx::query("SELECT * FROM registry WHERE name > $1 ORDER BY name LIMIT $2")
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
    pub async fn get(&self, id: &str) -> Result<Registry> {
        Ok(find(self.db.read(), id).await?.about)
    }

    /// One of them with its password, to ask it something.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Corrupt`] when it was sealed by another key, or for another place.
    pub async fn open(&self, id: &str) -> Result<Opened> {
        self.opened(find(self.db.read(), id).await?)
    }

    /// Remembers a new one.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name is; [`Error::Unavailable`].
    pub async fn add(&self, id: &str, input: &Input<'_>, by: &str, now: Timestamp) -> Result<Registry> {
        let mut tx = self.db.write().await?;
        let password = input.password.filter(|password| !password.is_empty() && !input.username.is_empty());
        let sealed = password.map(|password| self.keyring.seal(&place(id, 1, input.address), password));
        let made = sqlx::query(
            "INSERT INTO registry (id, name, kind, address, insecure, username, sealed, sealed_version, is_default,
               revision, checked_at, check_ok, check_message, created_at, updated_at, updated_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0, 1, 0, 0, '', $8, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(input.name)
        .bind(input.kind.name())
        .bind(input.address.clone().insecure(false).to_string())
        .bind(i64::from(input.address.is_insecure()))
        .bind(input.username)
        .bind(sealed.unwrap_or_default())
        .bind(now.as_millisecond())
        .bind(by)
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 0 {
            return Err(Error::Taken("name"));
        }
        let added = find(&mut *tx, id).await?.about;
        tx.commit().await?;
        Ok(added)
    }

    /// Changes one whose revision is `known`. What is stored for one host is never sent to another, nor without TLS where
    /// it was not: such a change needs its password again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`]; [`Error::Taken`]; [`Error::Refused`] when the password is missing.
    pub async fn update(&self, id: &str, known: u64, input: &Input<'_>, by: &str, now: Timestamp) -> Result<Registry> {
        let mut tx = self.db.write().await?;
        let before = find(&mut *tx, id).await?;
        if before.about.revision != known {
            return Err(Error::Conflict(named(id)));
        }
        let (sealed, sealed_version) = self.sealed_again(&before, input)?;
        // What was seen of another address, or as somebody else, says nothing of this one.
        let is_same = before.about.address == *input.address
            && before.about.username == input.username
            && before.sealed == sealed;
        let check = before.about.last_check.filter(|_| is_same);
        let changed = sqlx::query(
            "UPDATE registry SET name = $1, kind = $2, address = $3, insecure = $4, username = $5, sealed = $6,
               sealed_version = $7, revision = $8, checked_at = $9, check_ok = $10, check_message = $11,
               updated_at = $12, updated_by = $13
             WHERE id = $14 AND revision = $15",
        )
        .bind(input.name)
        .bind(input.kind.name())
        .bind(input.address.clone().insecure(false).to_string())
        .bind(i64::from(input.address.is_insecure()))
        .bind(input.username)
        .bind(sealed)
        .bind(bigint(sealed_version))
        .bind(bigint(known + 1))
        .bind(check.as_ref().map_or(0, |check| check.at))
        .bind(i64::from(check.as_ref().is_some_and(|check| check.ok)))
        .bind(check.map_or_else(String::new, |check| check.message))
        .bind(now.as_millisecond())
        .bind(by)
        .bind(id)
        .bind(bigint(known))
        .execute(&mut *tx)
        .await
        .map_err(|error| if is_unique_violation(&error) { Error::Taken("name") } else { error.into() })?;
        if changed.rows_affected() == 0 {
            return Err(Error::Conflict(named(id)));
        }
        let changed = find(&mut *tx, id).await?.about;
        tx.commit().await?;
        Ok(changed)
    }

    /// Makes one the default, and the one that was, an ordinary one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when another is made the default at the same moment.
    pub async fn set_default(&self, id: &str) -> Result<Registry> {
        let mut tx = self.db.write().await?;
        // PostgreSQL's writers are many: by one row that all of them take first, they take turns and do not deadlock.
        sqlx::query("UPDATE registry SET revision = revision WHERE id = (SELECT MIN(id) FROM registry)")
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE registry SET is_default = 0 WHERE is_default = 1 AND id <> $1")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE registry SET is_default = 1 WHERE id = $1").bind(id).execute(&mut *tx).await.map_err(
            |error| match is_unique_violation(&error) {
                true => Error::Conflict("the default registry".to_owned()),
                false => error.into(),
            },
        )?;
        let found = find(&mut *tx, id).await?.about;
        tx.commit().await?;
        Ok(found)
    }

    /// Forgets one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn remove(&self, id: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let gone = sqlx::query("DELETE FROM registry WHERE id = $1").bind(id).execute(&mut *tx).await?;
        if gone.rows_affected() == 0 {
            return Err(not_found(id));
        }
        tx.commit().await?;
        Ok(())
    }

    fn opened(&self, stored: Stored) -> Result<Opened> {
        let password = match stored.about.has_password {
            true => Some(self.keyring.open_sealed(&stored.place(), &stored.sealed)?),
            false => None,
        };
        Ok(Opened { about: stored.about, password })
    }

    /// The password after a change, sealed, with its version.
    fn sealed_again(&self, before: &Stored, input: &Input<'_>) -> Result<(String, u64)> {
        let (id, next) = (&before.about.id, before.sealed_version + 1);
        let seal = |password: &str| (self.keyring.seal(&place(id, next, input.address), password), next);
        let none = || (String::new(), next);
        match input.password {
            _ if input.username.is_empty() => Ok(none()),
            Some("") => Ok(none()),
            Some(password) => Ok(seal(password)),
            None if before.sealed.is_empty() => Ok((String::new(), before.sealed_version)),
            None if leads_elsewhere(&before.about.address, input.address) => {
                Err(Error::Refused("another host, or doing without TLS, needs its own `password`".to_owned()))
            }
            None if before.place() == place(id, before.sealed_version, input.address) => {
                Ok((before.sealed.clone(), before.sealed_version))
            }
            // With TLS from now on: sealed for the stricter place.
            None => Ok(seal(&self.keyring.open_sealed(&before.place(), &before.sealed)?)),
        }
    }
}

/// Whether a password that was given for one address must not go to the other.
fn leads_elsewhere(before: &Address, after: &Address) -> bool {
    before.host() != after.host() || (after.is_insecure() && !before.is_insecure())
}

impl Opened {
    /// What steps may call it.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        names(self.about.id.clone(), self.about.name.clone(), self.about.is_default).collect()
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("about", &self.about).field("password", &"[hidden]").finish()
    }
}
