//! Reading a recording's folder. Texts are plain, or gzip with `.gz` behind their name.

use super::{Expected, Line, Recording, Write};
use crate::Millis;
use crate::explain::Answer;
use crate::object::{Obj, ReadError, read_all};
use crate::world::Log;
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Value as Json, json};
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
    #[serde(default)]
    method: String,
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
        let writes = file(dir, "apply.json", parse::<Vec<WrittenWrite>>)?;
        let is_second = has(dir, "manifest-2.yaml");
        let manifests =
            file(dir, if is_second { "manifest-2.yaml" } else { "manifest.yaml" }, |text| Ok(read_all(text)?))?;
        let made: Vec<Line> = writes.iter().filter_map(made).collect();
        let mut ours: Vec<WrittenWrite> = writes.into_iter().filter(|write| is_ours(write, &manifests)).collect();
        // A second apply is a run of its own, and the one that counts.
        let before = if is_second { ours.len().saturating_sub(manifests.len()) } else { 0 };
        let of_run = ours.split_off(before);
        let mut lines = file(dir, "watch.jsonl", lines)?;
        lines.extend(made);
        lines.sort_by_key(|line| line.at);
        let logs = if has(dir, "logs.json") {
            file(dir, "logs.json", parse::<BTreeMap<String, WrittenLog>>)?
        } else {
            BTreeMap::new()
        };
        Ok(Recording {
            manifests,
            writes: of_run.into_iter().map(write).collect(),
            lines,
            logs: logs.into_iter().filter_map(log).collect(),
        })
    }
}

impl Expected {
    /// Reads what is expected of a recording, if that is said.
    pub fn read(dir: &Path) -> Result<Option<Expected>, ReplayError> {
        if has(dir, "expected.json") { file(dir, "expected.json", parse::<Expected>).map(Some) } else { Ok(None) }
    }
}

fn write(written: WrittenWrite) -> Write {
    let refusal = (written.status >= 400).then(|| Answer::new(written.status, &written.body));
    Write { at: written.t_ms, took: written.took_ms, path: written.path, refusal }
}

/// Whether a write is one of the manifests', and not somebody else's.
fn is_ours(write: &WrittenWrite, manifests: &[Obj]) -> bool {
    let name = write.path.split('?').next().and_then(|path| path.rsplit('/').next());
    write.method != "DELETE" && manifests.iter().any(|manifest| Some(manifest.name()) == name)
}

/// A ConfigMap or Secret that somebody wrote. No watch tells of them; that they are there is known by the answer.
fn made(write: &WrittenWrite) -> Option<Line> {
    let mut parts = write.path.split('?').next()?.rsplit('/');
    let (name, kind) = (parts.next()?, parts.next()?);
    let kind = match kind {
        "configmaps" => "ConfigMap",
        "secrets" => "Secret",
        _ => return None,
    };
    let namespace = parts.next()?;
    let object = json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": name, "namespace": namespace } });
    let is_there = write.status < 400 && write.method != "DELETE";
    Obj::new(object).filter(|_| is_there).map(|object| Line {
        at: write.t_ms.saturating_add(write.took_ms),
        gone: false,
        object,
    })
}

/// All lines but a torn last one: who wrote them may have been killed.
fn lines(text: &str) -> Result<Vec<Line>, Why> {
    let mut found = Vec::new();
    let mut texts = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    while let Some(text) = texts.next() {
        match serde_json::from_str::<WrittenLine>(text) {
            Ok(written) => found.extend(line(written)),
            Err(_) if texts.peek().is_none() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

fn line(written: WrittenLine) -> Option<Line> {
    let is_change = ["ADDED", "MODIFIED", "DELETED"].contains(&written.r#type.as_str());
    let object = Obj::new(written.object).filter(|_| is_change)?;
    Some(Line { at: written.t_ms, gone: written.r#type == "DELETED", object })
}

fn log((place, log): (String, WrittenLog)) -> Option<(String, String, Log)> {
    let (pod, container) = place.split_once('/')?;
    Some((pod.to_owned(), container.to_owned(), Log { current: log.current, previous: log.previous }))
}

fn parse<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Why> {
    Ok(serde_json::from_str(text)?)
}

fn has(dir: &Path, name: &str) -> bool {
    dir.join(name).is_file() || dir.join(format!("{name}.gz")).is_file()
}

fn file<T>(dir: &Path, name: &str, read: impl Fn(&str) -> Result<T, Why>) -> Result<T, ReplayError> {
    let plain = dir.join(name);
    let path = if plain.is_file() { plain } else { dir.join(format!("{name}.gz")) };
    let open = || -> Result<T, Why> {
        let bytes = std::fs::read(&path)?;
        let mut text = String::new();
        if path.extension().is_some_and(|ending| ending == "gz") {
            GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
        } else {
            text = String::from_utf8(bytes).map_err(io::Error::other)?;
        }
        read(&text)
    };
    open().map_err(|why| ReplayError { path: path.clone(), why })
}
