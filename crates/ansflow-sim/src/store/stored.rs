//! An object as it is kept: bytes that are put together when somebody reads it, and the few facts that are looked for.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::Key;
use crate::kind::{Kind, KindId};
use crate::manager::{Manager, ManagerId};
use crate::object::{Object, ObjectExt, Str};

/// A frozen object. It never changes; a write puts another in its place.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) key: Key,
    pub(crate) uid: Str,
    /// The revision that wrote it; 0 where a dry run made it.
    pub(crate) revision: u64,
    pub(crate) labels: Arc<[(Str, Str)]>,
    pub(crate) owners: Arc<[Owner]>,
    pub(crate) managed: Arc<[Manager]>,
    pub(crate) has_finalizers: bool,
    pub(crate) deleting: bool,
    /// `spec.nodeName` of a pod.
    pub(crate) node: Option<Str>,
    /// The fields of the metadata but resourceVersion and managedFields, without braces.
    meta: Bytes,
    /// All other fields but kind and apiVersion, each with a comma before it.
    rest: Bytes,
}

/// An owner reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Owner {
    pub(crate) api_version: Str,
    pub(crate) kind: Str,
    pub(crate) name: Str,
    pub(crate) uid: Str,
    pub(crate) controller: bool,
    pub(crate) blocks: bool,
}

/// Whether an object says what it is. Items of lists of built-in kinds do not.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Heading {
    Kind,
    Bare,
}

impl Stored {
    /// Freezes an object. `managed` stands for `metadata.managedFields`, which the object need not have.
    pub(crate) fn freeze(kind: KindId, object: &Object, managed: Arc<[Manager]>, revision: u64) -> Stored {
        let empty = Object::new();
        let metadata = object.get("metadata").and_then(Value::as_object).unwrap_or(&empty);
        let mut meta = Vec::with_capacity(1_024);
        for (field, value) in metadata {
            if field != "resourceVersion" && field != "managedFields" {
                separated(&mut meta, field, value);
            }
        }
        let mut rest = Vec::with_capacity(4_096);
        for (field, value) in object {
            if !matches!(field.as_str(), "kind" | "apiVersion" | "metadata") {
                rest.push(b',');
                pair(&mut rest, field, value);
            }
        }
        Stored {
            key: Key::new(kind, object.namespace(), object.name()),
            uid: object.uid().into(),
            revision,
            labels: object.labels().iter().map(|(name, value)| (name.into(), value.into())).collect(),
            owners: object.items("/metadata/ownerReferences").iter().map(Owner::read).collect(),
            managed,
            has_finalizers: !object.finalizers().is_empty(),
            deleting: object.is_deleting(),
            node: Some(object.text("/spec/nodeName")).filter(|node| !node.is_empty()).map(Str::from),
            // Kept for long: no byte more than it takes.
            meta: Bytes::copy_from_slice(&meta),
            rest: Bytes::copy_from_slice(&rest),
        }
    }

    /// The same object, with each text that others have too in place of its copy.
    pub(super) fn shared(mut self, texts: &mut Texts) -> Stored {
        self.key.namespace = texts.share(&self.key.namespace);
        self.node = self.node.map(|node| texts.share(&node));
        self.labels = texts.labels(&self.labels);
        self.owners = texts.owners(self.owners);
        self
    }

    /// The same object at another revision: what a watcher is told of one that was deleted.
    pub(crate) fn at_revision(&self, revision: u64) -> Stored {
        Stored {
            key: self.key.clone(),
            uid: self.uid.clone(),
            revision,
            labels: self.labels.clone(),
            owners: self.owners.clone(),
            managed: self.managed.clone(),
            has_finalizers: self.has_finalizers,
            deleting: self.deleting,
            node: self.node.clone(),
            meta: self.meta.clone(),
            rest: self.rest.clone(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.key.name
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.key.namespace
    }

    /// The owner that controls it.
    pub(crate) fn controller(&self) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.controller)
    }

