//! Licences, bans and sources of every crate that we build on, by the words of `deny.toml`.
//!
//! cargo-deny does this and more, but it takes longer to build than the product; this needs nothing but Cargo.

mod policy;
#[cfg(test)]
mod tests;

use std::path::Path;

use cargo_metadata::MetadataCommand;

use crate::finding::Finding;
use crate::{Report, Result};
use policy::Policy;

const POLICY: &str = "deny.toml";

/// Checks every crate in the lock file.
pub(crate) fn check(root: &Path) -> Result<Report> {
    let policy = Policy::parse(&std::fs::read_to_string(root.join(POLICY))?)?;
    let metadata = MetadataCommand::new().current_dir(root).exec()?;
    let crates: Vec<Theirs> = metadata
        .packages
        .into_iter()
        .filter(|package| !metadata.workspace_members.contains(&package.id))
        .map(|package| Theirs {
            name: package.name.to_string(),
            licence: package.license,
            source: package.source.map(|source| source.repr),
        })
        .collect();
    let findings = crates.iter().flat_map(|theirs| judge(&policy, theirs)).collect();
    Ok(Report { findings, summary: format!("licences: {} crates", crates.len()) })
}

/// A crate of others.
struct Theirs {
    name: String,
    /// SPDX expression.
    licence: Option<String>,
    /// None: a folder of this machine.
    source: Option<String>,
}

fn judge(policy: &Policy, theirs: &Theirs) -> Vec<Finding> {
    let finding = |message, help| Finding { file: POLICY.to_owned(), line: 1, rule: "licence", message, help };
    let name = &theirs.name;
    let mut findings = Vec::new();
    match &theirs.licence {
        None => findings.push(finding(format!("`{name}` names no licence"), "read its files, or do without it")),
        Some(licence) if !policy.allows(licence) => {
            let help = "do without the crate, or decide to allow its licence";
            findings.push(finding(format!("`{name}` is under `{licence}`"), help));
        }
        Some(_) => {}
    }
    if let Some(reason) = policy.ban(name) {
        findings.push(finding(format!("`{name}` is banned: {reason}"), "`cargo tree -i` shows who wants it"));
    }
    if !policy.knows(theirs.source.as_deref()) {
        let source = theirs.source.as_deref().unwrap_or("a folder of this machine");
        findings.push(finding(format!("`{name}` comes from {source}"), "take it from the crate registry"));
    }
    findings
}
