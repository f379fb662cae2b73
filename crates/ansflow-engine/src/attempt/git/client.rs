//! The `git` program with a clean environment, and the credentials where only it finds them.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Command;

use ansflow_core::spec::Git;

use super::address::{Address, Transport};
use crate::attempt::secret_file::SecretFile;
use crate::attempt::session::Session;
use crate::attempt::{NoGain, broken};

/// Answers git from the environment, and only questions about the host that the answers are for.
const ASKPASS: &str = r#"#!/bin/sh
case "$1" in
  *[/@]"$ANSFLOW_GIT_HOST"[\'/]*) ;;
  *) exit 1 ;;
esac
case "$1" in
  Username*) printf '%s\n' "$ANSFLOW_GIT_USERNAME" ;;
  *) printf '%s\n' "$ANSFLOW_GIT_PASSWORD" ;;
esac
"#;

/// Variables of a git that started us: they would point it at another repository.
const POINTERS: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

/// How to call git for one repository.
pub(crate) struct Client {
    url: String,
    env: Vec<(&'static str, String)>,
    /// `-c name=value`, before every command.
    config: Vec<&'static str>,
    /// Lives as long as ssh needs it.
    _key: Option<SecretFile>,
}

impl Client {
    pub(crate) fn prepare(session: &Session, git: &Git, address: &Address, directory: &Path) -> Result<Self, NoGain> {
        let problem = |error: io::Error| broken(format!("failed to hand over credentials: {error}"));
        let transports = match address.transport() {
            Transport::File => "file:https:http:ssh:git",
            Transport::Http | Transport::Ssh | Transport::Git => "https:http:ssh:git",
        };
        let mut env = vec![
            ("GIT_TERMINAL_PROMPT", "0".to_owned()),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            // Submodules too: a repository from elsewhere must not fetch what only this machine can read.
            ("GIT_ALLOW_PROTOCOL", transports.to_owned()),
            ("LC_ALL", "C.UTF-8".to_owned()),
        ];
        let mut config = vec!["advice.detachedHead=false", "init.defaultBranch=main"];
        if let (Some(password), Some(origin)) = (&git.password, address.origin()) {
            let askpass = write(&session.folder.file("askpass"), 0o700, ASKPASS).map_err(problem)?;
            let username = git.username.clone().unwrap_or_else(|| "git".to_owned());
            env.extend([
                ("GIT_ASKPASS", askpass),
                ("ANSFLOW_GIT_HOST", origin.to_owned()),
                ("ANSFLOW_GIT_USERNAME", username),
                ("ANSFLOW_GIT_PASSWORD", password.clone()),
            ]);
            // The user's own helpers would answer first, and would learn the password.
            config.push("credential.helper=");
        }
        let key = git.ssh_key.as_deref().map(SecretFile::key).transpose().map_err(problem)?;
        if key.is_some() || git.known_hosts.is_some() {
            let known = git.known_hosts.as_ref().map(|lines| write(&session.folder.file("known_hosts"), 0o600, lines));
            env.push(("GIT_SSH_COMMAND", ssh(key.as_ref(), known.transpose().map_err(problem)?)));
            env.push(("GIT_SSH_VARIANT", "ssh".to_owned()));
        }
        // Another remote's URL would be relative to the clone, not to the step.
        let url = match address.transport() {
            Transport::File if !address.url().contains("://") => directory.join(address.url()).display().to_string(),
            _ => address.url().to_owned(),
        };
        Ok(Self { url, env, config, _key: key })
    }

    /// The remote.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Runs git, its words into the log.
    pub(crate) fn tell<S: AsRef<str>>(&self, session: &mut Session, at: &Path, words: &[S]) -> Result<(), NoGain> {
        self.try_tell(session, at, words)?
    }

    /// The same, where a failure may be what was to be learnt: the inner result.
    pub(crate) fn try_tell<S: AsRef<str>>(
        &self,
        session: &mut Session,
        at: &Path,
        words: &[S],
    ) -> Result<Result<(), NoGain>, NoGain> {
        let exit = session.run(&mut self.command(words), at)?;
        Ok(exit.ok().map_err(|report| named(report, words)))
    }

    /// What git prints; none: it says no.
    pub(crate) fn ask(&self, session: &mut Session, at: &Path, words: &[&str]) -> Result<Option<String>, NoGain> {
        let (exit, text) = session.capture(&mut self.command(words), at)?;
        Ok(exit.ok().is_ok().then(|| text.trim_end().to_owned()))
    }

    /// What git prints; a no is a failure.
    pub(crate) fn demand(&self, session: &mut Session, at: &Path, words: &[&str]) -> Result<String, NoGain> {
        let (exit, text) = session.capture(&mut self.command(words), at)?;
        exit.ok().map_err(|report| named(report, words))?;
        Ok(text.trim_end().to_owned())
    }

    fn command<S: AsRef<str>>(&self, words: &[S]) -> Command {
        let mut command = Command::new("git");
        command.args(self.config.iter().flat_map(|setting| ["-c", setting]));
        command.args(words.iter().map(AsRef::as_ref));
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        for name in POINTERS {
            command.env_remove(name);
        }
        command
    }
}

fn ssh(key: Option<&SecretFile>, known_hosts: Option<String>) -> String {
    // Not through a connection that somebody else's key has opened.
    let mut command = "ssh -o BatchMode=yes -o ControlMaster=no -o ControlPath=none".to_owned();
    if let Some(key) = key {
        command.push_str(&format!(" -o IdentitiesOnly=yes -i {}", key.path()));
    }
    match known_hosts {
        // Quoted twice: git gives the text to a shell, and ssh splits the option's value at spaces.
        Some(file) => command.push_str(&format!(
            " -o StrictHostKeyChecking=yes -o 'UserKnownHostsFile=\"{}\"'",
            file.replace('\'', r"'\''")
        )),
        None => command.push_str(" -o StrictHostKeyChecking=accept-new"),
    }
    command
}

fn named<S: AsRef<str>>(report: NoGain, words: &[S]) -> NoGain {
    match report {
        NoGain::Failed { exit_code, message } => {
            let word = words.first().map_or("", AsRef::as_ref);
            NoGain::Failed { exit_code, message: format!("`git {word}` {message}; its reason stands in the log") }
        }
        other => other,
    }
}

fn write(path: &Path, mode: u32, text: &str) -> io::Result<String> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path)?.write_all(text.as_bytes())?;
    Ok(path.display().to_string())
}
