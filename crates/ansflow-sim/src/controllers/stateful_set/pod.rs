//! A pod with a number, and the claims that keep its data.

use serde_json::{Value, json};

use super::{COMPONENT, Look, REVISION};
use crate::controllers::known::known;
use crate::controllers::pods::{Seen, from_template};
use crate::controllers::replica_set::is_ending;
use crate::controllers::revisions;
use crate::controllers::{Step, tell};
use crate::object::{Object, ObjectExt};
use crate::store::Key;
use crate::world::controller::Outcome;

/// The number of a pod of a set.
pub(super) fn ordinal(set: &Object, (pod, _): &Seen) -> Option<i64> {
    pod.name().strip_prefix(set.name())?.strip_prefix('-')?.parse().ok()
}

impl Look<'_, '_> {
    pub(super) fn make(&mut self, number: i64) -> Step<()> {
        let pod = self.pod(number);
        let name = pod.name().to_owned();
        for template in self.set.items("/spec/volumeClaimTemplates").to_vec() {
            self.claim(&template, number, &name)?;
        }
        let about = format!("create Pod {name} in StatefulSet {}", self.set.name());
        match self.cx.create(pod) {
            Ok(_) => {
                tell::normal(self.cx, &self.stored, COMPONENT, "SuccessfulCreate", &format!("{about} successful"));
                Ok(())
            }
            Err(status) if status.reason == "AlreadyExists" || is_ending(&status) => Err(Outcome::Retry),
            Err(status) => {
                let said = format!("{about} failed error: {}", status.message);
                tell::warning(self.cx, &self.stored, COMPONENT, "FailedCreate", &said);
                Err(Outcome::Retry)
            }
        }
    }

    fn claim(&mut self, template: &Value, number: i64, pod: &str) -> Step<()> {
        let volume = template["metadata"]["name"].as_str().unwrap_or_default();
        let name = claim_name(volume, self.set.name(), number);
        let key = Key::new(known().pvc, self.set.namespace(), name.as_str());
        if self.cx.stored(&key).is_some() {
            return Ok(());
        }
        let mut claim = Object::new();
        claim.insert("apiVersion".to_owned(), "v1".into());
        claim.insert("kind".to_owned(), "PersistentVolumeClaim".into());
        claim.insert("metadata".to_owned(), json!({"name": name, "namespace": self.set.namespace()}));
        let mut labels = template["metadata"]["labels"].as_object().cloned().unwrap_or_default();
        let selected = self.set.at("/spec/selector/matchLabels").and_then(Value::as_object).cloned();
        labels.extend(selected.unwrap_or_default());
        if !labels.is_empty() {
            claim.set_meta("labels", labels.into());
        }
        if let Some(annotations) = template["metadata"].get("annotations") {
            claim.set_meta("annotations", annotations.clone());
        }
        if let Some(owner) = self.owner_of_new() {
            claim.set_meta("ownerReferences", vec![owner].into());
        }
        claim.insert("spec".to_owned(), template["spec"].clone());
        let about = format!("create Claim {name} Pod {pod} in StatefulSet {}", self.set.name());
        match self.cx.create(claim) {
            Ok(_) => {
                tell::normal(self.cx, &self.stored, COMPONENT, "SuccessfulCreate", &format!("{about} success"));
                Ok(())
            }
            Err(status) => {
                let said = format!("{about} failed error: {}", status.message);
                tell::warning(self.cx, &self.stored, COMPONENT, "FailedCreate", &said);
                Err(Outcome::Retry)
            }
        }
    }

    fn pod(&self, number: i64) -> Object {
        let rolls = self.set.text("/spec/updateStrategy/type") == "RollingUpdate";
        let partition = self.set.int("/spec/updateStrategy/rollingUpdate/partition").unwrap_or_default();
        let revision = if rolls && number < partition { &self.current } else { &self.update };
        let mut pod = from_template(&self.set, &revisions::template(revision));
        let name = format!("{}-{number}", self.set.name());
        pod.set_meta("name", name.as_str().into());
        pod.put(&["metadata", "labels", "apps.kubernetes.io/pod-index"], number.to_string().into());
        pod.put(&["metadata", "labels", REVISION], revision.name().into());
        pod.put(&["metadata", "labels", "statefulset.kubernetes.io/pod-name"], name.as_str().into());
        pod.put(&["spec", "hostname"], name.into());
        let service = self.set.text("/spec/serviceName");
        if !service.is_empty() {
            pod.put(&["spec", "subdomain"], service.into());
        }
        let templates = self.set.items("/spec/volumeClaimTemplates");
        let named = |template: &Value| template["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let mut volumes: Vec<Value> = templates
            .iter()
            .map(|template| {
                let volume = named(template);
                let claim = claim_name(&volume, self.set.name(), number);
                json!({"name": volume, "persistentVolumeClaim": {"claimName": claim}})
            })
            .collect();
        // A claim hides a volume of the template that has its name.
        let others = pod.items("/spec/volumes").iter().filter(|one| !templates.iter().any(|t| one["name"] == named(t)));
        volumes.extend(others.cloned());
        if !volumes.is_empty() {
            pod.put(&["spec", "volumes"], volumes.into());
        }
        pod
    }
}

pub(super) fn claim_name(volume: &str, set: &str, number: i64) -> String {
    format!("{volume}-{set}-{number}")
}
