//! A shell text, and the directory in which its shell ends.

use std::fs;
use std::path::{Component, Path};
use std::process::Command;

use ansflow_core::run::event::Gains;
use ansflow_core::spec::{Dialect, Shell};

use super::session::Session;
use super::{NoGain, broken};

/// The system takes no argument of 128 KiB; longer texts are put in a file.
pub(super) const LONGEST_ARGUMENT: usize = 100_000;

pub(crate) fn run(session: &mut Session, shell: &Shell) -> Result<Gains, NoGain> {
    let cwd = session.folder.file("cwd");
    let (name, options) = match shell.dialect {
        Dialect::Sh => ("sh", "-e"),
        Dialect::Bash => ("bash", "-eo"),
    };
    let mut command = Command::new(name);
    command.arg(options);
    if shell.dialect == Dialect::Bash {
        command.arg("pipefail");
    }
    let directory = session.order.directory.clone();
    command.env("PWD", &directory);
    let text = format!("{}{}", end_trap(&directory, &cwd), shell.text);
    if text.len() < LONGEST_ARGUMENT {
        command.args(["-c", &text, name]);
    } else {
        let file = session.folder.file("script");
        fs::write(&file, text).map_err(|error| broken(format!("failed to write `{}`: {error}", file.display())))?;
        command.arg(file);
    }
    command.envs(shell.values.iter().map(|(name, value)| (name, value)));
    session.run(&mut command, Path::new(&directory))?.ok()?;
    Ok(Gains { directory: ended_in(&cwd, &session.order.workspace), ..Gains::default() })
}

/// Says where the shell ends, if elsewhere than it began, on the text's own first line so that line numbers stay. Never
/// changes the exit code.
pub(super) fn end_trap(began: &str, cwd: &Path) -> String {
    // Braces, because a shell complains about a file that it cannot make before it looks at a second redirection.
    let began = quoted(began);
    let note = format!("{{ [ \"$PWD\" = {began} ] || pwd -P >{}; }} 2>/dev/null || :", quoted(&cwd.to_string_lossy()));
    format!("trap {} EXIT; ", quoted(&note))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The directory relative to the workspace, where it lies inside.
pub(super) fn ended_in(cwd: &Path, workspace: &str) -> Option<String> {
    let cwd = fs::read_to_string(cwd).ok()?;
    relative_to(Path::new(cwd.strip_suffix('\n')?), Path::new(workspace))
}

/// A path relative to a directory, links followed on both sides; none outside of it.
pub(crate) fn relative_to(path: &Path, directory: &Path) -> Option<String> {
    let path = fs::canonicalize(path).ok()?;
    let inside = path.strip_prefix(fs::canonicalize(directory).ok()?).ok()?;
    debug_assert!(inside.components().all(|part| matches!(part, Component::Normal(_))));
    inside.to_str().map(str::to_owned)
}
