//! The tree, its places, and what is said about wrong text; attacks are in `hostile`, random text in `laws`.

mod hostile;
mod laws;
mod lines;
mod locate;
mod slips;

use super::{Node, Value, read};
use crate::diagnostic::Span;
use expect_test::{Expect, expect};

/// One door: the tree as `line:column-line:column value` lines, then the diagnostics.
fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&shown(text.as_bytes()));
}

fn shown(text: &[u8]) -> String {
    let (node, diagnostics) = read(text);
    let mut out = String::new();
    if let Some(node) = node {
        show(&node, "", 0, &mut out);
    }
    for diagnostic in diagnostics {
        let help = diagnostic.help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
        out.push_str(&format!("{} {}: {}{help}\n", place(diagnostic.span), diagnostic.code, diagnostic.message));
    }
    out
}

fn show(node: &Node, key: &str, depth: usize, out: &mut String) {
    let value = match &node.value {
        Value::List(_) => "list".to_owned(),
        Value::Map(_) => "map".to_owned(),
        other => format!("{other:?}"),
    };
    out.push_str(&format!("{}{key}{value} @{}\n", "  ".repeat(depth), place(node.span)));
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| show(item, "- ", depth + 1, out)),
        Value::Map(entries) => entries.iter().for_each(|entry| {
            show(&entry.value, &format!("{} @{} ", entry.key.text, place(entry.key.span)), depth + 1, out)
        }),
        _ => {}
    }
}

fn place(span: Span) -> String {
    format!("{}:{}-{}:{}", span.start.line, span.start.column, span.end.line, span.end.column)
}

