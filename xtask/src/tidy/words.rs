//! Words that do not belong into the project: notes to oneself, and paths of one person's machine.

use crate::finding::Finding;
use crate::tree::SourceFile;

/// Put together here so that this file keeps its own rules.
const NOTES: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// Folders that only one machine has; what follows is somebody's name or work.
const MACHINES: [&str; 5] = [
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/fa", "rm/"),
    concat!("/wo", "rk/"),
];

/// Checks notes in code, and paths in every text.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let finding = |line, rule, message, help| Finding { file: file.path.clone(), line, rule, message, help };
        for (number, line) in file.lines() {
            if let Some(note) = NOTES.iter().find(|note| is_code(file) && has_word(line, note)) {
                findings.push(finding(number, "note", format!("a note to oneself: {note}"), "do it, or open an issue"));
            }
            if let Some(path) = MACHINES.iter().find(|path| names_path(line, path)) {
                let help = "use a path from the root of the project, or one that the reader chooses";
                findings.push(finding(number, "machine-path", format!("a path of one machine: `{path}…`"), help));
            }
        }
    }
    findings
}

fn is_code(file: &SourceFile) -> bool {
    let prose = [".md", ".lock", ".txt"].iter().any(|end| file.path.ends_with(end));
    !prose && !file.is_fixture()
}

fn has_word(line: &str, word: &str) -> bool {
    let outside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    line.match_indices(word)
        .any(|(at, _)| outside(line[..at].chars().next_back()) && outside(line[at + word.len()..].chars().next()))
}

/// Whether an absolute path starts here; `src/work/x` and `$HOME/work/x` do not count.
fn names_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let starts = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !"._-/}{)*".contains(c));
        let goes_on = line[at + folder.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '.');
        starts && goes_on
    })
}
