//! What holds for every body: strangers' bytes get an answer, and what we write as YAML is read as the same.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{protobuf, yaml};
use crate::field_selector::FieldSelector;
use crate::jsonpath::JsonPath;
use crate::selector::Selector;

/// Words that YAML could take for something else.
const TRAPS: &[&str] = &[
    "yes",
    "1",
    "0644",
    "null",
    "~",
    "-",
    "- a",
    "a: b",
    "#x",
    "2026-11-21",
    "1e3",
    "a\nb",
    "\t",
    "{}",
    "&a",
    "*a",
    "!t",
    "|",
    "> ",
    "",
    " ",
    "'",
    "\"",
    ".5",
    "+1",
    "=",
    "?",
    "---",
    "...",
    "a\n",
    "\u{85}",
    "\u{2028}",
    "\u{feff}x",
    "\r",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "\\PC{0,6}", prop::sample::select(TRAPS).prop_map(str::to_owned)]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..5).prop_map(|pairs| {
                // `<<` merges and is no name.
                let pairs = pairs.into_iter().filter(|(name, _)| name != "<<");
                Value::Object(pairs.collect::<Map<String, Value>>())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_protobuf_is_answered(mut bytes in prop::collection::vec(any::<u8>(), 0..200), kind in prop_oneof!["Pod", "Secret", "Job"]) {
        drop(protobuf::decode(&bytes));
        let api_version = if kind == "Job" { "batch/v1" } else { "v1" };
        let meta = [&[10, u8::try_from(api_version.len()).unwrap()], api_version.as_bytes(), &[18, u8::try_from(kind.len()).unwrap()], kind.as_bytes()].concat();
        bytes.truncate(100);
        let raw = [&[18, u8::try_from(bytes.len()).unwrap()][..], &bytes].concat();
        let whole = [b"k8s\0", &[10, u8::try_from(meta.len()).unwrap()][..], &meta, &raw].concat();
        drop(protobuf::decode(&whole));
    }

    #[test]
    fn any_text_is_answered_as_yaml_and_as_a_selector(text in "\\PC{0,80}", lines in "([ -~]{0,10}\n){0,8}") {
        drop(yaml::decode(&text));
        drop(yaml::decode(&lines));
        drop(Selector::parse(&text));
        drop(FieldSelector::parse(&text, "", "Pod", &[]));
        drop(JsonPath::parse(&text));
    }

    #[test]
    fn what_is_written_as_yaml_is_read_as_the_same(value in json()) {
        let written = yaml::encode(&value);
        prop_assert_eq!(yaml::decode(&written).unwrap(), value, "{}", written);
    }

    #[test]
    fn a_selector_that_is_shown_is_read_as_the_same(text in "[!a-c=, ()in]{0,30}") {
        if let Ok(selector) = Selector::parse(&text) {
            prop_assert_eq!(Selector::parse(&selector.to_string()).unwrap(), selector);
        }
    }
}
