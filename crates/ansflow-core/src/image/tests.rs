//! Names and addresses: what they mean, what is refused, and that nothing is lost on the way.

mod hostile;
mod joining;
mod laws;

use super::{Address, Reference};

fn full(text: &str) -> String {
    Reference::parse(text).unwrap_or_else(|refused| panic!("{text}: {refused}")).full()
}

fn why(text: &str) -> String {
    Reference::parse(text).map_or_else(|refused| refused.to_string(), |reference| format!("taken as {reference}"))
}

#[test]
fn a_name_without_a_host_is_one_of_docker_hub() {
    assert_eq!(full("nginx"), "docker.io/library/nginx");
    assert_eq!(full("team/shop:1.2"), "docker.io/team/shop:1.2");
    assert_eq!(full("index.docker.io/nginx"), "docker.io/library/nginx");
    for text in ["nginx", "docker.io/nginx", "docker.io/library/nginx", "Docker.IO/library/nginx"] {
        assert_eq!(Reference::parse(text), Reference::parse("nginx"), "{text}");
    }
}

#[test]
fn the_first_part_is_a_host_where_it_looks_like_one() {
    assert_eq!(full("harbor.example.com/team/shop:1"), "harbor.example.com/team/shop:1");
    assert_eq!(full("127.0.0.1:5000/shop"), "127.0.0.1:5000/shop");
    assert_eq!(full("localhost/shop"), "localhost/shop");
    assert_eq!(full("[::1]:5000/shop:a"), "[::1]:5000/shop:a");
    assert_eq!(full("Harbor.Example.COM:0443/shop"), "harbor.example.com:443/shop");
}

#[test]
fn a_colon_is_a_port_before_the_last_slash_and_a_tag_behind_it() {
    let reference = Reference::parse("host:5000/team/shop:v1").unwrap();
    assert_eq!((reference.host(), reference.repository(), reference.tag()), ("host:5000", "team/shop", Some("v1")));
    let digest = format!("sha256:{}", "a1".repeat(32));
    let reference = Reference::parse(&format!("shop:v1@{digest}")).unwrap();
    assert_eq!((reference.tag(), reference.digest()), (Some("v1"), Some(digest.as_str())));
}

#[test]
fn the_short_form_is_what_docker_shows() {
    let short = |text: &str| Reference::parse(text).unwrap().to_string();
    assert_eq!(short("docker.io/library/nginx:1"), "nginx:1");
    assert_eq!(short("docker.io/team/shop"), "team/shop");
    assert_eq!(short("ghcr.io/team/shop:1"), "ghcr.io/team/shop:1");
    assert_eq!(short("docker.io/my.org/shop"), "docker.io/my.org/shop");
    assert_eq!(short("docker.io/library/a/b"), "library/a/b");
}

#[test]
fn a_tag_is_added_only_where_nothing_says_which_image() {
    let latest = |text: &str| Reference::parse(text).unwrap().or_latest().to_string();
    assert_eq!(latest("shop"), "shop:latest");
    assert_eq!(latest("shop:1"), "shop:1");
    let digest = format!("shop@sha256:{}", "0".repeat(64));
    assert_eq!(latest(&digest), digest);
    let retagged = Reference::parse(&digest).unwrap().with_tag("2").unwrap();
    assert_eq!(retagged.to_string(), "shop:2");
}

#[test]
fn what_is_no_name_is_refused_with_what_would_do() {
    let table = [
        ("Shop", "`Shop` is no name of an image: it has upper-case letters; write `shop`"),
        ("My Shop:1", "`My Shop` is no name of an image: it has upper-case letters; write `my-shop:1`"),
        ("my shop", "`my shop` is no name of an image: it has a space in it; write `my-shop`"),
        (
            "https://harbor.example.com/shop",
            "`https://harbor.example.com/shop` is an address, and names of images have no `https://`; write `harbor.example.com/shop`",
        ),
        ("shop:", "the tag is empty; write `shop`"),
        (
            "shop:feature/login",
            "`feature/login` is no tag: it has a `/` in it, as names of branches have; write `shop:feature-login`",
        ),
        ("team//shop", "`team//shop` is no name of an image: a part between slashes is empty; write `team/shop`"),
        ("host:99999/shop", "`host:99999` is no host of a registry: `99999` is no port from 1 to 65535"),
        (
            "shop@sha256:abc",
            "`sha256:abc` is no digest: it is `sha256:` and 64 hexadecimal digits in small letters; write `shop`",
        ),
        ("shop:a b", "`a b` is no tag: it has a space in it; write `shop:a-b`"),
    ];
    for (text, reason) in table {
        let why = why(text);
        assert!(why.starts_with(reason), "{text}: {why}");
    }
}

#[test]
fn an_address_is_read_as_people_write_it() {
    let table = [
        ("harbor.example.com", "harbor.example.com", "https://harbor.example.com"),
        ("https://Harbor.example.com/", "harbor.example.com", "https://harbor.example.com"),
        ("http://127.0.0.1:5000/team/", "http://127.0.0.1:5000/team", "http://127.0.0.1:5000"),
        ("https://index.docker.io/v1/", "docker.io", "https://registry-1.docker.io"),
        ("https://registry.example.com/v2/", "registry.example.com", "https://registry.example.com"),
        ("hub.docker.com", "docker.io", "https://registry-1.docker.io"),
        (" harbor ", "harbor", "https://harbor"),
    ];
    for (text, shown, endpoint) in table {
        let address = Address::parse(text).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        assert_eq!((address.to_string().as_str(), address.endpoint().as_str()), (shown, endpoint), "{text}");
    }
    assert!(Address::parse("127.0.0.1:5000/team").unwrap().is_this_machine());
    assert!(!Address::parse("harbor.example.com").unwrap().is_this_machine());
}
