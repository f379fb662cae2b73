//! Writing what a person has edited: looked at under a dry run first, and saved only where nobody else has changed it.

use super::edit::{self, Diff};
use super::fault::Fault;
use super::secrets;
use crate::cluster::Cluster;
use crate::error::Error;
use crate::kind::Kind;
use crate::object::Obj;
use serde_json::Value as Json;
use zeroize::Zeroizing;

/// What an edit changes, or would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// What of it.
    pub diff: Diff,
    /// What the cluster warns of.
    pub warnings: Vec<String>,
    /// The version that it has now; after a dry run the one that it had.
    pub resource_version: String,
}

/// An edit.
#[derive(Clone, Copy)]
pub struct Edit<'a> {
    /// The whole object as YAML.
    pub yaml: &'a str,
    /// The version that was read; it must be the current one. None: whatever is there is replaced.
    pub resource_version: Option<&'a str>,
    /// Whether it is only looked at.
    pub dry_run: bool,
}

/// An object that was made, or would be.
#[derive(Clone)]
pub struct Made {
    /// The object.
    pub object: Obj,
    /// What the cluster makes of it.
    pub diff: Diff,
    /// What the cluster warns of.
    pub warnings: Vec<String>,
}

/// Replaces an object by what was written of it.
///
/// # Errors
/// It cannot be sent, there is none of that name, somebody else has changed it, or the cluster refuses.
pub async fn put(
    cluster: &Cluster,
    kind: &Kind,
    namespace: Option<&str>,
    name: &str,
    edit: Edit<'_>,
) -> Result<Edited, Fault> {
    let key = kind.key(namespace, name);
    let stored = cluster.get_as::<Obj>(kind, key.namespace.as_deref(), name).await?;
    let stored = stored.ok_or_else(|| Fault::NotFound(key.object()))?;
    let version = |object: &Obj| object.text(&["metadata", "resourceVersion"]).unwrap_or_default().to_owned();
    if let Some(read) = edit.resource_version.filter(|read| *read != version(&stored)) {
        let why = format!("version {read} was read, and it has version {}", version(&stored));
        return Err(Fault::Stale { object: key.object(), why });
    }
    let written = edit::edited(edit.yaml, &stored)?;
    let mut wanted = with(&written, "namespace", stored.namespace());
    // What was looked at is what is replaced, whoever else is writing.
    wanted = with(&wanted, "resourceVersion", edit.resource_version.map(|_| version(&stored)).as_deref());
    let values = secret_values(&[&stored, &wanted]);
    let answer = cluster.put(&wanted, edit.dry_run).await.map_err(|error| match error.code() {
        409 => Fault::Stale { object: key.object(), why: cleaned(error, &values).to_string() },
        404 => Fault::NotFound(key.object()),
        _ => cleaned(error, &values).into(),
    })?;
    let resource_version = version(if edit.dry_run { &stored } else { &answer.object });
    Ok(Edited { diff: edit::diff(Some(&stored), &answer.object), warnings: answer.warnings, resource_version })
}

/// Makes the objects of a text, in its order; what says no namespace goes into `namespace`. All are tried without writing
/// first, so that one that is refused leaves nothing behind, as far as the text does not itself make what others need.
///
/// # Errors
/// Nothing was made, or what could be made before a refusal.
pub async fn create(cluster: &Cluster, namespace: Option<&str>, yaml: &str, dry_run: bool) -> Result<Vec<Made>, Fault> {
    let mut objects = edit::new_objects(yaml)?;
    for object in &mut objects {
        let version = object.api_version().rsplit('/').next().unwrap_or_default().to_owned();
        let kind = cluster.kind_of(object.group(), Some(&version), object.kind()).await?;
        let goes_to = namespace.unwrap_or(cluster.default_namespace());
        if kind.namespaced && object.namespace().is_none() {
            *object = with(object, "namespace", Some(goes_to));
        }
    }
    let makes_places = |object: &Obj| ["Namespace", "CustomResourceDefinition"].contains(&object.kind());
    let mut made = Vec::new();
    if dry_run || !objects.iter().any(makes_places) {
        for object in &objects {
            made.push(one(cluster, object, true).await?);
        }
    }
    if dry_run {
        return Ok(made);
    }
    made.clear();
    for object in &objects {
        match one(cluster, object, false).await {
            Ok(done) => made.push(done),
            Err(fault) if made.is_empty() => return Err(fault),
            Err(fault) => {
                let names: Vec<String> = made.iter().map(|made| made.object.object().to_string()).collect();
                return Err(Fault::Now(format!("{fault}; made before that: {}", names.join(", "))));
            }
        }
    }
    Ok(made)
}

async fn one(cluster: &Cluster, object: &Obj, dry_run: bool) -> Result<Made, Fault> {
    let values = secret_values(&[object]);
    let answer = cluster.create(object, dry_run).await.map_err(|error| cleaned(error, &values))?;
    Ok(Made { diff: edit::diff(None, &answer.object), object: answer.object, warnings: answer.warnings })
}

/// With a field of its metadata set, or taken away.
fn with(object: &Obj, field: &str, value: Option<&str>) -> Obj {
    let mut map = object.map().clone();
    if let Some(Json::Object(metadata)) = map.get_mut("metadata") {
        match value {
            Some(value) => drop(metadata.insert(field.to_owned(), value.into())),
            None => drop(metadata.shift_remove(field)),
        }
    }
    Obj::from(map)
}

fn secret_values(objects: &[&Obj]) -> Vec<Zeroizing<String>> {
    objects.iter().filter(|object| secrets::is_secret(object)).flat_map(|object| secrets::values(object)).collect()
}

/// A refusal may quote what was refused.
fn cleaned(error: Error, values: &[Zeroizing<String>]) -> Error {
    let Error::Refused(mut refused) = error else { return error };
    // What is this short stands in every sentence.
    for value in values.iter().filter(|value| value.len() >= 4) {
        refused.answer.message = refused.answer.message.replace(value.as_str(), "***");
        for cause in &mut refused.answer.causes {
            cause.message = cause.message.replace(value.as_str(), "***");
        }
    }
    Error::Refused(refused)
}
