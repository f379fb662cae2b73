//! What was written becomes manifests, or a sentence with its line.

mod docs;
mod reading;
mod recorded;
mod shown;
mod templates;

use super::{Dir, Reading, read};
use ansflow_core::spec::Source;
use serde_json::{Map, Value as Json, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A workspace whose step works in `app`.
pub(super) struct Space {
    root: TempDir,
}

impl Space {
    pub(super) fn new(files: &[(&str, &str)]) -> Space {
        let space = Space { root: tempfile::tempdir().unwrap() };
        fs::create_dir_all(space.path().join("work/app")).unwrap();
        for (name, text) in files {
            let file = space.path().join("work/app").join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        space
    }

    pub(super) fn path(&self) -> &Path {
        self.root.path()
    }

    pub(super) fn read(&self, source: &Source, names: Option<&Map<String, Json>>) -> Result<Reading, Vec<String>> {
        let workspace = self.path().join("work");
        let dir = Dir { directory: workspace.join("app"), workspace };
        read(source, &dir, "shop", names.unwrap_or(&Map::new()))
            .map_err(|all| all.iter().map(ToString::to_string).collect())
    }

    /// `Kind/name@file:line`, or what is wrong, a line each.
    pub(super) fn told(&self, path: &str) -> String {
        match self.read(&Source::Path(path.to_owned()), None) {
            Ok(reading) => told(&reading),
            Err(problems) => problems.join("\n"),
        }
    }
}

pub(super) fn told(reading: &Reading) -> String {
    let all = reading.manifests.iter();
    all.map(|manifest| format!("{}@{}", manifest.object.object(), manifest.origin)).collect::<Vec<_>>().join(" ")
}

/// A ConfigMap in YAML.
pub(super) fn map(name: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n")
}

pub(super) fn names() -> Map<String, Json> {
    let names = json!({ "docker_image": "r.example.com/shop:7", "build_number": 7, "branch": "main", "zero": null,
        "pipeline": { "build_number": 7 }, "version": "1.10", "on": true, "list": ["a", "b"] });
    names.as_object().unwrap().clone()
}
