//! Writing objects: applied by the server, put, patched, created, deleted.

use super::ask::{Ask, JSON};
use super::query::Query;
use super::read::Item as _;
use super::{Cluster, MANAGER};
use crate::error::Error;
use crate::kind::Kind;
use crate::object::{Key, Obj};
use hyper::Method;
use serde_json::{Value as Json, json};

const APPLY: &str = "application/apply-patch+yaml";
const MERGE: &str = "application/merge-patch+json";
const JSON_PATCH: &str = "application/json-patch+json";

/// How an object is applied. Our fields are `ansflow`'s, and unknown ones are refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Apply {
    /// Only says what would become of it.
    pub dry_run: bool,
    /// Fields that belong to others are taken.
    pub force: bool,
}

/// A change of some fields.
#[derive(Clone)]
pub enum Patch {
    /// RFC 7386: fields replace fields, null removes them.
    Merge(Json),
    /// RFC 6902: a list of operations, all or none.
    Json(Json),
}

/// What became of a write.
#[derive(Clone)]
pub struct Written {
    /// The object as it is now, or would be.
    pub object: Obj,
    /// What the cluster warns of.
    pub warnings: Vec<String>,
}

/// How an object is deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delete {
    /// What becomes of what it owns.
    pub propagation: Propagation,
    /// How many seconds its pods have to end; their own where there is none.
    pub grace: Option<u32>,
    /// Only that one.
    pub only: Precondition,
    /// Only says whether it could be.
    pub dry_run: bool,
}

/// What becomes of what a deleted object owns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Propagation {
    /// It goes afterwards.
    #[default]
    Background,
    /// It goes first.
    Foreground,
    /// It stays.
    Orphan,
}

/// Which object of a name is meant; the write is refused (409) where it is another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Precondition {
    /// The one of this uid.
    pub uid: Option<String>,
    /// In this version.
    pub version: Option<String>,
}

impl Propagation {
    fn word(self) -> &'static str {
        match self {
            Propagation::Background => "Background",
            Propagation::Foreground => "Foreground",
            Propagation::Orphan => "Orphan",
        }
    }
}

impl Cluster {
    /// Applies an object on the server's side. Its namespace is what it says, else the access' own.
    pub async fn apply(&self, object: &Obj, how: Apply) -> Result<Written, Error> {
        let kind = self.kind_of_object(object).await?;
        let namespace = object.namespace().unwrap_or(self.default_namespace());
        let mut query = changing(how.dry_run);
        query.put("force", if how.force { "true" } else { "false" });
        let path = query.on(&kind.path_of(Some(namespace), object.name()));
        self.written(&kind, Ask::new(Method::PATCH, path).with(APPLY, object.map())).await
    }

    /// Creates an object.
    pub async fn create(&self, object: &Obj, dry_run: bool) -> Result<Written, Error> {
        let kind = self.kind_of_object(object).await?;
        let namespace = object.namespace().unwrap_or(self.default_namespace());
        let path = changing(dry_run).on(&kind.path(Some(namespace)));
        self.written(&kind, Ask::new(Method::POST, path).with(JSON, object.map())).await
    }

    /// Replaces an object; its `resourceVersion`, where it has one, must be the current one.
    pub async fn put(&self, object: &Obj, dry_run: bool) -> Result<Written, Error> {
        let kind = self.kind_of_object(object).await?;
        let namespace = object.namespace().unwrap_or(self.default_namespace());
        let path = changing(dry_run).on(&kind.path_of(Some(namespace), object.name()));
        self.written(&kind, Ask::new(Method::PUT, path).with(JSON, object.map())).await
    }

    /// Changes fields of an object.
    pub async fn patch(&self, key: &Key, patch: &Patch, dry_run: bool) -> Result<Written, Error> {
        self.patch_part(key, "", patch, dry_run).await
    }

    /// Changes fields of a part of an object: `scale`, `status`. An empty part is the object itself.
    pub async fn patch_part(&self, key: &Key, part: &str, patch: &Patch, dry_run: bool) -> Result<Written, Error> {
        let kind = self.kind_of(&key.group, None, &key.kind).await?;
        let path = changing(dry_run).on(&part_of(&kind, key, part));
        let (media, body) = match patch {
            Patch::Merge(body) => (MERGE, body),
            Patch::Json(body) => (JSON_PATCH, body),
        };
        self.written(&kind, Ask::new(Method::PATCH, path).with(media, body)).await
    }

    /// A part of an object: `scale`, `status`. None where there is no such object.
    pub async fn part(&self, key: &Key, part: &str) -> Result<Option<Obj>, Error> {
        let kind = self.kind_of(&key.group, None, &key.kind).await?;
        match self.json(&Ask::get(part_of(&kind, key, part))).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.code() == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes an object; false where there was none. It may be there for a while yet, until its finalizers are done.
    pub async fn delete(&self, key: &Key, how: &Delete) -> Result<bool, Error> {
        let kind = self.kind_of(&key.group, None, &key.kind).await?;
        let mut body =
            json!({"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": how.propagation.word()});
        if let Some(grace) = how.grace {
            body["gracePeriodSeconds"] = grace.into();
        }
        if let Some(uid) = &how.only.uid {
            body["preconditions"]["uid"] = uid.as_str().into();
        }
        if let Some(version) = &how.only.version {
            body["preconditions"]["resourceVersion"] = version.as_str().into();
        }
        if how.dry_run {
            body["dryRun"] = json!(["All"]);
        }
        let path = kind.path_of(key.namespace.as_deref(), &key.name);
        match self.json::<Json>(&Ask::new(Method::DELETE, path).with(JSON, &body)).await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == 404 => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn kind_of_object(&self, object: &Obj) -> Result<Kind, Error> {
        let version = object.api_version().rsplit('/').next().unwrap_or_default();
        self.kind_of(object.group(), Some(version), object.kind()).await
    }

    async fn written(&self, kind: &Kind, ask: Ask) -> Result<Written, Error> {
        let (mut object, warnings): (Obj, Vec<String>) = self.json_and_warnings(&ask).await?;
        object.is_a(kind);
        Ok(Written { object, warnings })
    }
}

fn part_of(kind: &Kind, key: &Key, part: &str) -> String {
    let path = kind.path_of(key.namespace.as_deref(), &key.name);
    if part.is_empty() { path } else { format!("{path}/{part}") }
}

fn changing(dry_run: bool) -> Query {
    let mut query = Query::default();
    query.put("fieldManager", MANAGER);
    query.put("fieldValidation", "Strict");
    query.put_some("dryRun", if dry_run { "All" } else { "" });
    query
}
