//! The comparison sees what is another, and only that.

use serde_json::{Value, json};

use super::Comparison;
use crate::cluster::Told;

fn differences(comparison: &mut Comparison, recorded: &Value, got: &Value) -> Vec<String> {
    let recorded = json!({"status": 200, "headers": [], "body": recorded});
    let told = Told { code: 200, headers: Vec::new(), text: got.to_string() };
    comparison.answers(&recorded, &told).into_iter().map(|one| one.at).collect()
}

#[test]
fn what_a_cluster_makes_up_is_no_difference() {
    let pod = |name: &str, uid: &str, time: &str, revision: &str| {
        json!({"metadata": {"name": name, "uid": uid, "creationTimestamp": time, "resourceVersion": revision,
            "managedFields": [{"fieldsV1": {"f:ownerReferences": {(format!("k:{{\"uid\":\"{uid}\"}}")): {}}}}]}})
    };
    let theirs = pod("web-5965d9d6c4-89sch", "41843413-6640-4a1c-8068-909ce04f95f5", "2026-11-21T04:24:01Z", "19145");
    let ours = pod("web-67d887cfb5-glh6f", "e11a56fb-917b-4cf5-b62b-548525877e1c", "2026-11-21T04:24:02Z", "1033");
    assert_eq!(differences(&mut Comparison::default(), &theirs, &ours), [""; 0]);
}

#[test]
fn what_is_another_is_a_difference() {
    let theirs = json!({"spec": {"replicas": 2, "paused": true}, "status": {"phase": "Running"}, "items": [1, 2]});
    let ours = json!({"spec": {"replicas": 3}, "status": {"phase": "Pending", "hostIP": "1.1.1.1"}, "items": [1]});
    let found = differences(&mut Comparison::default(), &theirs, &ours);
    assert_eq!(found, [".spec.replicas", ".spec.paused", ".status.phase", ".status.hostIP", ".items"]);
}

#[test]
fn a_uid_that_was_another_objects_is_a_difference() {
    let uid = |uid: &str| json!({"uid": uid});
    let (a, b) = ("41843413-6640-4a1c-8068-909ce04f95f5", "e11a56fb-917b-4cf5-b62b-548525877e1c");
    let (x, y) = ("5642f7f2-cbc1-46ee-bdf5-3965d51d3fe2", "20c7a84c-c899-4cde-8985-812a219573fc");
    let comparison = &mut Comparison::default();
    assert_eq!(differences(comparison, &uid(a), &uid(x)), [""; 0]);
    assert_eq!(differences(comparison, &uid(a), &uid(y)), [".uid"]);
    assert_eq!(differences(comparison, &uid(b), &uid(x)), [".uid"]);
}

#[test]
fn a_revision_that_moved_or_stayed_where_the_recorded_one_did_not_is_a_difference() {
    let at = |revision: &str| json!({"metadata": {"uid": "u", "resourceVersion": revision}});
    let comparison = &mut Comparison::default();
    assert_eq!(differences(comparison, &at("19000"), &at("1000")), [""; 0]);
    assert_eq!(differences(comparison, &at("19000"), &at("1001")), [".metadata.resourceVersion"]);
    assert_eq!(differences(comparison, &at("19001"), &at("1000")), [".metadata.resourceVersion"]);
}

#[test]
fn lists_are_matched_by_names_that_are_known() {
    let list = |names: [&str; 2], phases: [&str; 2]| {
        json!({"items": [
            {"metadata": {"name": names[0]}, "phase": phases[0]}, {"metadata": {"name": names[1]}, "phase": phases[1]}]})
    };
    let comparison = &mut Comparison::default();
    let known = json!({"name": "web-89sch"});
    assert_eq!(differences(comparison, &known, &json!({"name": "web-zpbx5"})), [""; 0]);
    let (theirs, ours) = (["web-89sch", "web-gdvzs"], ["web-glh6f", "web-zpbx5"]);
    let recorded = list(theirs, ["Running", "Pending"]);
    assert_eq!(differences(comparison, &recorded, &list(ours, ["Pending", "Running"])), [""; 0]);
    let found = differences(comparison, &recorded, &list(ours, ["Running", "Pending"]));
    assert_eq!(found, [".items[0].phase", ".items[1].phase"]);
}
