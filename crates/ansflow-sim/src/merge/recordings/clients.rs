//! Patches that kubectl and helm sent to a real cluster, each with the object as it was: among them what kubectl does to take
//! over from its client-side apply. `live` has what controllers wrote until then; the rest of the answer is the merge's.

use std::fs::File;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::super::{By, apply, fit_patched, json_patch, merge_patch, sent_or_live, strategic, updated};
use super::{fill, object, sorted, ty};
use crate::api::write::Strictness;
use crate::manager::{Manager, ManagerId, Operation};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

#[test]
fn what_kubectl_and_helm_patch_comes_out_as_recorded() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/client-patches.json.gz");
    let patches: Vec<Value> = serde_json::from_reader(GzDecoder::new(File::open(path).unwrap())).unwrap();
    assert!(patches.len() > 40);
    patches.iter().for_each(check);
}

fn check(patch: &Value) {
    let told = format!("{} {}", patch["name"], patch["path"]);
    let (answer, answered) = apart(&patch["answer"]);
    let (live, managed) = match &patch["live"] {
        Value::Null => (None, Vec::new()),
        live => {
            let (live, managed) = apart(live);
            (Some(live), managed)
        }
    };
    let text = |field: &str| patch[field].as_str().unwrap();
    let operation = match text("contentType") {
        "application/apply-patch+yaml" => Operation::Apply,
        _ => Operation::Update,
    };
    let id = ManagerId {
        name: text("manager").into(),
        operation,
        api_version: answer.api_version().into(),
        subresource: "".into(),
    };
    let own = answered.iter().find(|manager| manager.id == id);
    let by = By { id, now: own.and_then(|own| own.time).unwrap_or(Micros(1)), status_apart: true };
    let ty = ty(&answer);

    let (mut made, managers) = if operation == Operation::Apply {
        let force = text("path").contains("force=true");
        let done = apply(ty, live.as_ref(), &managed, &object(&patch["body"]), &by, force).unwrap();
        let mut made = Value::Object(done.object);
        // An apply comes before the defaults.
        fill(&mut made, &Value::Object(answer.clone()));
        (made, done.managed)
    } else {
        let live = live.unwrap();
        let mut new = live.clone();
        new.put(&["metadata", "managedFields"], managed.iter().map(Manager::to_value).collect());
        let mut new = Value::Object(new);
        match text("contentType") {
            "application/json-patch+json" => json_patch(&mut new, &patch["body"]).unwrap(),
            "application/merge-patch+json" => merge_patch(&mut new, &patch["body"]),
            _ => strategic(ty, &mut new, &patch["body"]).unwrap(),
        }
        let mut new = fit_patched(object(&new), ty, Strictness::Strict).unwrap().object;
        let sent = new.take(&["metadata", "managedFields"]);
        let managed = sent_or_live(sent.as_ref(), &managed, "");
        let managers = updated(ty, Some(&live), &new, managed, &by);
        (Value::Object(new), managers)
    };
    assert_eq!(managers, answered, "managers of {told}");
    let mut answer = Value::Object(answer);
    for field in ["resourceVersion", "generation", "uid", "creationTimestamp"] {
        for object in [&mut made, &mut answer] {
            object["metadata"].as_object_mut().unwrap().shift_remove(field);
        }
    }
    assert_eq!(sorted(&made), sorted(&answer), "the object of {told}");
}

fn apart(value: &Value) -> (Object, Vec<Manager>) {
    let mut object = object(value);
    let managed = object.take(&["metadata", "managedFields"]);
    let managed =
        managed.iter().flat_map(|entries| entries.as_array().unwrap()).map(|entry| Manager::read(entry).unwrap());
    (object, managed.collect())
}
