//! Clusters that are asked: who we are there, and why not – each cause by its name.

use std::net::TcpListener;

use ansflow_sim::testing::Cluster;
use serde_json::{Value as Json, json};

use super::{LIST, add, put, staging, start, with};
use crate::world::TestApp;

/// The tests' cluster, by its administrator's kubeconfig.
async fn far() -> Json {
    let text = Cluster::get().await.kubeconfig();
    let credential = json!({ "method": "kubeconfig", "text": text, "context": null });
    with(staging(), &json!({ "server": "", "credential": credential, "namespace": null }))
}

async fn tried(app: &TestApp, body: Json) -> Json {
    let answer = app.post(&format!("{LIST}/validate-connection"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

/// The same cluster by its plain parts, as a token's holder would enter it.
async fn by_token(app: &TestApp, token: &str) -> Json {
    let path = add(app, with(far().await, &json!({ "name": format!("parts-{}", token.len()) }))).await;
    let id = path.rsplit('/').next().unwrap();
    let about = app.store.clusters(&app.keyring).get(id).await.unwrap();
    with(
        staging(),
        &json!({ "name": "by-token", "server": about.server, "ca": about.ca,
        "credential": { "method": "token", "token": token } }),
    )
}

#[tokio::test]
async fn a_good_cluster_says_who_we_are_and_what_it_has() {
    let app = start().await;
    let found = tried(&app, with(far().await, &json!({ "name": "" }))).await;
    assert_eq!((&found["valid"], &found["trouble"]), (&json!(true), &Json::Null), "{found}");
    assert!(found["message"].as_str().unwrap().starts_with("connected as "), "{found}");
    assert!(found["cluster_info"]["total_nodes"].as_u64().unwrap() > 0, "{found}");
    assert!(found["cluster_info"]["version"].as_str().unwrap().starts_with("v1."), "{found}");
    assert!(found["rights"].as_array().unwrap().iter().all(|right| right["allowed"] == true), "{found}");
    assert_eq!(app.get(LIST).await.json["items"], json!([]), "nothing was stored");

    let path = add(&app, far().await).await;
    let checked = app.post(&format!("{path}/check-connection"), json!({})).await.json;
    assert_eq!(checked["valid"], true, "{checked}");
    let view = app.get(&path).await.json;
    assert_eq!((&view["state"], &view["check_code"]), (&json!("connected"), &Json::Null), "{view}");
    assert_eq!(view["nodes"], checked["cluster_info"]["total_nodes"]);
    assert!(view["good_at"] == view["checked_at"] && view["state_since"].is_string(), "{view}");
    let validity = app.post(&format!("{path}/validate-token"), json!({})).await.json;
    assert_eq!((&validity["accepted"], &validity["username"]), (&json!(true), &view["username"]), "{validity}");
    assert_eq!(app.get(&format!("{path}/token-status")).await.json["accepted"], true);
    let spaces = app.get(&format!("{path}/namespaces?search=kube-")).await.json;
    let names: Vec<&str> =
        spaces["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"kube-system") && !names.contains(&"default") && spaces["complete"] == true, "{spaces}");
    assert_eq!(app.post(&format!("{path}/sync-resources"), json!({})).await.status, 200);
}

#[tokio::test]
async fn a_changed_cluster_is_asked_anew_with_what_is_stored() {
    let app = start().await;
    let path = add(&app, far().await).await;
    let id = path.rsplit('/').next().unwrap();
    let view = app.get(&path).await.json;
    let same = with(staging(), &json!({ "server": view["server"], "credential": null, "ca": null }));
    let found = tried(&app, with(same.clone(), &json!({ "id": id }))).await;
    assert_eq!(found["valid"], true, "{found}");
    // Another token is for the same server, whose authority is known.
    let other = json!({ "id": id, "credential": { "method": "token", "token": "wrong-t0ken" } });
    let found = tried(&app, with(same.clone(), &other)).await;
    assert_eq!(found["trouble"], "unauthorized", "{found}");
    assert_eq!(put(&app, &path, "\"1\"", &with(same, &json!({ "ca": "" }))).await.status, 200);
    let checked = app.post(&format!("{path}/check-connection"), json!({})).await.json;
    assert_eq!((&checked["valid"], &checked["trouble"]), (&json!(false), &json!("tls")), "{checked}");
    assert_eq!(app.get(&path).await.json["state"], "error");
}

#[tokio::test]
async fn each_trouble_is_called_by_its_name_and_says_what_to_do() {
    let app = start().await;
    let good = by_token(&app, "wrong-t0ken").await;
    let server = good["server"].as_str().unwrap().to_owned();
    let elsewhere = Cluster::get().await.kubeconfig().replace(&server, &format!("{server}/elsewhere"));
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (changes, trouble, words) in [
        (json!({}), "unauthorized", "401"),
        (json!({ "server": "https://cluster.invalid" }), "dns", "cluster.invalid"),
        (json!({ "server": format!("https://127.0.0.1:{gone}") }), "refused", "refused"),
        (json!({ "tls_server_name": "other.example.com" }), "tls", "TLS"),
        (json!({ "ca": "" }), "tls", "TLS"),
        (json!({ "credential": { "method": "kubeconfig", "text": elsewhere } }), "not_kubernetes", "no Kubernetes"),
        (json!({ "server": "https://169.254.169.254" }), "guard", "169.254.169.254"),
        (json!({ "proxy": format!("http://127.0.0.1:{gone}") }), "proxy", "proxy"),
    ] {
        let found = tried(&app, with(good.clone(), &changes)).await;
        assert_eq!((&found["valid"], found["trouble"].as_str()), (&json!(false), Some(trouble)), "{changes} {found}");
        let message = found["message"].as_str().unwrap();
        assert!(message.contains(words) && !message.contains("t0ken"), "{changes} {message}");
        assert!(found["help"].is_string(), "{changes} {found}");
        assert!(found["cluster_info"].is_null() && found["identity"].is_null(), "{found}");
    }
}

#[tokio::test]
async fn a_cluster_that_cannot_be_reached_answers_502_with_the_cause() {
    let app = start().await;
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let path = add(&app, with(staging(), &json!({ "server": format!("https://127.0.0.1:{gone}") }))).await;
    let answer = app.get(&format!("{path}/namespaces")).await;
    assert_eq!(answer.problem(), (502, "cluster_unreachable", ""));
    assert!(answer.json["detail"].as_str().unwrap().contains("refused"), "{}", answer.text);
    let checked = app.post(&format!("{path}/check-connection"), json!({})).await.json;
    assert_eq!(checked["trouble"], "refused");
    assert_eq!(app.get(&path).await.json["state"], "disconnected");
}

#[tokio::test]
async fn without_leave_this_machine_itself_is_no_cluster() {
    let app = TestApp::start().await;
    let found = tried(&app, far().await).await;
    assert_eq!(found["trouble"], "guard", "{found}");
}
