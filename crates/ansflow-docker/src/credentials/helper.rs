//! Credential helpers: `docker-credential-NAME get` is asked for one server's login, on its standard input.

use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;
use zeroize::Zeroizing;

use super::Login;
use crate::environment::Environment;
use crate::program;

/// A helper may have to wake a cloud's command line, and asks nobody.
const LIMIT: Duration = Duration::from_secs(30);
/// The user name that says: the secret is a token.
const TOKEN: &str = "<token>";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: Zeroizing<String>,
}

/// Asks a helper; none where it knows of no login. What it wrote is in no error: it may be the secret.
pub(super) async fn get(environment: &Environment, name: &str, key: &str) -> Result<Option<Login>, String> {
    get_within(LIMIT, environment, name, key).await
}

async fn get_within(
    limit: Duration,
    environment: &Environment,
    name: &str,
    key: &str,
) -> Result<Option<Login>, String> {
    // The name is a part of a program's name, and the file that says it may be of the workspace's making.
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if !is_word || name.is_empty() {
        return Err(format!("the name of the credential helper `{name}` may have letters, digits, `.`, `_`, `-` only"));
    }
    let program = format!("docker-credential-{name}");
    let file = environment
        .program(&program)
        .ok_or_else(|| format!("config.json names the credential helper {program}, which is not in PATH"))?;
    let mut command = Command::new(file);
    command.arg("get").env_clear().envs(environment.variables());
    let output = program::ask(command, key.as_bytes(), limit)
        .await
        .map_err(|why| format!("the credential helper {program} {why}"))?;
    let told = Zeroizing::new(output.stdout);
    if !output.status.success() {
        let words = String::from_utf8_lossy(&told).to_ascii_lowercase();
        return match words.contains("credentials not found") {
            true => Ok(None),
            false => Err(format!("the credential helper {program} failed ({})", output.status)),
        };
    }
    let answer: Answer = serde_json::from_slice(&told)
        .map_err(|_| format!("the credential helper {program} did not answer with a login"))?;
    Ok(match (answer.username.as_str(), answer.secret.is_empty()) {
        ("", _) | (_, true) => None,
        (TOKEN, false) => Some(Login::IdentityToken(answer.secret)),
        (_, false) => Some(Login::Password { username: answer.username, password: answer.secret }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_helper_that_hangs_is_ended_and_named() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("docker-credential-slow");
        std::fs::write(&file, "#!/bin/sh\necho $$ > \"$0.pid\"\nexec sleep 600\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", folder.path().display());
        let environment = Environment::new([("PATH".to_owned(), path)]);
        let why = get_within(Duration::from_secs(2), &environment, "slow", "r.example").await.unwrap_err();
        assert_eq!(why, "the credential helper docker-credential-slow did not answer within 2 s and was ended");
        let pid = std::fs::read_to_string(folder.path().join("docker-credential-slow.pid")).unwrap();
        let mut state = String::new();
        // A killed process is gone when it was waited for, which the runtime does in its own time.
        let until = std::time::Instant::now() + Duration::from_secs(20);
        while std::time::Instant::now() < until {
            state = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
            if state.is_empty() || state.contains(") Z ") {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("it runs on: {state}");
    }
}
