//! Shell scripts stop at the first thing that goes wrong.

use crate::finding::Finding;
use crate::tree::SourceFile;

const FIRST: &str = "set -euo pipefail";

/// Checks every script of ours, whatever its name; a library that is only sourced has no `#!`.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().filter(|file| !file.is_fixture() && is_shell(&file.text)).filter_map(check_one).collect()
}

fn is_shell(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.starts_with("#!") && (first.ends_with("bash") || first.ends_with("/sh") || first.ends_with(" sh"))
}

fn check_one(file: &SourceFile) -> Option<Finding> {
    let (line, command) = file.lines().find(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))?;
    (command != FIRST).then(|| Finding {
        file: file.path.clone(),
        line,
        rule: "script",
        message: format!("the first command is not `{FIRST}`"),
        help: "use bash, and put it first",
    })
}
