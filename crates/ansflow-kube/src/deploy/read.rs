//! Manifests out of what was written, each with its line; what cannot be one is told before a cluster hears of it.

use super::holes::{self, Holes};
use super::manifest::{Manifest, Origin, Problem};
use super::source::{Dir, Text};
use super::spec;
use crate::object::{Key, Obj};
use ansflow_core::spec::Source;
use ansflow_core::yaml::{self, Node, Value, documents};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// More objects than this are no deploy.
const MOST_OBJECTS: usize = 5_000;
/// What only the server writes, and what copies of live objects have all the same.
const SERVERS: [&str; 7] =
    ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink", "deletionTimestamp"];
/// What controllers and other tools keep in annotations of their own.
const TOOLS: [&str; 2] = ["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"];

/// What was read.
pub struct Reading {
    /// The objects, in the order in which they were written.
    pub manifests: Vec<Manifest>,
    /// What is worth knowing besides, a line each.
    pub notes: Vec<String>,
}

/// Reads what is to be deployed.
///
/// `names` are what the run knows, for the holes of files; where there are none, every hole stays as it is. `namespace` is where objects go
/// that say none.
///
/// # Errors
/// All that is wrong with it, each with its place.
pub fn read(source: &Source, dir: &Dir, namespace: &str, names: &Map<String, Json>) -> Result<Reading, Vec<Problem>> {
    let manifests = match source {
        Source::Short(short) => return checked(spec::manifests(short), Vec::new(), namespace),
        Source::Inline(values) => {
            let mut taken = Taken::default();
            let origin = |at: usize| Origin::new("manifest_content", if values.len() > 1 { at + 1 } else { 0 });
            values.iter().enumerate().for_each(|(at, value)| taken.take(value.clone(), &origin(at)));
            return taken.finish(Vec::new(), namespace);
        }
        Source::Path(path) => dir.texts(path),
        Source::Look => dir.look(),
    };
    let texts = manifests.map_err(|problem| vec![problem])?;
    from_texts(&texts, namespace, Some(names).filter(|names| !names.is_empty()))
}

fn from_texts(texts: &[Text], namespace: &str, names: Option<&Map<String, Json>>) -> Result<Reading, Vec<Problem>> {
    let holes = names.map(Holes::new);
    let mut taken = Taken::default();
    for text in texts {
        taken.text(text, holes.as_ref());
    }
    let left = holes.map_or(0, |holes| holes.left());
    let notes = (left > 0).then(|| match left {
        1 => "one `{{ … }}` uses names that this run does not know, and stays as it is written".to_owned(),
        left => format!("{left} `{{{{ … }}}}` use names that this run does not know, and stay as they are written"),
    });
    taken.finish(notes.into_iter().collect(), namespace)
}

/// What was taken from texts so far.
#[derive(Default)]
struct Taken {
    manifests: Vec<Manifest>,
    problems: Vec<Problem>,
}

