//! A run of the real `ansible-playbook`: by arguments, never through a shell, secrets through memory.

use std::io;
use std::path::Path;
use std::process::Command;

use ansflow_core::run::event::Gains;
use ansflow_core::spec::Ansible;

use super::secret_file::{SecretFile, SecretFolder, key_text};
use super::session::{Exit, Session};
use super::{NoGain, broken};
use crate::folder::Folder;

pub(crate) fn run(session: &mut Session, ansible: &Ansible) -> Result<Gains, NoGain> {
    let files =
        Files::of(ansible, &session.folder).map_err(|error| broken(format!("failed to hand over secrets: {error}")))?;
    let mut command = Command::new("ansible-playbook");
    command.args(arguments(ansible, &files)).envs([
        ("ANSIBLE_FORCE_COLOR", "0"),
        ("ANSIBLE_NOCOLOR", "1"),
        ("PYTHONUNBUFFERED", "1"),
    ]);
    // Connections are kept open for a while, for whoever finds their sockets: that is this attempt, whose key opened
    // them and whose end closes them.
    command.env("ANSIBLE_SSH_CONTROL_PATH_DIR", files.folder.path());
    session.leaves_helpers = true;
    let directory = session.order.directory.clone();
    match session.run(&mut command, Path::new(&directory)) {
        Ok(exit) => explain(exit).map(|()| Gains::default()),
        Err(NoGain::Broken { message }) if message.contains("it is not installed") => Err(broken(format!(
            "{message}; install Ansible, such as with `pipx install ansible-core` or `apt install ansible-core`"
        ))),
        Err(report) => Err(report),
    }
}

/// What is too secret for the process list.
struct Files {
    folder: SecretFolder,
    extra_vars: Option<String>,
    private_key: Option<String>,
    vault_password: Option<SecretFile>,
}

impl Files {
    fn of(ansible: &Ansible, attempt: &Folder) -> io::Result<Self> {
        let extra_vars =
            (!ansible.extra_vars.is_empty()).then(|| serde_json::to_vec(&ansible.extra_vars)).transpose()?;
        let private_key = ansible.private_key.as_deref().map(key_text);
        let folder = SecretFolder::new(attempt)?;
        Ok(Self {
            extra_vars: extra_vars.map(|json| folder.write("extra-vars", &json)).transpose()?,
            private_key: private_key.map(|key| folder.write("private-key", &key)).transpose()?,
            vault_password: ansible.vault_password.as_deref().map(SecretFile::key).transpose()?,
            folder,
        })
    }
}

/// `--option=value` throughout: a value that begins with `-` stays a value.
fn arguments(ansible: &Ansible, files: &Files) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut option = |name: &str, value: &str| arguments.push(format!("--{name}={value}"));
    if let Some(inventory) = &ansible.inventory {
        option("inventory", inventory);
    }
    if let Some(file) = &files.extra_vars {
        option("extra-vars", &format!("@{file}"));
    }
    if let Some(file) = &files.private_key {
        option("private-key", file);
    }
    if let Some(file) = &files.vault_password {
        option("vault-password-file", &file.path());
    }
    for (name, words) in [("tags", &ansible.tags), ("skip-tags", &ansible.skip_tags)] {
        if !words.is_empty() {
            option(name, &words.join(","));
        }
    }
    if let Some(limit) = &ansible.limit {
        option("limit", limit);
    }
    if let Some(user) = &ansible.user {
        option("user", user);
    }
    let flags = [("--become", ansible.r#become), ("--check", ansible.check_mode)];
    arguments.extend(flags.into_iter().filter(|(_, set)| *set).map(|(flag, _)| flag.to_owned()));
    if ansible.verbose > 0 {
        arguments.push(format!("-{}", "v".repeat(usize::from(ansible.verbose.min(4)))));
    }
    arguments.extend(["--".to_owned(), ansible.playbook.clone()]);
    arguments
}

/// Its exit codes are known to few.
fn explain(exit: Exit) -> Result<(), NoGain> {
    let why = match exit {
        Exit::Code(1) => "an error of the playbook or of Ansible",
        Exit::Code(2) => "tasks failed on one or more hosts",
        Exit::Code(3 | 4) => "one or more hosts were unreachable",
        Exit::Code(5) => "wrong options or a syntax error in the playbook",
        Exit::Code(6) => "tasks failed on some hosts, others were unreachable",
        Exit::Code(99) => "it was interrupted",
        Exit::Code(250) => "an unexpected error in Ansible",
        Exit::Code(_) | Exit::Signal(_) => return exit.ok(),
    };
    let Err(NoGain::Failed { exit_code, message }) = exit.ok() else { return Ok(()) };
    Err(NoGain::Failed { exit_code, message: format!("ansible-playbook {message}: {why}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_values_and_secrets_stay_out_of_the_process_list() {
        let ansible = Ansible {
            playbook: "--version".into(),
            inventory: Some("-evil,".into()),
            extra_vars: serde_json::from_str(r#"{"password": "hunter2"}"#).unwrap(),
            private_key: Some("KEY hunter2".into()),
            vault_password: Some("vault hunter2".into()),
            verbose: 9,
            r#become: true,
            ..Ansible::default()
        };
        let folder = tempfile::tempdir().unwrap();
        let files = Files::of(&ansible, &Folder::at(folder.path())).unwrap();
        let arguments = arguments(&ansible, &files);
        assert!(!arguments.iter().any(|argument| argument.contains("hunter2")), "{arguments:?}");
        assert_eq!(arguments.first().unwrap(), "--inventory=-evil,");
        assert_eq!(arguments[4..], ["--become", "-vvvv", "--", "--version"]);
        let vars = std::fs::read_to_string(files.extra_vars.as_ref().unwrap()).unwrap();
        assert_eq!(vars, r#"{"password":"hunter2"}"#);
        let memory = files.folder.path().to_owned();
        drop(files);
        assert!(!memory.exists());
        assert!(folder.path().read_dir().unwrap().next().is_none());
    }
}
