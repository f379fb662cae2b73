//! Rust files: each says what it is for, modules are named by their file, and every test runs.

use crate::finding::Finding;
use crate::tree::SourceFile;

/// Checks every Rust file that is ours.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().filter(|file| file.is_rust() && !file.is_fixture()).flat_map(check_one).collect()
}

fn check_one(file: &SourceFile) -> Vec<Finding> {
    let finding = |line, rule, message: &str, help| Finding {
        file: file.path.clone(),
        line,
        rule,
        message: message.to_owned(),
        help,
    };
    let mut findings = Vec::new();
    if file.name() == "mod.rs" {
        findings.push(finding(1, "mod-file", "a module named `mod.rs`", "rename `foo/mod.rs` to `foo.rs`"));
    }
    if !file.is_test() && file.name() != "build.rs" && !file.text.starts_with("//!") {
        findings.push(finding(1, "head", "no `//!` at the top", "say what the module is for, and what it must not do"));
    }
    // Put together here so that this file keeps its own rules.
    let (debug, ignore) = (concat!("dbg", "!("), concat!("#[", "ignore"));
    for (number, line) in file.lines() {
        if line.contains(debug) {
            findings.push(finding(number, "debug", "a left-over `dbg!`", "remove it"));
        }
        if line.trim_start().starts_with(ignore) {
            let help = "let it run, or say at run time why it cannot";
            findings.push(finding(number, "ignored", "a test that nobody runs", help));
        }
    }
    findings
}
