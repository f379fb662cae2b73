//! Documents equal those of a real cluster, paths and schemas.

use serde_json::Value;

use super::{V2, document, index, tag};
use crate::kinds::Kinds;
use crate::wire::recorded::{body, packed, widget_schema, with_widgets};

fn made(path: &str) -> Value {
    serde_json::from_slice(&document(&Kinds::new().served(), path, &|_| None).unwrap()).unwrap()
}

/// Says where two documents differ first, rather than showing a megabyte.
fn same(made: &Value, wanted: &Value, at: &str) {
    match (made, wanted) {
        (Value::Object(made), Value::Object(wanted)) => {
            let missing: Vec<&String> = wanted.keys().filter(|key| !made.contains_key(*key)).collect();
            let extra: Vec<&String> = made.keys().filter(|key| !wanted.contains_key(*key)).collect();
            assert!(missing.is_empty() && extra.is_empty(), "{at}: missing {missing:?}, too much {extra:?}");
            for (key, value) in made {
                same(value, &wanted[key], &format!("{at}/{key}"));
            }
        }
        (Value::Array(made), Value::Array(wanted)) if made.len() == wanted.len() => {
            for (index, (made, wanted)) in made.iter().zip(wanted).enumerate() {
                same(made, wanted, &format!("{at}/{index}"));
            }
        }
        _ => assert_eq!(made, wanted, "{at}"),
    }
}

#[test]
fn the_recorded_documents_come_out() {
    for path in ["apis/apps/v1", "api/v1"] {
        let recording = format!("openapi-v3-{}", path.replace('/', "-"));
        same(&made(path), &packed(&recording), "");
    }
}

#[test]
fn the_index_names_what_a_real_one_names() {
    let served = Kinds::new().served();
    let (made, wanted) = (index(&served), body("openapi-v3-index"));
    let names = |index: &Value| index["paths"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&wanted));
    let url = made["paths"]["apis/apps/v1"]["serverRelativeURL"].as_str().unwrap();
    assert_eq!(url, format!("/openapi/v3/apis/apps/v1?hash={}", tag(&served, "apis/apps/v1").unwrap()));
    for path in names(&made) {
        assert!(document(&served, &path, &|_| None).is_some(), "{path}");
    }
}

#[test]
fn every_reference_of_every_document_leads_somewhere() {
    let served = Kinds::new().served();
    for path in index(&served)["paths"].as_object().unwrap().keys() {
        let document = made(path);
        let mut named = std::collections::BTreeSet::new();
        super::references(&document, &mut named);
        for name in named {
            assert!(document["components"]["schemas"].get(&name).is_some(), "{path}: {name}");
        }
    }
}

#[test]
fn the_empty_v2_document_is_what_kubectl_was_tried_with() {
    let wanted = "0a03322e3012130a0a4b756265726e65746573120576312e33344200 4a00".replace(' ', "");
    assert_eq!(V2.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), wanted);
}

#[test]
fn a_custom_resource_has_a_document_with_the_schema_that_people_wrote() {
    let served = with_widgets().served();
    let names = index(&served);
    assert!(names["paths"].get("apis/example.com/v1").is_some());
    let text = document(&served, "apis/example.com/v1", &|_| Some(widget_schema())).unwrap();
    let document: Value = serde_json::from_slice(&text).unwrap();
    let path = &document["paths"]["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}"];
    assert_eq!(path["patch"]["operationId"], "patchExampleComV1NamespacedWidget");
    let schema = &document["components"]["schemas"]["com.example.v1.Widget"];
    assert_eq!(schema["properties"]["spec"], widget_schema()["properties"]["spec"]);
    assert_eq!(schema["x-kubernetes-group-version-kind"][0]["kind"], "Widget");
    assert!(document["components"]["schemas"].get("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta").is_some());
    assert!(path["patch"]["requestBody"]["content"].get("application/strategic-merge-patch+json").is_none());
}
