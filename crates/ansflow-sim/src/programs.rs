//! What runs in containers: which program an image and a command line are, and what the runtime says when it is none.

pub(crate) mod agnhost;
mod image;
pub(crate) mod nginx;
#[cfg(test)]
mod recorded;
mod scripted;
#[cfg(test)]
mod tests;
pub(crate) mod unknown;

use std::sync::Arc;

use serde_json::Value;

use crate::program::{Files, Program, Start, StartError};
use crate::shell::{self, Mode, Process, Server, Terminal};

pub(crate) use self::image::Image;
pub(crate) use self::scripted::Scripted;

/// The annotation that gives a pod's containers further answers to `exec`.
pub(crate) const ANSWERS: &str = "sim.ansflow.io/exec";

/// Why a server did not come up: what it says, and how it ends.
pub(crate) struct Failed {
    pub(crate) lines: Vec<String>,
    pub(crate) code: i32,
}

type Started = Result<Arc<dyn Server>, Failed>;

/// Starts what a container was made for; a terminal where its specification says `tty`.
pub(crate) fn start(
    start: Arc<Start>,
    terminal: Option<Terminal>,
    files: &dyn Files,
) -> Result<Box<dyn Program>, StartError> {
    let argv = command_line(&start);
    if let Some(problem) = refusal(&start, &argv, files) {
        let message = format!(
            "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: \
             unable to start container process: {problem}: unknown"
        );
        return Err(StartError { code: 128, message });
    }
    Ok(Box::new(Process::new(start, argv, Mode::Main(terminal))))
}

/// Starts a command in a running container. The error is what the runtime says; `id` is the 64 digits that it gives the try.
pub(crate) fn exec(
    start: &Arc<Start>,
    argv: Vec<String>,
    terminal: Option<Terminal>,
    answers: Option<&str>,
    files: &dyn Files,
    id: &str,
) -> Result<Box<dyn Program>, String> {
    if let Some(answer) = answers.and_then(|answers| answer(answers, &argv)) {
        return Ok(Box::new(answer));
    }
    if let Some(problem) = refusal(start, &argv, files) {
        return Err(format!(
            "failed to exec in container: failed to start exec \"{id}\": OCI runtime exec failed: exec failed: unable to start \
             container process: {problem}: unknown"
        ));
    }
    Ok(Box::new(Process::new(Arc::clone(start), argv, Mode::Exec(terminal))))
}

/// The manifest's words, or the image's where it has none.
fn command_line(start: &Start) -> Vec<String> {
    let image = Image::of(&start.image);
    let (mut argv, mut arguments) = (start.command.clone(), start.args.clone());
    if argv.is_empty() {
        argv = image.entry_point();
        if arguments.is_empty() {
            arguments = image.command();
        }
    }
    argv.extend(arguments);
    argv
}

/// What the runtime has against a command line.
fn refusal(start: &Start, argv: &[String], files: &dyn Files) -> Option<String> {
    let Some(word) = argv.first() else { return Some("no command specified".to_owned()) };
    let known = Image::of(&start.image).is_known();
    if !word.contains('/') {
        let missing = known && !shell::has(&start.image, word);
        return missing.then(|| format!("exec: \"{word}\": executable file not found in $PATH"));
    }
    match files.stat(word) {
        Ok(facts) if facts.folder => Some(format!("exec: \"{word}\": is a directory")),
        Ok(facts) if facts.mode & 0o111 == 0 => Some(format!("exec: \"{word}\": permission denied")),
        Ok(_) => None,
        Err(_) if !known => None,
        Err(_) => Some(format!("exec: \"{word}\": stat {word}: no such file or directory")),
    }
}

/// What the annotation has for a command: by all its words, or by the script of `sh -c`.
fn answer(answers: &str, argv: &[String]) -> Option<Scripted> {
    let answers: Value = serde_json::from_str(answers).ok()?;
    let script = argv.get(2).filter(|_| argv.get(1).is_some_and(|word| word == "-c"));
    let answer = answers.get(argv.join(" ")).or_else(|| answers.get(script?))?;
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let code = answer.get("exit").and_then(Value::as_i64).and_then(|code| i32::try_from(code).ok()).unwrap_or(0);
    Some(Scripted::answer(text("stdout"), text("stderr"), code))
}
