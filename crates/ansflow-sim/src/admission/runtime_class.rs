//! What a pod costs beside its containers, by the runtime it names: RuntimeClass.

use super::{Admission, Review};
use crate::object::ObjectExt;
use crate::status::Status;

pub(super) struct RuntimeClass;

impl Admission for RuntimeClass {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let name = review.object.text("/spec/runtimeClassName").to_owned();
        if name.is_empty() || !review.is_new("", "Pod") {
            return Ok(());
        }
        let Some(class) = review.found("node.k8s.io", "RuntimeClass", "", &name) else {
            let why = format!("pod rejected: RuntimeClass \"{name}\" not found");
            return Err(review.refuse(&why));
        };
        if let Some(fixed) = class.at("/overhead/podFixed") {
            review.object.put(&["spec", "overhead"], fixed.clone());
        }
        for (label, value) in class.at("/scheduling/nodeSelector").and_then(|all| all.as_object()).into_iter().flatten()
        {
            review.object.put(&["spec", "nodeSelector", label], value.clone());
        }
        let further = class.items("/scheduling/tolerations");
        if !further.is_empty() {
            let mut all = review.object.items("/spec/tolerations").to_vec();
            all.extend(further.iter().filter(|one| !review.object.items("/spec/tolerations").contains(one)).cloned());
            review.object.put(&["spec", "tolerations"], all.into());
        }
        Ok(())
    }
}
