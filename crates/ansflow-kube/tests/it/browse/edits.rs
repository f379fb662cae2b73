//! Editing, creating and looking at one object.

use super::{Here, kind};
use ansflow_kube::browse::detail::{containers, detail, ports};
use ansflow_kube::browse::write::{Edit, create, put};
use ansflow_kube::browse::yaml::{self, View};
use ansflow_kube::browse::{Fault, secrets};
use ansflow_kube::object::Obj;
use serde_json::json;

async fn read(here: &Here, of: &str, name: &str) -> Obj {
    here.cluster.get_as(&kind("", of), Some(here.namespace()), name).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_edit_is_looked_at_first_and_writes_nothing_by_that() {
    let here = Here::new().await;
    here.config_map("c", json!({ "a": "1" })).await;
    let before = read(&here, "ConfigMap", "c").await;
    let text = yaml::text(&before, View::default()).replace("a: \"1\"", "a: \"2\"");
    let version = before.text(&["metadata", "resourceVersion"]);
    let map = kind("", "ConfigMap");
    let mut edit = Edit { yaml: &text, resource_version: version, dry_run: true };
    let looked = put(&here.cluster, &map, Some(here.namespace()), "c", edit).await.unwrap();
    assert!(looked.diff.lines.contains("-  a: \"1\"\n+  a: \"2\""), "{}", looked.diff.lines);
    assert!(read(&here, "ConfigMap", "c").await == before);
    edit.dry_run = false;
    let saved = put(&here.cluster, &map, Some(here.namespace()), "c", edit).await.unwrap();
    assert_eq!(saved.diff.lines, looked.diff.lines);
    let after = read(&here, "ConfigMap", "c").await;
    assert_eq!(after.text(&["data", "a"]), Some("2"));
    assert_eq!(after.text(&["metadata", "resourceVersion"]), Some(&*saved.resource_version));
    // Whoever has read the old one is told.
    let late = put(&here.cluster, &map, Some(here.namespace()), "c", edit).await.unwrap_err();
    assert!(matches!(late, Fault::Stale { .. }), "{late}");
}

#[tokio::test]
async fn a_field_that_nobody_knows_is_refused() {
    let here = Here::new().await;
    here.deployment("web", 0).await;
    let deployment = kind("apps", "Deployment");
    let before: Obj = here.cluster.get_as(&deployment, Some(here.namespace()), "web").await.unwrap().unwrap();
    let text = yaml::text(&before, View::default()).replace("  replicas: 0", "  replica: 1\n  replicas: 0");
    let edit = Edit { yaml: &text, resource_version: None, dry_run: true };
    let refused = put(&here.cluster, &deployment, Some(here.namespace()), "web", edit).await.unwrap_err();
    assert!(refused.to_string().contains("spec.replica"), "{refused}");
}

#[tokio::test]
async fn a_secret_is_edited_without_being_shown_and_keeps_what_is_hidden() {
    let here = Here::new().await;
    let path = format!("/api/v1/namespaces/{}/secrets", here.namespace());
    let secret = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "s" },
        "stringData": { "password": "hunter2-4711", "user": "shop" } });
    here.make(&path, secret).await;
    let text = yaml::text(&read(&here, "Secret", "s").await, View::default());
    assert!(!text.contains("4711") && text.contains("<hidden: 12 bytes>"), "{text}");
    let text = text.replace("user: \"<hidden: 4 bytes>\"", "user: YmFy");
    let edit = Edit { yaml: &text, resource_version: None, dry_run: false };
    let saved = put(&here.cluster, &kind("", "Secret"), Some(here.namespace()), "s", edit).await.unwrap();
    assert!(saved.diff.lines.contains("+  user: \"<hidden: 3 bytes, changed>\""), "{}", saved.diff.lines);
    let after = read(&here, "Secret", "s").await;
    let keys = ["password".to_owned(), "user".to_owned()];
    let revealed: Vec<String> = secrets::reveal(&after, &keys).iter().map(|(_, value)| value.to_string()).collect();
    assert_eq!(revealed, ["hunter2-4711", "bar"]);
}

#[tokio::test]
async fn several_objects_are_made_together_or_none_is() {
    let here = Here::new().await;
    let good = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: one }, data: { a: b } }";
    let bad = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: UPPER } }";
    let both = format!("{good}\n---\n{bad}\n");
    let refused = create(&here.cluster, Some(here.namespace()), &both, false).await.err().unwrap();
    assert!(refused.to_string().contains("UPPER"), "{refused}");
    let map = kind("", "ConfigMap");
    assert!(here.cluster.get_as::<Obj>(&map, Some(here.namespace()), "one").await.unwrap().is_none());
    assert_eq!(create(&here.cluster, Some(here.namespace()), good, true).await.unwrap().len(), 1);
    assert!(here.cluster.get_as::<Obj>(&map, Some(here.namespace()), "one").await.unwrap().is_none());
    let made = create(&here.cluster, Some(here.namespace()), good, false).await.unwrap();
    assert!(made[0].object.namespace() == Some(here.namespace()) && made[0].diff.lines.contains("+  a: b"));
}

#[tokio::test]
async fn an_object_is_shown_with_what_it_owns_and_what_happened_to_that() {
    let here = Here::new().await;
    here.deployment("web", 1).await;
    let deployment = kind("apps", "Deployment");
    let shown = here.until(async |cluster| {
        let shown = detail(cluster, &deployment, Some(here.namespace()), "web").await.unwrap();
        (shown.readiness.is_ready() && shown.events.iter().any(|event| event.reason == "Started")).then_some(shown)
    });
    let shown = shown.await;
    assert_eq!(shown.unseen, Vec::<String>::new());
    let [set] = &shown.tree[..] else { panic!("{:?}", shown.tree) };
    let [pod] = &set.children[..] else { panic!("{set:?}") };
    assert_eq!((set.kind.as_str(), pod.kind.as_str(), pod.state), ("ReplicaSet", "Pod", "ready"));
    assert!(shown.events.iter().any(|event| event.object.name == pod.name), "{:?}", shown.events);
    assert_eq!((containers(&shown.object), ports(&shown.object)[0].port), (vec!["app".to_owned()], 80));
    let missing = detail(&here.cluster, &deployment, Some(here.namespace()), "nothing").await.err().unwrap();
    assert!(missing.is_not_found() && missing.to_string() == "there is no Deployment/nothing", "{missing}");
}
