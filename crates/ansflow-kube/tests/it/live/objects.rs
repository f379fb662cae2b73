//! Objects are read and written.

use super::cluster;
use ansflow_kube::cluster::{Apply, Delete, Page, Patch, Precondition, Selector};
use ansflow_kube::facts::Deployment;
use ansflow_kube::object::Obj;
use ansflow_kube::{Error, Kind};
use ansflow_sim::testing;
use serde_json::{Value as Json, json};

pub(crate) fn object(value: Json) -> Obj {
    Obj::new(value).unwrap()
}

fn map(namespace: &str, name: &str, data: &Json) -> Obj {
    object(
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": data}),
    )
}

#[tokio::test]
async fn a_config_map_is_applied_patched_replaced_and_deleted() {
    let (cluster, space) = (cluster().await, testing::Cluster::get().await.namespace().await);
    let wanted = map(&space, "settings", &json!({"a": "1"}));
    let key = wanted.key();
    assert!(cluster.get(&key).await.unwrap().is_none());
    let dry = cluster.apply(&wanted, Apply { dry_run: true, force: false }).await.unwrap();
    assert!(!dry.object.uid().is_empty());
    assert!(cluster.get(&key).await.unwrap().is_none(), "a dry run writes nothing");

    let written = cluster.apply(&wanted, Apply::default()).await.unwrap();
    assert_eq!(written.object.text(&["data", "a"]), Some("1"));
    let patch = Patch::Merge(json!({"data": {"b": "2"}}));
    cluster.patch(&key, &patch, false).await.unwrap();
    let patch = Patch::Json(
        json!([{"op": "test", "path": "/data/a", "value": "1"}, {"op": "replace", "path": "/data/a", "value": "3"}]),
    );
    cluster.patch(&key, &patch, false).await.unwrap();
    let mut found = cluster.get(&key).await.unwrap().unwrap();
    assert_eq!((found.text(&["data", "a"]), found.text(&["data", "b"])), (Some("3"), Some("2")));
    assert_eq!((found.kind(), found.api_version()), ("ConfigMap", "v1"));

    found.map_mut().insert("data".to_owned(), json!({"c": "4"}));
    cluster.put(&found, false).await.unwrap();
    let stale = cluster.put(&found, false).await.err().unwrap();
    assert_eq!(stale.code(), 409, "{stale}");

    let other = Delete { only: Precondition { uid: Some("another".to_owned()), version: None }, ..Delete::default() };
    assert_eq!(cluster.delete(&key, &other).await.unwrap_err().code(), 409);
    assert!(cluster.delete(&key, &Delete::default()).await.unwrap());
    assert!(!cluster.delete(&key, &Delete::default()).await.unwrap());
}

#[tokio::test]
async fn a_field_that_nobody_knows_and_a_field_of_another_are_refused() {
    let (cluster, space) = (cluster().await, testing::Cluster::get().await.namespace().await);
    let mut wrong = map(&space, "settings", &json!({"a": "1"}));
    wrong.map_mut().insert("dota".to_owned(), json!({}));
    let refused = cluster.apply(&wrong, Apply::default()).await.err().unwrap();
    assert!(refused.to_string().contains("dota"), "{refused}");

    let path = format!("/api/v1/namespaces/{space}/configmaps?fieldManager=somebody");
    let theirs = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "2"}});
    testing::Cluster::get().await.ask("POST", &path, Some(&theirs)).await;
    let ours = map(&space, "settings", &json!({"a": "1"}));
    let refused = cluster.apply(&ours, Apply::default()).await.err().unwrap();
    let answer = refused.answer().unwrap();
    assert_eq!((answer.code, answer.causes[0].reason.as_str()), (409, "FieldManagerConflict"));
    let forced = cluster.apply(&ours, Apply { dry_run: false, force: true }).await.unwrap();
    assert_eq!(forced.object.text(&["data", "a"]), Some("1"));
}

#[tokio::test]
async fn a_list_comes_in_pages_as_names_and_as_a_table() {
    let (cluster, space) = (cluster().await, testing::Cluster::get().await.namespace().await);
    for number in 0..5 {
        let mut wanted = map(&space, &format!("map-{number}"), &json!({}));
        wanted.map_mut()["metadata"]["labels"] = json!({"of": "pages"});
        cluster.create(&wanted, false).await.unwrap();
    }
    let (kind, those) = (cluster.kind("cm").await.unwrap(), Selector::labels("of=pages"));
    let first = cluster.list::<Obj>(&kind, Some(&space), &those, &Page::first(3)).await.unwrap();
    let names: Vec<&str> = first.items.iter().map(Obj::name).collect();
    assert_eq!(names, ["map-0", "map-1", "map-2"]);
    assert_eq!(first.items[0].kind(), "ConfigMap");
    let next = Page { limit: 3, after: first.next };
    let second = cluster.list::<Obj>(&kind, Some(&space), &those, &next).await.unwrap();
    assert_eq!((second.items.len(), second.next), (2, None));
    assert_eq!(cluster.all::<Obj>(&kind, Some(&space), &those).await.unwrap().len(), 5);
    let names = cluster.names(&kind, Some(&space), &Selector::name("map-4"), &Page::default()).await.unwrap();
    assert!(names.items[0].name() == "map-4" && names.items[0].at(&["data"]).is_none());
    let table = cluster.table(&kind, Some(&space), &those, &Page::first(2)).await.unwrap();
    assert_eq!((&table["kind"], table["rows"].as_array().unwrap().len()), (&json!("Table"), 2));
}

