//! Every protobuf body of the recorded clients is read; what is broken is refused and never followed too deep.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{BadProtobuf, decode};

/// Of 347 recorded bodies those that differ, without the large ones that are alike: `{"bodies": [base64, …], "twins": [[base64, json], …]}`.
fn recorded() -> Value {
    let packed: &[u8] = include_bytes!("../../../tests/fixtures/protobuf.json.gz");
    serde_json::from_reader(flate2::read::GzDecoder::new(packed)).unwrap()
}

fn bytes(body: &Value) -> Vec<u8> {
    STANDARD.decode(body.as_str().unwrap()).unwrap()
}

#[test]
fn every_recorded_body_is_read() {
    let recorded = recorded();
    let mut kinds = BTreeMap::new();
    for body in recorded["bodies"].as_array().unwrap() {
        let object = decode(&bytes(body)).unwrap();
        *kinds.entry(format!("{} {}", object["apiVersion"], object["kind"])).or_insert(0) += 1;
    }
    assert_eq!(kinds.values().sum::<i32>(), 71, "{kinds:#?}");
    assert_eq!(kinds.len(), 13, "every kind that a client sent or was sent is among them");
}

/// What says nothing is left out on both sides: Go writes some of it in JSON and none of it in protobuf.
fn said(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), said(value)));
            fields.filter(|(_, value)| !super::is_zero(value)).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(said).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_body_says_what_its_json_twin_says() {
    for twin in recorded()["twins"].as_array().unwrap() {
        let object = Value::Object(decode(&bytes(&twin[0])).unwrap());
        let mut wanted = twin[1].clone();
        wanted["kind"] = object["kind"].clone();
        wanted["apiVersion"] = object["apiVersion"].clone();
        assert_eq!(said(&object), said(&wanted));
    }
}

fn field(number: u8, inner: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut length = inner.len();
    while length > 127 {
        out.push(u8::try_from(length & 127).unwrap() | 128);
        length >>= 7;
    }
    out.push(u8::try_from(length).unwrap());
    out.extend_from_slice(inner);
    out
}

fn body(api_version: &str, kind: &str, raw: &[u8]) -> Vec<u8> {
    let meta = [field(1, api_version.as_bytes()), field(2, kind.as_bytes())].concat();
    [b"k8s\0".to_vec(), field(1, &meta), field(2, raw)].concat()
}

#[test]
fn an_empty_volume_source_stays() {
    let volume = [field(1, b"tmp"), field(2, &field(2, b""))].concat();
    let object = decode(&body("v1", "Pod", &field(2, &field(1, &volume)))).unwrap();
    assert_eq!(object["spec"]["volumes"], json!([{"name": "tmp", "emptyDir": {}}]));
}

#[test]
fn what_is_no_body_is_refused() {
    assert_eq!(decode(b"{}"), Err(BadProtobuf::Prefix));
    assert_eq!(decode(&body("example.com/v1", "Widget", b"")), Err(BadProtobuf::UnknownKind));
    let whole = body("v1", "Namespace", &field(1, &field(1, b"demo")));
    assert_eq!(decode(&whole).unwrap()["metadata"]["name"], json!("demo"));
    for end in 4..whole.len() {
        // Cut anywhere: an answer, never a panic.
        drop(decode(&whole[..end]));
    }
    assert_eq!(decode(&whole[..whole.len() - 1]), Err(BadProtobuf::Short));
}
