//! When two addresses are of one repository.

use serde_json::Map;

use crate::pipeline::{Source, parse};
use crate::webhook::address::{Place, only_repository, repositories, same};

#[test]
fn one_repository_has_many_addresses() {
    let ours = "https://git.example.com/Team/shop.git";
    for other in [
        "https://git.example.com/team/shop",
        "http://GIT.example.com/team/shop.git/",
        "https://ci:token@git.example.com:8443/team/shop.git",
        "git@git.example.com:team/shop.git",
        "git.example.com:/team/shop",
        "ssh://git@git.example.com:2222/team/shop.git",
        "git://git.example.com/team/shop.git#readme",
    ] {
        assert!(same(ours, other), "{other}");
    }
}

#[test]
fn others_are_others() {
    let ours = "https://git.example.com/team/shop.git";
    for other in [
        "https://git.example.com/team/shop2",
        "https://git.example.com/shop",
        "https://git.example.com/a/team/shop",
        "https://example.com/team/shop",
        "https://git.example.com.evil.example/team/shop",
        "https://evil.example/?git.example.com/team/shop",
        "https://git.example.com@evil.example/team/shop",
        "https://git.example.com/team/../team/shop",
        "https://git.example.com//team/shop.git/..",
        "/srv/git/team/shop",
        "../shop",
        "file:///team/shop",
        "ext::sh -c git.example.com:team/shop",
        "https://git.example.com\\@evil.example/team/shop",
        "",
    ] {
        assert!(!same(ours, other), "{other}");
    }
    for nowhere in ["", ":", "://", "https://", "https:///x", "ssh://[::1", "a:b/../c", "/srv/a", "host:"] {
        assert!(!same(nowhere, nowhere), "{nowhere} is no place, not even its own");
    }
    assert!(same("ssh://git@[2001:db8::1]:22/a", "http://[2001:db8::1]/a"));
}

#[test]
fn only_what_a_text_says_plainly_is_its_repository() {
    let text = "name: shop\nvariables:\n  repo: https://h/team/secret.git\nsteps:\n\
                \x20 - {name: a, type: git, config: {repository: 'git@h:team/shop.git'}}\n\
                \x20 - {name: b, type: git, config: {url: '{{ repo }}'}}\n\
                \x20 - {name: c, type: fetch_code, config: {repository_url: 'https://h/team/docs'}}\n\
                \x20 - {name: d, type: command, command: git clone https://h/team/other}\n";
    let (pipeline, problems) = parse(&Source { text: text.as_bytes(), file_stem: "shop", variables: &Map::new() });
    let pipeline = pipeline.unwrap_or_else(|| panic!("{problems:?}"));
    let expect = ["https://h/team/shop", "https://h/team/docs"].map(|address| Place::of(address).unwrap());
    assert_eq!(repositories(&pipeline).collect::<Vec<_>>(), expect);
    assert_eq!(expect[0].last_name(), "shop");
    assert_eq!(only_repository(&pipeline), None, "there are two");
}
