//! Evidence as files.

use crate::browse::yaml::{View, text};
use crate::follow::Followed;
use crate::object::Obj;
use crate::world::World;
use ansflow_core::mask::Masker;
use ansflow_core::verdict::End;
use serde_json::{Value as Json, json};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How many files at most.
const FILES: usize = 200;

/// How long a file may be.
const LENGTH: usize = 1024 * 1024;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where, from the folder of the evidence.
    pub path: PathBuf,
    /// How long it is.
    pub bytes: u64,
}

pub(super) struct Files<'a> {
    into: &'a Path,
    mask: &'a Masker,
    kept: Vec<Kept>,
}

impl<'a> Files<'a> {
    pub(super) fn new(into: &'a Path, mask: &'a Masker) -> Files<'a> {
        Files { into, mask, kept: Vec::new() }
    }

    pub(super) fn kept(self) -> Vec<Kept> {
        self.kept
    }

    /// Everything that needs no question.
    pub(super) fn known(&mut self, followed: &Followed) -> io::Result<()> {
        let verdict = serde_json::to_string_pretty(&followed.verdict)?;
        self.write("verdict.json", &verdict)?;
        self.write("events.json", &events(followed))?;
        self.write("manifest.yaml", &manifests(followed))?;
        self.write("apply.json", &serde_json::to_string_pretty(&writes(followed))?)?;
        self.write("logs.json", &serde_json::to_string_pretty(&logs(followed))?)?;
        self.write("expected.json", &serde_json::to_string_pretty(&expected(followed))?)?;
        self.whole("watch.jsonl", followed.record.text())
    }

    /// Writes a file; of a long one its end, which says more than its beginning.
    pub(super) fn write(&mut self, name: &str, text: &str) -> io::Result<()> {
        let from = text.len().saturating_sub(LENGTH);
        let from = (from..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        self.whole(name, text.get(from..).unwrap_or_default())
    }

    fn whole(&mut self, name: &str, text: &str) -> io::Result<()> {
        if self.kept.len() >= FILES {
            return Ok(());
        }
        let path = self.into.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let masked = self.mask.mask(text);
        fs::write(&path, masked.as_bytes())?;
        let bytes = u64::try_from(masked.len()).unwrap_or(u64::MAX);
        self.kept.push(Kept { path: name.into(), bytes });
        Ok(())
    }
}

/// The uids of the goal's objects, of what they own and of what that owns.
pub(super) fn uids(followed: &Followed) -> Vec<String> {
    let world: &World = &followed.world;
    let own: Vec<String> = followed
        .goal
        .wants
        .iter()
        .filter_map(|want| world.object(&want.key))
        .map(|object| object.uid().to_owned())
        .collect();
    let sets: Vec<String> = own.iter().flat_map(|uid| world.sets_of(uid)).map(|set| set.metadata.uid.clone()).collect();
    let pods: Vec<String> =
        own.iter().chain(&sets).flat_map(|uid| world.pods_of(uid)).map(|pod| pod.metadata.uid.clone()).collect();
    own.into_iter().chain(sets).chain(pods).collect()
}

fn events(followed: &Followed) -> String {
    let uids = uids(followed);
    let mut told: Vec<_> = uids.iter().flat_map(|uid| followed.world.events(uid)).collect();
    told.sort_by_key(|told| told.at);
    let lines: Vec<Json> = told
        .iter()
        .map(|told| {
            let event = &told.event;
            json!({
                "at": event.at(), "type": event.r#type, "reason": event.reason, "message": event.message,
                "object": format!("{}/{}", event.involved_object.kind, event.involved_object.name), "times": event.times(),
            })
        })
        .collect();
    serde_json::to_string_pretty(&lines).unwrap_or_default()
}

/// What was written, as documents of YAML. Where that is not known, what the objects wish for.
fn manifests(followed: &Followed) -> String {
    let mut out = String::new();
    for want in &followed.goal.wants {
        let live = || followed.world.object(&want.key).map(wish);
        if let Some(manifest) = want.manifest.clone().or_else(live) {
            out.push_str("---\n");
            out.push_str(&text(&manifest, View::default()));
            out.push('\n');
        }
    }
    out
}

fn wish(live: &Obj) -> Obj {
    let mut wish = live.clone();
    wish.map_mut().remove("status");
    if let Some(Json::Object(metadata)) = wish.map_mut().get_mut("metadata") {
        metadata.retain(|field, _| ["name", "namespace", "labels"].contains(&field.as_str()));
    }
    wish
}

/// Our writes, as far as a recording needs them.
fn writes(followed: &Followed) -> Json {
    let path = |key: &crate::object::Key| {
        let kind = crate::kind::Kind::builtin(&key.group, &key.kind);
        let plural = kind.map_or_else(|| format!("{}s", key.kind.to_lowercase()), |kind| kind.plural);
        let space = key.namespace.as_ref().map(|space| format!("/namespaces/{space}")).unwrap_or_default();
        format!("/apis/{}/v1{space}/{plural}/{}", key.group, key.name)
    };
    let write =
        |want: &crate::goal::Want| json!({"t_ms": 0, "method": "PATCH", "path": path(&want.key), "status": 200});
    followed.goal.wants.iter().map(write).collect()
}

fn logs(followed: &Followed) -> Json {
    let mut all = serde_json::Map::new();
    for pod in uids(followed).iter().filter_map(|uid| followed.world.pod(uid)) {
        for (container, _) in pod.all_containers() {
            if let Some(log) = followed.world.log(&pod.metadata.name, &container.name) {
                let place = format!("{}/{}", pod.metadata.name, container.name);
                all.insert(place, json!({"current": log.current, "previous": log.previous}));
            }
        }
    }
    Json::Object(all)
}

/// What a replay of the recording is to come to.
fn expected(followed: &Followed) -> Json {
    let verdict = &followed.verdict;
    json!({
        "outcome": if verdict.outcome == End::Ready { "ready" } else { "failed" },
        "cause": verdict.cause.as_ref().map(ansflow_core::verdict::Cause::as_str),
        "object": verdict.object.as_ref().map(ToString::to_string),
        "decided_ms": followed.took,
    })
}
