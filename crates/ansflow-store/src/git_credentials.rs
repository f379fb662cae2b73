//! How Git steps sign in to a host, where they do not say it themselves.

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::db::{Db, bigint};
use crate::error::Invalid;
use crate::{Error, Keyring, Result, Store};

/// Ways to sign in to hosts, of one store.
#[derive(Debug, Clone, Copy)]
pub struct GitCredentials<'s> {
    db: &'s Db,
    keyring: &'s Keyring,
}

/// How to sign in to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With a password or an access token, over HTTPS.
    Password,
    /// With a private key, over SSH.
    SshKey,
}

/// What may be told of a way to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitCredential {
    /// `gc_` and a UUIDv7.
    pub id: String,
    /// As [`host`] writes it: lower case, with its port where the address has one.
    pub host: String,
    /// With what.
    pub kind: Kind,
    /// As whom.
    pub username: String,
    /// In milliseconds since 1970.
    pub updated_at: i64,
    /// Who set it last.
    pub updated_by: String,
}

/// A way to sign in with what it takes, for the engine.
#[derive(Clone)]
pub struct Opened {
    /// What may be told of it.
    pub about: GitCredential,
    /// The password or the private key.
    pub secret: Zeroizing<String>,
}

/// What a credential is to be.
#[derive(Clone)]
pub struct Input<'i> {
    /// As [`host`] writes it.
    pub host: &'i str,
    /// With what.
    pub kind: Kind,
    /// As whom.
    pub username: &'i str,
    /// The password or the private key; none keeps the stored one.
    pub secret: Option<&'i str>,
}

type Row = (String, String, String, String, i64, String, i64, String);

impl Kind {
    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Password => "password",
            Kind::SshKey => "ssh_key",
        }
    }

    fn parse(word: &str) -> Result<Kind> {
        [Kind::Password, Kind::SshKey]
            .into_iter()
            .find(|kind| kind.name() == word)
            .ok_or_else(|| Error::Corrupt(format!("`{word}` is no kind of git credential")))
    }
}

