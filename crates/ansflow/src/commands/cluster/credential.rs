//! A cluster's credential as it is typed: files of this machine are read here, and what is sent needs none of them.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use ansflow_kube::credentials;
use anyhow::{Context, Result};
use serde_json::{Value as Json, json};

use crate::cli::cluster::WayArgs;
use crate::exit::Refused;
use crate::terminal::err;

/// The credential for the API; none where none is typed.
pub(super) async fn of(way: &WayArgs) -> Result<Option<Json>> {
    if let Some(kubeconfig) = &way.kubeconfig {
        return of_kubeconfig(kubeconfig, &way.allowed_exec).await.map(Some);
    }
    if way.token_stdin {
        let mut token = String::new();
        std::io::stdin().lock().read_to_string(&mut token).context("failed to read the token")?;
        return Ok(Some(json!({ "method": "token", "token": token.trim() })));
    }
    if let (Some(certificate), Some(key)) = (&way.client_cert, &way.client_key) {
        let (certificate, key) = (file(certificate)?, file(key)?);
        return Ok(Some(json!({ "method": "certificate", "certificate": certificate, "key": key })));
    }
    Ok(way.in_cluster.then(|| json!({ "method": "in_cluster" })))
}

/// Whom its certificate may be signed by; null where nobody says.
pub(super) fn ca(way: &WayArgs) -> Result<Option<String>> {
    way.ca.as_deref().map(file).transpose()
}

async fn of_kubeconfig(typed: &str, allowed_exec: &[PathBuf]) -> Result<Json> {
    let (path, context) = match typed.rsplit_once('#') {
        // A `#` may be in a file's name.
        Some((path, context)) if !Path::new(typed).exists() => (path, Some(context).filter(|name| !name.is_empty())),
        Some(_) | None => (typed, None),
    };
    let given = credentials::inline(Path::new(path), context, allowed_exec).await.map_err(|refused| {
        let problem = Refused::invalid(refused.why);
        match refused.help {
            Some(help) => problem.help(help),
            None => problem,
        }
    })?;
    if let (false, Some(ends)) = (allowed_exec.is_empty(), &given.facts.expires_at) {
        err(&format!("warning: the token that was printed ends at {ends}; the server cannot make another\n"));
    }
    Ok(json!({ "method": "kubeconfig", "text": given.access.kubeconfig().as_str(), "context": null }))
}

fn file(path: &Path) -> Result<String> {
    let refused = || Refused::invalid(format!("`{}` cannot be read", path.display()));
    std::fs::read_to_string(path).with_context(refused)
}
