//! Every rule on small inputs, and the whole house on itself.

use expect_test::{Expect, expect};

use super::{allow, arrows, docs, migrations, rust, scripts, sizes, words};
use crate::finding::Finding;
use crate::tree::SourceFile;

/// The door: files in, one line a finding out.
fn check(rule: fn(&[SourceFile]) -> Vec<Finding>, files: &[(&str, &str)], expected: &Expect) {
    expected.assert_eq(&print(&rule(&files_of(files))));
}

fn files_of(files: &[(&str, &str)]) -> Vec<SourceFile> {
    files.iter().map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
}

fn print(findings: &[Finding]) -> String {
    findings.iter().map(|found| format!("{}:{}: {}\n", found.file, found.line, found.message)).collect()
}

fn arrows_of(name: &str, uses: &[&str]) -> String {
    let uses = uses.iter().map(|used| arrows::Use { name: (*used).to_owned(), line: 9, tests: false }).collect();
    print(&arrows::check(&[arrows::Manifest { name: name.to_owned(), path: "Cargo.toml".to_owned(), uses }]))
}

#[test]
fn the_house_keeps_its_own_rules() {
    let report = super::check(&crate::root()).expect("the project can be read");
    assert!(
        report.findings.is_empty(),
        "\n{}",
        report.findings.iter().map(|found| format!("{found}\n")).collect::<String>()
    );
}

#[test]
fn a_crate_uses_only_what_its_row_of_the_table_names() {
    expect![[""]].assert_eq(&arrows_of("ansflow-engine", &["ansflow-core", "ansflow-store", "nix", "tokio"]));
    expect![[r"
        Cargo.toml:9: `ansflow-engine` must not use `ansflow-server`
    "]]
    .assert_eq(&arrows_of("ansflow-engine", &["ansflow-server"]));
    expect![[r"
        Cargo.toml:9: `ansflow-core` must not name `sqlx`: only ansflow-store may
    "]]
    .assert_eq(&arrows_of("ansflow-core", &["sqlx", "saphyr-parser"]));
    expect![[r"
        Cargo.toml:1: `ansflow-utils` is not in the table of crates
    "]]
    .assert_eq(&arrows_of("ansflow-utils", &[]));
}

#[test]
fn a_long_file_is_found_and_a_long_test_is_not() {
    let long = "x\n".repeat(401);
    check(
        sizes::check,
        &[("a.rs", &long), ("a/tests.rs", &long), ("b.rs", &long[..800]), ("tests/fixtures/c.rs", &long)],
        &expect![[r"
            a.rs:401: 401 lines; 400 are a lot
        "]],
    );
}

#[test]
fn the_median_is_that_of_the_product() {
    let files = files_of(&[("a.rs", "1\n"), ("b.rs", "1\n2\n"), ("c.rs", "1\n2\n3\n4\n"), ("tests/d.rs", "1\n")]);
    assert_eq!(sizes::summary(&files), "3 Rust files, median 2 lines, longest 4 (c.rs)");
}

#[test]
fn rust_files_say_what_they_are_for_and_hide_no_test() {
    let ignored = concat!("#[test]\n    #[", "ignore = \"slow\"]\nfn f() {}\n");
    let debug = concat!("//! Why.\nlet x = dbg", "!(y);\n");
    check(
        rust::check,
        &[("a.rs", "fn f() {}\n"), ("b/mod.rs", "//! Why.\n"), ("c/tests.rs", ignored), ("d.rs", debug)],
        &expect![[r"
            a.rs:1: no `//!` at the top
            b/mod.rs:1: a module named `mod.rs`
            c/tests.rs:2: a test that nobody runs
            d.rs:2: a left-over `dbg!`
        "]],
    );
    check(rust::check, &[("build.rs", "fn main() {}"), ("fixtures/a.rs", "fn f() {}")], &expect![[""]]);
}

#[test]
fn notes_are_found_as_words_in_code_only() {
    let note = concat!("// TO", "DO: later\nTO", "DOS mktemp.XXXXXX\n");
    let expected = [concat!("a.rs:1: a note to oneself: TO", "DO\n"), concat!("b.sh:1: a note to oneself: TO", "DO\n")];
    assert_eq!(print(&words::check(&files_of(&[("a.rs", note), ("b.sh", note), ("c.md", note)]))), expected.concat());
}

#[test]
fn paths_of_one_machine_are_found_wherever_they_stand() {
    let at = |text: &str| words::check(&files_of(&[("a.md", text)])).len();
    assert_eq!(at(concat!("see /ho", "me/ann/notes")), 1);
    assert_eq!(at(concat!("\"/ro", "ot/.cargo\"")), 1);
    assert_eq!(at(concat!("$HOME/wo", "rk/x and src/wo", "rk/x and https://a.b/wo", "rk/x")), 0);
    assert_eq!(at(concat!("/ho", "me/$USER")), 0);
}

#[test]
fn links_lead_to_files_and_folders_of_the_project() {
    let text = "[a](docs/b.md#x) [c](nowhere.md) [d](https://example.com) [e](#here) [f](docs/)\n```\n[g](gone)\n```\n";
    check(
        docs::check,
        &[("README.md", text), ("docs/b.md", "[up](../README.md) [self](b.md) [out](../../x)")],
        &expect![[r"
            README.md:1: `nowhere.md` leads nowhere
            docs/b.md:1: `../../x` leads nowhere
        "]],
    );
}

#[test]
fn scripts_begin_by_being_strict() {
    check(
        scripts::check,
        &[
            ("good.sh", "#!/usr/bin/env bash\n# Why.\n\nset -euo pipefail\n"),
            ("bad", "#!/bin/sh\n# Why.\nset -eu\n"),
            ("data.txt", "set -e\n"),
        ],
        &expect![[r"
            bad:3: the first command is not `set -euo pipefail`
        "]],
    );
}

#[test]
fn migrations_have_neither_gaps_nor_twins() {
    check(
        migrations::check,
        &[("m/migrations/0001_a.sql", ""), ("m/migrations/0002_b.sql", ""), ("other/0009_x.sql", "")],
        &expect![[""]],
    );
    check(
        migrations::check,
        &[("migrations/0001_a.sql", ""), ("migrations/0001_b.sql", ""), ("migrations/0003_c.sql", "")],
        &expect![[r"
            migrations/0001_b.sql:1: migration 0002 was expected here
            migrations/0003_c.sql:1: migration 0002 was expected here
        "]],
    );
}

#[test]
fn an_exception_needs_a_reason_and_a_use() {
    let finding =
        |file: &str| Finding { file: file.to_owned(), line: 1, rule: "size", message: "long".to_owned(), help: "" };
    let list = "# why\nsize a.rs it is a table\nsize b.rs\nsize gone.rs it was a table\n";
    let left = allow::apply(list, vec![finding("a.rs"), finding("b.rs")]);
    expect![[r"
        b.rs:1: long
        xtask/tidy.allow:3: an exception without a reason
        xtask/tidy.allow:4: `gone.rs` keeps the rule `size`
    "]]
    .assert_eq(&print(&left));
}
