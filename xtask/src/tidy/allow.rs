//! Exceptions: `RULE PATH REASON`, one a line. One that nothing needs any more is a finding itself.

use super::ALLOW;
use crate::finding::Finding;

const HELP: &str = "write `RULE PATH REASON`, one exception a line";

/// Takes away the findings that the list allows.
pub(super) fn apply(list: &str, findings: Vec<Finding>) -> Vec<Finding> {
    let mut left = findings;
    for (index, line) in list.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let complain =
            |message: String, help| Finding { file: ALLOW.to_owned(), line: index + 1, rule: "allow", message, help };
        let mut words = line.splitn(3, ' ');
        let (Some(rule), Some(path), Some(_reason)) = (words.next(), words.next(), words.next()) else {
            left.push(complain("an exception without a reason".to_owned(), HELP));
            continue;
        };
        let before = left.len();
        left.retain(|finding| !(finding.rule == rule && finding.file == path));
        if left.len() == before {
            left.push(complain(format!("`{path}` keeps the rule `{rule}`"), "remove the exception"));
        }
    }
    left
}
