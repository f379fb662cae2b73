//! Links between documents lead to files that exist.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::tree::SourceFile;

/// Checks every relative link of every Markdown file.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let places: BTreeSet<&str> =
        files.iter().flat_map(|file| folders(&file.path).chain([file.path.as_str()])).collect();
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md") && !file.is_fixture()) {
        let mut fenced = false;
        for (number, line) in file.lines() {
            fenced ^= line.trim_start().starts_with("```");
            if fenced {
                continue;
            }
            for target in links(line).filter(|target| !places.contains(resolve(&file.path, target).as_str())) {
                findings.push(Finding {
                    file: file.path.clone(),
                    line: number,
                    rule: "link",
                    message: format!("`{target}` leads nowhere"),
                    help: "link to a file of the project, from the folder of this one",
                });
            }
        }
    }
    findings
}

/// The targets of a line's links into the project, without their anchors.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let target = |after: &'_ str| after.split_once(')').map(|(target, _)| target.len());
    line.match_indices("](")
        .filter_map(move |(at, open)| {
            target(&line[at + open.len()..]).map(|len| &line[at + open.len()..at + open.len() + len])
        })
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .map(|target| target.split('#').next().unwrap_or(target))
        .filter(|target| !target.is_empty())
}

/// A link's path from the root.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}