impl Taken {
    fn text(&mut self, text: &Text, holes: Option<&Holes<'_>>) {
        let has_holes = holes.is_some() && text.text.contains("{{");
        if let (false, Ok(json)) = (has_holes, serde_json::from_str::<Json>(&text.text)) {
            return self.take(json, &Origin::new(&text.name, 1));
        }
        let marked = if holes.is_some() { holes::mark(&text.text) } else { text.text.as_str().into() };
        for (line, document) in documents(&marked) {
            let (node, diagnostics) = yaml::read(document.as_bytes());
            for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.is_error()) {
                let at = line + diagnostic.span.start.line.saturating_sub(1) as usize;
                let written = document.lines().nth(diagnostic.span.start.line.saturating_sub(1) as usize);
                let mut problem = Origin::new(&text.name, at).problem(diagnostic.message.clone());
                problem.help = match written {
                    Some(written) if written.contains("{{") => {
                        Some("put quotes around the text with the braces".to_owned())
                    }
                    Some(_) | None => diagnostic.help.clone(),
                };
                self.problems.push(problem);
            }
            if let (Some(node), false) = (node, diagnostics.iter().any(yaml_is_wrong)) {
                self.node(&node, &text.name, line, holes);
            }
        }
    }

    fn node(&mut self, node: &Node, file: &str, first: usize, holes: Option<&Holes<'_>>) {
        let origin = |node: &Node| Origin::new(file, first + node.span.start.line.saturating_sub(1) as usize);
        let mut problems = Vec::new();
        let mut filled = |node: &Node| {
            value(node, &|node, text| match holes {
                Some(holes) => holes.fill(text).map_err(|message| origin(node).problem(message)),
                None => Ok(Json::String(text.to_owned())),
            })
            .map_err(|problem| problems.push(problem))
            .ok()
        };
        // The items of a List have lines of their own.
        match node.get("items").map(|items| (&items.value, kind_of_items(node))) {
            Some((Value::List(items), Some(kind))) => {
                let version = node.get("apiVersion").and_then(Node::text).unwrap_or_default();
                let items: Vec<_> = items.iter().map(|item| (filled(item), origin(item))).collect();
                items.into_iter().for_each(|(item, origin)| {
                    item.into_iter().for_each(|item| self.take(with_kind(item, kind, version), &origin));
                });
            }
            _ => {
                let whole = filled(node);
                whole.into_iter().for_each(|whole| self.take(whole, &origin(node)));
            }
        }
        self.problems.append(&mut problems);
    }

    /// Takes an object, or those of a List.
    fn take(&mut self, json: Json, origin: &Origin) {
        let mut map = match json {
            Json::Null => return,
            Json::Object(map) => map,
            Json::Array(items) => return items.into_iter().for_each(|item| self.take(item, origin)),
            Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                self.problems.push(origin.problem("this is no object of Kubernetes; an object is a map"));
                return;
            }
        };
        let list_of =
            map.get("kind").and_then(Json::as_str).and_then(|kind| kind.strip_suffix("List")).map(str::to_owned);
        let version = map.get("apiVersion").and_then(Json::as_str).unwrap_or_default().to_owned();
        if let (Some(kind), Some(Json::Array(items))) = (list_of, map.get_mut("items")) {
            let items = std::mem::take(items);
            return items.into_iter().for_each(|item| self.take(with_kind(item, &kind, &version), origin));
        }
        clean(&mut map);
        match wrong(&map) {
            Some((message, help)) => self.problems.push(Problem { help, ..origin.problem(message) }),
            None => self
                .manifests
                .extend(Obj::new(Json::Object(map)).map(|object| Manifest { object, origin: origin.clone() })),
        }
    }

    fn finish(self, notes: Vec<String>, namespace: &str) -> Result<Reading, Vec<Problem>> {
        if self.problems.is_empty() { checked(self.manifests, notes, namespace) } else { Err(self.problems) }
    }
}

/// What can only be said of all of them together.
fn checked(manifests: Vec<Manifest>, notes: Vec<String>, namespace: &str) -> Result<Reading, Vec<Problem>> {
    let Some(first) = manifests.first() else {
        return Err(vec![Problem::of("manifests", "there is no object in them")]);
    };
    if manifests.len() > MOST_OBJECTS {
        let message = format!("there are {} objects; {MOST_OBJECTS} are the most", manifests.len());
        return Err(vec![first.origin.problem(message)]);
    }
    let mut seen: HashMap<Key, &Origin> = HashMap::new();
    let mut problems = Vec::new();
    for manifest in &manifests {
        let mut key = manifest.object.key();
        key.namespace.get_or_insert_with(|| namespace.to_owned());
        if let Some(before) = seen.insert(key, &manifest.origin) {
            let object = manifest.object.object();
            problems.push(manifest.origin.problem(format!("{object} is there twice; it is also at {before}")));
        }
    }
    if problems.is_empty() { Ok(Reading { manifests, notes }) } else { Err(problems) }
}

/// `ConfigMap` of a `ConfigMapList`; nothing of a `List`, whose items say it themselves.
fn kind_of_items(node: &Node) -> Option<&str> {
    node.get("kind").and_then(Node::text)?.strip_suffix("List")
}

fn with_kind(mut item: Json, kind: &str, version: &str) -> Json {
    if let (Json::Object(map), false) = (&mut item, kind.is_empty()) {
        map.entry("kind").or_insert_with(|| kind.into());
        map.entry("apiVersion").or_insert_with(|| version.into());
    }
    item
}

fn yaml_is_wrong(diagnostic: &ansflow_core::diagnostic::Diagnostic) -> bool {
    diagnostic.is_error()
}