    pub(crate) fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(known, _)| &**known == name).map(|(_, value)| &**value)
    }

    /// Bytes that it takes, more or less.
    pub(crate) fn size(&self) -> usize {
        self.meta.len() + self.rest.len() + 300
    }

    /// Writes its JSON.
    pub(crate) fn render(&self, kind: &Kind, heading: Heading, out: &mut Vec<u8>) {
        out.reserve(self.meta.len() + self.rest.len() + 400);
        out.push(b'{');
        if heading == Heading::Kind {
            out.extend_from_slice(b"\"kind\":\"");
            out.extend_from_slice(kind.kind.as_bytes());
            out.extend_from_slice(b"\",\"apiVersion\":\"");
            out.extend_from_slice(kind.api_version().as_bytes());
            out.extend_from_slice(b"\",");
        }
        self.render_metadata(out);
        out.extend_from_slice(&self.rest);
        out.push(b'}');
    }

    /// Writes `"metadata":{…}`, which is all that PartialObjectMetadata shows.
    pub(crate) fn render_metadata(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\"metadata\":{");
        out.extend_from_slice(&self.meta);
        if self.revision > 0 {
            out.extend_from_slice(format!(",\"resourceVersion\":\"{}\"", self.revision).as_bytes());
        }
        for (at, manager) in self.managed.iter().enumerate() {
            out.extend_from_slice(if at == 0 { b",\"managedFields\":[" } else { b"," });
            manager.write(out);
        }
        if !self.managed.is_empty() {
            out.push(b']');
        }
        out.push(b'}');
    }

    pub(crate) fn to_json(&self, kind: &Kind, heading: Heading) -> Vec<u8> {
        let mut out = Vec::new();
        self.render(kind, heading, &mut out);
        out
    }

    /// The tree, without managedFields: those stay in `managed`. With kind, apiVersion and resourceVersion.
    pub(crate) fn thaw(&self, kind: &Kind) -> Object {
        let mut out = Vec::with_capacity(self.meta.len() + self.rest.len() + 128);
        out.extend_from_slice(
            format!("{{\"kind\":\"{}\",\"apiVersion\":\"{}\",", kind.kind, kind.api_version()).as_bytes(),
        );
        out.extend_from_slice(b"\"metadata\":{");
        out.extend_from_slice(&self.meta);
        if self.revision > 0 {
            out.extend_from_slice(format!(",\"resourceVersion\":\"{}\"", self.revision).as_bytes());
        }
        out.push(b'}');
        out.extend_from_slice(&self.rest);
        out.push(b'}');
        serde_json::from_slice(&out).expect("what was frozen is JSON")
    }

    /// Reads just the fields that a view asks for.
    pub(crate) fn view<T: serde::de::DeserializeOwned>(&self) -> serde_json::Result<T> {
        let mut out = Vec::with_capacity(self.meta.len() + self.rest.len() + 64);
        out.extend_from_slice(b"{\"metadata\":{");
        out.extend_from_slice(&self.meta);
        out.extend_from_slice(format!(",\"resourceVersion\":\"{}\"}}", self.revision).as_bytes());
        out.extend_from_slice(&self.rest);
        out.push(b'}');
        serde_json::from_slice(&out)
    }
}

impl Owner {
    fn read(value: &Value) -> Owner {
        let text = |field: &str| Str::from(value[field].as_str().unwrap_or_default());
        Owner {
            api_version: text("apiVersion"),
            kind: text("kind"),
            name: text("name"),
            uid: text("uid"),
            controller: value["controller"] == true,
            blocks: value["blockOwnerDeletion"] == true,
        }
    }
}

type Labels = Arc<[(Str, Str)]>;

/// Texts that many objects share.
#[derive(Debug, Default)]
pub(super) struct Texts {
    known: HashSet<Arc<str>>,
    labels: HashSet<Labels>,
    owners: HashSet<Arc<[Owner]>>,
    /// When to look for those that nobody uses any more.
    sweep_at: usize,
}

impl Texts {
    /// The same entries, with each text that is known already in place of its copy.
    pub(super) fn shared(&mut self, managed: &[Manager]) -> Arc<[Manager]> {
        if self.known.len() + self.labels.len() + self.owners.len() > self.sweep_at {
            self.labels.retain(|labels| Arc::strong_count(labels) > 1);
            self.owners.retain(|owners| Arc::strong_count(owners) > 1);
            self.known.retain(|text| Arc::strong_count(text) > 1);
            self.sweep_at = (self.known.len() + self.labels.len() + self.owners.len()) * 2 + 256;
        }
        let entry = |manager: &Manager| Manager {
            id: ManagerId {
                name: self.share(&manager.id.name),
                operation: manager.id.operation,
                api_version: self.share(&manager.id.api_version),
                subresource: self.share(&manager.id.subresource),
            },
            time: manager.time,
            fields: self.share(&manager.fields),
        };
        managed.iter().map(entry).collect()
    }

    fn labels(&mut self, labels: &Labels) -> Labels {
        if let Some(known) = self.labels.get(labels) {
            return known.clone();
        }
        let shared: Labels = labels.iter().map(|(name, value)| (self.share(name), self.share(value))).collect();
        self.labels.insert(shared.clone());
        shared
    }

    fn owners(&mut self, owners: Arc<[Owner]>) -> Arc<[Owner]> {
        if let Some(known) = self.owners.get(&owners) {
            return known.clone();
        }
        self.owners.insert(owners.clone());
        owners
    }

    fn share(&mut self, text: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        self.known.insert(text.clone());
        text.clone()
    }
}

fn separated(out: &mut Vec<u8>, field: &str, value: &Value) {
    if !out.is_empty() {
        out.push(b',');
    }
    pair(out, field, value);
}

fn pair(out: &mut Vec<u8>, field: &str, value: &Value) {
    serde_json::to_writer(&mut *out, field).expect("a text can be written");
    out.push(b':');
    serde_json::to_writer(out, value).expect("a tree can be written");
}
