//! An allowed program that prints a credential: bounded in time and output, in a process group of its own, with nothing of
//! this process' environment but where programs and the user's files are.

use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::{certificate, token};
use crate::access::{Access, Auth, Program};

/// For all that it does.
const PATIENCE: Duration = Duration::from_secs(10);
/// It prints no more, in bytes.
const MOST: u64 = 64 * 1024;
/// What it gets of this process' environment.
const INHERITED: [&str; 6] = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "SSL_CERT_FILE"];

/// What an allowed program printed.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Who we are by it.
    pub auth: Auth,
    /// When that ends; none: it does not say.
    pub expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct ExecCredential {
    status: Option<Status>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    token: Option<Zeroizing<String>>,
    client_certificate_data: Option<String>,
    client_key_data: Option<Zeroizing<String>>,
    expiration_timestamp: Option<Timestamp>,
}

/// Runs it. Whoever calls has looked whether it is allowed.
///
/// # Errors
/// Why there is no credential, in one sentence that does not quote what it printed to its output.
pub async fn run(program: &Program, access: &Access) -> Result<Printed, String> {
    let name = program.path.display();
    let mut command = Command::new(&program.path);
    command.args(&program.args).env_clear().process_group(0).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for inherited in INHERITED {
        if let Some(value) = std::env::var_os(inherited) {
            command.env(inherited, value);
        }
    }
    for (name, value) in &program.env {
        command.env(name, value.as_str());
    }
    command.env("KUBERNETES_EXEC_INFO", info(access));
    let mut child = command.spawn().map_err(|error| format!("`{name}` could not be started: {error}"))?;
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let all = async {
        let (output, errors) = tokio::join!(read(output), read(errors));
        (child.wait().await, output, errors)
    };
    let Ok((ended, output, errors)) = timeout(PATIENCE, all).await else {
        return Err(format!("`{name}` printed no credential within {} s", PATIENCE.as_secs()));
    };
    match ended {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("`{name}` ended with {status}{}", last_words(&errors))),
        Err(error) => return Err(format!("`{name}` could not be waited for: {error}")),
    }
    let read: ExecCredential =
        serde_json::from_slice(&output).map_err(|_| format!("`{name}` printed no ExecCredential"))?;
    of(read.status.unwrap_or_default()).map_err(|why| format!("`{name}` printed no credential: {why}"))
}

fn of(status: Status) -> Result<Printed, String> {
    let auth = match (status.token, status.client_certificate_data, status.client_key_data) {
        (Some(text), _, _) if !text.is_empty() => token::token(&text),
        (_, Some(cert), Some(key)) => certificate::certificate(&cert, &key),
        _ => return Err("neither a token nor a certificate with its key".to_owned()),
    };
    Ok(Printed { auth: auth.map_err(|refused| refused.why)?, expires_at: status.expiration_timestamp })
}

/// At most so much; the rest is not waited for.
async fn read(pipe: Option<impl AsyncRead + Unpin>) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::new());
    if let Some(pipe) = pipe {
        // What it said before it failed is all that there is.
        let _ = pipe.take(MOST).read_to_end(&mut bytes).await;
    }
    bytes
}

fn last_words(errors: &[u8]) -> String {
    let text = String::from_utf8_lossy(errors);
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let clean: String = last.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    if clean.is_empty() { clean } else { format!(": {clean}") }
}

/// What the protocol tells a plugin of the cluster.
fn info(access: &Access) -> String {
    serde_json::json!({
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "spec": { "interactive": false, "cluster": { "server": access.server } }
    })
    .to_string()
}