#[tokio::test]
async fn a_part_of_an_object_is_read_and_changed() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let space = tests.namespace().await;
    let written = cluster.apply(&deployment(&space, "web", &tests.image("web"), 1), Apply::default()).await.unwrap();
    let key = written.object.key();
    let to_three = Patch::Merge(json!({"spec": {"replicas": 3}}));
    cluster.patch_part(&key, "scale", &to_three, false).await.unwrap();
    assert_eq!(cluster.part(&key, "scale").await.unwrap().unwrap().int(&["spec", "replicas"]), Some(3));
    let kind = Kind::builtin("apps", "Deployment").unwrap();
    let slim: Deployment = cluster.get_as(&kind, Some(&space), "web").await.unwrap().unwrap();
    assert_eq!(slim.metadata.generation, 2);
    let missing = Kind::builtin("apps", "Deployment").unwrap().key(Some(&space), "nobody");
    assert!(cluster.part(&missing, "scale").await.unwrap().is_none());
}

/// A Deployment of one container.
pub(crate) fn deployment(namespace: &str, name: &str, image: &str, replicas: u32) -> Obj {
    object(
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": namespace}, "spec": {
            "replicas": replicas, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "app", "image": image}]}}
        }}),
    )
}

#[tokio::test]
async fn a_kind_is_found_by_every_word_for_it() {
    let cluster = cluster().await;
    for word in
        ["deploy", "deployment", "deployments", "Deployment", "deployments.apps", "Deployment.apps", "deploy.v1.apps"]
    {
        assert_eq!(cluster.kind(word).await.unwrap().full_name(), "deployments.apps", "{word}");
    }
    let unknown = cluster.kind("deploiment").await.unwrap_err();
    assert_eq!(unknown.to_string(), "the cluster has no kind `deploiment`; did you mean `deployment`?");
    let kinds = cluster.kinds().await.unwrap();
    let scales = kinds.iter().find(|kind| kind.full_name() == "deployments.apps").unwrap();
    assert!(scales.subresources.contains(&"scale".to_owned()) && scales.can("watch"));
    for known in Kind::all_builtin() {
        let found = kinds.iter().find(|kind| kind.full_name() == known.full_name() && kind.version == known.version);
        let found = found.unwrap_or_else(|| panic!("{} is not served", known.full_name()));
        assert_eq!((found.namespaced, &found.kind), (known.namespaced, &known.kind));
        assert_eq!(found.short_names, known.short_names, "{}", known.full_name());
    }
}

#[tokio::test]
async fn a_kind_that_was_defined_just_now_is_known() {
    let cluster = cluster().await;
    let unknown = cluster.kind_of("shop.example.com", Some("v1"), "Cart").await.unwrap_err();
    assert!(matches!(unknown, Error::UnknownKind { .. }), "{unknown}");
    let definition = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "carts.shop.example.com"},
        "spec": {"group": "shop.example.com", "scope": "Namespaced", "names": {"plural": "carts", "singular": "cart", "kind": "Cart"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]}});
    let written = cluster.apply(&object(definition), Apply::default()).await.unwrap();
    let mut found = Err(unknown);
    for _ in 0..100 {
        cluster.forget_kinds();
        found = cluster.kind_of("shop.example.com", Some("v1"), "Cart").await;
        if found.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(found.unwrap().path(Some("shop")), "/apis/shop.example.com/v1/namespaces/shop/carts");
    cluster.delete(&written.object.key(), &Delete::default()).await.unwrap();
}

#[tokio::test]
async fn names_lead_nowhere_else() {
    let pods = Kind::builtin("", "Pod").unwrap();
    assert_eq!(pods.path_of(Some("a/../b"), ".."), "/api/v1/namespaces/a%2F..%2Fb/pods/%2E%2E");
}

#[tokio::test]
async fn simulated_who_is_told_to_come_back_later_does() {
    let Some(faults) = testing::Cluster::get().await.simulated() else { return };
    let (cluster, space) = (cluster().await, testing::Cluster::get().await.namespace().await);
    faults.put(json!({"on": {"namespace": &*space, "verb": "patch"}, "what": {"http": {"status": 429, "retryAfter": 1, "times": 2}}}));
    let before = std::time::Instant::now();
    cluster.apply(&map(&space, "settings", &json!({})), Apply::default()).await.unwrap();
    assert!(before.elapsed().as_secs() >= 2);
    faults.put(json!({"on": {"namespace": &*space, "verb": "patch"}, "what": {"http": {"status": 500, "times": 1}}}));
    let failed = cluster.apply(&map(&space, "settings", &json!({})), Apply::default()).await.err().unwrap();
    assert!(failed.code() == 500 && failed.may_pass(), "{failed}");
    faults.put(json!({"on": {"namespace": &*space, "verb": "get"}, "what": {"http": {"status": 401}}}));
    let refused = cluster.get(&map(&space, "settings", &json!({})).key()).await.err().unwrap();
    assert!(matches!(&refused, Error::Trouble(trouble) if trouble.code() == "unauthorized"), "{refused}");
    faults.put(json!({"on": {"namespace": &*space, "verb": "delete"}, "what": {"http": {"reset": true}}}));
    let broken = cluster.delete(&map(&space, "settings", &json!({})).key(), &Delete::default()).await.unwrap_err();
    assert!(matches!(&broken, Error::Trouble(trouble) if trouble.code() == "broken"), "{broken:?}");
}
