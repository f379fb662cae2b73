//! Migrations are only ever appended: `0001_words.sql`, `0002_….sql`, without a gap and without a second `0002`.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::tree::SourceFile;

/// Checks the numbers in every folder named `migrations`.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut expected: BTreeMap<&str, u32> = BTreeMap::new();
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".sql")) {
        let folder = file.path.strip_suffix(file.name()).unwrap_or_default();
        if !folder.split('/').any(|part| part == "migrations") {
            continue;
        }
        let next = expected.entry(folder).or_insert(1);
        let number = file.name().split('_').next().and_then(|number| number.parse::<u32>().ok());
        if number != Some(*next) {
            findings.push(Finding {
                file: file.path.clone(),
                line: 1,
                rule: "migration",
                message: format!("migration {next:04} was expected here"),
                help: "append a new file with the next number; what was released stays as it is",
            });
        }
        *next = number.unwrap_or(*next).saturating_add(1);
    }
    findings
}
