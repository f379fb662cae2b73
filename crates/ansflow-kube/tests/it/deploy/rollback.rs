//! After a rollback everything is as it was, but for what nobody could bring back.

use super::{Space, config, content, deployment};
use serde_json::{Value as Json, json};

fn set(image: &str) -> Json {
    json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": { "name": "db" },
        "spec": { "replicas": 1, "serviceName": "db", "selector": { "matchLabels": { "app": "db" } }, "template": {
            "metadata": { "labels": { "app": "db" } },
            "spec": { "terminationGracePeriodSeconds": 1, "containers": [{ "name": "app", "image": image }] },
        } },
    })
}

fn secret(value: &str) -> Json {
    json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "login", "labels": { "v": value } }, "stringData": { "password": value } })
}

fn service(port: u16) -> Json {
    json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web" },
        "spec": { "selector": { "app": "web" }, "ports": [{ "port": port }] } })
}

const KEPT: [&str; 5] =
    ["apps/deployments/web", "apps/statefulsets/db", "configmaps/settings", "secrets/login", "services/web"];

#[tokio::test]
async fn objects_are_put_back_byte_for_byte_and_new_ones_are_gone() {
    let space = Space::new().await;
    let web = space.world.image("web");
    let old = [deployment("web", &web, 0), set(&web), config("settings", "old"), secret("old"), service(80)];
    space.deploy(&old).await;
    let mut before = Vec::new();
    for name in KEPT {
        before.push(space.get(name).await.unwrap());
    }
    let claim = json!({ "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": { "name": "data" },
        "spec": { "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } } } });
    let new = [
        deployment("web", "nginx:nosuch", 0),
        set("nginx:nosuch"),
        config("settings", "new"),
        secret("new"),
        service(81),
        config("made", "1"),
        claim,
    ];
    let applied = space.deploy(&new).await;
    let undone = space.asking(async |asker| applied.roll_back(asker).await).await;
    assert_eq!(undone.left, ["PersistentVolumeClaim/data stays: what is in it could not be brought back"]);
    assert!(
        undone.line().starts_with("rolled back – as before") && undone.line().contains("deleted: ConfigMap/made"),
        "{}",
        undone.line()
    );
    for (name, before) in KEPT.iter().zip(&before) {
        let now = space.get(name).await.unwrap();
        assert_eq!(
            serde_json::to_string(&content(&now)).unwrap(),
            serde_json::to_string(&content(before)).unwrap(),
            "{name}"
        );
        assert_eq!(now["metadata"]["labels"], before["metadata"]["labels"], "{name}");
        assert_eq!(now["metadata"]["uid"], before["metadata"]["uid"], "{name}");
    }
    assert_eq!(space.get("configmaps/made").await, None);
    let goal = undone.goal(0).unwrap();
    assert!(goal.wants.iter().any(|want| want.key.kind == "Deployment" && want.generation.unwrap() >= 3));
    // And the next deploy is one as always: nobody is in its way.
    let again = space.deploy(&new).await;
    assert_eq!(
        (again.plan().counts().changed, again.plan().counts().created, again.plan().counts().unchanged),
        (5, 1, 1)
    );
}

#[tokio::test]
async fn what_was_made_anew_is_made_as_it_was() {
    let space = Space::new().await;
    let job = |text: &str| {
        json!({ "apiVersion": "batch/v1", "kind": "Job", "metadata": { "name": "migrate" }, "spec": { "template": { "spec": {
            "restartPolicy": "Never", "terminationGracePeriodSeconds": 1,
            "containers": [{ "name": "app", "image": space.world.image("busybox"), "command": ["sh", "-c", text] }] } } } })
    };
    space.deploy(&[job("echo v1")]).await;
    let mut how = space.how();
    how.recreate_immutable = true;
    let applied = space.deploy_as(&[job("echo v2")], &how).await.map_err(|it| it.summary).unwrap();
    let undone = space.asking(async |asker| applied.roll_back(asker).await).await;
    assert_eq!(undone.left, Vec::<String>::new());
    let now = space.get("batch/jobs/migrate").await.unwrap();
    assert_eq!(now.pointer("/spec/template/spec/containers/0/command/2"), Some(&json!("echo v1")));
}

#[tokio::test]
async fn an_object_that_somebody_deleted_meanwhile_is_there_again() {
    let space = Space::new().await;
    space.deploy(&[config("a", "old")]).await;
    let applied = space.deploy(&[config("a", "new")]).await;
    space.ask("DELETE", "configmaps/a", None).await;
    let undone = space.asking(async |asker| applied.roll_back(asker).await).await;
    assert!(undone.is_whole(), "{}", undone.line());
    assert_eq!(space.get("configmaps/a").await.unwrap()["data"]["key"], "old");
}

#[tokio::test]
async fn the_broken_pod_of_a_stateful_set_goes_so_that_a_good_one_can_come() {
    let space = Space::new().await;
    let web = space.world.image("web");
    space.deploy(&[set(&web)]).await;
    let pod = |space: &Space| {
        let path = space.path("pods/db-0");
        let world = space.world;
        async move { world.ask("GET", &path, None).await.1 }
    };
    let is_ready = |pod: &Json| {
        let conditions = pod.pointer("/status/conditions").and_then(Json::as_array);
        conditions.is_some_and(|all| all.iter().any(|it| it["type"] == "Ready" && it["status"] == "True"))
    };
    while !is_ready(&pod(&space).await) {}
    let mut missing = set("registry.invalid/web:1");
    missing["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"] = json!("Always");
    let applied = space.deploy(&[missing]).await;
    let image = |pod: &Json| pod.pointer("/spec/containers/0/image").cloned();
    while image(&pod(&space).await) != Some(json!("registry.invalid/web:1")) {}
    let undone = space.asking(async |asker| applied.roll_back(asker).await).await;
    assert!(undone.is_whole(), "{}", undone.line());
    loop {
        let now = pod(&space).await;
        if image(&now) == Some(json!(web)) && is_ready(&now) {
            break;
        }
    }
}
