//! A part of a text, found again in the file.

use crate::yaml::{Node, Value, read};

/// `source` is a map with the key `k`; `part` of its value must be found where the file says `written`.
fn check(source: &str, part: &str, line_and_column: (u32, u32), written: &str) {
    let (node, diagnostics) = read(source.as_bytes());
    assert_eq!(diagnostics, []);
    let root = node.unwrap();
    let node = match &root.value {
        Value::Map(_) => root.get("k").unwrap(),
        _ => &root,
    };
    let text = node.scalar().unwrap();
    let start = text.find(part).unwrap_or_else(|| panic!("no {part:?} in {text:?}"));
    let span = node.locate(source, start..start + part.len());
    let found = &source[span.start.offset..span.end.offset];
    assert_eq!((found, (span.start.line, span.start.column)), (written, line_and_column), "{source:?}");
}

#[test]
fn plain_texts_are_found() {
    check("k: deploy {{ image }} now", "{{ image }}", (1, 11), "{{ image }}");
    check("k: 1.10", "10", (1, 6), "10");
    check("k: one\n  two\n\n  three four", "three", (4, 3), "three");
    check("k: one\n  two\n\n  three four", "\nthree", (2, 6), "\n\n  three");
    check("k: &a !!str 构建 {{ 甲 }}", "{{ 甲 }}", (1, 16), "{{ 甲 }}");
    check("\u{feff}k: 构建 {{ 甲 }}", "{{ 甲 }}", (1, 7), "{{ 甲 }}");
}

#[test]
fn quoted_texts_are_found_through_escapes() {
    check("k: 'it''s {{ x }}'", "{{ x }}", (1, 11), "{{ x }}");
    check("k: 'it''s {{ x }}'", "'", (1, 7), "''");
    check(r#"k: "a\t\x41\u6784\U0001F600\"{{ x }}""#, "{{ x }}", (1, 30), "{{ x }}");
    check(r#"k: "a\t\x41\u6784\U0001F600\"{{ x }}""#, "构", (1, 12), r"\u6784");
    check("k: \"one  \n   two \\\n   {{ x }}\"", "{{ x }}", (3, 4), "{{ x }}");
    check("k: \"one  \n\n   two\"", "two", (3, 4), "two");
    check("k: 'a   b   {{ x }}  '", "{{ x }}", (1, 13), "{{ x }}");
}

#[test]
fn block_texts_are_found_on_every_line() {
    check("k: |\n  one\n    two\n\n  {{ x }}\n", "{{ x }}", (5, 3), "{{ x }}");
    check("k: |\n  one\n    two\n\n  {{ x }}\n", "  two", (3, 3), "  two");
    check("k: |2-\n    one\n  {{ x }}\n", "{{ x }}", (3, 3), "{{ x }}");
    check("k: |\n\n\n  one {{ x }}\n", "{{ x }}", (4, 7), "{{ x }}");
    check("k: >\n  one\n  two\n\n  three\n    four\n  {{ x }}\n", "{{ x }}", (7, 3), "{{ x }}");
    check("k: >\n  one\n  two\n\n  three\n    four\n  {{ x }}\n", "three", (5, 3), "three");
    check("k: |+\r\n  one\r\n  {{ 甲 }}\r\n\r\n", "{{ 甲 }}", (3, 3), "{{ 甲 }}");
    check("k: |\n  构建\n  部署 {{ x }}", "{{ x }}", (3, 6), "{{ x }}");
}

#[test]
fn a_range_that_is_none_stays_inside_the_node() {
    let source = "k: 'abc'\nl: [1]\n";
    let node = read(source.as_bytes()).0.unwrap();
    let text = node.get("k").unwrap();
    for range in [0..0, 3..3, 2..900, 900..901, usize::MAX..usize::MAX] {
        let span = text.locate(source, range);
        assert!(text.span.start <= span.start && span.start <= span.end && span.end <= text.span.end);
    }
    #[expect(clippy::reversed_empty_ranges, reason = "that is the attack")]
    let backwards = text.locate(source, 2..1);
    assert_eq!(backwards.start, backwards.end);
    assert_eq!(text.locate("another", 0..1), text.span);
    assert_eq!(node.get("l").unwrap().locate(source, 0..1), node.get("l").unwrap().span);
    assert_eq!(Node::new(text.span, Value::Text("abc".to_owned())).locate(source, 0..1), text.span);
}

#[test]
fn finding_costs_the_length_of_the_text_and_no_more() {
    let blanks = " ".repeat(2_000_000);
    check(&format!("k: 'a{blanks}{{{{ x }}}}'"), "{{ x }}", (1, 2_000_006), "{{ x }}");
}
