//! Pods bear a node that is lost for five minutes, unless they say otherwise: DefaultTolerationSeconds.

use serde_json::{Value, json};

use super::{Admission, Review};
use crate::object::ObjectExt;
use crate::status::Status;

pub(super) struct DefaultTolerations;

impl Admission for DefaultTolerations {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        if !review.is_new("", "Pod") {
            return Ok(());
        }
        let mut all: Vec<Value> = review.object.items("/spec/tolerations").to_vec();
        let before = all.len();
        for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
            let bears = |toleration: &Value| {
                let text = |field: &str| toleration[field].as_str().unwrap_or_default();
                let fits = text("key") == key || (text("key").is_empty() && text("operator") == "Exists");
                fits && matches!(text("effect"), "" | "NoExecute")
            };
            if !all[..before].iter().any(bears) {
                all.push(json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}));
            }
        }
        review.object.put(&["spec", "tolerations"], all.into());
        Ok(())
    }
}
