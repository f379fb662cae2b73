//! A script file, started as it is: its own `#!` says who reads it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use ansflow_core::run::event::Gains;
use ansflow_core::spec::ScriptFile;

use super::session::Session;
use super::{NoGain, failed};

pub(crate) fn run(session: &mut Session, script: &ScriptFile) -> Result<Gains, NoGain> {
    let directory = session.order.directory.clone();
    let path = Path::new(&directory).join(&script.path);
    let mut command = command(&path, &script.path)?;
    command.args(&script.args);
    session.run(&mut command, Path::new(&directory))?.ok()?;
    Ok(Gains::default())
}

pub(super) fn command(path: &Path, shown: &str) -> Result<Command, NoGain> {
    let problem = |why: &dyn std::fmt::Display| failed(format!("script `{shown}` cannot be started: {why}"));
    let file = File::open(path).map_err(|error| problem(&error))?;
    let about = file.metadata().map_err(|error| problem(&error))?;
    if !about.is_file() {
        return Err(problem(&"it is not a file"));
    }
    let interpreter = interpreter(file);
    if about.permissions().mode() & 0o111 != 0 {
        return Ok(Command::new(path));
    }
    // The permission is often lost on the way, as in a ZIP archive; the intention is still in the first line.
    let Some((program, argument)) = interpreter else {
        return Err(problem(&"it is not executable and has no `#!` line; begin it with `#!/bin/sh`, or `chmod +x` it"));
    };
    let mut command = Command::new(program);
    command.args(argument).arg(path);
    Ok(command)
}

/// Program and at most one argument, as the kernel reads the line.
fn interpreter(file: File) -> Option<(String, Option<String>)> {
    let mut line = Vec::new();
    BufReader::new(file).take(256).read_until(b'\n', &mut line).ok()?;
    let line = String::from_utf8(line).ok()?;
    let line = line.strip_prefix("#!")?.trim();
    let (program, argument) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let argument = Some(argument.trim().to_owned()).filter(|argument| !argument.is_empty());
    Some((program.to_owned(), argument)).filter(|(program, _)| !program.is_empty())
}
