//! What is planned is written, in order, and once.

use super::{Space, config, deployment};
use serde_json::{Value as Json, json};

fn objects(space: &Space) -> Vec<Json> {
    vec![
        deployment("web", &space.world.image("web"), 1),
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web" },
            "spec": { "selector": { "app": "web" }, "ports": [{ "port": 80 }] } }),
        config("settings", "1"),
        json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "login" }, "stringData": { "password": "hunter2" } }),
    ]
}

#[tokio::test]
async fn a_second_deploy_of_the_same_writes_nothing() {
    let space = Space::new().await;
    let first = space.deploy(&objects(&space)).await;
    assert_eq!(first.plan().counts().created, 4);
    let written: Vec<_> = first.written().iter().map(ToString::to_string).collect();
    assert_eq!(written, ["Secret/login", "ConfigMap/settings", "Service/web", "Deployment/web"]);
    let names = ["configmaps/settings", "secrets/login", "services/web"];
    let mut versions = Vec::new();
    for name in names {
        versions.push(space.version(name).await);
    }
    let again = space.deploy(&objects(&space)).await;
    assert_eq!((again.plan().counts().unchanged, again.written().len()), (4, 0), "{:?}", again.plan().lines());
    assert_eq!(again.plan().diff(), "");
    for (name, version) in names.iter().zip(versions) {
        assert_eq!(space.version(name).await, version, "{name}");
    }
    // The generations of the goal are those that there are.
    let goal = again.goal(0);
    assert!(goal.wants.iter().any(|want| want.key.kind == "Deployment" && want.generation == Some(1)));
}

#[tokio::test]
async fn a_plan_writes_nothing_and_shows_no_secret() {
    let space = Space::new().await;
    let plan = space.plan(&objects(&space), &space.how()).await.map_err(|it| it.summary).unwrap();
    assert!(plan.diff().contains("+++ Deployment/web (as it will be)") && !plan.diff().contains("hunter2"));
    assert!(!plan.diff().contains("aHVudGVyMg"));
    assert_eq!(plan.lines().last().unwrap(), "4 to create, 0 to change, 0 as they should be");
    for name in ["configmaps/settings", "secrets/login", "services/web", "apps/deployments/web"] {
        assert_eq!(space.get(name).await, None, "{name}");
    }
}

#[tokio::test]
async fn a_deploy_that_was_killed_half_way_goes_on() {
    let space = Space::new().await;
    let (all, how) = (objects(&space), space.how());
    space.deploy(&all[2..3]).await;
    let version = space.version("configmaps/settings").await;
    let rest = space.deploy_as(&all, &how).await.map_err(|it| it.summary).unwrap();
    assert_eq!((rest.plan().counts().created, rest.plan().counts().unchanged), (3, 1));
    assert_eq!(space.version("configmaps/settings").await, version);
}

#[tokio::test]
async fn definitions_and_namespaces_come_before_what_needs_them() {
    let space = Space::new().await;
    let tail = space.space.trim_start_matches("t-").to_owned();
    let (group, other) = (format!("x{tail}.example.com"), format!("t-{tail}-b"));
    let objects = [
        json!({ "apiVersion": format!("{group}/v1"), "kind": "Widget", "metadata": { "name": "one" }, "spec": { "size": 3 } }),
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "there", "namespace": other }, "data": { "a": "b" } }),
        json!({ "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": { "name": format!("widgets.{group}"), "labels": { "ansflow.io/test": "true" } },
            "spec": { "group": group, "scope": "Namespaced", "names": { "kind": "Widget", "plural": "widgets", "singular": "widget" },
                "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object",
                    "properties": { "spec": { "type": "object", "properties": { "size": { "type": "integer" } } } } } } }] } }),
        json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": other, "labels": { "ansflow.io/test": "true" } } }),
    ];
    let applied = space.deploy(&objects).await;
    let written: Vec<_> = applied.written().iter().map(|it| it.kind.clone()).collect();
    assert_eq!(written, ["Namespace", "CustomResourceDefinition", "ConfigMap", "Widget"]);
    let lines = applied.plan().lines().join("\n");
    assert!(lines.contains("Widget/one: write, not tried before: its kind is made by this deploy"), "{lines}");
    assert!(lines.contains(&format!("ConfigMap/there goes to the namespace that it says: `{other}`")), "{lines}");
    let again = space.deploy(&objects).await;
    assert_eq!(again.plan().counts().unchanged, 4, "{:?}", again.plan().lines());
    space.world.ask("DELETE", &format!("/api/v1/namespaces/{other}"), None).await;
    let crd = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.{group}");
    space.world.ask("DELETE", &crd, None).await;
}

#[tokio::test]
async fn the_namespace_is_made_where_that_is_asked_for() {
    let space = Space::new().await;
    let mut how = space.how();
    how.namespace = format!("{}-new", &*space.space);
    let verdict = space.deploy_as(&[config("a", "1")], &how).await.err().unwrap();
    assert_eq!(verdict.cause.as_ref().unwrap().as_str(), "namespace_missing", "{verdict:#?}");
    how.create_namespace = true;
    let applied = space.deploy_as(&[config("a", "1")], &how).await.map_err(|it| it.summary).unwrap();
    assert_eq!(
        applied.written().iter().map(ToString::to_string).collect::<Vec<_>>(),
        [format!("Namespace/{}", how.namespace), "ConfigMap/a".to_owned()]
    );
    space.world.ask("DELETE", &format!("/api/v1/namespaces/{}", how.namespace), None).await;
}

#[tokio::test]
async fn what_a_scale_step_set_is_set_again_and_that_is_told() {
    let space = Space::new().await;
    let web = deployment("web", &space.world.image("web"), 0);
    space.deploy(std::slice::from_ref(&web)).await;
    let scale = json!({ "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": { "name": "web", "namespace": &*space.space }, "spec": { "replicas": 1 } });
    let (code, said) = space.ask("PUT", "apps/deployments/web/scale?fieldManager=ansflow", Some(&scale)).await;
    assert_eq!(code, 200, "{said}");
    let applied = space.deploy(&[web]).await;
    let lines = applied.plan().lines().join("\n");
    assert!(
        lines.contains("Deployment/web: change (spec.replicas: 1 → 0)")
            && lines.contains("was changed by another step"),
        "{lines}"
    );
    assert_eq!(space.get("apps/deployments/web").await.unwrap().pointer("/spec/replicas"), Some(&json!(0)));
}
