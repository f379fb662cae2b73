//! Lists, and one object.

use serde_json::{Value as Json, json};

use super::Kube;
use crate::world::TestApp;

fn names(page: &Json) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_comes_in_pages_and_is_searched_by_name_and_label() {
    let kube = Kube::start().await;
    for name in ["app-1", "web-1", "app-2", "web-2", "app-3"] {
        kube.config_map(name, json!({ "a": "b" })).await;
    }
    let first = kube.get("configmaps?limit=2&labels=of%3Dtest").await.json;
    assert_eq!(
        (names(&first), &first["columns"], &first["truncated"]),
        (vec!["app-1", "app-2"], &json!(["keys"]), &json!(false))
    );
    let next = first["next"].as_str().unwrap();
    let second = kube.get(&format!("configmaps?limit=2&labels=of%3Dtest&cursor={next}")).await.json;
    assert_eq!(names(&second), ["app-3", "web-1"]);
    assert_eq!(names(&kube.get("configmaps?search=WEB").await.json), ["web-1", "web-2"]);
    assert_eq!(second["items"][0]["cells"], json!([1]));
    // By id as well as by name, and in any spelling of the kind.
    let by_id = format!("/api/v1/kubernetes/config-maps?cluster_id=clu_1&namespace={}&search=web", kube.namespace());
    assert_eq!(names(&kube.app.get(&by_id).await.json), ["web-1", "web-2"]);
}

#[tokio::test]
async fn any_kind_can_be_listed_by_its_name_or_beside_objects() {
    let kube = Kube::start().await;
    kube.deployment("web", 1).await;
    for path in ["replicasets", "rs", "objects?group=apps&version=v1&kind=ReplicaSet"] {
        let page = kube.until(path, |page| page["items"].as_array().is_some_and(|items| !items.is_empty())).await;
        assert_eq!(page["columns"], json!(["Desired", "Current", "Ready"]), "{path}");
    }
    assert_eq!(kube.get("objects").await.problem(), (422, "invalid", "kind"));
    let unknown = kube.get("deploymnts").await;
    assert_eq!(unknown.problem(), (404, "not_found", ""));
    assert!(unknown.text.contains("did you mean `deployment"), "{}", unknown.text);
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said() {
    let kube = Kube::start().await;
    for (path, problem) in [
        ("configmaps?limit=0", (422, "invalid", "limit")),
        ("configmaps?limit=501", (422, "invalid", "limit")),
        ("configmaps?cursor=x", (422, "invalid", "cursor")),
        ("configmaps?labels=a+in", (422, "invalid", "")),
        ("configmaps/none", (404, "not_found", "")),
    ] {
        assert_eq!(kube.get(path).await.problem(), problem, "{path}");
    }
    let nobody = kube.app.get("/api/v1/kubernetes/pods?cluster_id=none").await;
    assert_eq!(nobody.problem(), (404, "not_found", ""));
    assert_eq!(kube.app.get("/api/v1/kubernetes/pods").await.problem(), (422, "invalid", "query"));
}

#[tokio::test]
async fn one_object_comes_with_what_it_owns_what_happened_and_what_may_be_done() {
    let kube = Kube::start().await;
    kube.deployment("web", 1).await;
    let object = kube.until("deployments/web", |object| object["state"] == "ready").await;
    assert_eq!(object["tree"][0]["children"][0]["kind"], "Pod");
    assert_eq!((&object["replicas"], &object["containers"]), (&json!(1), &json!(["app"])));
    assert!(object["yaml"].as_str().unwrap().starts_with("apiVersion: apps/v1\nkind: Deployment\n"), "{object}");
    assert!(!object["yaml"].as_str().unwrap().contains("managedFields"));
    assert_eq!(object["may"], json!(["edit", "delete", "scale", "restart", "rollback", "logs"]));
    let managed = kube.get("deployments/web?managed=true").await.json;
    assert!(managed["yaml"].as_str().unwrap().contains("managedFields"));
    let reader = kube.app.anonymous("GET", &kube.path("deployments/web")).bearer_auth(crate::world::READ_ONLY);
    let reader = kube.app.send(reader).await.json;
    assert_eq!((&reader["may"], &reader["why_not"]["scale"]), (&json!([]), &json!("this API token may only read")));
    let ports = kube.get("deployments/web/ports").await.json;
    assert_eq!(ports["items"][0], json!({ "name": "http", "port": 80, "target": "app", "protocol": "TCP" }));
    let events = kube.get("deployments/web/events").await.json;
    assert_eq!(events["items"][0]["reason"], "ScalingReplicaSet", "{events}");
}

#[tokio::test]
async fn an_overview_tells_of_workloads_and_nodes() {
    let kube = Kube::start().await;
    kube.deployment("web", 0).await;
    let path = format!("/api/v1/kubernetes/clusters/staging/overview?namespace={}", kube.namespace());
    let seen = kube.app.get(&path).await.json;
    assert_eq!((&seen["counts"]["deployments"], &seen["counts"]["pods"]), (&json!(1), &json!(0)), "{seen}");
    assert!(seen["nodes"][0]["version"].as_str().unwrap().starts_with("v1."), "{seen}");
}

#[tokio::test]
async fn a_cluster_that_does_not_answer_is_502_with_the_cause() {
    let app = TestApp::start().await;
    let path = "/api/v1/kubernetes/pods?cluster_id=none";
    assert_eq!(app.get(path).await.status, 404);
    let kube = Kube::start().await;
    let stored = kube.app.store.clusters(&kube.app.keyring);
    let opened = stored.open("clu_1").await.unwrap();
    let input = ansflow_store::clusters::Input {
        name: "gone",
        description: "",
        kind: ansflow_store::clusters::Kind::K8s,
        server: "https://127.0.0.1:1",
        auth: ansflow_store::clusters::Auth::Certificate,
        credential: Some(&opened.credential),
        ca: &opened.about.ca,
        verify_tls: true,
        tls_server_name: "",
        proxy: "",
        namespace: "",
        facts: "{}",
    };
    let by = ansflow_store::audit::By { name: "mona", via: "session" };
    stored.add("clu_2", &input, by, kube.app.now()).await.unwrap();
    let answer = kube.app.get("/api/v1/kubernetes/pods?cluster_id=gone").await;
    assert_eq!(answer.problem(), (502, "cluster_unreachable", ""));
    assert!(answer.text.contains("connection refused"), "{}", answer.text);
}
