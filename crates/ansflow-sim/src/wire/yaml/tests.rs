//! YAML as `sigs.k8s.io/yaml` reads and writes it.

use serde_json::{Value, json};

use super::{decode, encode, repeated};

#[expect(clippy::needless_pass_by_value, reason = "cases are read more easily so")]
fn check(text: &str, expect: Value) {
    assert_eq!(decode(text).unwrap(), expect, "{text}");
}

#[test]
fn a_manifest_becomes_json() {
    check(
        "a: 1\nb: [x, 'y', \"z\"]\nc:\n- d: 1.5\n  e: null\n",
        json!({"a": 1, "b": ["x", "y", "z"], "c": [{"d": 1.5, "e": null}]}),
    );
    check("---\na: 1\n", json!({"a": 1}));
    check("{\"kind\": \"Pod\"}", json!({"kind": "Pod"}));
    check("", json!(null));
    check("text: |\n  one\n  two\n", json!({"text": "one\ntwo\n"}));
}

#[test]
fn booleans_are_those_of_yaml_1_1_and_modes_are_octal() {
    check("[yes, no, on, off, True, y]", json!([true, false, true, false, true, true]));
    check("mode: 0644", json!({"mode": 420}));
    check("mode: 0o644", json!({"mode": 420}));
    check("v: [1.34, \"1\", 1e3, 0x10, 1_000, 1.2.3]", json!({"v": [1.34, "1", 1000.0, 16, "1_000", "1.2.3"]}));
    check("yes: 1", json!({"yes": 1}));
}

#[test]
fn aliases_and_merges_are_followed_within_a_budget() {
    check("a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n  l: 2\n", json!({"a": {"k": 1}, "b": {"k": 1}, "c": {"k": 1, "l": 2}}));
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..9 {
        let below = format!("*a{},", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    assert!(decode(&bomb).unwrap_err().to_string().contains("excessive aliasing"));
}

#[test]
fn broken_yaml_is_told_with_its_line() {
    assert_eq!(
        decode("a: [b").unwrap_err().to_string(),
        "error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'"
    );
    assert!(
        decode("a: 1\n b: 2\n").unwrap_err().to_string().starts_with("error converting YAML to JSON: yaml: line 2: ")
    );
}

#[test]
fn what_is_written_is_read_again() {
    let object = json!({"b": ["x", {"c": 1, "d": []}], "a": {"e": {}, "f": "yes", "g": "1", "h": "a: b", "i": "-x", "j": "two\nlines", "k": null}, "l": [[1, 2], []]});
    assert_eq!(decode(&encode(&object)).unwrap(), object, "{}", encode(&object));
    assert_eq!(
        encode(&json!({"kind": "Pod", "apiVersion": "v1", "items": [{"b": 2, "a": 1}]})),
        "apiVersion: v1\nitems:\n- a: 1\n  b: 2\nkind: Pod\n"
    );
}

#[test]
fn a_key_that_stands_twice_is_told_and_the_last_counts() {
    check("a: 1\nb:\n  c: 1\n  c: 2\n", json!({"a": 1, "b": {"c": 2}}));
    let said = "error converting YAML to JSON: yaml: unmarshal errors:\n  line 4: key \"c\" already set in map";
    assert_eq!(repeated("a: 1\nb:\n  c: 1\n  c: 2\n").unwrap(), said);
    assert_eq!(repeated("a: {b: 1}\nc: {b: 1}\n"), None);
}