/// The host of an address or of a host's name: lower case, and with its port where that is not the scheme's own. An
/// address of a Git step has the same host when this gives the same text for it.
///
/// # Errors
/// What is wrong with it.
pub fn host(text: &str) -> std::result::Result<String, Invalid> {
    let refuse = |why: &str| Err(Invalid::new("host", why));
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match authority.rsplit_once(':') {
        // The colon of an address without brackets is its own; `host:path` of git's short form has no number.
        Some((name, _)) if name.contains(':') && !name.starts_with('[') => (authority, ""),
        Some((name, port)) if port.parse::<u16>().is_ok() => (name, port),
        Some((name, _)) if scheme.is_empty() && !authority.ends_with(']') => (name, ""),
        Some(_) | None => (authority, ""),
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let is_v6 = bare.is_some_and(|bare| bare.parse::<std::net::Ipv6Addr>().is_ok());
    let is_name = |name: &str| {
        let ok = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        name.len() <= 253 && name.chars().all(ok) && name.starts_with(char::is_alphanumeric)
    };
    if !is_v6 && !is_name(name) {
        return refuse("`host` must be a host's name, such as `git.example.com` or `git.example.com:8443`");
    }
    let name = name.trim_end_matches('.').to_lowercase();
    let own = matches!((scheme, port), ("https", "443") | ("http", "80") | ("ssh", "22"));
    Ok(if port.is_empty() || own { name } else { format!("{name}:{port}") })
}

impl Store {
    /// How Git steps sign in, sealed by this key.
    pub fn git_credentials<'s>(&'s self, keyring: &'s Keyring) -> GitCredentials<'s> {
        GitCredentials { db: &self.db, keyring }
    }
}

impl GitCredentials<'_> {
    /// All of them with what they take, for the engine.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one was sealed by another key; [`Error::Unavailable`].
    pub async fn all(&self) -> Result<Vec<Opened>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, host, kind, username, updated_at, updated_by, version, sealed FROM git_credential ORDER BY host",
        )
        .fetch_all(self.db.read())
        .await?;
        rows.into_iter()
            .map(|row| {
                let secret = self.keyring.open_sealed(&place(&row.0, row.6), &row.7)?;
                Ok(Opened { about: row.try_into()?, secret })
            })
            .collect()
    }

    /// At most so many of them by host, after this host.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn list(&self, after: &str, limit: u64) -> Result<Vec<GitCredential>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, host, kind, username, updated_at, updated_by, version, sealed FROM git_credential
             WHERE host > $1 ORDER BY host LIMIT $2",
        )
        .bind(after)
        .bind(bigint(limit))
        .fetch_all(self.db.read())
        .await?;
        rows.into_iter().map(GitCredential::try_from).collect()
    }

    /// Remembers how to sign in to a host.
    ///
    /// # Errors
    /// [`Error::Taken`] when there is one for this host; [`Error::Unavailable`].
    pub async fn add(&self, id: &str, secret: &str, input: &Input<'_>, by: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        let made = sqlx::query(
            "INSERT INTO git_credential (id, host, kind, username, sealed, version, updated_at, updated_by)
             VALUES ($1, $2, $3, $4, $5, 1, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(input.host)
        .bind(input.kind.name())
        .bind(input.username)
        .bind(self.keyring.seal(&place(id, 1), secret))
        .bind(now.as_millisecond())
        .bind(by)
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 0 {
            return Err(Error::Taken("host"));
        }
        tx.commit().await?;
        Ok(())
    }

    /// Changes one. What is stored for one host is never sent to another: a new host, or a new kind, needs its secret.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Taken`]; [`Error::Refused`] when the secret is missing; [`Error::Unavailable`].
    pub async fn update(&self, id: &str, input: &Input<'_>, by: &str, now: Timestamp) -> Result<GitCredential> {
        let mut tx = self.db.write().await?;
        let found: Option<Row> = sqlx::query_as(
            "SELECT id, host, kind, username, updated_at, updated_by, version, sealed FROM git_credential WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = found else { return Err(Error::NotFound(format!("git credential `{id}`"))) };
        let (mut version, mut sealed) = (row.6, row.7.clone());
        let before = GitCredential::try_from(row)?;
        if let Some(secret) = input.secret {
            version += 1;
            sealed = self.keyring.seal(&place(id, version), secret);
        } else if before.host != input.host || before.kind != input.kind {
            return Err(Error::Refused("another host or kind needs its own `secret`".to_owned()));
        }
        let taken: Option<String> = sqlx::query_scalar("SELECT id FROM git_credential WHERE host = $1 AND id <> $2")
            .bind(input.host)
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        if taken.is_some() {
            return Err(Error::Taken("host"));
        }
        sqlx::query(
            "UPDATE git_credential SET host = $2, kind = $3, username = $4, sealed = $5, version = $6, updated_at = $7,
               updated_by = $8 WHERE id = $1",
        )
        .bind(id)
        .bind(input.host)
        .bind(input.kind.name())
        .bind(input.username)
        .bind(sealed)
        .bind(version)
        .bind(now.as_millisecond())
        .bind(by)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(GitCredential {
            id: before.id,
            host: input.host.to_owned(),
            kind: input.kind,
            username: input.username.to_owned(),
            updated_at: now.as_millisecond(),
            updated_by: by.to_owned(),
        })
    }

    /// Forgets one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn remove(&self, id: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let gone = sqlx::query("DELETE FROM git_credential WHERE id = $1").bind(id).execute(&mut *tx).await?;
        if gone.rows_affected() == 0 {
            return Err(Error::NotFound(format!("git credential `{id}`")));
        }
        tx.commit().await?;
        Ok(())
    }
}

fn place(id: &str, version: i64) -> String {
    format!("git_credential:{id}:{version}")
}

impl TryFrom<Row> for GitCredential {
    type Error = Error;

    fn try_from((id, host, kind, username, updated_at, updated_by, _, _): Row) -> Result<GitCredential> {
        Ok(GitCredential { id, host, kind: Kind::parse(&kind)?, username, updated_at, updated_by })
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("about", &self.about).field("secret", &"[hidden]").finish()
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input").field("host", &self.host).field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_host_is_written_in_one_way() {
        for (text, expect) in [
            ("Git.Example.com", "git.example.com"),
            (" git.example.com. ", "git.example.com"),
            ("https://user@Git.example.com:443/a/b.git", "git.example.com"),
            ("https://git.example.com:8443/a", "git.example.com:8443"),
            ("git@git.example.com:team/shop.git", "git.example.com"),
            ("ssh://git@git.example.com:2222/team/shop.git", "git.example.com:2222"),
            ("[::1]:3000", "[::1]:3000"),
            ("127.0.0.1:3000", "127.0.0.1:3000"),
        ] {
            assert_eq!(host(text).as_deref().unwrap(), expect, "{text}");
        }
        for bad in ["", "-oProxyCommand=x", "a b", "https://", "git.example.com\n", "..", "[zz]", "a:b:c"] {
            assert!(host(bad).is_err() || bad.trim() != bad, "{bad:?} was taken");
        }
    }
}
