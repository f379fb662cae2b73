//! What the same step deployed before and no longer has: deleted, by uid and by nothing else.
//!
//! An inventory in the step's namespace names what was deployed. Whoever may write ConfigMaps there can write into it, so that
//! it proves nothing alone: only what has fields of AnsFlow's own is deleted.

use super::apply::Applied;
use super::ask::Asker;
use super::scope::is_kept;
use crate::cluster::{Apply, Delete, MANAGER, Precondition, Propagation};
use crate::error::Error;
use crate::object::{Key, Obj};
use ansflow_core::verdict::Object;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What an object says that is not to be deleted.
const PRUNE: &str = "ansflow.io/prune";
/// Where the inventory's lines are.
const LINES: &str = "objects";
/// A name in Kubernetes has so many characters at most; the slug of the inventory's gets what is left.
const SLUG: usize = 40;

/// Whose objects they are: the same pipeline and step have the same inventory, in every run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The pipeline, by what does not change when it is renamed.
    pub pipeline: String,
    /// The step's name.
    pub step: String,
}

/// What became of pruning.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// What was deleted.
    pub deleted: Vec<Object>,
    /// What was left though it is no longer deployed, each with the reason.
    pub left: Vec<String>,
}

/// Deletes what is in the inventory and no longer deployed, and writes the inventory anew.
///
/// # Errors
/// The inventory cannot be read or written. What was deleted until then is in no inventory twice: its uid is gone.
pub async fn prune(asker: &Asker<'_>, applied: &Applied, namespace: &str, owner: &Owner) -> Result<Pruned, Error> {
    let key = Key {
        group: String::new(),
        kind: "ConfigMap".to_owned(),
        namespace: Some(namespace.to_owned()),
        name: owner.name(),
    };
    let before = asker.get(&key, Some("v1")).await?.map(|map| lines(&map)).unwrap_or_default();
    let mut kept: BTreeMap<Key, String> = current(applied);
    let deployed: BTreeSet<Key> = applied.plan.entries.iter().map(|entry| entry.key.clone()).collect();
    let mut pruned = Pruned::default();
    for (old, uid) in before.into_iter().filter(|(old, _)| !deployed.contains(old)) {
        match one(asker, &old, &uid).await {
            Ok(Fate::Gone) => {}
            Ok(Fate::Deleted) => pruned.deleted.push(old.object()),
            Ok(Fate::Left(why)) => {
                pruned.left.push(format!("{} stays: {why}", old.object()));
                kept.insert(old, uid);
            }
            Err(error) => {
                pruned.left.push(format!("{} could not be deleted: {error}", old.object()));
                kept.insert(old, uid);
            }
        }
    }
    let text: String = kept.iter().map(|(key, uid)| line(key, uid)).collect();
    let inventory = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {
            "name": key.name, "namespace": namespace,
            "labels": { "app.kubernetes.io/managed-by": "ansflow" },
            "annotations": { "ansflow.io/step": crate::text::short(&owner.step, 200) },
        },
        "data": { LINES: text },
    });
    if let Some(inventory) = Obj::new(inventory) {
        asker.apply(&inventory, Apply { dry_run: false, force: true }).await?;
    }
    Ok(pruned)
}

impl Owner {
    /// The inventory's name.
    fn name(&self) -> String {
        let hash = Sha256::digest(format!("{}\0{}", self.pipeline, self.step));
        let hash: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let slug: String = self.step.chars().filter_map(plain).take(SLUG).collect();
        let slug = slug.trim_matches('-');
        if slug.is_empty() { format!("ansflow-{hash}") } else { format!("ansflow-{slug}-{hash}") }
    }
}

fn plain(c: char) -> Option<char> {
    match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() => Some(c),
        ' ' | '-' | '_' | '.' | '/' => Some('-'),
        _ => None,
    }
}

enum Fate {
    Deleted,
    /// It is not there any more, or another of its name is.
    Gone,
    Left(String),
}

async fn one(asker: &Asker<'_>, key: &Key, uid: &str) -> Result<Fate, Error> {
    if is_kept(key) {
        return Ok(Fate::Left("what is in it could not be brought back".to_owned()));
    }
    let live = match asker.get(key, None).await {
        Ok(Some(live)) if live.uid() == uid => live,
        Ok(_) => return Ok(Fate::Gone),
        Err(error) if error.is_not_found() => return Ok(Fate::Gone),
        Err(error) => return Err(error),
    };
    if live.at(&["metadata", "annotations", PRUNE]).and_then(Json::as_str) == Some("false") {
        return Ok(Fate::Left(format!("`{PRUNE}: \"false\"` stands on it")));
    }
    if !is_ours(&live) {
        return Ok(Fate::Left("AnsFlow has no fields in it, so that it is somebody else's".to_owned()));
    }
    let only = Precondition { uid: Some(uid.to_owned()), version: None };
    let how = Delete { propagation: Propagation::Background, only, ..Delete::default() };
    match asker.delete(key, &how).await {
        Ok(_) => Ok(Fate::Deleted),
        Err(error) if error.code() == 409 => Ok(Fate::Gone),
        Err(error) => Err(error),
    }
}

fn is_ours(object: &Obj) -> bool {
    let managers = object.at(&["metadata", "managedFields"]).and_then(Json::as_array);
    let applied =
        |entry: &Json| entry.get("manager") == Some(&json!(MANAGER)) && entry.get("operation") == Some(&json!("Apply"));
    managers.is_some_and(|all| all.iter().any(applied))
}

/// What is deployed now, with the uids that it has.
fn current(applied: &Applied) -> BTreeMap<Key, String> {
    let written = applied.wrote();
    let each = applied.plan.entries.iter().enumerate().filter_map(|(at, entry)| {
        let now = written.get(&at).map(|wrote| &wrote.object).or(entry.before.as_ref())?;
        Some((entry.key.clone(), now.uid().to_owned()))
    });
    each.collect()
}

/// `apps/Deployment/shop/web/UID`; nothing stands where there is no group or namespace. No part can have a slash in it.
fn line(key: &Key, uid: &str) -> String {
    format!("{}/{}/{}/{}/{uid}\n", key.group, key.kind, key.namespace.as_deref().unwrap_or_default(), key.name)
}

fn lines(inventory: &Obj) -> Vec<(Key, String)> {
    let text = inventory.text(&["data", LINES]).unwrap_or_default();
    text.lines().filter_map(read_line).collect()
}

fn read_line(line: &str) -> Option<(Key, String)> {
    let parts: Vec<&str> = line.split('/').collect();
    let [group, kind, namespace, name, uid] = parts.as_slice() else { return None };
    if [kind, name, uid].iter().any(|part| part.is_empty()) {
        return None;
    }
    let namespace = Some(*namespace).filter(|namespace| !namespace.is_empty()).map(str::to_owned);
    let key = Key { group: (*group).to_owned(), kind: (*kind).to_owned(), namespace, name: (*name).to_owned() };
    Some((key, (*uid).to_owned()))
}