#[test]
fn every_value_knows_its_place() {
    check(
        "name: shop\nsteps:\n  - run: \"cargo test\"\n    needs: [a, 'b c']\n  - run: |\n      one\n      two\n\nempty:\n",
        &expect![[r#"
            map @1:1-9:7
              name @1:1-1:5 Text("shop") @1:7-1:11
              steps @2:1-2:6 list @3:3-7:10
                - map @3:5-4:22
                  run @3:5-3:8 Text("cargo test") @3:10-3:22
                  needs @4:5-4:10 list @4:12-4:22
                    - Text("a") @4:13-4:14
                    - Text("b c") @4:16-4:21
                - map @5:5-7:10
                  run @5:5-5:8 Text("one\ntwo\n") @6:7-7:10
              empty @9:1-9:6 Null @9:7-9:7
        "#]],
    );
}

#[test]
fn other_scripts_shift_nothing() {
    check(
        "# 注释 — ok\n构建镜像: [ 甲, # 旁注\n  { 名: 值 } ]\nk: é # é\nz: 1\n",
        &expect![[r#"
        map @2:1-5:5
          构建镜像 @2:1-2:5 list @2:7-3:13
            - Text("甲") @2:9-2:10
            - map @3:3-3:11
              名 @3:5-3:6 Text("值") @3:8-3:9
          k @4:1-4:2 Text("é") @4:4-4:5
          z @5:1-5:2 Int(1) @5:4-5:5
    "#]],
    );
    check(
        "\u{feff}名: 值\n",
        &expect![[r#"
        map @1:1-1:5
          名 @1:1-1:2 Text("值") @1:4-1:5
    "#]],
    );
}

#[test]
fn byte_offsets_point_into_the_file() {
    let text = "\u{feff}# 注释\r\n构建: [甲, \"乙\"]\r\n部署: |\r\n  丙\r\n  丁\r\n";
    let (node, diagnostics) = read(text.as_bytes());
    assert_eq!(diagnostics, []);
    let root = node.unwrap();
    let written = |node: &Node| &text[node.span.start.offset..node.span.end.offset];
    let Value::List(items) = &root.get("构建").unwrap().value else { panic!("a list") };
    assert_eq!(items.iter().map(written).collect::<Vec<_>>(), ["甲", "\"乙\""]);
    assert_eq!(written(root.get("构建").unwrap()), "[甲, \"乙\"]");
    assert_eq!(written(root.get("部署").unwrap()), "丙\r\n  丁");
    assert_eq!(root.get("部署").unwrap().text(), Some("丙\n丁\n"));
}

#[test]
fn scalars_follow_the_core_schema() {
    check(
        "[NO, yes, true, False, ~, null, 1.10, 0777, 0x1F, 0o17, -3, 1e3, .inf, 12345678901234567890, 1.2.3, '7', 0x, 1_000, 2001-01-01, .]",
        &expect![[r#"
            list @1:1-1:131
              - Text("NO") @1:2-1:4
              - Text("yes") @1:6-1:9
              - Bool(true) @1:11-1:15
              - Bool(false) @1:17-1:22
              - Null @1:24-1:25
              - Null @1:27-1:31
              - Float(1.1) @1:33-1:37
              - Int(777) @1:39-1:43
              - Int(31) @1:45-1:49
              - Int(15) @1:51-1:55
              - Int(-3) @1:57-1:59
              - Float(1000.0) @1:61-1:64
              - Float(inf) @1:66-1:70
              - Float(1.2345678901234567e19) @1:72-1:92
              - Text("1.2.3") @1:94-1:99
              - Text("7") @1:101-1:104
              - Text("0x") @1:106-1:108
              - Text("1_000") @1:110-1:115
              - Text("2001-01-01") @1:117-1:127
              - Text(".") @1:129-1:130
        "#]],
    );
}

#[test]
fn numbers_keep_the_way_they_were_written() {
    let (node, _) = read(b"[1.10, 0777, True, 0x1F, text, 12345678901234567890, ~]");
    let Value::List(items) = node.unwrap().value else { panic!("a list") };
    let scalars: Vec<_> = items.iter().map(Node::scalar).collect();
    let expected = ["1.10", "0777", "True", "0x1F", "text", "12345678901234567890"].map(|text| Some(text.to_owned()));
    assert_eq!(scalars[..6], expected);
    assert_eq!(scalars[6], None);
}

#[test]
fn values_are_equal_wherever_they_stand() {
    assert_eq!(read(b"{a: [1, x]}").0, read(b"# far away\na:\n  - 1\n  - 'x'\n").0);
    assert_ne!(read(b"a: 1").0, read(b"a: '1'").0);
}

#[test]
fn a_tree_becomes_json() {
    let (node, _) = read(b"a: 1\nb: [1.5, true, ~, .nan]\n1: x\n");
    assert_eq!(node.unwrap().to_json().to_string(), r#"{"a":1,"b":[1.5,true,null,".nan"],"1":"x"}"#);
}

#[test]
fn anchors_and_merges_are_resolved() {
    check(
        "base: &base { image: rust, retries: 1 }\nmore: &more\n  shell: bash\n  image: go\none:\n  <<: *base\n  retries: 2\ntwo:\n  <<: [*more, *base]\nthree: *base\n",
        &expect![[r#"
            map @1:1-10:13
              base @1:1-1:5 map @1:13-1:40
                image @1:15-1:20 Text("rust") @1:22-1:26
                retries @1:28-1:35 Int(1) @1:37-1:38
              more @2:1-2:5 map @3:3-4:12
                shell @3:3-3:8 Text("bash") @3:10-3:14
                image @4:3-4:8 Text("go") @4:10-4:12
              one @5:1-5:4 map @6:3-7:13
                retries @7:3-7:10 Int(2) @7:12-7:13
                image @1:15-1:20 Text("rust") @1:22-1:26
              two @8:1-8:4 map @9:3-9:21
                shell @3:3-3:8 Text("bash") @3:10-3:14
                image @4:3-4:8 Text("go") @4:10-4:12
                retries @1:28-1:35 Int(1) @1:37-1:38
              three @10:1-10:6 map @1:13-1:40
                image @1:15-1:20 Text("rust") @1:22-1:26
                retries @1:28-1:35 Int(1) @1:37-1:38
        "#]],
    );
}

#[test]
fn merges_of_anything_but_maps_are_refused() {
    check(
        "a: { <<: 1 }\nb: { <<: [x] }\n'<<': fine\nc:\n  <<: {}\n  <<: {}\n",
        &expect![[r#"
            map @1:1-6:9
              a @1:1-1:2 map @1:4-1:13
              b @2:1-2:2 map @2:4-2:15
              << @3:1-3:5 Text("fine") @3:7-3:11
              c @4:1-4:2 map @5:3-6:9
            1:10-1:11 merge: `<<` takes a map or a list of maps, not a number
              help: write <<: *anchor
            2:11-2:12 merge: `<<` takes maps, not text
            6:3-6:5 duplicate-key: the key `<<` stands twice, on line 5 and on line 6
              help: keep one of them
        "#]],
    );
}

#[test]
fn core_tags_are_understood_and_others_refused() {
    check(
        "a: !!str 12\nb: !!int 0x10\nc: !!int x\nd: !secret y\ne: !!map {}\nf: !!set {x: }\ng: &g !!str\nh: ! 12\n",
        &expect![[r#"
        map @1:1-8:8
          a @1:1-1:2 Text("12") @1:10-1:12
          b @2:1-2:2 Int(16) @2:10-2:14
          c @3:1-3:2 Text("x") @3:10-3:11
          d @4:1-4:2 Text("y") @4:12-4:13
          e @5:1-5:2 map @5:10-5:12
          f @6:1-6:2 map @6:10-6:15
            x @6:11-6:12 Null @6:13-6:13
          g @7:1-7:2 Text("") @7:12-7:12
          h @8:1-8:2 Text("12") @8:6-8:8
        3:10-3:11 tag: `x` does not fit its tag `!!int`
        4:12-4:13 tag: the tag `!secret` means nothing here
          help: leave it out; a text that starts with `!` stands in quotes
        6:10-6:15 tag: the tag `!!set` means nothing here
          help: leave it out; a text that starts with `!` stands in quotes
    "#]],
    );
}

#[test]
fn a_key_stands_once() {
    check(
        "a: 1\nb: 2\nb: 3\nc: { x: 1, x: 2, x: 3 }\na: 4\n",
        &expect![[r#"
            map @1:1-5:5
              a @1:1-1:2 Int(1) @1:4-1:5
              b @2:1-2:2 Int(2) @2:4-2:5
              c @4:1-4:2 map @4:4-4:24
                x @4:6-4:7 Int(1) @4:9-4:10
            3:1-3:2 duplicate-key: the key `b` stands twice, on line 2 and on line 3
              help: keep one of them
            4:12-4:13 duplicate-key: the key `x` stands twice, both times on line 4
              help: keep one of them
            4:18-4:19 duplicate-key: the key `x` stands twice, both times on line 4
              help: keep one of them
            5:1-5:2 duplicate-key: the key `a` stands twice, on line 1 and on line 5
              help: keep one of them
        "#]],
    );
}

#[test]
fn keys_are_texts() {
    check(
        "[a]: 1\n? {b: c}\n: 2\n: 3\n? d\n: 4\n1: x\n",
        &expect![[r#"
        map @1:1-7:5
          d @5:3-5:4 Int(4) @6:3-6:4
          1 @7:1-7:2 Text("x") @7:4-7:5
        1:1-1:4 complex-key: a key is a text, not a list
          help: a value that starts with [ or { stands in quotes if it is meant as text
        2:3-2:9 complex-key: a key is a text, not a map
          help: a value that starts with [ or { stands in quotes if it is meant as text
        4:2-4:2 empty-key: a key is missing before the `:`
    "#]],
    );
}

#[test]
fn one_document_is_read() {
    check(
        "---\na: 1\n...\n",
        &expect![[r#"
        map @2:1-2:5
          a @2:1-2:2 Int(1) @2:4-2:5
    "#]],
    );
    check(
        "a: 1\n---\nb: 2\n",
        &expect![[r#"
            map @1:1-1:5
              a @1:1-1:2 Int(1) @1:4-1:5
            2:1-2:4 several-documents: a second document starts here, but one is all that is read
              help: move it into a file of its own
        "#]],
    );
    check(
        "",
        &expect![[r#"
            1:1-1:1 empty: the file is empty
        "#]],
    );
    check(
        "# nothing\n---\n",
        &expect![[r#"
            1:1-1:1 empty: the file is empty
        "#]],
    );
    check(
        "~",
        &expect![[r#"
        Null @1:1-1:2
    "#]],
    );
}

#[test]
fn other_encodings_are_named() {
    let utf16: Vec<u8> = "name: x".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "名字: x".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, expected) in [
        (
            utf16.as_slice(),
            expect![[r#"
            1:1-1:1 encoding: the file is UTF-16, not UTF-8
              help: save it as UTF-8
        "#]],
        ),
        (
            &[&[0xFE, 0xFF], big.as_slice()].concat(),
            expect![[r#"
            1:1-1:1 encoding: the file is UTF-16, not UTF-8
              help: save it as UTF-8
        "#]],
        ),
        (
            b"\xFF\xFE\0\0n\0\0\0",
            expect![[r#"
            1:1-1:1 encoding: the file is UTF-32, not UTF-8
              help: save it as UTF-8
        "#]],
        ),
        (
            b"a: b\nname: caf\xE9\n",
            expect![[r#"
            2:10-2:10 encoding: the file is not UTF-8 but probably Latin-1: byte 0xE9
              help: save it as UTF-8
        "#]],
        ),
        (
            b"name: \xB9\xB9\xBD\xA8\n",
            expect![[r#"
            1:7-1:7 encoding: the file is not UTF-8 but probably GBK: byte 0xB9
              help: save it as UTF-8
        "#]],
        ),
        (
            b"name: x\0\n",
            expect![[r#"
            1:8-1:8 encoding: the file contains a NUL byte, so it is no text
              help: save it as UTF-8 text
        "#]],
        ),
    ] {
        expected.assert_eq(&shown(bytes));
    }
}
