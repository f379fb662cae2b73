//! Recordings of a real cluster, for tests.

use std::path::PathBuf;

use serde_json::Value;

use crate::kind::{Kind, KindId, Origin, Sub};
use crate::kinds::Kinds;
use crate::object::Object;
use crate::schema::{self, GroupVersionKind};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/api").join(name)
}

/// A whole recording.
pub(crate) fn recording(name: &str) -> Value {
    let path = path(&format!("{name}.json"));
    let text = std::fs::read(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    serde_json::from_slice(&text).unwrap()
}

/// The body of a recorded answer.
pub(crate) fn body(name: &str) -> Value {
    recording(name)["response"]["body"].clone()
}

/// The body that stands packed beside a recording.
pub(crate) fn packed(name: &str) -> Value {
    let file = std::fs::File::open(path(&format!("{name}.body.json.gz"))).unwrap();
    serde_json::from_reader(std::io::BufReader::new(flate2::read::GzDecoder::new(file))).unwrap()
}

pub(crate) fn object(value: &Value) -> Object {
    value.as_object().unwrap().clone()
}

/// What is served once the recorded definition of widgets is there.
pub(crate) fn with_widgets() -> Kinds {
    let kinds = Kinds::new();
    kinds.define("widgets.example.com", |id| vec![widget(id)]);
    kinds
}

/// The schema of widgets.
pub(crate) fn widget_schema() -> Value {
    body("crd-create-201")["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone()
}

fn widget(id: KindId) -> Kind {
    let of = GroupVersionKind { group: "example.com".into(), version: "v1".into(), kind: "Widget".into() };
    let sub = |name: &str, kind: &str, group: &str| Sub {
        name: name.into(),
        kind: kind.into(),
        group: group.into(),
        version: if group.is_empty() { "" } else { "v1" }.into(),
        verbs: ["get", "patch", "update"].map(Into::into).to_vec(),
    };
    let verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
    Kind {
        id,
        group: of.group.clone(),
        version: of.version.clone(),
        kind: of.kind.clone(),
        plural: "widgets".into(),
        singular: "widget".into(),
        short: vec!["wd".into()],
        categories: Vec::new(),
        namespaced: true,
        verbs: verbs.map(Into::into).to_vec(),
        subresources: vec![sub("status", "Widget", ""), sub("scale", "Scale", "autoscaling")],
        ty: schema::custom("com.example.v1.Widget", of, &widget_schema()),
        stored: true,
        origin: Origin::Custom("widgets.example.com".into()),
        custom: None,
    }
}
