//! A program that prints a token. Only one that the administrator of this machine allowed, by its absolute path.

use super::cause::Why;
use crate::access::{Program, Secret};
use jiff::Timestamp;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use zeroize::Zeroizing;

/// How long it may take.
const TIME: Duration = Duration::from_secs(10);

/// How many bytes it may print.
const LENGTH: u64 = 64 * 1024;

/// What of our environment it gets: where programs are, where its settings are, how to reach the net.
const ENVIRONMENT: [&str; 7] = ["PATH", "HOME", "LANG", "TZ", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE"];

/// What it asks of us.
const INFO: &str =
    r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false}}"#;

#[derive(Deserialize)]
struct Printed {
    status: Status,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<Zeroizing<String>>,
    expiration_timestamp: Option<Timestamp>,
}

/// The token, and when it ends.
pub(crate) async fn token(program: &Program, allowed: &[PathBuf]) -> Result<(Secret, Option<Timestamp>), Why> {
    let shown = program.path.display();
    if !program.path.is_absolute() || !allowed.contains(&program.path) {
        return Err(Why::Credential(format!(
            "`exec: {shown}` would run a program on this machine; create a service account token (`kubectl create \
             token …`), or ask an administrator to allow it (`--allow-exec {shown}`)"
        )));
    }
    let failed = |why: String| Why::Credential(format!("`{shown}` printed no token: {why}"));
    let ran = tokio::time::timeout(TIME, run(program)).await;
    let (ok, text) = ran
        .map_err(|_| failed(format!("it did not end within {} s", TIME.as_secs())))?
        .map_err(|error| failed(error.to_string()))?;
    if !ok {
        return Err(failed("it failed".to_owned()));
    }
    let printed: Printed = serde_json::from_slice(&text).map_err(|error| failed(format!("{:?}", error.classify())))?;
    let token = printed.status.token.ok_or_else(|| failed("it printed a certificate instead".to_owned()))?;
    Ok((token, printed.status.expiration_timestamp))
}

async fn run(program: &Program) -> std::io::Result<(bool, Zeroizing<Vec<u8>>)> {
    let mut command = Command::new(&program.path);
    command.args(&program.args).env_clear().env("KUBERNETES_EXEC_INFO", INFO);
    command.envs(ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.envs(program.env.iter().map(|(name, value)| (name, value.as_str())));
    command.current_dir(program.path.parent().unwrap_or(Path::new("/")));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).process_group(0);
    let mut child = command.spawn()?;
    let mut text = Zeroizing::new(Vec::new());
    if let Some(out) = child.stdout.take() {
        out.take(LENGTH).read_to_end(&mut text).await?;
    }
    Ok((child.wait().await?.success(), text))
}
