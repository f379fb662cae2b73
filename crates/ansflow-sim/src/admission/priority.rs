//! The priority of a pod, by the class it names: Priority.

use serde_json::Value;

use super::{Admission, Operation, Review};
use crate::object::{Object, ObjectExt};
use crate::status::Status;

const GROUP: &str = "scheduling.k8s.io";

pub(super) struct Priority;

impl Admission for Priority {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        if !review.is_new("", "Pod") {
            return Ok(());
        }
        let named = review.object.text("/spec/priorityClassName").to_owned();
        let class = match named.as_str() {
            "" => default_class(review),
            "system-node-critical" => Some(system(2_000_001_000)),
            "system-cluster-critical" => Some(system(2_000_000_000)),
            name => {
                let missing = || review.refuse(&format!("no PriorityClass with name {name} was found"));
                Some(review.found(GROUP, "PriorityClass", "", name).ok_or_else(missing)?)
            }
        };
        let value = class.as_ref().and_then(|class| class.int("/value")).unwrap_or_default();
        if let Some(given) = review.object.int("/spec/priority").filter(|given| *given != value) {
            return Err(review.refuse(&format!(
                "the integer value of priority ({given}) must not be provided in pod spec; \
                 priority admission controller computed {value} from the given PriorityClass name"
            )));
        }
        let preempts = class.as_ref().map(|class| class.text("/preemptionPolicy")).filter(|policy| !policy.is_empty());
        let preempts = preempts.unwrap_or("PreemptLowerPriority").to_owned();
        if let Some(class) = class.filter(|class| named.is_empty() && !class.name().is_empty()) {
            review.object.put(&["spec", "priorityClassName"], class.name().into());
        }
        review.object.put(&["spec", "priority"], value.into());
        review.object.put(&["spec", "preemptionPolicy"], preempts.into());
        Ok(())
    }

    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let is_default = |class: &Object| class.flag("/globalDefault");
        let asks = review.kind.is(GROUP, "PriorityClass") && review.operation != Operation::Delete;
        if !asks || !is_default(review.object) {
            return Ok(());
        }
        let other = default_class(review).filter(|class| class.name() != review.object.name());
        match other {
            Some(other) => Err(review.refuse(&format!(
                "PriorityClass {} is already marked as default. Only one default can exist",
                other.name()
            ))),
            None => Ok(()),
        }
    }
}

fn default_class(review: &Review<'_, '_>) -> Option<Object> {
    let all = review.everywhere(GROUP, "PriorityClass").into_iter().filter(|class| class.flag("/globalDefault"));
    all.min_by_key(|class| class.int("/value"))
}

fn system(value: i64) -> Object {
    Object::from_iter([("value".to_owned(), Value::from(value))])
}
