//! Crate arrows: which of our crates may use which, and who alone may name a crate of others.
//!
//! This is the table of `ARCHITECTURE.md` as data. Cargo keeps the arrows acyclic; this keeps them few.

use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::Result;
use crate::finding::Finding;

/// Our crates, and those of ours that each may use.
const OURS: &[(&str, &[&str])] = &[
    ("ansflow-core", &[]),
    ("ansflow-store", &["ansflow-core"]),
    ("ansflow-kube", &["ansflow-core"]),
    ("ansflow-docker", &["ansflow-core"]),
    ("ansflow-engine", &["ansflow-core", "ansflow-store", "ansflow-kube", "ansflow-docker"]),
    ("ansflow-server", &["ansflow-core", "ansflow-store", "ansflow-kube", "ansflow-docker"]),
    ("ansflow-sim", &[]),
    (
        "ansflow",
        &[
            "ansflow-core",
            "ansflow-store",
            "ansflow-kube",
            "ansflow-docker",
            "ansflow-engine",
            "ansflow-server",
            "ansflow-sim",
        ],
    ),
    ("xtask", &["ansflow-core", "ansflow-kube", "ansflow-sim"]),
];

/// Crates of others that only some of ours may name.
const THEIRS: &[(&str, &[&str])] = &[
    ("saphyr-parser", &["ansflow-core", "ansflow-sim"]),
    ("sqlx", &["ansflow-store"]),
    ("kube", &["ansflow-kube"]),
    ("k8s-openapi", &["ansflow-kube"]),
    ("bollard", &["ansflow-docker"]),
    ("oci-client", &["ansflow-docker", "ansflow-kube"]),
    ("nix", &["ansflow-engine", "ansflow-store", "ansflow"]),
    ("portable-pty", &["ansflow-engine"]),
    ("axum", &["ansflow-server"]),
    ("utoipa", &["ansflow-server"]),
    ("clap", &["ansflow"]),
    ("clap_complete", &["ansflow"]),
    ("anyhow", &["ansflow"]),
    ("indicatif", &["ansflow"]),
    ("cargo_metadata", &["xtask"]),
];

/// Crates of ours that some of ours may use for their tests besides: the far side of the wire.
const OURS_IN_TESTS: &[(&str, &[&str])] = &[("ansflow-sim", &["ansflow-kube", "ansflow-engine", "ansflow-server"])];

/// Crates of others that some of ours may name for their tests besides.
const IN_TESTS: &[(&str, &[&str])] = &[("kube", &["ansflow-sim"]), ("k8s-openapi", &["ansflow-sim"])];

/// A crate of ours, with what its manifest names.
pub(super) struct Manifest {
    /// The crate's name.
    pub(super) name: String,
    /// Path of its `Cargo.toml` from the root.
    pub(super) path: String,
    /// Every dependency, for tests and build scripts too.
    pub(super) uses: Vec<Use>,
}

/// A dependency that a manifest names.
pub(super) struct Use {
    pub(super) name: String,
    /// The line that names it.
    pub(super) line: usize,
    /// Whether only tests use it.
    pub(super) tests: bool,
}

/// Reads the manifests of the workspace at `root`.
pub(super) fn read(root: &Path) -> Result<Vec<Manifest>> {
    let metadata = MetadataCommand::new().current_dir(root).no_deps().exec()?;
    let manifest = |package: &cargo_metadata::Package| {
        let text = std::fs::read_to_string(&package.manifest_path)?;
        let path = package.manifest_path.strip_prefix(root).unwrap_or(&package.manifest_path).to_string();
        let uses = package.dependencies.iter().map(|dependency| Use {
            name: dependency.name.clone(),
            line: line_of(&text, &dependency.name),
            tests: dependency.kind == DependencyKind::Development,
        });
        Ok(Manifest { name: package.name.to_string(), path, uses: uses.collect() })
    };
    metadata.packages.iter().map(manifest).collect()
}

/// Checks both tables.
pub(super) fn check(manifests: &[Manifest]) -> Vec<Finding> {
    manifests.iter().flat_map(check_one).collect()
}

fn check_one(manifest: &Manifest) -> Vec<Finding> {
    let finding = |line, message, help| Finding { file: manifest.path.clone(), line, rule: "arrow", message, help };
    let name = manifest.name.as_str();
    let Some((_, may_use)) = OURS.iter().find(|(ours, _)| *ours == name) else {
        let help =
            "name a crate after what it knows, and add it to the table of ARCHITECTURE.md and of xtask's arrows.rs";
        return vec![finding(1, format!("`{name}` is not in the table of crates"), help)];
    };
    let mut findings = Vec::new();
    for Use { name: used, line, tests } in &manifest.uses {
        let is_ours = OURS.iter().any(|(ours, _)| ours == used);
        let to_test =
            |table: &[(&str, &[&str])]| *tests && table.iter().any(|(of, by)| of == used && by.contains(&name));
        if is_ours && !may_use.contains(&used.as_str()) && !to_test(OURS_IN_TESTS) {
            let help = "turn the dependency round, or let the two meet in a crate that both may use";
            findings.push(finding(*line, format!("`{name}` must not use `{used}`"), help));
        }
        let owners = THEIRS.iter().find(|(theirs, _)| theirs == used).map(|(_, owners)| *owners);
        if !to_test(IN_TESTS) && owners.is_some_and(|owners| !owners.contains(&name)) {
            let owners = owners.unwrap_or_default().join(", ");
            let help = "ask the crate that may name it for what you need";
            findings.push(finding(*line, format!("`{name}` must not name `{used}`: only {owners} may"), help));
        }
    }
    findings
}

/// The line of a manifest that names a dependency; 1 where it is named in some other way.
fn line_of(manifest: &str, dependency: &str) -> usize {
    let names = |line: &str| {
        let rest = line.trim_start().strip_prefix(dependency);
        rest.is_some_and(|rest| rest.starts_with([' ', '.', '=']))
    };
    manifest.lines().position(names).map_or(1, |index| index + 1)
}
