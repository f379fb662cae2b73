//! One address for a whole forge: its pushes start every pipeline that asks for them.

use super::{SHARED, SHOP, push, push_of, shown, told};
use crate::world::TestApp;

const HOOK: &str = "/api/v1/hooks/github";

#[tokio::test]
async fn a_push_starts_every_pipeline_that_checks_the_repository_out() {
    let app = TestApp::start().await;
    app.share_with_github().await;
    app.store_pipeline("pl_1", SHOP).await;
    app.store_pipeline("pl_2", &SHOP.replace("git@github.com:octo/shop.git", "https://github.com/Octo/Shop")).await;
    app.store_pipeline("pl_3", &SHOP.replace("octo/shop", "octo/other")).await;
    app.store_pipeline("pl_4", &SHOP.replace("github.com", "github.example.com")).await;
    app.store_pipeline(
        "pl_5",
        &SHOP.replace("type: webhook\n    branches: [main, 'release/*']", "type: manual # webhook"),
    )
    .await;
    app.store_pipeline("pl_6", &SHOP.replace("[main, 'release/*']", "[dev]")).await;
    app.store_pipeline(
        "pl_7",
        &SHOP
            .replace("'git@github.com:octo/shop.git'", "\"{{ repo }}\"")
            .replace("name: shop", "name: shop\nvariables: {repo: 'git@github.com:octo/shop.git'}"),
    )
    .await;
    let answer = app.github_says(HOOK, SHARED, "d1", "push", &push()).await;
    let items: Vec<String> = answer.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| format!("{} {}", item["pipeline"].as_str().unwrap(), shown(item)))
        .collect();
    assert_eq!(items, ["pl_1 started", "pl_2 started", "pl_6 ignored the branch `main` is none of `dev`"]);

    let run = answer.json["items"][0]["run"].as_str().unwrap();
    let created = app.store.runs().replay(run).await.unwrap().created().clone();
    assert_eq!((created.facts.trigger.as_str(), created.facts.by.as_str()), ("webhook", "github:octocat"));
    assert_eq!(created.facts.git_branch.as_deref(), Some("main"));
    assert_eq!(created.facts.git_commit.as_deref(), Some("7fd1a60b01f91b314f59955a4e4d4e80d8edf11d"));
    assert_eq!(created.facts.repository.as_deref(), Some("https://github.com/octo/shop.git"));
    assert_eq!(created.concurrency, 3, "what the settings say");
}

#[tokio::test]
async fn a_push_that_nobody_asked_for_says_so() {
    let app = TestApp::start().await;
    app.share_with_github().await;
    let answer = app.github_says(HOOK, SHARED, "d1", "push", &push()).await;
    let why = "ignored no pipeline has a `webhook` trigger and checks out `octo/shop`";
    assert_eq!(told(&answer), why);
    assert_eq!(app.delivery_log().await, [why]);
}

#[tokio::test]
async fn what_starts_nothing_is_answered_well_and_says_why() {
    let app = TestApp::start().await;
    app.share_with_github().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let fixture = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../ansflow-core/tests/fixtures/webhooks/");
        std::fs::read_to_string(format!("{folder}{name}.json")).unwrap()
    };
    let skipped = push().replace("docs: how to pay", "[SKIP CI] docs");
    for (event, body, why) in [
        ("ping", fixture("github-ping"), "ignored it asks whether anybody is there"),
        ("pull_request", fixture("github-pull-request"), "ignored pull requests are not a trigger yet"),
        ("issues", "{}".to_owned(), "ignored `issues` events start nothing"),
        ("push", fixture("github-push-tag"), "ignored `v1.2.0` is a tag, and only branches start pipelines"),
        ("push", fixture("github-push-deleted"), "ignored the branch `old` was deleted"),
        ("push", skipped, "ignored the last commit says `[skip ci]`"),
    ] {
        let answer = app.github_says(HOOK, SHARED, why, event, &body).await;
        assert_eq!(told(&answer), why);
    }
    assert_eq!((app.run_count().await, app.delivery_log().await.len()), (0, 6));
}

