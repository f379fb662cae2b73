//! What a real cluster answered to writes: the same objects, managers and refusals must come out.

mod clients;
mod created;

use std::path::Path;

use serde_json::{Value, json};

use super::{Applied, By, Expected, apply, decode, json_patch, merge_patch, sent_or_live, strategic, updated};
use crate::api::write::Strictness;
use crate::manager::{Manager, ManagerId, Operation};
use crate::object::{Object, ObjectExt};
use crate::schema::{self, GroupVersionKind, TypeId};
use crate::status::Status;
use crate::wire::yaml;

fn recording(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/api/{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is there", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// The type of an object by its apiVersion and kind.
fn ty(object: &Object) -> TypeId {
    let (group, version) = object.api_version().split_once('/').unwrap_or(("", object.api_version()));
    if object.kind() == "Widget" {
        let crd = recording("crd-create-201");
        let schema = &crd["response"]["body"]["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        let kind = GroupVersionKind { group: group.into(), version: version.into(), kind: "Widget".into() };
        return schema::custom("com.example.v1.Widget", kind, schema);
    }
    let known = schema::all().iter().find(|ty| {
        ty.kinds.iter().any(|known| {
            ty.kinds.len() == 1 && &*known.group == group && &*known.version == version && &*known.kind == object.kind()
        })
    });
    schema::named(&known.unwrap_or_else(|| panic!("{}/{} has a type", object.api_version(), object.kind())).name)
        .unwrap()
}

/// What was asked and answered.
struct Exchange {
    request: Value,
    answer: Object,
    managed: Vec<Value>,
}

fn exchange(name: &str) -> Exchange {
    let recording = recording(name);
    let mut answer = recording["response"]["body"].as_object().unwrap().clone();
    let managed = answer.take(&["metadata", "managedFields"]);
    let managed = managed.and_then(|entries| entries.as_array().cloned()).unwrap_or_default();
    Exchange { request: recording["request"].clone(), answer, managed }
}

impl Exchange {
    fn path(&self) -> &str {
        self.request["path"].as_str().unwrap()
    }

    fn content_type(&self) -> String {
        // Some recordings list headers, others map them.
        let headers = &self.request["headers"];
        let listed = headers.as_array().into_iter().flatten().find(|header| header[0] == "Content-Type");
        let said = listed.map_or(&headers["Content-Type"], |header| &header[1]);
        said.as_str().unwrap_or_default().to_owned()
    }

    /// A JSON body, or the object that a YAML body says.
    fn body(&self) -> Value {
        match &self.request["body"] {
            Value::String(text) => yaml::decode(text).unwrap(),
            other => other.clone(),
        }
    }

    fn by(&self, operation: Operation) -> By {
        let (path, query) = self.path().split_once('?').unwrap_or((self.path(), ""));
        let name = query.split('&').find_map(|option| option.strip_prefix("fieldManager=")).unwrap_or("ansflow");
        let subresource = path.rsplit('/').next().filter(|last| ["status", "scale"].contains(last)).unwrap_or_default();
        let own = self.managed.iter().find(|entry| {
            entry["manager"] == name
                && entry["operation"] == operation.as_str()
                && entry.get("subresource").and_then(Value::as_str).unwrap_or_default() == subresource
        });
        let now =
            own.and_then(|entry| entry["time"].as_str()).or(Some(self.answer.text("/metadata/creationTimestamp")));
        By {
            id: ManagerId {
                name: name.into(),
                operation,
                api_version: self.answer.api_version().into(),
                subresource: subresource.into(),
            },
            now: crate::time::Micros::parse(now.unwrap_or_default()).unwrap_or_default(),
            status_apart: true,
        }
    }

    /// Compares what came out, but for what others than the merge decide.
    fn check(&self, name: &str, object: &Object, managed: &[Manager]) {
        let entries: Vec<Value> = managed.iter().map(Manager::to_value).collect();
        let text = |entries: &[Value]| serde_json::to_string_pretty(&sorted(&json!(entries))).unwrap();
        assert_eq!(text(&entries), text(&self.managed), "managers of {name}");
        let plain = |object: &Object| {
            let mut object = object.clone();
            for field in ["resourceVersion", "generation", "uid", "creationTimestamp"] {
                object.take(&["metadata", field]);
            }
            sorted(&Value::Object(object))
        };
        assert_eq!(plain(object), plain(&self.answer), "the object of {name}");
    }

    /// What the server added to an object of a client before anybody looked at managers: its defaults.
    fn with_defaults(&self, sent: &Object, but: &[&str]) -> Object {
        let mut answer = Value::Object(self.answer.clone());
        for pointer in but {
            let (parent, last) = pointer.rsplit_once('/').unwrap();
            if let Some(fields) = answer.pointer_mut(parent).and_then(Value::as_object_mut) {
                fields.shift_remove(last);
            }
        }
        let mut sent = Value::Object(sent.clone());
        fill(&mut sent, &answer);
        sent.as_object().unwrap().clone()
    }
}

fn fill(value: &mut Value, from: &Value) {
    match (value, from) {
        (Value::Object(fields), Value::Object(from)) => {
            for (name, value) in from {
                fill(
                    fields
                        .entry(name.clone())
                        .or_insert_with(|| if value.is_object() { json!({}) } else { Value::Null }),
                    value,
                );
            }
        }
        (Value::Array(items), Value::Array(from)) => {
            items.iter_mut().zip(from).for_each(|(item, from)| fill(item, from))
        }
        (value @ Value::Null, from) => *value = from.clone(),
        _ => {}
    }
}

/// Lists of fields in one order, so that texts can be compared.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            fields.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

fn object(value: &Value) -> Object {
    value.as_object().unwrap().clone()
}

/// A Deployment that is written again and again.
struct Story {
    live: Object,
    managed: Vec<Manager>,
}

impl Story {
    fn begin(name: &str) -> Story {
        let exchange = exchange(name);
        let patch = object(&exchange.body());
        let made = apply(ty(&exchange.answer), None, &[], &patch, &exchange.by(Operation::Apply), false).unwrap();
        let filled = exchange.with_defaults(&made.object, &[]);
        exchange.check(name, &filled, &made.managed);
        Story { live: filled, managed: made.managed }
    }

    /// What controllers did before the next recording, taken from there.
    fn catch_up(&mut self, next: &Exchange) {
        self.live.put(&["status"], next.answer["status"].clone());
        if let Some(revision) = next.answer.annotations().get("deployment.kubernetes.io/revision") {
            self.live.put(&["metadata", "annotations", "deployment.kubernetes.io/revision"], revision.into());
        }
        self.managed.retain(|manager| &*manager.id.name != "kube-controller-manager");
        let theirs = next.managed.iter().filter(|entry| entry["manager"] == "kube-controller-manager");
        self.managed.extend(theirs.filter_map(Manager::read));
    }

    fn write(&self, exchange: &Exchange) -> Result<Applied, Status> {
        let ty = ty(&self.live);
        let mut new = Value::Object(self.live.clone());
        let body = exchange.body();
        match exchange.content_type().as_str() {
            "application/apply-patch+yaml" => {
                let force = exchange.path().contains("force=true");
                return apply(
                    ty,
                    Some(&self.live),
                    &self.managed,
                    &object(&body),
                    &exchange.by(Operation::Apply),
                    force,
                );
            }
            "application/json-patch+json" => json_patch(&mut new, &body)?,
            "application/merge-patch+json" => merge_patch(&mut new, &body),
            "application/strategic-merge-patch+json" => strategic(ty, &mut new, &body)?,
            _ => new = body,
        }
        let by = exchange.by(Operation::Update);
        let mut new = super::strict::fit_patched(object(&new), ty, Strictness::Strict)?.object;
        match &*by.id.subresource {
            "status" => new.put(&["spec"], self.live["spec"].clone()),
            _ => new.put(&["status"], self.live["status"].clone()),
        }
        let managed = sent_or_live(None, &self.managed, &by.id.subresource);
        let managed = updated(ty, Some(&self.live), &new, managed, &by);
        Ok(Applied { object: new, managed })
    }

    fn go_on(&mut self, name: &str) {
        let next = exchange(name);
        self.catch_up(&next);
        let made = self.write(&next).unwrap();
        next.check(name, &made.object, &made.managed);
        self.live = made.object;
        self.managed = made.managed;
    }

    fn scale(&mut self, name: &str) {
        let mut scaled = self.live.clone();
        let exchange = exchange(name);
        scaled.put(&["spec", "replicas"], exchange.answer["spec"]["replicas"].clone());
        let mut by = exchange.by(Operation::Update);
        by.id.api_version = "apps/v1".into();
        self.managed = updated(ty(&self.live), Some(&self.live), &scaled, self.managed.clone(), &by);
        self.live = scaled;
    }

    fn refused(&self, name: &str) {
        let recorded = recording(name);
        let exchange = exchange(name);
        let mut by = exchange.by(Operation::Apply);
        by.id.api_version = "apps/v1".into();
        let refusal = match exchange.content_type().as_str() {
            "application/apply-patch+yaml" => {
                let patch = object(&exchange.body());
                apply(ty(&self.live), Some(&self.live), &self.managed, &patch, &by, false).unwrap_err()
            }
            _ => json_patch(&mut Value::Object(self.live.clone()), &exchange.body()).unwrap_err(),
        };
        assert_eq!(refusal.to_value(), recorded["response"]["body"], "{name}");
    }
}

#[test]
fn a_deployment_is_applied_patched_updated_and_scaled_as_recorded() {
    let mut story = Story::begin("apply-create-201");
    story.refused("apply-unknown-field-default");
    story.refused("apply-wrong-kind-400");
    story.refused("apply-managed-fields-set-400");
    story.go_on("apply-no-op-200");
    story.go_on("apply-update-200");
    story.go_on("apply-force-200");
    story.go_on("apply-drop-field-200");
    // Dry runs change nothing.
    let before = (story.live.clone(), story.managed.clone());
    story.go_on("apply-dry-run");
    (story.live, story.managed) = before;
    story.go_on("patch-json");
    story.refused("patch-json-missing-path-422");
    story.refused("patch-json-test-fails-422");
    story.go_on("patch-merge");
    story.go_on("patch-strategic");
    story.go_on("patch-strategic-delete-directive");
    story.go_on("restart-by-annotation");
    story.go_on("update-put-200");
    story.go_on("update-without-resource-version-200");
    story.scale("scale-put");
    story.scale("scale-patch");
    let patched = exchange("status-patch");
    story.live.put(&["status"], patched.answer["status"].clone());
    let others = json!([{"type": "Available", "status": "True", "reason": "r", "message": "m",
        "lastUpdateTime": "2026-11-21T04:24:00Z", "lastTransitionTime": "2026-11-21T04:24:00Z"}]);
    story.live.put(&["status", "conditions"], others);
    let conditions = story.managed.iter().any(|manager| manager.fields.contains("Available"));
    assert!(conditions, "the controller owns its conditions before they are patched away");
    let made = story.write(&patched).unwrap();
    let other = |managed: &[Manager]| -> Vec<Value> {
        managed.iter().filter(|manager| &*manager.id.name != "kube-controller-manager").map(Manager::to_value).collect()
    };
    let expected: Vec<Value> =
        patched.managed.iter().filter(|entry| entry["manager"] != "kube-controller-manager").cloned().collect();
    assert_eq!(sorted(&json!(other(&made.managed))), sorted(&json!(expected)));
}

#[test]
fn an_apply_meets_the_fields_of_others_as_recorded() {
    // The Deployment as it was then: web of `ansflow` with three replicas.
    let begun = Story::begin("apply-create-201");
    let exchange = exchange("apply-conflict-409");
    let mut by = exchange.by(Operation::Apply);
    by.id.api_version = "apps/v1".into();
    let refusal =
        apply(ty(&begun.live), Some(&begun.live), &begun.managed, &object(&exchange.body()), &by, false).unwrap_err();
    assert_eq!(refusal.to_value(), recording("apply-conflict-409")["response"]["body"]);
}

#[test]
fn a_custom_resource_is_applied_and_patched_as_recorded() {
    let first = exchange("cr-apply-201");
    let widget = ty(&first.answer);
    let made = apply(widget, None, &[], &object(&first.body()), &first.by(Operation::Apply), false).unwrap();
    let live = first.with_defaults(&made.object, &[]);
    first.check("cr-apply-201", &live, &made.managed);

    let second = exchange("cr-merge-patch-200");
    let mut new = Value::Object(live.clone());
    merge_patch(&mut new, &second.body());
    let managed = updated(widget, Some(&live), &object(&new), made.managed, &second.by(Operation::Update));
    second.check("cr-merge-patch-200", &object(&new), &managed);

    let third = exchange("cr-status-patch");
    let live = object(&new);
    merge_patch(&mut new, &third.body());
    let managed = updated(widget, Some(&live), &object(&new), managed, &third.by(Operation::Update));
    third.check("cr-status-patch", &object(&new), &managed);
}

#[test]
fn the_last_finalizer_takes_its_manager_along() {
    let exchange = exchange("finalizer-remove");
    let mut live = exchange.answer.clone();
    live.put(&["metadata", "finalizers"], json!(["a/b"]));
    let manager = Manager {
        id: exchange.by(Operation::Update).id,
        time: None,
        fields: r#"{"f:metadata":{"f:finalizers":{".":{},"v:\"a/b\"":{}}}}"#.into(),
    };
    let mut new = Value::Object(live.clone());
    merge_patch(&mut new, &exchange.body());
    let managed = updated(ty(&live), Some(&live), &object(&new), vec![manager], &exchange.by(Operation::Update));
    exchange.check("finalizer-remove", &object(&new), &managed);
}

#[test]
fn bodies_that_cannot_be_read_are_refused_as_recorded() {
    for (name, ty, group, strict) in [
        ("create-unknown-field-strict", "io.k8s.api.apps.v1.Deployment", "apps", Strictness::Strict),
        ("create-duplicate-field-strict", "io.k8s.api.apps.v1.Deployment", "apps", Strictness::Strict),
        ("invalid-type-400", "io.k8s.api.apps.v1.Deployment", "apps", Strictness::Warn),
        ("invalid-body-kind-400", "io.k8s.api.apps.v1.Deployment", "apps", Strictness::Warn),
        ("invalid-json-400", "io.k8s.api.core.v1.ConfigMap", "", Strictness::Warn),
    ] {
        let recorded = recording(name);
        let ty = schema::named(ty).unwrap();
        let expected = Expected { ty, group: group.to_owned(), version: "v1".to_owned(), kind: ty.short().to_owned() };
        let body = match &recorded["request"]["body"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let refusal = decode(body.as_bytes(), &expected, strict).unwrap_err();
        assert_eq!(refusal.to_value(), recorded["response"]["body"], "{name}");
    }
}
