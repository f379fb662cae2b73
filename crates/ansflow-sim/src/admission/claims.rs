//! Claims and volumes are held until nobody uses them: StorageObjectInUseProtection.

use serde_json::Value;

use super::{Admission, Review};
use crate::object::ObjectExt;
use crate::status::Status;

pub(super) struct Protection;

impl Admission for Protection {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let held_by = match () {
            () if review.is_new("", "PersistentVolumeClaim") => "kubernetes.io/pvc-protection",
            () if review.is_new("", "PersistentVolume") => "kubernetes.io/pv-protection",
            () => return Ok(()),
        };
        let mut all: Vec<Value> = review.object.finalizers().to_vec();
        if !all.iter().any(|known| known == held_by) {
            all.push(held_by.into());
            review.object.set_meta("finalizers", all.into());
        }
        Ok(())
    }
}
