//! A change of the settings: what may be set, and what becomes of the stored secrets.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{Forge, Mail, MailSecurity, Settings, place};
use crate::error::Invalid;
use crate::{Error, Result};

pub(super) const MAX_RUNS: u32 = 1_000;
pub(super) const MAX_STEPS: u32 = 256;
const MAX_DAYS: u32 = 3_650;

/// What the settings are to be.
#[derive(Clone, Default)]
pub struct Change {
    /// As [`Settings::base_url`].
    pub base_url: Option<String>,
    /// As [`Settings::max_runs`], 1 to 1000.
    pub max_runs: u32,
    /// As [`Settings::steps_per_run`], 1 to 256.
    pub steps_per_run: u32,
    /// As [`Settings::keep_runs_days`], at most 3650.
    pub keep_runs_days: u32,
    /// As [`Settings::keep_workspaces_days`], at most 3650.
    pub keep_workspaces_days: u32,
    /// None: no mail is sent.
    pub mail: Option<MailChange>,
    /// A text sets it, an empty text removes it, what is left out stays.
    pub hook_secrets: BTreeMap<Forge, String>,
}

/// What the mail server is to be.
#[derive(Clone)]
pub struct MailChange {
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
    /// None keeps the one that is stored, an empty one removes it.
    pub password: Option<String>,
}

impl Change {
    /// Whether this can be set.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> std::result::Result<(), Invalid> {
        within("max_runs", self.max_runs, 1, MAX_RUNS)?;
        within("steps_per_run", self.steps_per_run, 1, MAX_STEPS)?;
        within("keep_runs_days", self.keep_runs_days, 0, MAX_DAYS)?;
        within("keep_workspaces_days", self.keep_workspaces_days, 0, MAX_DAYS)?;
        if let Some(url) = &self.base_url {
            check_url(url)?;
        }
        self.mail.as_ref().map_or(Ok(()), MailChange::check)?;
        if self.hook_secrets.values().any(|secret| secret.len() > 1_024) {
            return Err(Invalid::new("hook_secrets", "a webhook secret may have at most 1024 bytes"));
        }
        Ok(())
    }

    pub(super) fn applied_to(&self, before: Settings) -> Result<Settings> {
        let revision = before.revision + 1;
        let mut secrets = before.open()?;
        if let Some(mail) = &self.mail {
            let same_server = before.mail.as_ref().is_none_or(|old| old.host == mail.host && old.port == mail.port);
            match &mail.password {
                Some(password) => secrets.mail_password = Some(password.clone()).filter(|text| !text.is_empty()),
                // What was stored for one server is never sent to another.
                None if !same_server && secrets.mail_password.is_some() => {
                    return Err(Error::Refused("another mail server needs its own `mail.password`".to_owned()));
                }
                None => {}
            }
        } else {
            secrets.mail_password = None;
        }
        for (forge, secret) in &self.hook_secrets {
            secrets.hook_secrets.insert(*forge, secret.clone());
        }
        secrets.hook_secrets.retain(|_, secret| !secret.is_empty());
        let text = Zeroizing::new(serde_json::to_string(&secrets).expect("texts are JSON"));
        Ok(Settings {
            revision,
            base_url: self.base_url.as_deref().map(|url| url.trim_end_matches('/').to_owned()),
            max_runs: self.max_runs,
            steps_per_run: self.steps_per_run,
            keep_runs_days: self.keep_runs_days,
            keep_workspaces_days: self.keep_workspaces_days,
            mail: self.mail.as_ref().map(|mail| mail.stored(secrets.mail_password.is_some())),
            hook_secrets: secrets.hook_secrets.keys().copied().collect(),
            sealed: before.keyring.seal(&place(revision), &text),
            keyring: before.keyring,
        })
    }
}

impl MailChange {
    fn check(&self) -> std::result::Result<(), Invalid> {
        let host_is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        if self.host.is_empty() || self.host.len() > 253 || !self.host.chars().all(host_is_plain) {
            return Err(Invalid::new("mail.host", "`mail.host` must be a host's name, such as `mail.example.com`"));
        }
        within("mail.port", self.port.into(), 1, u16::MAX.into())?;
        let is_line = |text: &str| text.len() <= 320 && !text.contains(char::is_control);
        if !is_line(&self.username) {
            return Err(Invalid::new("mail.username", "`mail.username` must be one line of at most 320 bytes"));
        }
        if !is_line(&self.from) || !self.from.contains('@') {
            return Err(Invalid::new("mail.from", "`mail.from` must be an address, such as `ci@example.com`"));
        }
        match &self.password {
            Some(password) if password.len() > 1_024 => {
                Err(Invalid::new("mail.password", "`mail.password` may have at most 1024 bytes"))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn stored(&self, has_password: bool) -> Mail {
        Mail {
            host: self.host.clone(),
            port: self.port,
            security: self.security,
            username: self.username.clone(),
            from: self.from.clone(),
            has_password,
        }
    }
}

fn within(field: &'static str, number: u32, least: u32, most: u32) -> std::result::Result<(), Invalid> {
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(Invalid::new(field, format!("`{field}` must be from {least} to {most}")))
}

fn check_url(url: &str) -> std::result::Result<(), Invalid> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '@' | '"' | '<' | '>' | '\\');
    if rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && url.len() <= 500 && url.chars().all(plain))
    {
        return Ok(());
    }
    Err(Invalid::new("base_url", "`base_url` must be an address, such as `https://ci.example.com`"))
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change").field("base_url", &self.base_url).field("mail", &self.mail).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for MailChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailChange").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}
