//! Bodies that want to harm.

use crate::webhook::{Said, Source, read};

const FORGES: [Source; 4] = [Source::Github, Source::Gitlab, Source::Gitea, Source::Gitee];

fn refused(source: Source, body: &[u8]) -> String {
    read(source, "push", body).expect_err("it is refused").to_string()
}

fn push(name: &str, commit: &str) -> String {
    serde_json::json!({"ref": name, "before": "0".repeat(40), "after": commit, "commits": []}).to_string()
}

#[test]
fn names_that_git_would_misread_are_refused() {
    let commit = "a".repeat(40);
    for name in [
        "--upload-pack=touch /tmp/x",
        "-main",
        "a b",
        "a\nb",
        "a..b",
        "a@{1}",
        "a:b",
        "a~1",
        "a^",
        "a*",
        "/a",
        "a/",
        "a//b",
        ".a",
        "a/.b",
        "",
        "a\\b",
        "a\u{7f}",
    ] {
        let why = refused(Source::Github, push(&format!("refs/heads/{name}"), &commit).as_bytes());
        assert_eq!(why, "what was pushed has a name that git does not take", "{name:?}");
        let generic = serde_json::json!({ "branch": name }).to_string();
        assert_eq!(refused(Source::Generic, generic.as_bytes()), why, "{name:?}");
    }
    // Awkward, but names: they are data wherever they go.
    for name in
        ["zzz\";echo${IFS}\"hello\";#", "功能/购物车", "$(id)", "'; DROP TABLE run; --".replace(' ', "").as_str()]
    {
        let said = read(Source::Github, "push", push(&format!("refs/heads/{name}"), &commit).as_bytes());
        let Ok(Said::Push(push)) = said else { panic!("{said:?}") };
        assert_eq!(push.branch(), Some(name));
    }
}

#[test]
fn commits_are_hashes_and_nothing_else() {
    for commit in ["", "HEAD", "--exec=id", "main", "abcdef", "g".repeat(40).as_str(), "a".repeat(65).as_str()] {
        let why = refused(Source::Gitlab, push("refs/heads/main", commit).as_bytes());
        assert_eq!(why, "a commit is not named by a hash of 7 to 64 hexadecimal digits", "{commit:?}");
    }
}

#[test]
fn what_is_no_json_is_refused_in_words() {
    for source in FORGES {
        assert!(refused(source, b"").starts_with("the body is no JSON"));
        assert!(refused(source, b"\xff\xfe{}").starts_with("the body is no JSON"));
        assert!(refused(source, b"{\"ref\": \"refs/heads/\xff\"}").starts_with("the body is no JSON"));
        assert!(refused(source, b"[1, 2]").starts_with("the body is not what it should be"));
        assert!(refused(source, b"payload=%7B%7D").contains("set the content type of the webhook"));
        assert_eq!(refused(source, b"{}"), "the push names no `ref`");
        assert!(refused(source, br#"{"ref":"refs/heads/a","ref":"refs/heads/b"}"#).contains("duplicate field"));
    }
}

#[test]
fn a_body_that_is_deep_or_long_costs_neither_stack_nor_memory() {
    let deep = format!("{{\"ref\":\"refs/heads/main\",\"x\":{}1{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    assert_eq!(refused(Source::Github, deep.as_bytes()), "the push does not say what is there now");
    let deep = format!("{{\"variables\":{{\"x\":{}1{}}}}}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(refused(Source::Generic, deep.as_bytes()).contains("recursion limit"));

    // Eight million commits of nothing: of all but the first, nothing is kept.
    let many = format!(
        "{{\"ref\":\"refs/heads/main\",\"before\":\"{0}\",\"after\":\"{0}\",\"commits\":[{1}{{}}]}}",
        "a".repeat(40),
        "{},".repeat(8_000_000)
    );
    let Ok(Said::Push(push)) = read(Source::Gitea, "push", many.as_bytes()) else { panic!() };
    assert_eq!(push.changed_paths, None, "too many to know");
    assert!(refused(Source::Generic, " ".repeat(1_048_577).as_bytes()).contains("more than 1 MiB"));
}

#[test]
fn a_list_that_was_cut_short_is_not_known() {
    let files = |count: usize| {
        let paths: Vec<String> = (0..count).map(|number| format!("src/{number}.rs")).collect();
        let commit = serde_json::json!({"id": "a", "message": "", "added": paths, "modified": [], "removed": []});
        let hash = "a".repeat(40);
        let body = serde_json::json!({"ref": "refs/heads/main", "before": hash, "after": hash, "commits": [commit]});
        let Ok(Said::Push(push)) = read(Source::Github, "push", body.to_string().as_bytes()) else { panic!() };
        push.changed_paths.map(|paths| paths.len())
    };
    assert_eq!((files(3_000), files(3_001)), (Some(3_000), None));
}

#[test]
fn who_pushed_is_named_without_tricks() {
    let body = serde_json::json!({"ref": "refs/heads/main", "before": "a".repeat(40), "after": "b".repeat(40),
                                  "sender": {"login": format!("mona\u{1b}[31m\r\n{}", "x".repeat(500))}});
    let Ok(Said::Push(push)) = read(Source::Github, "push", body.to_string().as_bytes()) else { panic!() };
    assert!(push.sender.starts_with("mona[31mxx") && push.sender.len() == 100, "{}", push.sender);
}

#[test]
fn nothing_that_a_database_trips_over_gets_through() {
    let why = refused(Source::Generic, br#"{"a\u0000\u001b[31m": 1}"#);
    assert!(why.contains("unknown field `a[31m`"), "{why}");
    let repository =
        serde_json::json!({"full_name": "octo/\0shop", "clone_url": "https://h/\0shop", "ssh_url": "git@h:shop"});
    let hash = "a".repeat(40);
    let body = serde_json::json!({"ref": "refs/heads/main", "before": hash, "after": hash, "repository": repository});
    let Ok(Said::Push(push)) = read(Source::Github, "push", body.to_string().as_bytes()) else { panic!() };
    assert_eq!((push.repository.as_str(), push.addresses), ("octo/shop", vec!["git@h:shop".to_owned()]));
}

#[test]
fn the_name_of_an_event_is_shown_without_tricks() {
    let said = read(Source::Github, &format!("\u{1b}]0;x\u{7}{}", "e".repeat(500)), b"{}");
    let Ok(Said::Other(why)) = said else { panic!("{said:?}") };
    assert!(why.len() < 100 && !why.contains(char::is_control), "{why}");
}
