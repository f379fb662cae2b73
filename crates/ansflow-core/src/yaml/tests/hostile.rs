//! Text that wants to cost more than it is worth. Each ends in seconds even unoptimised, with a sentence.

use crate::yaml::read;
use expect_test::{Expect, expect};
use std::fmt::Write;
use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// Codes and messages of what `text` gets, which must take little time of the processor.
fn check(text: &str, expected: &Expect) {
    let before = processor_time();
    let (node, diagnostics) = read(text.as_bytes());
    let took = processor_time() - before;
    println!("{took:?} for {} bytes that start with {:?}", text.len(), text.chars().take(20).collect::<String>());
    let mut said: Vec<_> = diagnostics.iter().map(|one| format!("{}: {}", one.code, one.message)).collect();
    said.truncate(3);
    if node.is_some() {
        said.push("a tree".to_owned());
    }
    expected.assert_eq(&said.join("\n"));
    assert!(took.as_secs() < 5, "{took:?}");
}

/// What this thread has used so far: unlike the clock on the wall it does not count the work of others.
fn processor_time() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "the promise under test is about time")]
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat");
    let statistics = statistics.expect("Linux tells each thread its time");
    Duration::from_nanos(statistics.split(' ').next().unwrap().parse().unwrap())
}

/// A megabyte of it; what is worse than linear shows there as well.
fn fill(piece: &str) -> String {
    piece.repeat(MIB / piece.len())
}

#[test]
fn files_are_bounded() {
    check(&"a".repeat(5 * MIB), &expect!["too-large: the file has 5120 KiB, more than the 4096 KiB that are read"]);
    check(
        &"- a\n".repeat(MIB - 1),
        &expect!["too-large: the file holds more than 500000 values, with all that its aliases repeat"],
    );
    check(&"[构,\n".repeat(199_999), &expect!["too-deep: brackets nest deeper than 100 levels"]);
    check(&"[".repeat(5 * MIB), &expect!["too-large: the file has 5120 KiB, more than the 4096 KiB that are read"]);
}

#[test]
fn alias_bombs_do_not_explode() {
    let mut laughs = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(laughs, "a{level}: &a{level} [{items}]").unwrap();
    }
    check(&laughs, &expect!["too-large: the file holds more than 500000 values, with all that its aliases repeat"]);
    let long = "x".repeat(MIB);
    check(
        &format!("a: &a {long}\nb: [{}]\n", "*a, ".repeat(10_000)),
        &expect!["too-large: the file holds more than 16 MiB of text, with all that its aliases repeat"],
    );
    check(
        &format!(
            "a: &a {{{}}}\nb: [{}]\n",
            (0..1_000).map(|i| format!("k{i}: 1, ")).collect::<String>(),
            "{<<: *a}, ".repeat(10_000)
        ),
        &expect!["too-large: the file holds more than 500000 values, with all that its aliases repeat"],
    );
}

