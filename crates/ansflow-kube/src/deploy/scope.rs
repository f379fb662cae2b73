//! Where the objects of a deploy go, and what of them cannot be tried because the deploy itself makes room for it.

use super::ask::Asker;
use super::manifest::{Manifest, Origin};
use super::plan::{Action, Entry, How};
use crate::error::Error;
use crate::object::{Key, Obj};
use ansflow_core::verdict::Verdict;
use serde_json::{Value as Json, json};
use std::collections::{HashMap, HashSet};

const CRD_GROUP: &str = "apiextensions.k8s.io";
const CRD: &str = "CustomResourceDefinition";

/// What a deploy brings besides its objects.
#[derive(Default)]
pub(super) struct Scope {
    /// The kinds of its definitions, and whether their objects live in namespaces.
    kinds: HashMap<(String, String), bool>,
    /// Those that the cluster does not have yet.
    new_kinds: HashSet<(String, String)>,
    /// Those that it has in another form.
    changed_kinds: HashSet<(String, String)>,
    /// Namespaces that are not there yet.
    new_namespaces: HashSet<String>,
    /// Services, by namespace and name.
    services: HashSet<(String, String)>,
}

impl Scope {
    pub(super) fn of(manifests: &[Manifest]) -> Scope {
        let kinds = manifests.iter().filter_map(|manifest| defined(&manifest.object)).collect();
        Scope { kinds, ..Scope::default() }
    }

