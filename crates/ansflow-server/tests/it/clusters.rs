//! Clusters: kept, changed by who may, tried before they are stored, and their credentials shown to nobody.

mod checked;
mod kept;
mod leaks;
mod troubles;

use ansflow_kube::Limits;
use ansflow_server::Config;
use serde_json::{Value as Json, json};

use crate::world::{Answer, READ_ONLY, Start, TestApp};

const LIST: &str = "/api/v1/kubernetes/clusters";
const TOKEN: &str = "t0ken-of-this-test";

/// A server that may ask this machine's own ports.
async fn start() -> TestApp {
    let config = Config { clusters: Limits::with_loopback(), ..Start::default().config };
    TestApp::start_with(Start { config, ..Start::default() }).await
}

fn staging() -> Json {
    json!({ "name": "staging", "description": "", "kind": "k8s", "server": "https://10.0.0.5:6443/", "ca": null,
        "credential": { "method": "token", "token": TOKEN }, "verify_tls": true, "tls_server_name": null, "proxy": null,
        "namespace": "shop" })
}

fn with(mut body: Json, changes: &Json) -> Json {
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

async fn add(app: &TestApp, body: Json) -> String {
    let answer = app.post(LIST, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    format!("{LIST}/{}", answer.json["id"].as_str().unwrap())
}

async fn put(app: &TestApp, path: &str, tag: &str, body: &Json) -> Answer {
    app.send(app.request("PUT", path).header("if-match", tag).json(body)).await
}

#[tokio::test]
async fn a_cluster_is_added_shown_changed_listed_and_forgotten() {
    let app = start().await;
    let path = add(&app, staging()).await;
    let shown = app.get(&path).await;
    assert_eq!((shown.status, shown.header("etag")), (200, "\"1\""));
    let view = &shown.json;
    assert_eq!((&view["server"], &view["auth"]), (&json!("https://10.0.0.5:6443"), &json!("token")));
    assert_eq!((&view["state"], &view["nodes"], &view["namespace"]), (&json!("unknown"), &Json::Null, &json!("shop")));
    let changed = put(&app, &path, "\"1\"", &with(staging(), &json!({ "name": "new", "credential": null }))).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""), "{}", changed.text);
    assert_eq!(put(&app, &path, "\"1\"", &staging()).await.problem(), (412, "stale", ""));
    assert_eq!(app.put(&path, staging()).await.status, 428);
    add(&app, with(staging(), &json!({ "name": "a" }))).await;
    let list = app.get(&format!("{LIST}?limit=1")).await.json;
    assert_eq!((&list["items"][0]["name"], &list["next"]), (&json!("a"), &json!("a")));
    let taken = put(&app, &path, "*", &with(staging(), &json!({ "name": "a", "credential": null }))).await;
    assert_eq!(taken.problem(), (422, "invalid", "name"));
    assert_eq!(app.delete(&path).await.status, 204);
    assert_eq!((app.delete(&path).await.status, app.get(&path).await.status), (404, 404));
    let told = app.get("/api/v1/audit").await.json;
    let told: Vec<&str> = told["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(told, ["cluster.delete", "cluster.create", "cluster.update", "cluster.create"]);
    let verified = app.get("/api/v1/audit/verify").await.json;
    assert_eq!((&verified["rows"], &verified["broken"]), (&json!(4), &Json::Null));
    let last =
        &app.get("/api/v1/audit?action=cluster&object=NEW&since=2020-01-01T00:00:00Z&limit=1").await.json["items"][0];
    assert_eq!((&last["action"], &last["hash"]), (&json!("cluster.delete"), &verified["hash"]));
    assert_eq!(app.get("/api/v1/audit?actor=nobody").await.json["items"], json!([]));
    assert_eq!(app.get("/api/v1/audit?since=yesterday").await.problem(), (422, "invalid", "since"));
}

#[tokio::test]
async fn both_spellings_of_every_path_are_the_same_route() {
    let app = start().await;
    let path = add(&app, staging()).await;
    let id = path.rsplit('/').next().unwrap();
    for spelling in [
        format!("/api/kubernetes/clusters/{id}/token_status/"),
        format!("/api/kubernetes/clusters/{id}/token-status"),
        format!("/api/v1/kubernetes/clusters/{id}/token_status"),
    ] {
        assert_eq!(app.get(&spelling).await.status, 200, "{spelling}");
        assert_eq!(app.send(app.anonymous("GET", &spelling)).await.status, 401, "{spelling}");
    }
    let read_only =
        app.anonymous("POST", &format!("/api/kubernetes/clusters/{id}/rotate_token")).bearer_auth(READ_ONLY);
    assert_eq!(app.send(read_only).await.status, 403);
}

#[tokio::test]
async fn a_kubeconfig_is_taken_apart_and_never_runs_anything() {
    let app = start().await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ran");
    let kubeconfig = |user: Json| {
        json!({ "current-context": "ci", "contexts": [{ "name": "ci", "context": { "cluster": "c", "user": "u",
            "namespace": "web" } }], "clusters": [{ "name": "c", "cluster": { "server": "https://k8s.example" } }],
            "users": [{ "name": "u", "user": user }] })
        .to_string()
    };
    let body = |text: &str| {
        let credential = json!({ "method": "kubeconfig", "text": text, "context": null });
        with(staging(), &json!({ "server": "", "credential": credential, "namespace": null }))
    };
    let exec = json!({ "exec": { "command": "touch", "args": [file.display().to_string()] } });
    for route in [LIST.to_owned(), format!("{LIST}/validate-connection")] {
        let refused = app.post(&route, body(&kubeconfig(exec.clone()))).await;
        assert_eq!(refused.problem(), (422, "invalid", "credential.text"), "{}", refused.text);
        assert!(refused.text.contains("`exec: touch`") && refused.text.contains("create token"), "{}", refused.text);
    }
    assert!(!file.exists());
    let path = add(&app, body(&kubeconfig(json!({ "token": TOKEN })))).await;
    let view = app.get(&path).await.json;
    assert_eq!((&view["server"], &view["auth"]), (&json!("https://k8s.example"), &json!("kubeconfig")));
    assert_eq!((&view["namespace"], &view["facts"]["context"]), (&json!("web"), &json!("ci")));
}

#[tokio::test]
async fn each_field_says_what_is_wrong_with_it() {
    let app = start().await;
    let token = |token: &str| json!({ "credential": { "method": "token", "token": token } });
    for (changes, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "name": "clu_1" }), "name"),
        (json!({ "name": "a#b" }), "name"),
        (json!({ "id": "clu_1" }), "id"),
        (json!({ "kind": "openshift" }), "kind"),
        (json!({ "description": "x".repeat(2_001) }), "description"),
        (json!({ "server": "" }), "server"),
        (json!({ "server": "http://10.0.0.5" }), "server"),
        (json!({ "server": "https://robot:t0ken@10.0.0.5" }), "server"),
        (json!({ "ca": "t0ken" }), "ca"),
        (json!({ "proxy": "t0ken" }), "proxy"),
        (json!({ "proxy": "http://a b" }), "proxy"),
        (json!({ "tls_server_name": "a/b" }), "tls_server_name"),
        (json!({ "namespace": "a b" }), "namespace"),
        (json!({ "credential": null }), "credential"),
        (token(""), "credential.token"),
        (token("t0ken t0ken"), "credential.token"),
        (
            json!({ "credential": { "method": "certificate", "certificate": "t0ken", "key": "t0ken" } }),
            "credential.certificate",
        ),
        (json!({ "credential": { "method": "kubeconfig", "text": "t0ken: [" } }), "credential.text"),
        (json!({ "credential": { "method": "in_cluster" } }), "credential.method"),
    ] {
        for route in [LIST.to_owned(), format!("{LIST}/validate-connection")] {
            let is_trial = route != LIST;
            // A trial may have no name, and means a stored one by its id.
            if is_trial && matches!(changes.to_string().as_str(), r#"{"name":" "}"# | r#"{"id":"clu_1"}"#) {
                continue;
            }
            let answer = app.post(&route, with(staging(), &changes)).await;
            let shown: String = changes.to_string().chars().take(80).collect();
            assert_eq!(answer.problem(), (422, "invalid", field), "{shown} {}", answer.text);
            assert!(!answer.text.contains("t0ken"), "{}", answer.text);
        }
    }
    for credential in [json!({ "method": "t0ken" }), json!({ "token": "t0ken" }), json!("t0ken"), json!(7)] {
        let answer = app.post(LIST, with(staging(), &json!({ "credential": credential }))).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
    }
    assert_eq!(app.get(LIST).await.json["items"], json!([]));
}

