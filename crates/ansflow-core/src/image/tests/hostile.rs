//! Names that are made to do harm: read as an option, as a path, as a command of a terminal, or at great length.

use crate::image::{Address, Reference, join};

const NAMES: &[&str] = &[
    "",
    " ",
    "-",
    "--privileged",
    "-v/:/host",
    "../../etc/passwd",
    "a/../b",
    "..",
    ".",
    "./shop",
    "/shop",
    "shop/",
    "shop:-rf",
    "shop:.hidden",
    "shop\0",
    "shop\nlatest",
    "shop\r\nHost: evil",
    "\u{1b}[31mshop",
    "shop;id",
    "$(id)",
    "`id`",
    "shop|cat",
    "shop'",
    "shop\"",
    "shop\\x",
    "ѕhop",
    "镜像",
    "shop\u{202e}gpj",
    "shop\u{200b}",
    "a.b.-c/shop",
    "host:0/shop",
    "host:+80/shop",
    "host:/shop",
    "[::1/shop",
    "[zz]/shop",
    "[::1]x/shop",
    "user:password@host/shop",
    "shop@",
    "shop@sha256:zz",
    "shop@md5:d41d8cd98f00b204e9800998ecf8427e",
    "a..b",
    "a___b",
    "a._b",
    "{{ image }}",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
];

#[test]
fn none_of_them_is_taken_and_every_reason_is_one_printable_line() {
    for name in NAMES {
        let refused = Reference::parse(name).expect_err(name);
        let said = refused.to_string();
        assert!(!said.chars().any(|c| c.is_control() || c == '\u{202e}' || c == '\u{200b}'), "{said:?}");
        assert!(said.len() < 500, "{said}");
        if let Some(near) = refused.suggestion {
            let taken = Reference::parse(&near).unwrap_or_else(|refused| panic!("{name:?} -> {near:?}: {refused}"));
            assert!(!taken.to_string().starts_with('-'));
        }
    }
}

#[test]
fn a_hostile_part_makes_no_name_either() {
    for project in ["..", "-v", "a/../b", "a b", "a\nb", "Team", "镜像", "a:b", "a@b", "$(id)", "{{ x }}"] {
        assert!(join(None, Some(project), "shop", None).is_err(), "project {project:?}");
    }
    for tag in ["-rf", "a b", "a\nb", "a/b", "标签", "a:b", "a@b", &"a".repeat(129)] {
        assert!(join(None, None, "shop", Some(tag)).is_err(), "tag {tag:?}");
    }
}

#[test]
fn an_over_long_name_is_refused_at_once_and_in_short() {
    for text in ["a".repeat(256), "a/".repeat(1_000_000) + "a", format!("a:{}", "b".repeat(10_000_000))] {
        let said = Reference::parse(&text).expect_err("too long").to_string();
        assert!(said.len() < 400, "{} bytes", said.len());
    }
    assert!(Reference::parse(&"a".repeat(230)).is_ok());
}

#[test]
fn a_hostile_address_is_refused_and_no_password_is_repeated() {
    let addresses = [
        "",
        "https://",
        "ftp://host",
        "file:///etc/passwd",
        "https://ci:hunter2@host",
        "ci:hunter2@host/team",
        "host?x=1",
        "host#x",
        "host/../x",
        "host/Team",
        "-host",
        "host name",
        "host\nx",
        "host:port",
        "镜像.example.com",
        "\u{1b}]0;x\u{7}host",
    ];
    for text in addresses {
        let said = Address::parse(text).expect_err(text).to_string();
        assert!(!said.contains("hunter2") && !said.chars().any(char::is_control), "{said:?}");
    }
}
