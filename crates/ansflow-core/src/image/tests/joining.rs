//! Registry, project, image and tag.

use crate::image::{Address, join};

/// `registry | project | image | tag`, each empty where there is none.
fn check(parts: &str, expected: &str) {
    let parts: Vec<&str> = parts.split('|').map(str::trim).collect();
    let given = |at: usize| Some(parts[at]).filter(|text| !text.is_empty());
    let registry = given(0).map(|text| Address::parse(text).unwrap());
    let joined = join(registry.as_ref(), given(1), parts[2], given(3));
    let shown = joined.map_or_else(|refused| format!("refused: {refused}"), |reference| reference.full());
    assert_eq!(shown, expected, "{parts:?}");
}

#[test]
fn the_default_tag_is_latest_and_the_images_own_wins() {
    check("| | shop |", "docker.io/library/shop:latest");
    check("| | shop | 7", "docker.io/library/shop:7");
    check("| | shop:1 | 7", "docker.io/library/shop:1");
    let digest = format!("shop@sha256:{}", "0".repeat(64));
    check(&format!("| | {digest} | 7"), &format!("docker.io/library/{digest}"));
}

#[test]
fn a_bare_image_gets_registry_and_project_in_front_once() {
    check("harbor.example.com | team | shop | 7", "harbor.example.com/team/shop:7");
    check("https://harbor.example.com/ | team | team/shop | 7", "harbor.example.com/team/shop:7");
    check("127.0.0.1:5000/team | | shop | 7", "127.0.0.1:5000/team/shop:7");
    check("127.0.0.1:5000/team | | team/shop | 7", "127.0.0.1:5000/team/shop:7");
    check("127.0.0.1:5000/team | web | shop | 7", "127.0.0.1:5000/team/web/shop:7");
    check("| team | shop |", "docker.io/team/shop:latest");
    check("docker.io | | shop |", "docker.io/library/shop:latest");
    check("harbor.example.com | team | teamster/shop |", "harbor.example.com/team/teamster/shop:latest");
}

#[test]
fn an_image_that_starts_with_the_host_keeps_it() {
    check("127.0.0.1:5000/team | | 127.0.0.1:5000/team/shop:7 |", "127.0.0.1:5000/team/shop:7");
    check("127.0.0.1:5000/team | | 127.0.0.1:5000/shop:7 |", "127.0.0.1:5000/shop:7");
    check("harbor.example.com | team | harbor.example.com/team/shop |", "harbor.example.com/team/shop:latest");
    check("harbor.example.com | team | HARBOR.example.com/shop |", "harbor.example.com/team/shop:latest");
    check(
        "harbor.example.com | team | harbor.example.com/other/shop |",
        "refused: image `harbor.example.com/other/shop` names project `other`, and `project` says `team`; write `harbor.example.com/team/shop`",
    );
}

#[test]
fn an_image_of_another_registry_moves() {
    check("b.example.com | | a.example.com/team/shop:7 |", "b.example.com/team/shop:7");
    check("b.example.com | prod | a.example.com/team/shop:7 |", "b.example.com/prod/shop:7");
    check("b.example.com/x | | a.example.com/shop:7 |", "b.example.com/x/shop:7");
    check("docker.io | | localhost/shop |", "docker.io/library/shop:latest");
}

#[test]
fn what_comes_of_it_is_judged_too() {
    check("| Team | shop |", "refused: `Team` is no name of a project: it has upper-case letters; write `team`");
    check("| .. | shop |", "refused: `..` is no name of a project: `.` and `..` mean nothing in it");
    check(
        "| | shop | feature/login",
        "refused: `feature/login` is no tag: it has a `/` in it, as names of branches have; write `feature-login`",
    );
    let long = "a".repeat(200);
    let joined = join(None, Some(&long), &long, None).unwrap_err();
    assert!(joined.reason.ends_with("is longer than the 255 characters that a name may have"), "{joined}");
}