#[test]
fn aliases_do_not_dig_deeper_than_brackets() {
    let mut chain = String::from("a0: &a0 [x]\n");
    for level in 1..10_000 {
        writeln!(chain, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    check(&chain, &expect!["too-deep: lists and maps nest deeper than 100 levels"]);
    check(&"&a [".repeat(90), &expect!["syntax: a value is missing here"]);
}

#[test]
fn depth_is_bounded_in_every_style() {
    check(&"[".repeat(10_000), &expect!["too-deep: brackets nest deeper than 100 levels"]);
    check(&"{a: ".repeat(10_000), &expect!["too-deep: brackets nest deeper than 100 levels"]);
    check(&"- ".repeat(10_000), &expect!["too-deep: lists and maps nest deeper than 100 levels"]);
    check(&"? ".repeat(10_000), &expect!["too-deep: lists and maps nest deeper than 100 levels"]);
    check(
        &(0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>(),
        &expect!["too-deep: lists and maps nest deeper than 100 levels"],
    );
    check(&format!("{}{}", "[".repeat(99), "]".repeat(99)), &expect!["a tree"]);
    check(
        &format!("{}{}", "[\n".repeat(200), "]\n".repeat(200)),
        &expect!["too-deep: lists and maps nest deeper than 100 levels"],
    );
}

#[test]
fn megabytes_of_one_sign_end_soon() {
    for (piece, expected) in [
        (
            "[",
            expect!["too-large: the file has 1048576 brackets, commas and colons, more than the 500000 that are read"],
        ),
        (
            "{",
            expect!["too-large: the file has 1048576 brackets, commas and colons, more than the 500000 that are read"],
        ),
        ("- ", expect!["too-deep: lists and maps nest deeper than 100 levels"]),
        ("? ", expect!["too-deep: lists and maps nest deeper than 100 levels"]),
        ("&a ", expect!["syntax: this belongs to nothing above"]),
        ("*a ", expect!["syntax: there is no anchor for the alias `*a`"]),
        (
            "!a ",
            expect![[r#"
                tag: the tag `!a` means nothing here
                syntax: this belongs to nothing above"#]],
        ),
        ("\t", expect!["empty: the file is empty"]),
        (" ", expect!["empty: the file is empty"]),
        ("\n", expect!["empty: the file is empty"]),
        ("\r\n", expect!["empty: the file is empty"]),
        ("#", expect!["empty: the file is empty"]),
        ("'", expect!["a tree"]),
        ("a ", expect!["a tree"]),
        ("构", expect!["a tree"]),
        (
            ": ",
            expect!["too-large: the file has 524288 brackets, commas and colons, more than the 500000 that are read"],
        ),
        (
            ", ",
            expect!["too-large: the file has 524288 brackets, commas and colons, more than the 500000 that are read"],
        ),
        ("---\n", expect!["several-documents: a second document starts here, but one is all that is read"]),
        ("...\n", expect!["empty: the file is empty"]),
        ("%a b\n", expect!["syntax: this belongs to nothing above"]),
        ("\u{feff}\n", expect!["empty: the file is empty"]),
        ("- \n", expect!["a tree"]),
        ("- a\n", expect!["a tree"]),
        (
            "{{ x }} ",
            expect!["too-large: the file has 524288 brackets, commas and colons, more than the 500000 that are read"],
        ),
        ("a: a: ", expect!["syntax: unexpected `:`"]),
    ] {
        check(&fill(piece), &expected);
    }
}

#[test]
fn megabytes_after_an_opening_end_soon() {
    for (start, piece, expected) in [
        ("a: \"", "\\n", expect!["syntax: the quote that opens here is never closed"]),
        ("a: \"", "\n", expect!["syntax: the quote that opens here is never closed"]),
        ("a: '", "''", expect!["syntax: the quote that opens here is never closed"]),
        ("a: |\n", " \n", expect!["a tree"]),
        ("a: |\n", "  x\n", expect!["a tree"]),
        ("a: >\n", "  x\n\n", expect!["a tree"]),
        ("a: ", "x\n ", expect!["a tree"]),
        ("a: ", " \t", expect!["a tree"]),
        (
            "a: ",
            "&b !c ",
            expect![[r#"
            tag: the tag `!c` means nothing here
            syntax: expected a key here"#]],
        ),
        (
            "a: !",
            "x",
            expect![[r#"
                tag: the tag `!xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` means nothing here
                a tree"#]],
        ),
        ("a: &", "x", expect!["a tree"]),
        ("[", "a ", expect!["syntax: expected `,` or `]` here"]),
        ("[", "a, ", expect!["syntax: a value is missing here"]),
        ("[", "'a' ", expect!["syntax: something follows a quoted text that has ended"]),
        ("[", "构, ", expect!["syntax: a value is missing here"]),
        ("{", "a: b, ", expect!["syntax: a value is missing here"]),
        ("{", "\"a\":\"b\",", expect!["syntax: a value is missing here"]),
        ("[", "? a : b\n, ", expect!["syntax: a value is missing here"]),
        ("[", "#\n", expect!["syntax: comments must be separated from other tokens by whitespace"]),
        ("a:\n", " - &a b\n", expect!["a tree"]),
        ("a: &a x\nb:\n", " - *a\n", expect!["a tree"]),
    ] {
        check(&format!("{start}{}", fill(piece)), &expected);
    }
}

#[test]
fn many_keys_are_ordinary() {
    check(&(0..100_000).map(|i| format!("key{i}: {i}\n")).collect::<String>(), &expect!["a tree"]);
    check(
        &"same: 1\n".repeat(100_000),
        &expect![[r#"
        duplicate-key: the key `same` stands twice, on line 1 and on line 2
        duplicate-key: the key `same` stands twice, on line 1 and on line 3
        duplicate-key: the key `same` stands twice, on line 1 and on line 4
        a tree"#]],
    );
}
