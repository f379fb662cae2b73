//! File sizes: a file that one cannot read in one go hides two ideas.

use crate::finding::Finding;
use crate::tree::SourceFile;

/// More lines than this need a reason in `tidy.allow`.
const MOST: usize = 400;

/// Checks the files of the product; tests may be as long as their cases.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let too_long = |file: &&SourceFile| file.text.lines().count() > MOST;
    let finding = |file: &SourceFile| Finding {
        file: file.path.clone(),
        line: MOST + 1,
        rule: "size",
        message: format!("{} lines; {MOST} are a lot", file.text.lines().count()),
        help: "split it by idea, or give the reason in xtask/tidy.allow",
    };
    files.iter().filter(|file| file.is_production_rust()).filter(too_long).map(finding).collect()
}

/// How many files there are, and how long they are.
pub(super) fn summary(files: &[SourceFile]) -> String {
    let mut sizes: Vec<(usize, &str)> = files
        .iter()
        .filter(|file| file.is_production_rust())
        .map(|file| (file.text.lines().count(), file.path.as_str()))
        .collect();
    sizes.sort_unstable();
    let Some((longest, path)) = sizes.last() else { return "no Rust files".to_owned() };
    format!("{} Rust files, median {} lines, longest {longest} ({path})", sizes.len(), sizes[sizes.len() / 2].0)
}
