//! Bodies as the forges document them, and what comes of them.

mod addresses;
mod hostile;

use expect_test::{Expect, expect};
use serde_json::Map;

use super::*;
use crate::pipeline::{Source as File, Trigger, parse};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../tests/fixtures/webhooks/", $name, ".json"))
    };
}

#[expect(clippy::needless_pass_by_value, reason = "`expect!` is written at the call")]
fn check(source: Source, event: &str, body: &str, expect: Expect) {
    expect.assert_eq(&format!("{}\n", show(&read(source, event, body.as_bytes()))));
}

fn show(said: &Result<Said, Unreadable>) -> String {
    let push = match said {
        Err(error) => return format!("unreadable: {error}"),
        Ok(Said::Other(why)) => return format!("nothing: {why}"),
        Ok(Said::Push(push)) => push,
    };
    let target = match &push.target {
        Target::Branch(name) => format!("branch {name}"),
        Target::Tag(name) => format!("tag {name}"),
        Target::Unnamed => "nothing named".into(),
        Target::Elsewhere(name) => format!("elsewhere {name}"),
    };
    let short = |hash: &Option<String>| hash.as_ref().map_or("-".into(), |hash| hash[..7].to_owned());
    let lines = [
        format!(
            "{target} of {} by {}: {} → {}",
            push.repository,
            push.sender,
            short(&push.before),
            short(&push.commit)
        ),
        format!("at {}", push.addresses.join(" ")),
        push.changed_paths
            .as_ref()
            .map_or("changed: not known".into(), |paths| format!("changed: {}", paths.join(" "))),
        format!("says {:?}", push.message),
        format!("→ {}", push.starts_nothing().unwrap_or_else(|| "starts".into())),
    ];
    lines.join("\n")
}

