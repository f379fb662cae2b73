//! On a laptop: the user's own kubeconfig, with the user's own files and – where the user says so – programs, made into
//! something that needs neither.

use std::path::{Path, PathBuf};

use super::facts::facts;
use super::kubeconfig::{Given, Reach, read};
use super::refused::{Refused, shown};
use super::token;
use crate::access::{Auth, Program};
use crate::connect::exec;

/// A file is no longer, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Takes the user's own kubeconfig apart: files that it names are read, a program that `allowed` names – as it is written
/// there, or by its path – is run and what it printed handed on, with its end.
///
/// # Errors
/// What is wrong with it, and how to do it right.
pub async fn inline(path: &Path, context: Option<&str>, allowed: &[PathBuf]) -> Result<Given, Refused> {
    let text = file(path, "the kubeconfig")?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut given = read(&text, context, Reach::Own { folder })?;
    let Auth::Exec(program) = &given.access.auth else { return Ok(given) };
    let found = find(program, folder)?;
    let is_allowed = |allowed: &PathBuf| *allowed == program.path || *allowed == found.path;
    if !allowed.iter().any(is_allowed) {
        let written = program.path.display().to_string();
        return Err(Refused::new("text", format!("the kubeconfig would run {}", shown(&written)))
            .help(format!("say `--allow-exec {written}` to have it run here, and its token taken")));
    }
    let printed = exec::token(&found, std::slice::from_ref(&found.path)).await;
    let (printed, ends) = printed.map_err(|why| Refused::new("text", why.to_string()))?;
    given.access.auth = token::token(&printed)?;
    let context = given.facts.context.take();
    given.facts = facts(&given.access.auth, given.access.acts_as.as_ref());
    given.facts.context = context;
    given.facts.expires_at = ends.map(|ends| ends.to_string()).or(given.facts.expires_at);
    Ok(given)
}

/// The content of the user's own file.
pub(super) fn file(path: &Path, what: &str) -> Result<String, Refused> {
    let shown = shown(&path.display().to_string());
    let refuse = |why: String| Refused::new("text", why);
    let about = std::fs::metadata(path).map_err(|error| refuse(format!("{what}: {shown} cannot be read: {error}")))?;
    if !about.is_file() || about.len() > LONGEST {
        return Err(refuse(format!("{what}: {shown} is no file of at most 1 MiB")));
    }
    std::fs::read_to_string(path).map_err(|error| refuse(format!("{what}: {shown} cannot be read: {error}")))
}

/// The program's own file, as a shell would find it; a path is meant from the kubeconfig's folder.
fn find(program: &Program, folder: &Path) -> Result<Program, Refused> {
    let name = &program.path;
    let path = if name.is_absolute() {
        Some(name.clone())
    } else if name.components().count() > 1 {
        Some(folder.join(name))
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
    };
    match path.filter(|path| path.is_file()) {
        Some(path) => Ok(Program { path, ..program.clone() }),
        None => Err(Refused::new("text", format!("there is no program {}", shown(&name.display().to_string())))),
    }
}
