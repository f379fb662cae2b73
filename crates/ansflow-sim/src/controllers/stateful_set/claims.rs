//! Whose the claims of a set are: nobody's, so that they stay; the set's, so that they go with it; or a pod's that is too
//! many, so that they go with that.

use serde_json::Value;

use super::Look;
use super::pod::{claim_name, ordinal};
use crate::controllers::Step;
use crate::controllers::known::known;
use crate::controllers::pods::{Seen, controlled_by};
use crate::object::{Object, ObjectExt};
use crate::store::Key;

impl Look<'_, '_> {
    /// Gives the claims of all pods to whom they belong.
    pub(super) fn give_claims(&mut self, first: i64, last: i64) -> Step<()> {
        if self.set.items("/spec/volumeClaimTemplates").is_empty() {
            return Ok(());
        }
        for pod in self.pods.clone() {
            let Some(number) = ordinal(&self.set, &pod) else { continue };
            let surplus = !(first..last).contains(&number);
            let owner = self.owner(surplus.then_some(&pod));
            for template in self.set.items("/spec/volumeClaimTemplates").to_vec() {
                let volume = template["metadata"]["name"].as_str().unwrap_or_default();
                let name = claim_name(volume, self.set.name(), number);
                self.give(&Key::new(known().pvc, self.set.namespace(), name), &pod, owner.as_ref())?;
            }
        }
        Ok(())
    }

    /// Who owns the claims of a new pod.
    pub(super) fn owner_of_new(&self) -> Option<Value> {
        self.owner(None)
    }

    fn owner(&self, surplus: Option<&Seen>) -> Option<Value> {
        let goes =
            |when: &str| self.set.text(&format!("/spec/persistentVolumeClaimRetentionPolicy/{when}")) == "Delete";
        match surplus {
            Some((pod, _)) if goes("whenScaled") => Some(controlled_by("v1", "Pod", pod.name(), &pod.uid)),
            _ if goes("whenDeleted") => {
                Some(controlled_by(self.set.api_version(), self.set.kind(), self.set.name(), self.set.uid()))
            }
            _ => None,
        }
    }

    /// Claims that somebody else controls are left alone.
    fn give(&mut self, key: &Key, pod: &Seen, owner: Option<&Value>) -> Step<()> {
        let Some(claim) = self.cx.stored(key) else { return Ok(()) };
        let wanted = owner.and_then(|owner| owner["uid"].as_str()).unwrap_or_default().to_owned();
        let ours = [self.set.uid().to_owned(), pod.0.uid.to_string()];
        let is_ours = |uid: &str| ours.iter().any(|one| one == uid);
        let has = claim.controller().map(|owner| owner.uid.to_string()).unwrap_or_default();
        if has == wanted || !(has.is_empty() || is_ours(&has)) {
            return Ok(());
        }
        self.cx.change(key, None, &mut |claim: &mut Object| {
            let mut all = claim.items("/metadata/ownerReferences").to_vec();
            all.retain(|reference| !reference["uid"].as_str().is_some_and(is_ours));
            all.extend(owner.cloned());
            match all.is_empty() {
                true => drop(claim.take(&["metadata", "ownerReferences"])),
                false => claim.set_meta("ownerReferences", all.into()),
            }
        })?;
        Ok(())
    }
}
