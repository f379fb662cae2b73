//! The files of a step that are kept: copied into the attempt's folder, with size and digest.
//!
//! Names and links are the user's programs' doing: nothing outside of the workspace is ever read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use sha2::{Digest as _, Sha256};

use super::session::Session;
use super::{NoGain, broken, failed};
use crate::folder::Artifact;

/// Keeps what the order's globs match, by name ascending.
pub(crate) fn keep(session: &mut Session) -> Result<Vec<Artifact>, NoGain> {
    if session.order.artifacts.is_empty() {
        return Ok(Vec::new());
    }
    let globs = session.order.artifacts.clone();
    let matchers = globs.iter().map(|glob| matcher(glob)).collect::<Result<Vec<_>, _>>()?;
    let directory = PathBuf::from(&session.order.directory);
    let files = files_below(&directory).map_err(|error| broken(format!("failed to look for artifacts: {error}")))?;

    let mut used = vec![false; globs.len()];
    let mut kept = Vec::new();
    for file in files {
        let mut wanted = false;
        for (matcher, used) in matchers.iter().zip(&mut used) {
            if matcher.is_match(&file) {
                (wanted, *used) = (true, true);
            }
        }
        if wanted {
            session.check_stop()?;
            kept.extend(keep_one(session, &directory, &file)?);
        }
    }
    for (glob, _) in globs.iter().zip(used).filter(|(_, used)| !used) {
        session.say(&format!("artifacts: `{glob}` matches no file"));
    }
    Ok(kept)
}

fn matcher(glob: &str) -> Result<GlobMatcher, NoGain> {
    let relative = glob.strip_prefix("./").unwrap_or(glob);
    let built = GlobBuilder::new(relative).literal_separator(true).build();
    built.map(|glob| glob.compile_matcher()).map_err(|error| failed(format!("artifacts: `{glob}` is no glob: {error}")))
}

/// All files, relative, sorted; directories behind links and git's own are not entered.
fn files_below(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        let entries = match fs::read_dir(directory.join(&relative)) {
            Ok(entries) => entries,
            // What the step's programs took away, or locked up, they do not want to be kept.
            Err(_) if !relative.as_os_str().is_empty() => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let path = relative.join(entry.file_name());
            if !entry.file_type()?.is_dir() {
                found.push(path);
            } else if entry.file_name() != ".git" {
                open.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// None: a pipe, socket or device, or a link to a directory.
fn keep_one(session: &Session, directory: &Path, file: &Path) -> Result<Option<Artifact>, NoGain> {
    let shown = file.display();
    let problem = |error: io::Error| broken(format!("failed to keep the artifact `{shown}`: {error}"));
    let Some(path) = file.to_str() else {
        return Err(failed(format!("the artifact `{shown}` has a name that is not UTF-8")));
    };
    let real = fs::canonicalize(directory.join(file)).map_err(problem)?;
    let workspace = fs::canonicalize(&session.order.workspace).map_err(problem)?;
    if !real.starts_with(&workspace) {
        return Err(failed(format!("the artifact `{shown}` is a link that leaves the workspace")));
    }
    if !fs::metadata(&real).map_err(problem)?.is_file() {
        return Ok(None);
    }
    let target = session.folder.file("artifacts").join(file);
    let (size, sha256) = copy(&real, &target).map_err(problem)?;
    Ok(Some(Artifact { path: path.to_owned(), size, sha256 }))
}

fn copy(from: &Path, to: &Path) -> io::Result<(u64, String)> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    // Not through a link that took the file's place since we looked.
    let mut source = OpenOptions::new().read(true).custom_flags(nix::libc::O_NOFOLLOW).open(from)?;
    let mut target = File::create_new(to)?;
    let (mut digest, mut size) = (Sha256::new(), 0);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = source.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        digest.update(&buffer[..count]);
        target.write_all(&buffer[..count])?;
        size += count as u64;
    }
    let hex = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((size, hex))
}
