//! Whole tables equal the recorded ones.

use serde_json::{Value, json};

use super::{Include, Sheet};
use crate::kinds::Kinds;
use crate::object::Object;
use crate::time::Micros;
use crate::wire::accept::MetaVersion;
use crate::wire::fresh;
use crate::wire::partial;
use crate::wire::recorded::{body, object, recording};
use crate::wire::tables::{CustomColumns, Printer};

fn sheet(printer: &Printer, include: Include) -> Sheet<'_> {
    Sheet { printer, version: MetaVersion::V1, include, now: Micros::parse("2026-11-21T04:24:27Z").unwrap() }
}

fn printer(group: &str, plural: &str) -> &'static Printer {
    Printer::of(&Kinds::new().find(group, "v1", plural).unwrap())
}

/// The objects of a recorded table, with what its rows do not carry.
fn objects(table: &Value, rest: &Value) -> Vec<Object> {
    let rows = table["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let mut whole = object(rest);
        whole.insert("metadata".to_owned(), row["object"]["metadata"].clone());
        whole
    })
    .collect()
}

#[expect(clippy::needless_pass_by_value, reason = "cases are read more easily so")]
fn check(recording: &str, group: &str, plural: &str, rest: Value) {
    let wanted = body(recording);
    let objects = objects(&wanted, &rest);
    let made = sheet(printer(group, plural), Include::Metadata).list(wanted["metadata"].clone(), objects.iter());
    assert_eq!(made, wanted, "{recording}");
}

#[test]
fn the_recorded_lists_come_out() {
    check("table-namespaces", "", "namespaces", json!({"status": {"phase": "Active"}}));
    check("table-configmaps", "", "configmaps", json!({"data": {"a": "b"}}));
    check("table-secrets", "", "secrets", json!({"type": "Opaque", "data": {"a": "b"}}));
    check("table-services", "", "services", json!({}));
    let info = json!({"kubeletVersion": "v1.34.9", "osImage": "Debian GNU/Linux 12 (bookworm)", "kernelVersion": "6.18.44", "containerRuntimeVersion": "containerd://1.6.20"});
    check(
        "table-nodes",
        "",
        "nodes",
        json!({"status": {"nodeInfo": info, "conditions": [{"type": "Ready", "status": "True"}], "addresses": [{"type": "InternalIP", "address": "192.0.2.2"}]}}),
    );
}

#[test]
fn a_single_object_is_a_table_too() {
    let wanted = body("table-deployment-single");
    let mut web = object(&body("get-deployment"));
    web.insert("metadata".to_owned(), wanted["rows"][0]["object"]["metadata"].clone());
    web.insert(
        "status".to_owned(),
        json!({"replicas": 2, "readyReplicas": 2, "updatedReplicas": 2, "availableReplicas": 2}),
    );
    assert_eq!(sheet(printer("apps", "deployments"), Include::Metadata).event(&web, true), wanted);
}

#[test]
fn rows_may_go_without_their_objects() {
    let wanted = body("table-include-object-none");
    let pod = object(&body("list-field-selector-pods")["items"][0]);
    let made = sheet(printer("", "pods"), Include::None).list(wanted["metadata"].clone(), [&pod].into_iter());
    assert_eq!(made, wanted);
}

#[test]
fn only_the_first_event_of_a_watch_says_the_columns() {
    let stream = recording("watch-table")["response"]["stream"].clone();
    let pod = object(&body("list-field-selector-pods")["items"][0]);
    let mut made = sheet(printer("", "pods"), Include::Metadata).event(&pod, true);
    made["rows"][0]["cells"][4] = "24s".into();
    assert_eq!(made, stream[0]["event"]["object"]);
    let later = sheet(printer("", "pods"), Include::Metadata).event(&pod, false);
    assert_eq!(later["columnDefinitions"], stream[1]["event"]["object"]["columnDefinitions"]);
}

#[test]
fn a_pod_that_has_ended_says_so_beside_its_cells() {
    let pod = object(&json!({"spec": {"containers": []}, "status": {"phase": "Succeeded"}}));
    let made = sheet(printer("", "pods"), Include::None).event(&pod, true);
    let wanted = json!([{"type": "Completed", "status": "True", "reason": "Succeeded", "message": "The pod has completed successfully."}]);
    assert_eq!(made["rows"][0]["conditions"], wanted);
}

#[test]
fn a_custom_resource_and_metadata_alone() {
    let wanted = body("cr-table");
    let columns = body("crd-create-201")["spec"]["versions"][0]["additionalPrinterColumns"].clone();
    let printer = Printer::Custom(CustomColumns::parse(columns.as_array().unwrap()));
    let objects = objects(&wanted, &json!({"spec": {"size": 2}}));
    assert_eq!(sheet(&printer, Include::Metadata).list(wanted["metadata"].clone(), objects.iter()), wanted);

    let wanted = body("partial-object-metadata-list");
    let items: Vec<Object> = wanted["items"].as_array().unwrap().iter().map(object).collect();
    assert_eq!(partial::list(MetaVersion::V1, wanted["metadata"].clone(), items.iter()), wanted);
}

#[test]
fn whole_objects_have_the_recorded_rows() {
    let tables: Value = serde_json::from_str(include_str!("../../../tests/fixtures/objects-in-tables.json")).unwrap();
    for recorded in tables.as_array().unwrap() {
        let wanted = &recorded["table"];
        let rows = wanted["rows"].as_array().unwrap();
        let objects: Vec<Object> = rows.iter().map(|row| object(&row["object"])).collect();
        let kinds = Kinds::new();
        let kind = kinds.of(objects[0]["apiVersion"].as_str().unwrap(), objects[0]["kind"].as_str().unwrap()).unwrap();
        let now = fresh::moment(recorded["date"].as_str().unwrap()).unwrap();
        let sheet = Sheet { now, ..sheet(Printer::of(&kind), Include::Object) };
        assert_eq!(&sheet.list(wanted["metadata"].clone(), objects.iter()), wanted);
    }
}
