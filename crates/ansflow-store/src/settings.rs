//! What an administrator sets for the whole server: one row, whose secret part is sealed.

mod change;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use change::{Change, MailChange};

use crate::db::{Db, bigint, count};
use crate::{Error, Keyring, Result, Store};

/// The one row.
const ROW: &str = "server";

/// What an administrator sets, of one store.
#[derive(Debug, Clone, Copy)]
pub struct ServerSettings<'s> {
    db: &'s Db,
    keyring: &'s Keyring,
}

/// What is set, or what holds where nothing was.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Counts changes; 0: nothing was ever set.
    pub revision: u64,
    /// How people reach the server, without a slash at its end; none: as the request came.
    pub base_url: Option<String>,
    /// Runs that have their turn at once.
    pub max_runs: u32,
    /// Steps at once within a run.
    pub steps_per_run: u32,
    /// Ended runs are removed after so many days; 0: never.
    pub keep_runs_days: u32,
    /// Working directories of ended runs are removed after so many days; 0: never.
    pub keep_workspaces_days: u32,
    /// How messages are sent by mail.
    pub mail: Option<Mail>,
    /// Forges whose shared webhook secret is set.
    pub hook_secrets: Vec<Forge>,
    sealed: String,
    keyring: Keyring,
}

/// A mail server, without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// As whom; empty: nobody.
    pub username: String,
    /// The sender's address.
    pub from: String,
    /// Whether a password is stored.
    pub has_password: bool,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// From the first byte.
    Tls,
    /// After `STARTTLS`, which must work.
    Starttls,
    /// Not at all.
    None,
}

/// A forge that signs its webhooks with one shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Forge {
    /// GitHub.
    Github,
    /// GitLab.
    Gitlab,
    /// Gitea and Forgejo.
    Gitea,
    /// Gitee.
    Gitee,
}

/// The row's `body`.
#[derive(Serialize, Deserialize)]
struct Body {
    base_url: Option<String>,
    max_runs: u32,
    steps_per_run: u32,
    keep_runs_days: u32,
    keep_workspaces_days: u32,
    mail: Option<Mail>,
    hook_secrets: Vec<Forge>,
}

/// What is sealed of it.
#[derive(Default, Serialize, Deserialize)]
struct Sealed {
    mail_password: Option<String>,
    hook_secrets: BTreeMap<Forge, String>,
}

impl Store {
    /// What an administrator sets, sealed by this key.
    pub fn settings<'s>(&'s self, keyring: &'s Keyring) -> ServerSettings<'s> {
        ServerSettings { db: &self.db, keyring }
    }
}

impl Settings {
    /// What holds where nothing is set.
    #[must_use]
    pub fn defaults(keyring: &Keyring) -> Settings {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let processors = u32::try_from(processors).unwrap_or(64);
        Settings {
            revision: 0,
            base_url: None,
            max_runs: processors.saturating_mul(4).clamp(8, change::MAX_RUNS),
            steps_per_run: processors.clamp(4, change::MAX_STEPS),
            keep_runs_days: 90,
            keep_workspaces_days: 7,
            mail: None,
            hook_secrets: Vec::new(),
            sealed: String::new(),
            keyring: keyring.clone(),
        }
    }

    /// What the mail server wants to hear.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it was sealed by another key.
    pub fn mail_password(&self) -> Result<Option<Zeroizing<String>>> {
        Ok(self.open()?.mail_password.map(Zeroizing::new))
    }

    /// What a forge signs its webhooks with.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it was sealed by another key.
    pub fn hook_secret(&self, forge: Forge) -> Result<Option<Zeroizing<String>>> {
        Ok(self.open()?.hook_secrets.remove(&forge).map(Zeroizing::new))
    }

    fn open(&self) -> Result<Sealed> {
        if self.sealed.is_empty() {
            return Ok(Sealed::default());
        }
        let text = self.keyring.open_sealed(&place(self.revision), &self.sealed)?;
        serde_json::from_str(&text).map_err(|_| Error::Corrupt("the sealed settings are not what we seal".to_owned()))
    }

    fn of(row: Option<(String, String, i64)>, keyring: &Keyring) -> Result<Settings> {
        let defaults = Settings::defaults(keyring);
        let Some((body, sealed, version)) = row else { return Ok(defaults) };
        let body: Body = serde_json::from_str(&body)
            .map_err(|error| Error::Corrupt(format!("the settings of the server: {error}")))?;
        Ok(Settings {
            revision: count(version),
            base_url: body.base_url,
            max_runs: body.max_runs,
            steps_per_run: body.steps_per_run,
            keep_runs_days: body.keep_runs_days,
            keep_workspaces_days: body.keep_workspaces_days,
            mail: body.mail,
            hook_secrets: body.hook_secrets,
            sealed,
            ..defaults
        })
    }
}

impl ServerSettings<'_> {
    /// What is set.
    ///
    /// # Errors
    /// [`Error::Corrupt`]; [`Error::Unavailable`].
    pub async fn get(&self) -> Result<Settings> {
        let row: Option<(String, String, i64)> =
            sqlx::query_as("SELECT body, sealed, version FROM setting WHERE name = $1")
                .bind(ROW)
                .fetch_optional(self.db.read())
                .await?;
        Settings::of(row, self.keyring)
    }

    /// Sets what [`Change::check`] found good, when nobody has since the revision that the caller knows.
    ///
    /// # Errors
    /// [`Error::Conflict`]; [`Error::Refused`] when a stored password would go to another mail server;
    /// [`Error::Unavailable`].
    pub async fn put(&self, known: u64, change: &Change, by: &str, now: Timestamp) -> Result<Settings> {
        let mut tx = self.db.write().await?;
        let row: Option<(String, String, i64)> =
            sqlx::query_as("SELECT body, sealed, version FROM setting WHERE name = $1")
                .bind(ROW)
                .fetch_optional(&mut *tx)
                .await?;
        let before = Settings::of(row, self.keyring)?;
        if before.revision != known {
            return Err(Error::Conflict("the settings".to_owned()));
        }
        let after = change.applied_to(before)?;
        let changed = sqlx::query(
            "INSERT INTO setting (name, body, sealed, version, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (name) DO UPDATE SET body = excluded.body, sealed = excluded.sealed,
               version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by
             WHERE setting.version = $7",
        )
        .bind(ROW)
        .bind(after.body())
        .bind(&after.sealed)
        .bind(bigint(after.revision))
        .bind(now.as_millisecond())
        .bind(by)
        .bind(bigint(known))
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Conflict("the settings".to_owned()));
        }
        tx.commit().await?;
        Ok(after)
    }
}

impl Settings {
    fn body(&self) -> String {
        let body = Body {
            base_url: self.base_url.clone(),
            max_runs: self.max_runs,
            steps_per_run: self.steps_per_run,
            keep_runs_days: self.keep_runs_days,
            keep_workspaces_days: self.keep_workspaces_days,
            mail: self.mail.clone(),
            hook_secrets: self.hook_secrets.clone(),
        };
        serde_json::to_string(&body).expect("texts, numbers and lists of them are JSON")
    }
}

impl Forge {
    /// All of them.
    pub const ALL: [Forge; 4] = [Forge::Github, Forge::Gitlab, Forge::Gitea, Forge::Gitee];

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Forge::Github => "github",
            Forge::Gitlab => "gitlab",
            Forge::Gitea => "gitea",
            Forge::Gitee => "gitee",
        }
    }
}

fn place(revision: u64) -> String {
    format!("setting:{ROW}:{revision}")
}
