//! Custom resources: kinds that people define, and what their objects may be.
//!
//! A definition becomes kinds (`register`) when its names were accepted (`establish`). Objects are pruned by their type
//! (`merge`), filled by `defaults`, and checked by `validate` and then by the rules in CEL (`transition`).

mod defaults;
mod establish;
mod format;
mod register;
mod schema;
mod transition;
mod validate;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub(crate) use establish::{Establish, terminating};
use schema::Schema;

use crate::object::Object;
use crate::rules::Causes;
use crate::status::Cause;

/// What one version of a definition says of its objects.
#[derive(Debug)]
pub(crate) struct Custom {
    schema: Schema,
}

impl Custom {
    /// Of `openAPIV3Schema`.
    pub(crate) fn new(schema: &Value) -> Custom {
        Custom { schema: Schema::read(schema) }
    }

    /// Fills in what the object leaves open.
    pub(crate) fn fill(&self, object: &mut Object) {
        defaults::fields(&self.schema, object);
    }

    /// All that is wrong with an object. What did not change is not looked at again.
    pub(crate) fn validate(&self, object: &Object, old: Option<&Object>, causes: &mut Causes) {
        let object = Value::Object(object.clone());
        let old = old.map(|old| Value::Object(old.clone()));
        let mut found = Causes::new();
        validate::value(&self.schema, &object, old.as_ref(), "", &mut found);
        let blocks = found.iter().any(|cause| BLOCKING.contains(&cause.reason.as_str()));
        if blocks && self.schema.has_rules() {
            let why = "Invalid value: null: some validation rules were not checked because the object was invalid; \
                       correct the existing errors to complete validation";
            found.push(Cause::new("FieldValueInvalid", "<nil>", why));
        } else if !blocks {
            transition::value(&self.schema, &object, old.as_ref(), "", &mut found);
        }
        causes.append(&mut found);
    }
}

/// After one of these the rules are not asked any more.
const BLOCKING: [&str; 5] =
    ["FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"];
