//! A number for a JSON value that does not depend on the order of its keys: two templates are the same when theirs are.

use serde_json::Value as Json;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The same for equal values, within one process.
pub(crate) fn shape(value: &Json) -> u64 {
    let mut hasher = DefaultHasher::new();
    feed(&mut hasher, value);
    hasher.finish()
}

/// Every value begins with a number of its own, so that no two values feed the same.
fn feed(hasher: &mut DefaultHasher, value: &Json) {
    match value {
        Json::Null => 0_u8.hash(hasher),
        Json::Bool(truth) => (1_u8, truth).hash(hasher),
        Json::Number(number) => (2_u8, number).hash(hasher),
        Json::String(text) => (3_u8, text).hash(hasher),
        Json::Array(items) => {
            (4_u8, items.len()).hash(hasher);
            items.iter().for_each(|item| feed(hasher, item));
        }
        Json::Object(map) => {
            (5_u8, map.len()).hash(hasher);
            let mut fields: Vec<_> = map.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            for (name, value) in fields {
                name.hash(hasher);
                feed(hasher, value);
            }
        }
    }
}
