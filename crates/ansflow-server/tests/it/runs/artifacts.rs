//! What steps left behind.

use ansflow_core::run::Input;
use ansflow_store::artifacts::Origin;
use serde_json::json;

use crate::world::TestApp;

impl TestApp {
    async fn keep(&self, run: &str, step: usize, path: &str, bytes: &[u8]) {
        let workspace = self.files.workspace(run);
        std::fs::create_dir_all(workspace.join(path).parent().unwrap()).unwrap();
        std::fs::write(workspace.join(path), bytes).unwrap();
        let artifacts = self.store.artifacts(self.files.artifacts(run));
        artifacts.keep(Origin { run, step, attempt: 1 }, &workspace, path, self.now()).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_step_left_is_listed_and_comes_as_an_attachment() {
    let app = TestApp::start().await;
    let text = "name: s\nsteps:\n- { name: 'unit tests/é', type: command, command: 'true' }\n\
                - { name: '..', type: command, command: 'true' }\n";
    let run = app.run_with(text).await;
    app.engine(&run, Input::Start).await;
    app.keep(&run, 0, "out/报告 \"1\".html", b"<script>alert(1)</script>").await;
    app.keep(&run, 1, "a%2Fb", b"plain").await;
    let list = app.get(&format!("/api/v1/runs/{run}/artifacts")).await;
    let items = list.json["items"].as_array().unwrap();
    assert_eq!((items.len(), &list.json["total"]), (2, &json!(2)));
    assert_eq!((&items[0]["step"], &items[0]["size"]), (&json!("unit tests/é"), &json!(25)));
    assert_eq!(app.run_view(&run).await["steps"][0]["artifacts"], 1);
    let page = app.get(items[0]["href"].as_str().unwrap()).await;
    assert_eq!((page.status, page.text.as_str()), (200, "<script>alert(1)</script>"));
    assert_eq!(page.headers["content-type"], "application/octet-stream");
    assert_eq!(page.headers["content-security-policy"], "sandbox");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    let disposition = page.headers["content-disposition"].to_str().unwrap();
    assert!(
        disposition.starts_with("attachment; filename=\"__ _1_.html\"; filename*=UTF-8''%E6%8A%A5"),
        "{disposition}"
    );
    let other = app.get(items[1]["href"].as_str().unwrap()).await;
    assert_eq!((other.status, other.text.as_str()), (200, "plain"));
    let part = app.request("GET", items[1]["href"].as_str().unwrap()).header("Range", "bytes=1-2");
    assert_eq!(app.send(part).await.text, "la");
}

#[tokio::test]
async fn no_address_leads_to_another_file() {
    let app = TestApp::start().await;
    let run = app.run_with(super::SHOP).await;
    app.keep(&run, 0, "out.txt", b"kept").await;
    let other = app.run_with(&super::SHOP.replace("shop", "other")).await;
    app.keep(&other, 0, "theirs.txt", b"theirs").await;
    let sum = app.get(&format!("/api/v1/runs/{other}/artifacts")).await.json["items"][0]["sha256"].clone();
    let sum = sum.as_str().unwrap();
    for path in [
        "build/1/..%2F..%2F..%2F..%2Fansflow.db".to_owned(),
        "build/1/%2e%2e%2f%2e%2e%2fansflow.db".to_owned(),
        "build/1/%2Fetc%2Fpasswd".to_owned(),
        "build/1//etc/passwd".to_owned(),
        "build/1/out.txt%00".to_owned(),
        "build/1/./out.txt%2F..%2Fout.txt".to_owned(),
        "build/1/theirs.txt".to_owned(),
        format!("build/1/{}%2F{sum}", &sum[..2]),
        format!("build/1/..%2F..%2F{other}%2Fartifacts%2F{}%2F{sum}", &sum[..2]),
        "build/2/out.txt".to_owned(),
        "deploy/1/out.txt".to_owned(),
        "..%2F..%2Fx/1/out.txt".to_owned(),
        "build/x/out.txt".to_owned(),
        "build/-1/out.txt".to_owned(),
        "99999999999999999999/1/out.txt".to_owned(),
    ] {
        let answer = app.get(&format!("/api/v1/runs/{run}/artifacts/{path}")).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
    }
    assert_eq!(app.get(&format!("/api/v1/runs/{run}/artifacts/build/1/out.txt")).await.text, "kept");
}
