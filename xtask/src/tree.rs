//! The project's files, read once: what git tracks, or would track.

use std::path::Path;
use std::process::Command;

use crate::Result;

/// A text file of the project.
pub(crate) struct SourceFile {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

impl SourceFile {
    /// Written for people who read the product, not its tests.
    pub(crate) fn is_production_rust(&self) -> bool {
        self.is_rust() && !self.is_test() && !self.is_fixture()
    }

    /// Rust.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// A test, or what only tests use.
    pub(crate) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches"))
    }

    /// Input that somebody else wrote, and that stays as it is.
    pub(crate) fn is_fixture(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "fixtures" | "golden" | "seeds"))
    }

    /// The name without its folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// Every text file that git tracks or would track, sorted by path.
pub(crate) fn read(root: &Path) -> Result<Vec<SourceFile>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot start git to list the files: {error}"))?;
    if !listed.status.success() {
        return Err(format!("git cannot list the files: {}", String::from_utf8_lossy(&listed.stderr).trim()).into());
    }
    let mut paths: Vec<&str> = std::str::from_utf8(&listed.stdout)?.split_terminator('\0').collect();
    paths.sort_unstable();
    paths.dedup();
    // A file that is tracked but deleted, a link to a folder and a picture are no text of ours.
    let text = |path: &str| std::fs::read_to_string(root.join(path)).ok();
    Ok(paths.into_iter().filter_map(|path| Some(SourceFile { path: path.to_owned(), text: text(path)? })).collect())
}
