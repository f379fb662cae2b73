//! A recording as it lies in the fixtures: what was applied, what was answered, and what was seen.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::fixture;
use super::logs::Logs;

/// Something that a watcher saw.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Milliseconds since the first write.
    pub(crate) at: i64,
    pub(crate) deleted: bool,
    pub(crate) object: Value,
}

pub(crate) struct Recording {
    pub(crate) namespace: String,
    /// Documents that stood there before, in YAML.
    pub(crate) before: Vec<String>,
    /// What was written in the recording, and with what.
    pub(crate) writes: Vec<Written>,
    pub(crate) lines: Vec<Line>,
    pub(crate) logs: Logs,
    /// What the manifests do not tell: see `play.rs`.
    pub(crate) stage: Value,
    /// When it was clear how it ends.
    pub(crate) decided: i64,
}

pub(crate) struct Written {
    pub(crate) at: i64,
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) status: u64,
    pub(crate) warnings: Vec<String>,
    pub(crate) body: Value,
}

impl Recording {
    pub(crate) fn read(name: &str) -> Recording {
        let folder = fixture("rollouts").join(name);
        let json = |file: &str| serde_json::from_str::<Value>(&text(&folder, file)).unwrap_or_default();
        let mut documents: Vec<String> = documents(&text(&folder, "manifest.yaml"));
        documents.extend(self::documents(&text(&folder, "manifest-2.yaml")));
        let writes = json("apply.json").as_array().unwrap().clone();
        assert_eq!(documents.len(), writes.len(), "{name}: as many documents as writes");
        let writes = writes.into_iter().zip(documents).map(|(write, text)| Written {
            at: write["t_ms"].as_i64().unwrap(),
            path: write["path"].as_str().unwrap().to_owned(),
            text,
            status: write["status"].as_u64().unwrap(),
            warnings: write["warnings"].as_array().into_iter().flatten().map(said).collect(),
            body: write["body"].clone(),
        });
        let writes: Vec<Written> = writes.collect();
        let namespace = writes[0].path.split("/namespaces/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let mut seen = String::new();
        GzDecoder::new(std::fs::File::open(folder.join("watch.jsonl.gz")).unwrap()).read_to_string(&mut seen).unwrap();
        let lines = seen.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            Line {
                at: line["t_ms"].as_i64().unwrap(),
                deleted: line["type"] == "DELETED",
                object: line["object"].take(),
            }
        });
        Recording {
            namespace,
            before: self::documents(&text(&folder, "before.yaml")),
            writes,
            lines: lines.collect(),
            logs: serde_json::from_value(json("logs.json")).unwrap_or_default(),
            stage: json("fault.json"),
            decided: json("expected.json")["decided_ms"].as_i64().unwrap_or_default(),
        }
    }

    /// When the last thing was seen.
    pub(crate) fn end(&self) -> i64 {
        self.lines.iter().map(|line| line.at).max().unwrap_or_default().max(self.decided)
    }
}

fn said(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn text(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap_or_default()
}

fn documents(text: &str) -> Vec<String> {
    text.split("\n---\n").filter(|one| !one.trim().is_empty()).map(str::to_owned).collect()
}