#[tokio::test]
async fn what_cannot_start_is_refused_with_its_reason_and_may_be_sent_again() {
    let app = TestApp::start().await;
    app.share_with_github().await;
    app.store_pipeline("pl_shop", SHOP).await;
    app.switch_pipeline("pl_shop", false).await;
    let answer = app.github_says(HOOK, SHARED, "d1", "push", &push()).await;
    assert_eq!(told(&answer), "refused pipeline `pl_shop` is disabled");
    app.switch_pipeline("pl_shop", true).await;
    assert_eq!(told(&app.github_says(HOOK, SHARED, "d1", "push", &push()).await), "started");
    assert_eq!(app.delivery_log().await, ["started"], "in place of the refused one");
    assert_eq!(told(&app.github_says(HOOK, SHARED, "d2", "push", &push_of('a')).await), "started");
    assert_eq!(app.run_count().await, 2);
}

#[tokio::test]
async fn a_forge_whose_secret_nobody_has_set_is_refused() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    for forge in ["github", "gitlab", "gitea", "gitee"] {
        for secret in ["", SHARED, "nobody's"] {
            let path = format!("/api/v1/hooks/{forge}");
            let signature = super::hex_mac(secret, push().as_bytes());
            let prefixed = format!("sha256={signature}");
            let headers = [
                ("x-github-event", "push"),
                ("x-hub-signature-256", prefixed.as_str()),
                ("x-gitea-signature", signature.as_str()),
                ("x-gitlab-token", secret),
                ("x-gitee-token", secret),
            ];
            assert_eq!(app.knock(&path, &headers, push()).await.status, 401, "{forge} {secret:?}");
        }
    }
    assert_eq!(app.delivery_log().await, [""; 0], "there is nobody to tell");
}

#[tokio::test]
async fn gitlab_gitea_and_gitee_knock_at_a_hook_of_its_own() {
    let app = TestApp::start().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../ansflow-core/tests/fixtures/webhooks/");
    let fixture = |name: &str| std::fs::read_to_string(format!("{folder}{name}.json")).unwrap();
    app.store_pipeline("pl_shop", &SHOP.replace("\n    branches: [main, 'release/*']", "")).await;
    let hook = app.make_hook("pl_shop").await;
    let gitlab = [("x-gitlab-event", "Push Hook"), ("idempotency-key", "g1"), ("x-gitlab-token", hook.secret.as_str())];
    assert_eq!(told(&app.knock(&hook.path, &gitlab, fixture("gitlab-push")).await), "started");

    let body = fixture("gitea-push");
    let signature = super::hex_mac(&hook.secret, body.as_bytes());
    let gitea = [
        ("x-github-event", "push"),
        ("x-gitea-event", "push"),
        ("x-gitea-delivery", "g2"),
        ("x-gitea-signature", signature.as_str()),
    ];
    assert_eq!(told(&app.knock(&hook.path, &gitea, body).await), "started");

    let gitee = [("x-gitee-event", "Push Hook"), ("x-gitee-timestamp", "1"), ("x-gitee-token", hook.secret.as_str())];
    assert_eq!(told(&app.knock(&hook.path, &gitee, fixture("gitee-push")).await), "started");
    assert_eq!(told(&app.knock(&hook.path, &gitee, fixture("gitee-push")).await), "duplicate it came before");
    let answer = app.get("/api/v1/deliveries").await;
    let said = |key: &str| {
        let items = answer.json["items"].as_array().unwrap();
        items.iter().map(|item| item[key].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(said("source"), ["gitee", "gitee", "gitea", "gitlab"]);
    assert_eq!(said("sender"), ["lisa", "lisa", "gitea", "jsmith"]);
    assert!(!answer.text.contains("not-to-be-kept") && !answer.text.contains(&hook.secret));
}
