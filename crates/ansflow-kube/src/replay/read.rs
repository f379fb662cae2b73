//! Reading a recording's folder. Texts are plain, or gzip with `.gz` behind their name.

use super::{Expected, Line, Recording, Write};
use crate::Millis;
use crate::explain::Answer;
use crate::object::{Obj, ReadError, read_all};
use crate::world::Log;
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A folder that is no recording, or not one that can be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct ReplayError {
    /// Which file.
    path: PathBuf,
    /// What is wrong with it.
    why: Why,
}

#[derive(Debug, thiserror::Error)]
enum Why {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Yaml(#[from] ReadError),
}

#[derive(Deserialize)]
struct WrittenWrite {
    t_ms: Millis,
    #[serde(default)]
    took_ms: Millis,
    path: String,
    status: u16,
    #[serde(default)]
    body: Json,
}

#[derive(Deserialize)]
struct WrittenLine {
    t_ms: Millis,
    r#type: String,
    object: Json,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WrittenLog {
    current: Option<String>,
    previous: Option<String>,
}

/// The recordings of a folder, by name: itself, if it is one.
pub fn folders(dir: &Path) -> Result<Vec<PathBuf>, ReplayError> {
    let is_recording = |path: &Path| has(path, "watch.jsonl") && has(path, "manifest.yaml");
    if is_recording(dir) {
        return Ok(vec![dir.to_owned()]);
    }
    let error = |why: io::Error| ReplayError { path: dir.to_owned(), why: why.into() };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if is_recording(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

impl Recording {
    /// Reads a recording.
    pub fn read(dir: &Path) -> Result<Recording, ReplayError> {
        let writes = file(dir, "apply.json", json::<Vec<WrittenWrite>>)?;
        let is_second = has(dir, "manifest-2.yaml");
        let manifests = file(dir, if is_second { "manifest-2.yaml" } else { "manifest.yaml" }, |text| Ok(read_all(text)?))?;
        // A second apply is a run of its own, and the one that counts.
        let last = writes.iter().map(|write| write.t_ms).max().unwrap_or_default();
        let of_run = writes.into_iter().filter(|write| !is_second || write.t_ms == last);
        let lines: Vec<Option<Line>> = file(dir, "watch.jsonl", |text| text.lines().filter(|line| !line.is_empty()).map(line).collect())?;
        let logs = if has(dir, "logs.json") { file(dir, "logs.json", json::<BTreeMap<String, WrittenLog>>)? } else { BTreeMap::new() };
        Ok(Recording {
            manifests,
            writes: of_run.map(write).collect(),
            lines: lines.into_iter().flatten().collect(),
            logs: logs.into_iter().filter_map(log).collect(),
        })
    }
}

impl Expected {
    /// Reads what is expected of a recording, if that is said.
    pub fn read(dir: &Path) -> Result<Option<Expected>, ReplayError> {
        if has(dir, "expected.json") { file(dir, "expected.json", json::<Expected>).map(Some) } else { Ok(None) }
    }
}

fn write(written: WrittenWrite) -> Write {
    let refusal = (written.status >= 400).then(|| Answer::new(written.status, &written.body));
    Write { at: written.t_ms, took: written.took_ms, path: written.path, refusal }
}

fn line(text: &str) -> Result<Option<Line>, Why> {
    let WrittenLine { t_ms: at, r#type, object } = serde_json::from_str(text)?;
    if !["ADDED", "MODIFIED", "DELETED"].contains(&r#type.as_str()) {
        return Ok(None);
    }
    Ok(Obj::new(object).map(|object| Line { at, gone: r#type == "DELETED", object }))
}

fn log((place, log): (String, WrittenLog)) -> Option<(String, String, Log)> {
    let (pod, container) = place.split_once('/')?;
    Some((pod.to_owned(), container.to_owned(), Log { current: log.current, previous: log.previous }))
}

fn json<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Why> {
    Ok(serde_json::from_str(text)?)
}

fn has(dir: &Path, name: &str) -> bool {
    dir.join(name).is_file() || dir.join(format!("{name}.gz")).is_file()
}

fn file<T>(dir: &Path, name: &str, parse: impl Fn(&str) -> Result<T, Why>) -> Result<T, ReplayError> {
    let plain = dir.join(name);
    let path = if plain.is_file() { plain } else { dir.join(format!("{name}.gz")) };
    let read = || -> Result<T, Why> {
        let bytes = std::fs::read(&path)?;
        let mut text = String::new();
        if path.extension().is_some_and(|ending| ending == "gz") {
            GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
        } else {
            text = String::from_utf8(bytes).map_err(io::Error::other)?;
        }
        parse(&text)
    };
    read().map_err(|why| ReplayError { path: path.clone(), why })
}
