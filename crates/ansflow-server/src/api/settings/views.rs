//! The settings as the API shows and takes them.

use std::collections::BTreeMap;

use ansflow_store::settings as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an administrator sets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Settings {
    /// How people reach the server, for links in messages; null: as the request came.
    #[schema(required)]
    base_url: Option<String>,
    /// Runs that have their turn at once.
    max_runs: u32,
    /// Steps at once within a run.
    steps_per_run: u32,
    /// Ended runs are removed after so many days; 0: never.
    keep_runs_days: u32,
    /// Working directories of ended runs are removed after so many days; 0: never.
    keep_workspaces_days: u32,
    #[schema(required)]
    mail: Option<MailSettings>,
    /// Forges whose shared webhook secret is set.
    hook_secrets: Vec<Forge>,
}

/// A mail server, without its password.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailSettings {
    host: String,
    port: u16,
    security: MailSecurity,
    username: String,
    from: String,
    has_password: bool,
}

/// What the settings are to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsInput {
    #[schema(required)]
    base_url: Option<String>,
    /// 1 to 1000.
    max_runs: u32,
    /// 1 to 256.
    steps_per_run: u32,
    /// At most 3650.
    keep_runs_days: u32,
    /// At most 3650.
    keep_workspaces_days: u32,
    #[schema(required)]
    mail: Option<MailInput>,
    /// A text sets it, an empty text removes it, what is left out stays.
    hook_secrets: BTreeMap<Forge, String>,
}

/// What the mail server is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MailInput {
    host: String,
    port: u16,
    security: MailSecurity,
    username: String,
    from: String,
    /// Null keeps the one that is stored.
    #[schema(required)]
    password: Option<String>,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum MailSecurity {
    Tls,
    Starttls,
    None,
}

/// A forge that signs its webhooks with one shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Forge {
    Github,
    Gitlab,
    Gitea,
    Gitee,
}

impl SettingsInput {
    pub(super) fn into_change(self) -> stored::Change {
        stored::Change {
            base_url: self.base_url,
            max_runs: self.max_runs,
            steps_per_run: self.steps_per_run,
            keep_runs_days: self.keep_runs_days,
            keep_workspaces_days: self.keep_workspaces_days,
            mail: self.mail.map(MailInput::into_change),
            hook_secrets: self.hook_secrets.into_iter().map(|(forge, secret)| (forge.stored(), secret)).collect(),
        }
    }
}

impl MailInput {
    fn into_change(self) -> stored::MailChange {
        stored::MailChange {
            host: self.host,
            port: self.port,
            security: match self.security {
                MailSecurity::Tls => stored::MailSecurity::Tls,
                MailSecurity::Starttls => stored::MailSecurity::Starttls,
                MailSecurity::None => stored::MailSecurity::None,
            },
            username: self.username,
            from: self.from,
            password: self.password,
        }
    }
}

impl Forge {
    fn stored(self) -> stored::Forge {
        match self {
            Forge::Github => stored::Forge::Github,
            Forge::Gitlab => stored::Forge::Gitlab,
            Forge::Gitea => stored::Forge::Gitea,
            Forge::Gitee => stored::Forge::Gitee,
        }
    }
}

impl From<stored::Settings> for Settings {
    fn from(settings: stored::Settings) -> Settings {
        let forge = |forge: stored::Forge| match forge {
            stored::Forge::Github => Forge::Github,
            stored::Forge::Gitlab => Forge::Gitlab,
            stored::Forge::Gitea => Forge::Gitea,
            stored::Forge::Gitee => Forge::Gitee,
        };
        Settings {
            base_url: settings.base_url,
            max_runs: settings.max_runs,
            steps_per_run: settings.steps_per_run,
            keep_runs_days: settings.keep_runs_days,
            keep_workspaces_days: settings.keep_workspaces_days,
            mail: settings.mail.map(MailSettings::from),
            hook_secrets: settings.hook_secrets.into_iter().map(forge).collect(),
        }
    }
}

impl From<stored::Mail> for MailSettings {
    fn from(mail: stored::Mail) -> MailSettings {
        MailSettings {
            host: mail.host,
            port: mail.port,
            security: match mail.security {
                stored::MailSecurity::Tls => MailSecurity::Tls,
                stored::MailSecurity::Starttls => MailSecurity::Starttls,
                stored::MailSecurity::None => MailSecurity::None,
            },
            username: mail.username,
            from: mail.from,
            has_password: mail.has_password,
        }
    }
}
