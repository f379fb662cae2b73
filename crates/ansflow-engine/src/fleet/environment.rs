//! What attempts on a server find in their environment: an allow-list. What the server itself was started with —
//! addresses of databases, folders of credentials, sockets of the service manager — is not for whoever writes pipelines.

use std::collections::BTreeMap;
use std::ffi::OsString;

const ALLOWED: [&str; 24] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "DOCKER_HOST",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
];

/// What of an environment attempts may have, and `env.NAME` in pipelines means.
pub(super) fn allowed(all: impl IntoIterator<Item = (OsString, OsString)>) -> BTreeMap<String, String> {
    let texts = all.into_iter().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.filter(|(name, _)| ALLOWED.contains(&name.as_str()) || name.starts_with("LC_")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_was_started_with_stays_with_it() {
        let given = [
            ("PATH", "/bin"),
            ("LC_ALL", "C.UTF-8"),
            ("https_proxy", "http://proxy:3128"),
            ("DOCKER_HOST", "unix:///run/docker.sock"),
            ("ANSFLOW_DATABASE_URL", "postgres://ansflow:hunter2@db/ansflow"),
            ("ANSFLOW_ATTEMPT_MARK", "another's"),
            ("DATABASE_URL", "postgres://…"),
            ("CREDENTIALS_DIRECTORY", "/run/credentials/ansflow.service"),
            ("NOTIFY_SOCKET", "/run/systemd/notify"),
            ("SSH_AUTH_SOCK", "/tmp/agent"),
            ("LD_PRELOAD", "/tmp/evil.so"),
            ("BASH_ENV", "/tmp/evil.sh"),
            ("GIT_SSH_COMMAND", "evil"),
            ("AWS_SECRET_ACCESS_KEY", "…"),
            ("path", "/tmp"),
        ];
        let kept = allowed(given.map(|(name, value)| (name.into(), value.into())));
        let names: Vec<&str> = kept.keys().map(String::as_str).collect();
        assert_eq!(names, ["DOCKER_HOST", "LC_ALL", "PATH", "https_proxy"]);
    }
}
