//! Claims that name no class get the default one, and grow only where the class lets them: DefaultStorageClass, resizing.

use super::{Admission, Operation, Review};
use crate::object::{Object, ObjectExt};
use crate::quantity::Quantity;
use crate::status::Status;

const GROUP: &str = "storage.k8s.io";

pub(super) struct DefaultStorageClass;

impl Admission for DefaultStorageClass {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let says = |claim: &Object| {
            claim.at("/spec/storageClassName").is_some_and(|class| !class.is_null())
                || claim.annotations().get("volume.beta.kubernetes.io/storage-class").is_some()
        };
        if !review.is_new("", "PersistentVolumeClaim") || says(review.object) {
            return Ok(());
        }
        let is_default = |class: &Object| {
            let said = |name: &str| class.annotations().get(name) == Some("true");
            said("storageclass.kubernetes.io/is-default-class")
                || said("storageclass.beta.kubernetes.io/is-default-class")
        };
        let mut classes: Vec<Object> =
            review.everywhere(GROUP, "StorageClass").into_iter().filter(is_default).collect();
        // The newest of several.
        classes.sort_by_key(|class| class.moment("/metadata/creationTimestamp"));
        if let Some(class) = classes.last() {
            review.object.put(&["spec", "storageClassName"], class.name().into());
        }
        Ok(())
    }

    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let grows = review.operation == Operation::Update && review.sub.is_none();
        let Some(old) = review.old.filter(|_| grows && review.kind.is("", "PersistentVolumeClaim")) else {
            return Ok(());
        };
        let size = |claim: &Object| claim.at("/spec/resources/requests/storage").and_then(Quantity::read);
        if size(review.object) <= size(old) {
            return Ok(());
        }
        let class = review.found(GROUP, "StorageClass", "", review.object.text("/spec/storageClassName"));
        match class.is_some_and(|class| class.flag("/allowVolumeExpansion")) {
            true => Ok(()),
            false => Err(review.refuse(
                "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
            )),
        }
    }
}
