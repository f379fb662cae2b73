//! The set of the present template: found, or made; and the numbers by which people go back to an older one.

use serde_json::{Value, json};

use super::sets::{DESIRED, HASH, HISTORY, MOST, REVISION, count, revision, sum, wanted};
use super::{COMPONENT, Rollout};
use crate::api::delete::{DeleteOptions, Propagation};
use crate::controllers::pods::controlled_by;
use crate::controllers::replica_set::is_ending;
use crate::controllers::{Step, conditions, part, tell};
use crate::ids;
use crate::object::{Object, ObjectExt};
use crate::world::controller::Outcome;

/// Annotations of a deployment that its sets do not get.
const OWN: [&str; 6] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    HISTORY,
    DESIRED,
    MOST,
    "deprecated.deployment.rollback.to",
];

impl Rollout<'_, '_> {
    /// The set of the template, where there is one, with its annotations as they should be; and all others.
    pub(super) fn existing(&mut self, sets: &[Object]) -> Step<(Option<Object>, Vec<Object>)> {
        let (new, old) = self.split(sets);
        let Some(mut new) = new else { return Ok((None, old)) };
        let number = old.iter().map(revision).max().unwrap_or_default() + 1;
        let mut wanted_set = new.clone();
        self.annotate(&mut wanted_set, number);
        let min_ready = self.deployment.at("/spec/minReadySeconds").cloned();
        match min_ready {
            Some(seconds) => wanted_set.put(&["spec", "minReadySeconds"], seconds),
            None => drop(wanted_set.take(&["spec", "minReadySeconds"])),
        }
        if wanted_set != new {
            let key = self.key_of(&new);
            let annotations = part(&wanted_set, "metadata")["annotations"].clone();
            let spec = part(&wanted_set, "spec").clone();
            self.cx.change(&key, None, &mut |object| {
                object.set_meta("annotations", annotations.clone());
                object.insert("spec".to_owned(), spec.clone());
            })?;
            new = wanted_set;
            return Ok((Some(new), old));
        }
        let mut news = self.note_revision(revision(&new));
        let has_condition = conditions::find(&conditions::of(&self.deployment), "Progressing").is_some();
        if self.deadline().is_some() && !has_condition {
            let said = format!("Found new replica set \"{}\"", new.name());
            self.note(conditions::updated("Progressing", "True", "FoundNewReplicaSet", &said, self.cx.now()));
            news = true;
        }
        if news {
            self.write_noted()?;
        }
        Ok((Some(new), old))
    }

    /// The set of the template, made where there is none; and all others.
    pub(super) fn current(&mut self, sets: &[Object]) -> Step<(Object, Vec<Object>)> {
        let (existing, old) = self.existing(sets)?;
        if let Some(new) = existing {
            return Ok((new, old));
        }
        let number = old.iter().map(revision).max().unwrap_or_default() + 1;
        let set = self.next_set(&old, number);
        let size = wanted(&set);
        let created = match self.cx.create(set.clone()) {
            Ok(stored) => self.cx.thaw(&stored).unwrap_or(set),
            Err(status) if status.reason == "AlreadyExists" => {
                // Another template with the same hash: the next name is made with one more collision.
                let collisions = count(&self.deployment, "collisionCount") + 1;
                self.cx.change(&self.stored.key, Some("status"), &mut |object| {
                    object.put(&["status", "collisionCount"], collisions.into());
                })?;
                return Err(Outcome::Retry);
            }
            Err(status) if is_ending(&status) => return Err(Outcome::Retry),
            Err(status) => {
                let said = format!("Failed to create new replica set \"{}\": {}", set.name(), status.message);
                if self.deadline().is_some() {
                    let now = self.cx.now();
                    self.note(conditions::updated("Progressing", "False", "ReplicaSetCreateError", &said, now));
                    self.write_noted()?;
                }
                tell::warning(self.cx, &self.stored, COMPONENT, "ReplicaSetCreateError", &said);
                return Err(Outcome::Retry);
            }
        };
        if size > 0 {
            let said = format!("Scaled up replica set {} from 0 to {size}", created.name());
            tell::normal(self.cx, &self.stored, COMPONENT, "ScalingReplicaSet", &said);
        }
        let mut news = self.note_revision(number);
        if self.deadline().is_some() {
            let said = format!("Created new replica set \"{}\"", created.name());
            self.note(conditions::updated("Progressing", "True", "NewReplicaSetCreated", &said, self.cx.now()));
            news = true;
        }
        if news {
            self.write_noted()?;
        }
        Ok((created, old))
    }

