//! A number for a JSON value that does not depend on the order of its keys: two templates are the same when theirs are.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// The first eight bytes of a hash of the value in a sorted form.
pub(crate) fn shape(value: &Json) -> u64 {
    let mut hash = Sha256::new();
    feed(&mut hash, value);
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Every value begins with a letter of its own and texts with their length, so that no two values feed the same bytes.
fn feed(hash: &mut Sha256, value: &Json) {
    match value {
        Json::Null => hash.update(b"n"),
        Json::Bool(truth) => hash.update(if *truth { b"t" } else { b"f" }),
        Json::Number(number) => text(hash, b'd', &number.to_string()),
        Json::String(value) => text(hash, b's', value),
        Json::Array(items) => {
            text(hash, b'a', &items.len().to_string());
            items.iter().for_each(|item| feed(hash, item));
        }
        Json::Object(map) => {
            text(hash, b'o', &map.len().to_string());
            let mut fields: Vec<_> = map.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            for (name, value) in fields {
                text(hash, b'k', name);
                feed(hash, value);
            }
        }
    }
}

fn text(hash: &mut Sha256, letter: u8, text: &str) {
    hash.update([letter]);
    hash.update(text.len().to_le_bytes());
    hash.update(text.as_bytes());
}
