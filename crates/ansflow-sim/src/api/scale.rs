//! The scale of whatever has replicas, as an object of its own kind: `autoscaling/v1, Scale`.

use serde_json::{Value, json};

use super::options::{media, patch_of};
use super::write::{Change, Patch, write};
use super::{Answer, Call, Reply, body, definition, get};
use crate::merge::{self, Expected};
use crate::object::{Object, ObjectExt};
use crate::schema;
use crate::selector;
use crate::status::Status;
use crate::store::Stored;

/// Where a kind has its replicas.
struct Places {
    spec: Vec<String>,
    status: Vec<String>,
    selector: Option<Vec<String>>,
}

pub(super) fn answer(call: &Call<'_>, verb: &str) -> Result<Answer, Status> {
    let places = Places::of(call);
    let stored = get::found(call)?;
    let scale = places.scale(call, &stored);
    let wanted = match verb {
        "get" => return Ok(Answer::Whole(Reply::json(200, Value::Object(scale).to_string()))),
        "update" => sent(call)?,
        "patch" => patched(call, scale)?,
        _ => return Err(Status::method_not_allowed()),
    };
    body::placed(call, &wanted)?;
    let replicas = wanted.int("/spec/replicas").unwrap_or_default();
    if replicas < 0 {
        let why = format!("Invalid value: {replicas}: must be greater than or equal to 0");
        let cause = crate::status::Cause::new("FieldValueInvalid", "spec.replicas", why);
        return Err(Status::invalid(&call.route.kind, &stored.key.name, vec![cause]));
    }
    let mut change = |object: &mut Object| {
        let path: Vec<&str> = places.spec.iter().map(String::as_str).collect();
        object.put(&path, replicas.into());
        object.set_meta("resourceVersion", wanted.resource_version().into());
        Ok(())
    };
    let manager = call.manager();
    let written = write(call.sim, &call.write(&manager)?, Change::With(&mut change))?;
    let scale = Value::Object(places.scale(call, &written.stored));
    Ok(Answer::Whole(Reply::json(200, scale.to_string()).with_warnings(&written.warnings)))
}

impl Places {
    fn of(call: &Call<'_>) -> Places {
        let told = definition::version(call.sim, &call.route.kind).unwrap_or_default();
        let told = &told["subresources"]["scale"];
        let path = |field: &str| {
            let path = told[field].as_str()?.trim_start_matches('.');
            Some(path.split('.').map(str::to_owned).collect::<Vec<String>>())
        };
        let own = |part: &str| vec![part.to_owned(), "replicas".to_owned()];
        Places {
            spec: path("specReplicasPath").unwrap_or_else(|| own("spec")),
            status: path("statusReplicasPath").unwrap_or_else(|| own("status")),
            selector: path("labelSelectorPath"),
        }
    }

    fn scale(&self, call: &Call<'_>, stored: &Stored) -> Object {
        let kind = &call.route.kind;
        let object = stored.thaw(kind);
        let at = |path: &[String]| object.at(&format!("/{}", path.join("/")));
        let mut metadata = Object::new();
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            if let Some(value) = object.at(&format!("/metadata/{field}")) {
                metadata.insert(field.to_owned(), value.clone());
            }
        }
        let mut spec = Object::new();
        if let Some(replicas) = at(&self.spec) {
            spec.insert("replicas".to_owned(), replicas.clone());
        }
        let mut status = Object::new();
        status.insert("replicas".to_owned(), at(&self.status).cloned().unwrap_or_else(|| 0.into()));
        let selector = match &self.selector {
            Some(path) => at(path).and_then(Value::as_str).unwrap_or_default().to_owned(),
            None if kind.is_custom() => String::new(),
            None if kind.is("", "ReplicationController") => {
                selector::shown_map(object.at("/spec/selector").unwrap_or(&Value::Null))
            }
            None => selector::shown(object.at("/spec/selector").unwrap_or(&Value::Null)),
        };
        if !selector.is_empty() {
            status.insert("selector".to_owned(), selector.into());
        }
        let scale = json!({
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec, "status": status,
        });
        match scale {
            Value::Object(scale) => scale,
            _ => Object::new(),
        }
    }
}

fn sent(call: &Call<'_>) -> Result<Object, Status> {
    let ty = schema::named("io.k8s.api.autoscaling.v1.Scale").ok_or_else(Status::unknown_resource)?;
    let expected = Expected { ty, group: "autoscaling".to_owned(), version: "v1".to_owned(), kind: "Scale".to_owned() };
    Ok(merge::decode(&call.request.body, &expected, call.request.options.strictness())?.object)
}

fn patched(call: &Call<'_>, scale: Object) -> Result<Object, Status> {
    let how = patch_of(media(call.request.header("content-type"))).ok_or_else(body::unsupported)?;
    let patch = body::patch(call)?;
    let mut value = Value::Object(scale);
    match how {
        Patch::Json => merge::json_patch(&mut value, &patch)?,
        // A scale has no lists: both merge it in the same way.
        Patch::Merge | Patch::Strategic => merge::merge_patch(&mut value, &patch),
    }
    match value {
        Value::Object(mut scale) => {
            // What was patched is what is stored now, unless the patch itself says which revision it means.
            if patch["metadata"]["resourceVersion"].is_null() {
                scale.set_meta("resourceVersion", "".into());
            }
            Ok(scale)
        }
        _ => Err(Status::bad_request("a patch made no scale")),
    }
}