#[tokio::test]
async fn a_stored_credential_follows_no_change_of_server_proxy_or_tls() {
    let app = start().await;
    let path = add(&app, staging()).await;
    let id = path.rsplit('/').next().unwrap();
    for change in [
        json!({ "server": "https://evil.example" }),
        json!({ "proxy": "http://evil.example:3128" }),
        json!({ "verify_tls": false }),
    ] {
        let body = with(with(staging(), &json!({ "credential": null })), &change);
        assert_eq!(put(&app, &path, "\"1\"", &body).await.problem(), (422, "invalid", "credential"), "{change}");
        let tried = app.post(&format!("{LIST}/validate-connection"), with(body, &json!({ "id": id }))).await;
        assert_eq!(tried.problem(), (422, "invalid", "credential"), "{change}");
    }
    let login = with(staging(), &json!({ "proxy": "http://robot:s3cr3t@proxy:3128" }));
    let changed = put(&app, &path, "\"1\"", &login).await;
    assert_eq!((changed.status, &changed.json["proxy"]), (200, &json!("http://proxy:3128")), "without its login");
    let kept = with(staging(), &json!({ "proxy": "http://proxy:3128", "credential": null }));
    assert_eq!(put(&app, &path, "\"2\"", &kept).await.status, 200, "the same proxy as it is shown");
    let opened = app.store.clusters(&app.keyring).open(id).await.unwrap();
    let access = ansflow_server::clusters::access(&opened).unwrap();
    assert_eq!(access.proxy.unwrap().as_str(), "http://robot:s3cr3t@proxy:3128");
}