/// A node as JSON, its texts as `fill` has them.
fn value(node: &Node, fill: &dyn Fn(&Node, &str) -> Result<Json, Problem>) -> Result<Json, Problem> {
    Ok(match &node.value {
        Value::Text(text) => fill(node, text)?,
        Value::List(items) => Json::Array(items.iter().map(|item| value(item, fill)).collect::<Result<_, _>>()?),
        Value::Map(entries) => {
            let entry = |entry: &yaml::Entry| Ok((entry.key.text.clone(), value(&entry.value, fill)?));
            Json::Object(entries.iter().map(entry).collect::<Result<_, Problem>>()?)
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => node.to_manifest(),
    })
}

/// What a text says that stands without quotes.
pub(super) fn plain_scalar(text: &str) -> Json {
    let as_text = || Json::String(text.to_owned());
    let is_line = !text.contains(['\n', '#']) && !text.trim().is_empty();
    match yaml::read(text.as_bytes()) {
        (Some(node), problems) if is_line && problems.is_empty() => match node.value {
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Null => node.to_manifest(),
            Value::Text(_) | Value::List(_) | Value::Map(_) => as_text(),
        },
        _ => as_text(),
    }
}

/// Takes away what only the server writes: a copy of a live object is a manifest, too.
fn clean(map: &mut Map<String, Json>) {
    map.remove("status");
    if let Some(Json::Object(metadata)) = map.get_mut("metadata") {
        SERVERS.iter().for_each(|field| {
            metadata.remove(*field);
        });
        if let Some(Json::Object(annotations)) = metadata.get_mut("annotations") {
            TOOLS.iter().for_each(|annotation| {
                annotations.remove(*annotation);
            });
        }
    }
    let is = |field: &str, word: &str| map.get(field).and_then(Json::as_str) == Some(word);
    if is("apiVersion", "v1") && is("kind", "Secret") {
        encode(map);
    }
}

/// Puts the texts of a Secret where the server keeps them. Left to the server, a key that a later manifest no longer has would
/// stay for ever: nobody has a field that cannot be read.
fn encode(map: &mut Map<String, Json>) {
    let texts = match map.get("stringData") {
        Some(Json::Object(texts)) if texts.values().all(Json::is_string) => texts.clone(),
        _ => return,
    };
    map.remove("stringData");
    let data = map.entry("data").or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(data) = data {
        let encoded = |text: &Json| STANDARD.encode(text.as_str().unwrap_or_default());
        data.extend(texts.iter().map(|(key, text)| (key.clone(), Json::String(encoded(text)))));
    }
}

/// Why a map is no manifest, and what to do.
fn wrong(map: &Map<String, Json>) -> Option<(String, Option<String>)> {
    let text = |path: &[&str]| {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(map.get(*first)?, |value, key| value.get(key))?.as_str().filter(|text| !text.is_empty())
    };
    let Some(kind) = text(&["kind"]) else {
        return Some(("this is no object of Kubernetes: it has no `kind`".to_owned(), None));
    };
    if text(&["apiVersion"]).is_none() {
        return Some((format!("this {kind} has no `apiVersion`"), None));
    }
    let Some(name) = text(&["metadata", "name"]) else {
        let help = text(&["metadata", "generateName"])
            .map(|_| "an object that is made anew each time cannot be applied; give it a name".to_owned());
        return Some((format!("this {kind} has no `metadata.name`"), help));
    };
    let path = not_text(map)?;
    let message = format!("{kind}/{name}: `{path}` must be text");
    Some((message, Some("put it in quotes".to_owned())))
}

/// The first value that must be text and is a number or truth value: what the server says of that, nobody understands.
fn not_text(map: &Map<String, Json>) -> Option<String> {
    let whole = Json::Object(map.clone());
    let mut maps = vec!["/metadata/labels", "/metadata/annotations", "/spec/template/metadata/labels"];
    maps.push("/spec/template/metadata/annotations");
    let word = |key: &str| map.get(key).and_then(Json::as_str).unwrap_or_default();
    if word("apiVersion") == "v1" && matches!(word("kind"), "ConfigMap" | "Secret") {
        maps.extend(["/data", "/stringData"]);
    }
    // Kinds of others may have an `env` of another shape.
    let has_containers = ["v1", "apps/v1", "batch/v1"].contains(&word("apiVersion"));
    let of_maps = maps.into_iter().find_map(|path| {
        let (name, _) = whole.pointer(path)?.as_object()?.iter().find(|(_, value)| is_bare(value))?;
        Some(format!("{}.{name}", path.trim_start_matches('/').replace('/', ".")))
    });
    of_maps.or_else(|| has_containers.then(|| of_environment(&whole))?)
}

fn of_environment(whole: &Json) -> Option<String> {
    match whole {
        Json::Object(map) => map.iter().find_map(|(key, inner)| match (key.as_str(), inner) {
            ("env", Json::Array(items)) => items
                .iter()
                .find(|item| item.get("value").is_some_and(is_bare))
                .map(|item| format!("env[{}].value", item.get("name").and_then(Json::as_str).unwrap_or_default())),
            (_, inner) => of_environment(inner),
        }),
        Json::Array(items) => items.iter().find_map(of_environment),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
    }
}

fn is_bare(value: &Json) -> bool {
    matches!(value, Json::Bool(_) | Json::Number(_))
}
