//! Programs of one's own knock at a pipeline's own hook.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{SHOP, hex_mac, told};
use crate::world::TestApp;

#[tokio::test]
async fn a_program_names_branch_commit_and_variables() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let body = r#"{"branch": "release/2", "commit": "7FD1A60B01", "variables": {"note": "{{ secrets.KEY }}"}, "sender": "nightly"}"#;
    let signature = format!("sha256={}", hex_mac(&hook.secret, body.as_bytes()));
    let answer = app.knock(&hook.path, &[("x-ansflow-signature", &signature)], body).await;
    assert_eq!(told(&answer), "started");
    let run = app.store.runs().replay(answer.json["items"][0]["run"].as_str().unwrap()).await.unwrap();
    let facts = &run.created().facts;
    assert_eq!((facts.by.as_str(), facts.git_commit.as_deref()), ("generic:nightly", Some("7fd1a60b01")));
    assert_eq!(facts.repository.as_deref(), Some("git@github.com:octo/shop.git"), "the only one there is");
    assert_eq!(run.created().plan.variables["note"], "{{ secrets.KEY }}", "data, not looked at");
    // Without a number each is meant.
    let again = app.knock(&hook.path, &[("x-ansflow-signature", &signature)], body).await;
    assert_eq!((told(&again), app.run_count().await), ("started".to_owned(), 2));
}

#[tokio::test]
async fn standard_webhooks_are_understood_and_cannot_be_sent_twice() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let key = STANDARD.decode(hook.secret.strip_prefix("whsec_").unwrap()).unwrap();
    let body = r#"{"branch": "main"}"#;
    let at = app.now().as_second().to_string();
    let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(format!("msg_1.{at}.{body}"));
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let headers =
        [("webhook-id", "msg_1"), ("webhook-timestamp", at.as_str()), ("webhook-signature", signature.as_str())];
    assert_eq!(told(&app.knock(&hook.path, &headers, body).await), "started");
    assert_eq!(told(&app.knock(&hook.path, &headers, body).await), "duplicate it came before");
    app.pass(301);
    assert_eq!(app.knock(&hook.path, &headers, body).await.status, 401, "an old one is somebody's copy");
    assert_eq!(app.run_count().await, 1);
}

#[tokio::test]
async fn what_a_program_may_not_ask_for_is_refused() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let knock = async |body: &str| {
        let signature = format!("sha256={}", hex_mac(&hook.secret, body.as_bytes()));
        app.knock(&hook.path, &[("x-ansflow-signature", &signature)], body.to_owned()).await
    };
    let reserved = knock(r#"{"branch": "main", "variables": {"secrets": {"KEY": "mine"}}}"#).await;
    assert!(told(&reserved).contains("`secrets` is a name of AnsFlow's own"), "{}", reserved.text);
    assert_eq!(told(&knock("{}").await), "ignored no branch is named, and it must be one of `main`, `release/*`");
    for body in
        ["[]", "nonsense", r#"{"branch": "--upload-pack=x"}"#, r#"{"run": "rm -rf /"}"#, r#"{"commit": "HEAD"}"#]
    {
        let answer = knock(body).await;
        assert_eq!((answer.status, &answer.json["field"]), (422, &"body".into()), "{body}: {}", answer.text);
    }
    assert_eq!(app.run_count().await, 0);
}
