//! The data files that the crate carries, unpacked when somebody asks. Where they come from is told in `data/README.md`.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use serde_json::{Map, Value};

/// Descriptions: type → path of a field ("" is the type itself) → text. Large and rarely asked for, so that nobody keeps it.
pub(crate) fn words() -> Map<String, Value> {
    read(include_bytes!("../../data/words.json.gz"))
}

/// Schemas in the form of OpenAPI v3 without their descriptions. `schema/load.rs` keeps them as types; here they are text again.
pub(crate) fn structure() -> Map<String, Value> {
    read(include_bytes!("../../data/structure.json.gz"))
}

/// Column definitions as a real cluster gives them: resource → columns.
pub(crate) fn tables() -> &'static Map<String, Value> {
    static TABLES: OnceLock<Map<String, Value>> = OnceLock::new();
    TABLES.get_or_init(|| read(include_bytes!("../../data/tables.json.gz")))
}

/// Field numbers: message → number → `[name, type, message?]`.
pub(crate) fn protobuf() -> Map<String, Value> {
    read(include_bytes!("../../data/protobuf.json.gz"))
}

/// Parameters of API operations, as OpenAPI documents repeat them.
pub(crate) fn parameters() -> Map<String, Value> {
    read(include_bytes!("../../data/parameters.json.gz"))
}

fn read(packed: &[u8]) -> Map<String, Value> {
    let mut text = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut text).expect("the data files are whole: a test unpacks each of them");
    serde_json::from_slice(&text).expect("the data files are JSON objects: a test reads each of them")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_data_file_is_read() {
        assert!(super::words().len() > 700);
        assert!(super::structure().len() > 700);
        assert!(super::protobuf().len() > 500);
        assert_eq!(super::tables().len(), 15);
        assert!(super::parameters().len() > 30);
    }
}