#[tokio::test]
async fn what_a_credential_is_and_how_to_get_the_next_is_told() {
    let app = start().await;
    let claims = r#"{"sub":"system:serviceaccount:ci:deployer","exp":1000000000}"#;
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let token = format!("{}.{}.c2ln", encode("{}"), encode(claims));
    let path = add(&app, with(staging(), &json!({ "credential": { "method": "token", "token": token } }))).await;
    let status = app.get(&format!("{path}/token-status")).await.json;
    assert_eq!(status["facts"]["subject"], "system:serviceaccount:ci:deployer");
    assert_eq!((&status["accepted"], status["expires_in_s"].as_i64().unwrap() < 0), (&Json::Null, true));
    let message = status["message"].as_str().unwrap();
    assert!(message.starts_with("it ended") && message.ends_with("is not known"), "{message}");
    assert_eq!(app.get(&format!("{path}/token-renewal-strategy")).await.json["urgency"], "expired");
    let guide = app.get(&format!("{path}/token-guide")).await.json;
    assert_eq!(guide["commands"], json!(["kubectl -n ci create token deployer --duration 8760h"]));
    let rotated = app.post(&format!("{path}/rotate-token"), json!({})).await;
    assert_eq!(rotated.problem(), (422, "not_yet", ""));
    assert!(rotated.json["help"].as_str().unwrap().contains("create token deployer"), "{}", rotated.text);
}
