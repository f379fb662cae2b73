//! `cargo xtask replay DIR`: every recorded rollout of a folder, through the code that live steps run.
//!
//! A line each, one for all, and exit code 1 unless every outcome is right.

use std::path::Path;
use std::process::ExitCode;

use ansflow_kube::replay::{Expected, Recording, ReplayError, Score, Scored, folders, replay};

use crate::say;

/// Judges the recordings of `dir`.
pub(crate) fn run(dir: &Path) -> ExitCode {
    let complain = |text: &str| say(&mut std::io::stderr(), text);
    let paths = match folders(dir) {
        Ok(paths) => paths,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::from(2);
        }
    };
    // One that cannot be read keeps nobody from the others.
    let (judged, unread): (Vec<_>, Vec<_>) = paths.iter().map(|path| judge(path)).partition(Result::is_ok);
    unread.iter().flat_map(|it| it.as_ref().err()).for_each(|error| complain(&error.to_string()));
    let score = Score { scored: judged.into_iter().flatten().collect() };
    if score.scored.is_empty() {
        complain(&format!("{}: there is no recording here that can be read", dir.display()));
        return ExitCode::from(2);
    }
    say(&mut std::io::stdout(), &score.to_string());
    if score.is_right() && unread.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn judge(path: &Path) -> Result<Scored, ReplayError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let (recording, expected) = (Recording::read(path)?, Expected::read(path)?);
    Ok(Scored { name, outcome: replay(&recording), expected })
}
