//! Which branch and commit the workspace stands at. Asked of `git` itself, and only inside a checkout.

use std::path::Path;
use std::process::{Command, Stdio};

/// Branch and commit, as far as there are any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Checkout {
    /// None outside a checkout, and where no branch is checked out.
    pub(crate) branch: Option<String>,
    /// None outside a checkout, and before the first commit.
    pub(crate) commit: Option<String>,
}

impl Checkout {
    /// Of a directory. Without `git`, or outside a checkout: nothing is known.
    pub(crate) fn of(dir: &Path) -> Self {
        // One look at the disk spares the process where there is no checkout, which is when people try us out.
        if !dir.ancestors().any(|above| above.join(".git").exists()) {
            return Self::default();
        }
        let branch = ask(dir, &["symbolic-ref", "--short", "-q", "HEAD"]);
        let commit = ask(dir, &["rev-parse", "--verify", "-q", "HEAD"]);
        Self { branch, commit }
    }
}

fn ask(dir: &Path, words: &[&str]) -> Option<String> {
    let answer = Command::new("git")
        .args(words)
        .current_dir(dir)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    let line = text.trim_end_matches('\n');
    (answer.status.success() && !line.is_empty()).then(|| line.to_owned())
}