#[test]
fn github_pushes() {
    check(
        Source::Github,
        "push",
        fixture!("github-push"),
        expect![[r#"
        branch main of octo/shop by octocat: 6dcb09b → 7fd1a60
        at https://github.com/octo/shop.git git@github.com:octo/shop.git https://github.com/octo/shop
        changed: docs/old.md docs/pay.md src/cart.rs src/lib.rs
        says "docs: how to pay\n\nAnd why."
        → starts
    "#]],
    );
    check(
        Source::Github,
        "push",
        fixture!("github-push-tag"),
        expect![[r#"
        tag v1.2.0 of octo/shop by octocat: - → 7fd1a60
        at https://github.com/octo/shop.git git@github.com:octo/shop.git https://github.com/octo/shop
        changed: not known
        says "docs: how to pay\n\nAnd why."
        → `v1.2.0` is a tag, and only branches start pipelines
    "#]],
    );
    check(
        Source::Github,
        "push",
        fixture!("github-push-deleted"),
        expect![[r#"
        branch old of octo/shop by octocat: 7fd1a60 → -
        at https://github.com/octo/shop.git git@github.com:octo/shop.git https://github.com/octo/shop
        changed: not known
        says ""
        → the branch `old` was deleted
    "#]],
    );
}

#[test]
fn gitlab_pushes() {
    check(
        Source::Gitlab,
        "Push Hook",
        fixture!("gitlab-push"),
        expect![[r#"
        branch main of team/backend/shop by jsmith: 6dcb09b → 7fd1a60
        at https://gitlab.example.com/team/backend/shop.git git@gitlab.example.com:team/backend/shop.git https://gitlab.example.com/team/backend/shop
        changed: docs/pay.md src/cart.rs
        says "docs: how to pay\n"
        → starts
    "#]],
    );
    check(
        Source::Gitlab,
        "System Hook",
        fixture!("gitlab-push-many"),
        expect![[r#"
        branch main of team/backend/shop by jsmith: 6dcb09b → 7fd1a60
        at https://gitlab.example.com/team/backend/shop.git git@gitlab.example.com:team/backend/shop.git https://gitlab.example.com/team/backend/shop
        changed: not known
        says "docs: how to pay\n"
        → starts
    "#]],
    );
    check(
        Source::Gitlab,
        "Tag Push Hook",
        fixture!("gitlab-tag"),
        expect![[r#"
        tag v1.2.0 of team/backend/shop by jsmith: - → 7fd1a60
        at https://gitlab.example.com/team/backend/shop.git git@gitlab.example.com:team/backend/shop.git https://gitlab.example.com/team/backend/shop
        changed: not known
        says ""
        → `v1.2.0` is a tag, and only branches start pipelines
    "#]],
    );
    check(
        Source::Gitlab,
        "Push Hook",
        fixture!("gitlab-deleted"),
        expect![[r#"
        branch old of team/backend/shop by jsmith: 6dcb09b → -
        at https://gitlab.example.com/team/backend/shop.git git@gitlab.example.com:team/backend/shop.git https://gitlab.example.com/team/backend/shop
        changed: not known
        says ""
        → the branch `old` was deleted
    "#]],
    );
}

#[test]
fn gitea_pushes() {
    check(
        Source::Gitea,
        "push",
        fixture!("gitea-push"),
        expect![[r#"
        branch feature/cart of team/shop by gitea: 6dcb09b → 7fd1a60
        at https://gitea.example.com/team/shop.git ssh://git@gitea.example.com:2222/team/shop.git https://gitea.example.com/team/shop
        changed: src/cart.rs
        says "cart: count\n"
        → starts
    "#]],
    );
    check(
        Source::Gitea,
        "push",
        fixture!("gitea-push-many"),
        expect![[r#"
        branch feature/cart of team/shop by gitea: 6dcb09b → 7fd1a60
        at https://gitea.example.com/team/shop.git ssh://git@gitea.example.com:2222/team/shop.git https://gitea.example.com/team/shop
        changed: not known
        says "cart: count\n"
        → starts
    "#]],
    );
    check(
        Source::Gitea,
        "push",
        fixture!("gitea-push-skip-ci"),
        expect![[r#"
        branch feature/cart of team/shop by gitea: 6dcb09b → 7fd1a60
        at https://gitea.example.com/team/shop.git ssh://git@gitea.example.com:2222/team/shop.git https://gitea.example.com/team/shop
        changed: src/cart.rs
        says "cart: count [skip ci]\n"
        → the last commit says `[skip ci]`
    "#]],
    );
}

#[test]
fn gitee_pushes() {
    check(
        Source::Gitee,
        "Push Hook",
        fixture!("gitee-push"),
        expect![[r#"
        branch main of team/shop by lisa: 6dcb09b → 7fd1a60
        at https://gitee.com/team/shop.git git@gitee.com:team/shop.git https://gitee.com/team/shop
        changed: 文档/支付.md
        says "购物车：计数"
        → starts
    "#]],
    );
    check(
        Source::Gitee,
        "Push Hook",
        fixture!("gitee-push-many"),
        expect![[r#"
        branch main of team/shop by lisa: 6dcb09b → 7fd1a60
        at https://gitee.com/team/shop.git git@gitee.com:team/shop.git https://gitee.com/team/shop
        changed: not known
        says "购物车：计数"
        → starts
    "#]],
    );
}

#[test]
fn programs_of_ones_own() {
    check(
        Source::Generic,
        "",
        fixture!("generic"),
        expect![[r#"
        branch release/2 of  by : - → 7fd1a60
        at 
        changed: src/a.rs src/b.rs
        says ""
        → starts
    "#]],
    );
    check(
        Source::Generic,
        "",
        "",
        expect![[r#"
        nothing named of  by : - → -
        at 
        changed: not known
        says ""
        → starts
    "#]],
    );
    check(
        Source::Generic,
        "",
        r#"{"brunch": "main"}"#,
        expect![[r#"
        unreadable: the body is not what it should be: unknown field `brunch`, expected one of `branch`, `commit`, `paths`, `variables`, `message`, `sender` at line 1 column 9
    "#]],
    );
}

#[test]
fn what_is_no_push_starts_nothing() {
    check(
        Source::Github,
        "ping",
        fixture!("github-ping"),
        expect![[r#"
        nothing: it asks whether anybody is there
    "#]],
    );
    check(
        Source::Github,
        "pull_request",
        fixture!("github-pull-request"),
        expect![[r#"
        nothing: pull requests are not a trigger yet
    "#]],
    );
    check(
        Source::Gitlab,
        "Merge Request Hook",
        fixture!("gitlab-merge-request"),
        expect![[r#"
        nothing: pull requests are not a trigger yet
    "#]],
    );
    check(
        Source::Gitlab,
        "System Hook",
        fixture!("gitlab-merge-request"),
        expect![[r#"
        nothing: pull requests are not a trigger yet
    "#]],
    );
    check(
        Source::Gitea,
        "pull_request",
        fixture!("gitea-pull-request"),
        expect![[r#"
        nothing: pull requests are not a trigger yet
    "#]],
    );
    check(
        Source::Gitee,
        "Merge Request Hook",
        fixture!("gitee-merge-request"),
        expect![[r#"
        nothing: pull requests are not a trigger yet
    "#]],
    );
    check(
        Source::Github,
        "pull_request_target",
        "{}",
        expect![[r#"
        nothing: pull requests are not a trigger yet
    "#]],
    );
    check(
        Source::Github,
        "issues",
        "{}",
        expect![[r#"
        nothing: `issues` events start nothing
    "#]],
    );
    check(
        Source::Gitlab,
        "System Hook",
        "{}",
        expect![[r#"
        unreadable: nothing says which event it is
    "#]],
    );
}

fn triggers(text: &str) -> Vec<Trigger> {
    let text = format!("name: shop\ntriggers:\n{text}\nsteps:\n  - name: a\n    type: command\n    command: make\n");
    let (pipeline, problems) = parse(&File { text: text.as_bytes(), file_stem: "shop", variables: &Map::new() });
    pipeline.unwrap_or_else(|| panic!("{problems:?}")).triggers
}

fn decide(text: &str, branch: &str, paths: Option<&[&str]>) -> String {
    let body = serde_json::json!({"branch": branch, "paths": paths}).to_string();
    let Ok(Said::Push(push)) = read(Source::Generic, "", body.as_bytes()) else { panic!("{body}") };
    match verdict(&triggers(text), &push) {
        Verdict::Starts(note) if note.is_empty() => "starts".into(),
        Verdict::Starts(note) => format!("starts; {note}"),
        Verdict::Ignored(why) => why,
    }
}

#[test]
fn filters_say_which_branches_and_files_are_meant() {
    let main = "  - type: webhook\n    branches: [main, 'release/*']";
    let files = "  - type: webhook\n    paths: ['src/**', '*.toml', docs, assets/]";
    let both = "  - type: webhook\n    branches: [main]\n  - type: webhook\n    paths: ['docs/*.md']";
    let cases: [(&str, &str, Option<&[&str]>, &str); 15] = [
        ("  - type: webhook", "anything", None, "starts"),
        ("  - type: manual", "main", None, "the pipeline has no `webhook` trigger"),
        (main, "main", None, "starts"),
        (main, "release/1.0", None, "starts"),
        (main, "maintenance", None, "the branch `maintenance` is none of `main`, `release/*`"),
        (main, "Main", None, "the branch `Main` is none of `main`, `release/*`"),
        (files, "main", Some(&["src/a/b.rs"]), "starts"),
        (files, "main", Some(&["Cargo.toml"]), "starts"),
        (files, "main", Some(&["docs/a/b.md"]), "starts"),
        (files, "main", Some(&["assets/x.png"]), "starts"),
        (
            files,
            "main",
            Some(&["web/Cargo.toml", "docs2/a"]),
            "no file changed that is one of `src/**`, `*.toml`, `docs`, `assets/`",
        ),
        (files, "main", None, "starts; `paths` was not asked, because which files changed is not known"),
        (both, "dev", Some(&["docs/a.md"]), "starts"),
        (both, "dev", Some(&["docs/a/b.md"]), "the branch `dev` is none of `main`"),
        (both, "main", Some(&[]), "starts"),
    ];
    for (text, branch, paths, expect) in cases {
        assert_eq!(decide(text, branch, paths), expect, "{text} {branch} {paths:?}");
    }
}

#[test]
fn a_tag_that_is_called_like_a_branch_starts_nothing() {
    let body = fixture!("github-push-tag").replace("refs/tags/v1.2.0", "refs/tags/main");
    let Ok(Said::Push(push)) = read(Source::Github, "push", body.as_bytes()) else { panic!("{body}") };
    let why = "`main` is a tag, and only branches start pipelines".to_owned();
    assert_eq!(verdict(&triggers("  - type: webhook\n    branches: [main]"), &push), Verdict::Ignored(why));
}

#[test]
fn a_push_whose_branch_is_not_named_passes_no_branch_filter() {
    let Ok(Said::Push(push)) = read(Source::Generic, "", b"{}") else { panic!() };
    let why = "no branch is named, and it must be one of `*`".to_owned();
    assert_eq!(verdict(&triggers("  - type: webhook\n    branches: ['*']"), &push), Verdict::Ignored(why));
    assert_eq!(verdict(&triggers("  - type: webhook"), &push), Verdict::Starts(String::new()));
}

#[test]
fn what_a_forced_push_took_back_is_not_known() {
    let body = fixture!("github-push").replace("\"forced\": false", "\"forced\": true");
    let Ok(Said::Push(push)) = read(Source::Github, "push", body.as_bytes()) else { panic!("{body}") };
    assert_eq!(push.changed_paths, None);
}
