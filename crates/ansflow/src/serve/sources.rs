//! What the fleet asks of the store again and again: settings and secrets, as they are at that moment.

use std::path::PathBuf;
use std::sync::Arc;

use ansflow_engine::notifications::{AskSettings, Settings};
use ansflow_engine::notify::MailServer;
use ansflow_engine::notify::mail::Security;
use ansflow_engine::{GitCredential, GitSecret, KnownCluster, Limits, Registry, Sources};
use ansflow_store::git_credentials::Kind;
use ansflow_store::settings::MailSecurity;
use ansflow_store::{Error as StoreError, Keyring, Result, Store};
use tracing::warn;

use super::Allowed;

pub(super) fn of(store: &Store, keyring: &Keyring, allowed: &Allowed) -> Sources {
    let shared = Arc::new((store.clone(), keyring.clone()));
    let mail = Arc::clone(&shared);
    let (limits, secrets) = (Arc::clone(&shared), Arc::clone(&shared));
    let (git_credentials, registries, clusters) = (Arc::clone(&shared), Arc::clone(&shared), shared);
    let allowed_exec = allowed.exec.clone();
    Sources {
        allow_loopback: allowed.loopback,
        mail: Arc::new(move || {
            let shared = Arc::clone(&mail);
            Box::pin(async move { Ok(told(&shared.0, &shared.1).await?.mail) })
        }),
        limits: Arc::new(move || {
            let shared = Arc::clone(&limits);
            Box::pin(async move {
                let settings = shared.0.settings(&shared.1).get().await?;
                Ok(Limits {
                    max_runs: settings.max_runs.into(),
                    keep_runs_days: settings.keep_runs_days,
                    keep_workspaces_days: settings.keep_workspaces_days,
                })
            })
        }),
        secrets: Arc::new(move || {
            let shared = Arc::clone(&secrets);
            Box::pin(async move { shared.0.secrets(&shared.1).values().await })
        }),
        git_credentials: Arc::new(move || {
            let shared = Arc::clone(&git_credentials);
            Box::pin(async move {
                let known = shared.0.git_credentials(&shared.1).all().await?;
                let credential = |known: ansflow_store::git_credentials::Opened| {
                    let secret = match known.about.kind {
                        Kind::Password => GitSecret::Password(known.secret.to_string()),
                        Kind::SshKey => GitSecret::SshKey(known.secret.to_string()),
                    };
                    GitCredential { host: known.about.host, username: known.about.username, secret }
                };
                Ok(known.into_iter().map(credential).collect())
            })
        }),
        allowed_mounts: allowed.mounts.clone(),
        clusters: Arc::new(move || {
            let (shared, allowed_exec) = (Arc::clone(&clusters), allowed_exec.clone());
            Box::pin(async move { known_clusters(&shared.0, &shared.1, &allowed_exec).await })
        }),
        registries: Arc::new(move || {
            let shared = Arc::clone(&registries);
            Box::pin(async move {
                let known = shared.0.registries(&shared.1).all().await?;
                Ok(known.into_iter().map(registry).collect())
            })
        }),
    }
}

/// One whose credential cannot be opened is left out: steps that name it hear that it is not there, others go on.
async fn known_clusters(store: &Store, keyring: &Keyring, allowed_exec: &[PathBuf]) -> Result<Vec<KnownCluster>> {
    let stored = store.clusters(keyring);
    let mut known = Vec::new();
    for about in stored.all().await? {
        let opened = match stored.open(&about.id).await {
            Ok(opened) => opened,
            // Removed meanwhile.
            Err(StoreError::NotFound(_)) => continue,
            Err(error @ StoreError::Corrupt(_)) => {
                warn!("cluster `{}` cannot be used: {error}", about.name);
                continue;
            }
            Err(other) => return Err(other),
        };
        match ansflow_server::clusters::access(&opened) {
            Ok(access) => known.push(KnownCluster {
                names: vec![about.name, about.id],
                access,
                simulated: about.simulated,
                allowed_exec: allowed_exec.to_vec(),
            }),
            Err(error) => warn!("cluster `{}` cannot be used: {error}", about.name),
        }
    }
    Ok(known)
}

fn registry(known: ansflow_store::registries::Opened) -> Registry {
    Registry {
        names: known.names(),
        password: known.password.map(|password| password.to_string()),
        username: Some(known.about.username).filter(|name| !name.is_empty()),
        is_default: known.about.is_default,
        address: known.about.address,
    }
}

/// What the notifier asks for, again and again.
pub(super) fn settings(store: &Store, keyring: &Keyring) -> Arc<AskSettings> {
    let shared = Arc::new((store.clone(), keyring.clone()));
    Arc::new(move || {
        let shared = Arc::clone(&shared);
        Box::pin(async move { told(&shared.0, &shared.1).await })
    })
}

async fn told(store: &Store, keyring: &Keyring) -> Result<Settings> {
    let settings = store.settings(keyring).get().await?;
    let password = settings.mail_password()?.map(|password| password.to_string()).unwrap_or_default();
    let mail = settings.mail.map(|mail| MailServer {
        host: mail.host,
        port: mail.port,
        security: match mail.security {
            MailSecurity::Tls => Security::Tls,
            MailSecurity::Starttls => Security::Starttls,
            MailSecurity::None => Security::None,
        },
        username: mail.username,
        password,
        from: mail.from,
    });
    Ok(Settings { mail, base_url: settings.base_url })
}
