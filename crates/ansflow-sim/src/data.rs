//! The packed data that is read when a cluster starts, unpacked. What is seldom asked for is `wire/embedded.rs`.

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;

/// Schemas in OpenAPI v3 form, by name.
pub(crate) fn structure() -> Value {
    unpacked(include_bytes!("../data/structure.json.gz"))
}

/// The resources of discovery.
pub(crate) fn kinds() -> Value {
    unpacked(include_bytes!("../data/kinds.json.gz"))
}

fn unpacked(packed: &[u8]) -> Value {
    let mut bytes = Vec::with_capacity(packed.len() * 14);
    let whole = GzDecoder::new(packed).read_to_end(&mut bytes).is_ok();
    assert!(whole, "the data that the program carries is whole");
    serde_json::from_slice(&bytes).expect("the data that the program carries is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_can_be_unpacked() {
        assert_eq!(structure().as_object().unwrap().len(), 730);
        assert_eq!(kinds().as_array().unwrap().len(), 66);
    }
}