    fn next_set(&self, old: &[Object], number: i64) -> Object {
        let deployment = &self.deployment;
        let mut template = part(deployment, "spec")["template"].clone();
        let hash = hash(&template, count(deployment, "collisionCount"));
        let labelled = |value: &mut Value, at: &str| {
            if !value[at].is_object() {
                value[at] = json!({});
            }
            value[at][HASH] = hash.as_str().into();
        };
        labelled(&mut template["metadata"], "labels");
        let mut selector = part(deployment, "spec")["selector"].clone();
        labelled(&mut selector, "matchLabels");
        let owner = controlled_by("apps/v1", "Deployment", deployment.name(), deployment.uid());
        let mut set = Object::new();
        set.insert("apiVersion".to_owned(), "apps/v1".into());
        set.insert("kind".to_owned(), "ReplicaSet".into());
        set.insert(
            "metadata".to_owned(),
            json!({"name": format!("{}-{hash}", deployment.name()), "namespace": deployment.namespace(),
                "labels": template["metadata"]["labels"], "ownerReferences": [owner]}),
        );
        let size = self.next_size(0, sum(old, wanted));
        set.insert("spec".to_owned(), json!({"replicas": size, "selector": selector, "template": template}));
        if let Some(seconds) = deployment.at("/spec/minReadySeconds") {
            set.put(&["spec", "minReadySeconds"], seconds.clone());
        }
        self.annotate(&mut set, number);
        set.put(&["metadata", "annotations", DESIRED], self.replicas().to_string().into());
        set.put(&["metadata", "annotations", MOST], (self.replicas() + self.surge()).to_string().into());
        set
    }

    /// The deployment's annotations, and the number of the revision, which only grows.
    fn annotate(&self, set: &mut Object, number: i64) {
        let copied: Vec<(String, String)> = self
            .deployment
            .annotations()
            .iter()
            .filter(|(name, _)| !OWN.contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (name, value) in copied {
            set.put(&["metadata", "annotations", &name], value.into());
        }
        let before = revision(set);
        if before >= number {
            return;
        }
        set.put(&["metadata", "annotations", REVISION], number.to_string().into());
        if before > 0 {
            let history = match set.annotations().get(HISTORY) {
                Some(history) if !history.is_empty() => format!("{history},{before}"),
                _ => before.to_string(),
            };
            set.put(&["metadata", "annotations", HISTORY], history.into());
        }
    }

    /// Takes sets away that are older than the history is long.
    pub(super) fn forget_old(&mut self, old: &[Object]) -> Step<()> {
        let Some(limit) = self.deployment.int("/spec/revisionHistoryLimit") else { return Ok(()) };
        let mut sets: Vec<&Object> = old.iter().filter(|set| !set.is_deleting()).collect();
        let surplus = sets.len().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
        sets.sort_by_key(|set| revision(set));
        for set in sets.into_iter().take(surplus) {
            let busy = count(set, "replicas") != 0 || wanted(set) != 0;
            if busy || set.generation() > count(set, "observedGeneration") {
                continue;
            }
            let options = DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
            self.cx.delete(&self.key_of(set), &options)?;
        }
        Ok(())
    }

    fn note_revision(&mut self, number: i64) -> bool {
        if revision(&self.deployment) == number {
            return false;
        }
        self.deployment.put(&["metadata", "annotations", REVISION], number.to_string().into());
        true
    }
}

/// The end of a set's name: the same for the same template, in whatever order it is written.
pub(in crate::controllers) fn hash(template: &Value, collisions: i64) -> String {
    let mut text = String::new();
    canonical(template, &mut text);
    if collisions > 0 {
        text.push_str(&collisions.to_string());
    }
    let fnv = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    ids::safe(fnv)
}

fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (name, value) in sorted {
                out.push_str(name);
                out.push(':');
                canonical(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            items.iter().for_each(|item| canonical(item, out));
            out.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_template_does_not_depend_on_the_order_of_its_fields() {
        let (one, other) = (json!({"a": 1, "b": [2]}), json!({"b": [2], "a": 1}));
        assert_eq!(hash(&one, 0), hash(&other, 0));
        assert_ne!(hash(&one, 0), hash(&one, 1));
    }
}