    /// Gives every object its namespace; those that say another one keep it, which is told.
    pub(super) async fn place(
        &mut self,
        asker: &Asker<'_>,
        manifests: Vec<Manifest>,
        how: &How,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Manifest>, Box<Verdict>> {
        let mut placed = Vec::with_capacity(manifests.len() + 1);
        let mut known: HashMap<(String, String), bool> = HashMap::new();
        for mut manifest in manifests {
            let kind = (manifest.object.group().to_owned(), manifest.object.kind().to_owned());
            let namespaced = match known.get(&kind) {
                Some(namespaced) => *namespaced,
                None => {
                    let namespaced = self.is_namespaced(asker, &kind, &manifest).await?;
                    known.insert(kind, namespaced);
                    namespaced
                }
            };
            let object = manifest.object.object();
            match (namespaced, object.namespace.as_deref()) {
                (true, None) => put(&mut manifest.object, &how.namespace),
                (true, Some(other)) if other != how.namespace => {
                    notes.push(format!("{object} goes to the namespace that it says: `{other}`"));
                }
                (false, Some(_)) => drop_namespace(&mut manifest.object),
                (true | false, _) => {}
            }
            if manifest.object.group().is_empty() && manifest.object.kind() == "Service" {
                let namespace = manifest.object.namespace().unwrap_or_default().to_owned();
                self.services.insert((namespace, manifest.object.name().to_owned()));
            }
            placed.push(manifest);
        }
        if how.create_namespace {
            placed.extend(missing(asker, &how.namespace, &placed).await?);
        }
        Ok(placed)
    }

    async fn is_namespaced(
        &self,
        asker: &Asker<'_>,
        kind: &(String, String),
        manifest: &Manifest,
    ) -> Result<bool, Box<Verdict>> {
        let version = manifest.object.api_version().rsplit('/').next();
        let found = asker.patiently(async || asker.cluster.kind_of(&kind.0, version, &kind.1).await).await;
        match (found, self.kinds.get(kind)) {
            (Ok(found), _) => Ok(found.namespaced),
            (Err(Error::UnknownKind { .. }), Some(namespaced)) => Ok(*namespaced),
            (Err(error), _) => {
                let mut verdict = error.verdict(Some(manifest.object.object()));
                let version = manifest.object.api_version();
                if let Error::UnknownKind { near, .. } = &error {
                    let near = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    let object = manifest.object.object();
                    verdict.summary = crate::text::short(
                        &format!(
                            "{object} cannot be applied, the cluster does not know this kind of `{version}`{near}"
                        ),
                        160,
                    );
                }
                verdict.remarks.push(format!("{} is written at {}", manifest.object.object(), manifest.origin));
                verdict.remarks.push("nothing was written".to_owned());
                Err(Box::new(verdict))
            }
        }
    }

    /// Remembers which namespaces and kinds this deploy makes or changes.
    pub(super) fn learn(&mut self, entries: &[Entry]) {
        for entry in entries {
            let is_new = entry.before.is_none() && entry.action != Action::Same;
            if let Some((kind, _)) = defined(&entry.manifest.object) {
                if is_new {
                    self.new_kinds.insert(kind);
                } else if entry.action != Action::Same {
                    self.changed_kinds.insert(kind);
                }
            } else if is_namespace(&entry.key) && is_new {
                self.new_namespaces.insert(entry.key.name.clone());
            }
        }
    }

    /// Why an object cannot be tried.
    pub(super) fn untried(&self, key: &Key) -> Option<String> {
        if self.new_kinds.contains(&(key.group.clone(), key.kind.clone())) {
            return Some("its kind is made by this deploy".to_owned());
        }
        let namespace = key.namespace.as_ref()?;
        self.new_namespaces.contains(namespace).then(|| format!("the namespace `{namespace}` is made by this deploy"))
    }

    pub(super) fn changes_kind(&self, key: &Key) -> bool {
        self.changed_kinds.contains(&(key.group.clone(), key.kind.clone()))
    }

    pub(super) fn brings_service(&self, service: &(String, String)) -> bool {
        self.services.contains(service)
    }
}

/// What is never deleted by a deploy: with it goes what nobody can bring back.
pub(super) fn is_kept(key: &Key) -> bool {
    match (key.group.as_str(), key.kind.as_str()) {
        ("", "Namespace" | "PersistentVolumeClaim" | "PersistentVolume") => true,
        (group, kind) => is_definition(group, kind),
    }
}

pub(super) fn is_definition(group: &str, kind: &str) -> bool {
    group == CRD_GROUP && kind == CRD
}

pub(super) fn is_namespace(key: &Key) -> bool {
    key.group.is_empty() && key.kind == "Namespace"
}

/// The kind that a definition makes, and whether its objects live in namespaces.
fn defined(object: &Obj) -> Option<((String, String), bool)> {
    if !is_definition(object.group(), object.kind()) {
        return None;
    }
    let text = |path: &[&str]| object.text(path).map(str::to_owned);
    let kind = (text(&["spec", "group"])?, text(&["spec", "names", "kind"])?);
    Some((kind, object.text(&["spec", "scope"]) == Some("Namespaced")))
}

/// The namespace as an object, where it is neither there nor among the objects.
async fn missing(asker: &Asker<'_>, name: &str, placed: &[Manifest]) -> Result<Option<Manifest>, Box<Verdict>> {
    let value = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
    let Some(object) = Obj::new(value) else { return Ok(None) };
    let key = object.key();
    if placed.iter().any(|manifest| manifest.object.key() == key) {
        return Ok(None);
    }
    match asker.get(&key, Some("v1")).await {
        Ok(Some(_)) => Ok(None),
        // Who may not look learns from the objects whether it is there.
        Err(error) if error.code() == 403 => Ok(None),
        Ok(None) => Ok(Some(Manifest { object, origin: Origin::new("create_namespace", 0) })),
        Err(error) => Err(Box::new(error.verdict(Some(object.object())))),
    }
}

fn put(object: &mut Obj, namespace: &str) {
    if let Some(Json::Object(metadata)) = object.map_mut().get_mut("metadata") {
        metadata.insert("namespace".to_owned(), json!(namespace));
    }
}

fn drop_namespace(object: &mut Obj) {
    if let Some(Json::Object(metadata)) = object.map_mut().get_mut("metadata") {
        metadata.remove("namespace");
    }
}
