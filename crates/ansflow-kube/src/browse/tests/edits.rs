//! What comes back from an editor, and what of a Secret is ever shown.

use super::super::edit::{self, Unfit};
use super::super::{secrets, yaml};
use super::object;
use crate::object::Obj;
use expect_test::expect;
use yaml::View;

const SECRET: &str = r#"
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
  uid: u-1
  resourceVersion: "7"
  managedFields: [{ manager: kubectl }]
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"password":"hunter2"}}'
    note: shown
type: Opaque
data: { password: aHVudGVyMg==, token: dG9r }
"#;

#[test]
fn a_secret_is_shown_without_what_it_keeps() {
    expect![[r#"
        apiVersion: v1
        kind: Secret
        metadata:
          name: db
          namespace: shop
          uid: u-1
          resourceVersion: "7"
          annotations:
            kubectl.kubernetes.io/last-applied-configuration: "<hidden: 37 bytes>"
            note: shown
        type: Opaque
        data:
          password: "<hidden: 7 bytes>"
          token: "<hidden: 3 bytes>"
    "#]]
    .assert_eq(&yaml::text(&object(SECRET), View::default()));
    assert!(yaml::text(&object(SECRET), View { managed: true }).contains("manager: kubectl"));
}

#[test]
fn a_config_map_is_shown_as_it_is() {
    let text = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: c }, data: { password: aHVudGVyMg== } }";
    assert!(yaml::text(&object(text), View::default()).contains("aHVudGVyMg=="));
}

#[test]
fn what_is_hidden_comes_back_as_it_was_stored() {
    let stored = object(SECRET);
    let text = yaml::text(&stored, View::default());
    assert!(edit::edited(&text, &stored).unwrap().map()["data"] == stored.map()["data"]);
    let back = edit::edited(&text.replace("\"<hidden: 3 bytes>\"", "bmV3"), &stored).unwrap();
    assert_eq!(back.text(&["data", "password"]), Some("aHVudGVyMg=="));
    assert_eq!(back.text(&["data", "token"]), Some("bmV3"));
    let annotation = ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"];
    assert!(back.at(&annotation) == stored.at(&annotation));
}

#[test]
fn a_hidden_value_moved_to_string_data_stays_what_it_is() {
    let text = "{ apiVersion: v1, kind: Secret, metadata: { name: db, namespace: shop }, stringData: { password: '<hidden: 7 bytes>', \
                token: fresh } }";
    let back = edit::edited(text, &object(SECRET)).unwrap();
    assert_eq!(back.text(&["data", "password"]), Some("aHVudGVyMg=="));
    assert!(back.at(&["stringData"]) == Some(&serde_json::json!({ "token": "fresh" })));
}

#[test]
fn a_hidden_value_that_is_stored_nowhere_is_asked_for() {
    let text = yaml::text(&object(SECRET), View::default()).replace("token:", "other:");
    let refused = edit::edited(&text, &object(SECRET)).err().unwrap();
    assert_eq!(
        refused.to_string(),
        "`data.other` is hidden in this text, and no value of it is stored; write the value itself"
    );
    assert!(matches!(edit::new_objects(&text), Err(Unfit::NotStored(_))));
}

#[test]
fn a_change_of_a_secret_is_seen_and_its_values_are_not() {
    let stored = object(SECRET);
    let text = yaml::text(&stored, View::default()).replace("\"<hidden: 3 bytes>\"", "bmV3");
    let diff = edit::diff(Some(&stored), &edit::edited(&text, &stored).unwrap());
    expect![[r#"
        @@ -9,4 +9,4 @@
         type: Opaque
         data:
           password: "<hidden: 7 bytes>"
        -  token: "<hidden: 3 bytes>"
        +  token: "<hidden: 3 bytes, changed>"
    "#]]
    .assert_eq(&diff.lines);
    let all = format!("{diff:?}");
    assert!(!["hunter2", "aHVudGVyMg", "dG9r", "bmV3"].iter().any(|value| all.contains(value)), "{all}");
}

#[test]
fn nothing_changes_where_only_the_server_has_written() {
    let before =
        object("{ apiVersion: v1, kind: ConfigMap, metadata: { name: c, resourceVersion: '1' }, data: { a: b } }");
    let after = object(
        "{ kind: ConfigMap, apiVersion: v1, metadata: { name: c, resourceVersion: '2' }, data: { a: b }, status: {} }",
    );
    assert!(!edit::diff(Some(&before), &after).is_change());
    assert!(edit::diff(None, &after).lines.contains("+kind: ConfigMap"));
}

#[test]
fn another_object_or_more_than_one_or_none_is_no_edit() {
    let stored = object("{ apiVersion: v1, kind: ConfigMap, metadata: { name: c, namespace: shop } }");
    for (text, why) in [
        (
            "{ apiVersion: v1, kind: ConfigMap, metadata: { name: d, namespace: shop } }",
            "the text is about v1 ConfigMap/d, and this edits v1 ConfigMap/c; a copy is created as a new object",
        ),
        (
            "{ apiVersion: v1, kind: ConfigMap, metadata: { name: c, namespace: other } }",
            "the text is about v1 ConfigMap/c, and this edits v1 ConfigMap/c; a copy is created as a new object",
        ),
        (
            "{ apiVersion: v1, kind: ConfigMap, metadata: { name: c } }\n---\n{ kind: Pod }",
            "the text holds 2 objects, and exactly one is edited here",
        ),
        ("# nothing", "the text holds no object"),
        ("a: [", ""),
    ] {
        let refused = edit::edited(text, &stored).err().unwrap().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    assert!(edit::edited("{ apiVersion: v1, kind: ConfigMap, metadata: { name: c } }", &stored).is_ok());
    assert!(matches!(edit::edited(&" ".repeat(edit::LARGEST + 1), &stored), Err(Unfit::TooLong(_))));
}

#[test]
fn only_what_is_asked_for_is_revealed() {
    let secret =
        object("{ apiVersion: v1, kind: Secret, metadata: { name: s }, data: { a: aHVudGVyMg==, b: //79, c: eA== } }");
    let keys = ["a".to_owned(), "b".to_owned(), "nothing".to_owned()];
    let revealed: Vec<(String, String)> =
        secrets::reveal(&secret, &keys).into_iter().map(|(key, value)| (key, value.to_string())).collect();
    assert_eq!(revealed, [("a".to_owned(), "hunter2".to_owned()), ("b".to_owned(), "//79".to_owned())]);
    let values: Vec<String> = secrets::values(&secret).iter().map(|value| value.to_string()).collect();
    assert!(values.contains(&"hunter2".to_owned()) && values.contains(&"aHVudGVyMg==".to_owned()));
    assert_eq!(secrets::keys(&secret), ["a", "b", "c"]);
    assert!(!secrets::is_secret(&Obj::new(serde_json::json!({ "apiVersion": "x.io/v1", "kind": "Secret" })).unwrap()));
}
