//! What holds for every text.

use crate::yaml::{DEEPEST, Node, Value, read};
use proptest::prelude::*;

const PIPELINE: &str = "name: 商店\nvariables: &v { image: \"reg/{{ x }}\", n: 1.10 }\nsteps:\n  - name: '单元 ''测试'\n    run: |-\n      echo {{ image }}\n        two\n  - { <<: *v, needs: [a, b] } # end\n  - run: >\n      folded\n      text\n\n      more\n    plain: one\n      two\n";

/// Every span lies in the file, every part of every text is found inside its node.
fn check(bytes: &[u8]) {
    let (node, diagnostics) = read(bytes);
    for diagnostic in &diagnostics {
        assert!(
            diagnostic.span.start <= diagnostic.span.end && diagnostic.span.end.offset <= bytes.len(),
            "{diagnostic:?}"
        );
        assert!(diagnostic.span.start.line >= 1 && diagnostic.span.start.column >= 1);
    }
    assert!(node.is_some() || !diagnostics.is_empty(), "neither a tree nor a reason");
    if let (Some(node), Ok(source)) = (node, std::str::from_utf8(bytes)) {
        check_node(&node, source, 0);
    }
}

fn check_node(node: &Node, source: &str, depth: usize) {
    assert!(depth <= DEEPEST);
    let span = node.span;
    assert!(span.start <= span.end && span.end.offset <= source.len(), "{node:?}");
    assert!(source.is_char_boundary(span.start.offset) && source.is_char_boundary(span.end.offset), "{node:?}");
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| check_node(item, source, depth + 1)),
        Value::Map(entries) => entries.iter().for_each(|entry| check_node(&entry.value, source, depth + 1)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            let text = node.scalar().unwrap_or_default();
            for (start, _) in text.char_indices().take(50) {
                for end in [start, start + 1, text.len(), text.len() + 7] {
                    let found = node.locate(source, start..end);
                    assert!(
                        span.start <= found.start && found.start <= found.end && found.end <= span.end,
                        "{node:?} {start}..{end}"
                    );
                }
            }
        }
    }
}

#[test]
fn letters_of_single_line_texts_are_found_exactly() {
    let node = read(PIPELINE.as_bytes()).0.unwrap();
    let mut texts = vec![&node];
    while let Some(node) = texts.pop() {
        match &node.value {
            Value::List(items) => texts.extend(items),
            Value::Map(entries) => texts.extend(entries.iter().map(|entry| &entry.value)),
            Value::Text(text) => {
                for (start, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
                    let span = node.locate(PIPELINE, start..start + c.len_utf8());
                    assert_eq!(PIPELINE[span.start.offset..span.end.offset], c.to_string());
                    let line = PIPELINE.lines().nth(span.start.line as usize - 1).unwrap();
                    assert_eq!(line.chars().nth(span.start.column as usize - 1), Some(c));
                }
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check(&bytes);
    }

    #[test]
    fn no_yaml_like_text_panics(text in "([-:?{}\\[\\],&*!|>'\"%@`#a名é \t\n\r\u{feff}\\\\]|<<|: |- |---|\\.\\.\\.|\\{\\{|\n  ){0,60}") {
        check(text.as_bytes());
    }

    #[test]
    fn no_mutated_pipeline_panics(edits in proptest::collection::vec((0..PIPELINE.len(), 0..6_usize, "[-:{}\\[\\]'\"|>&*!#,é\t\n ]{0,3}"), 1..6)) {
        let mut bytes = PIPELINE.as_bytes().to_vec();
        for (at, removed, added) in edits {
            let at = at.min(bytes.len());
            bytes.splice(at..(at + removed).min(bytes.len()), added.bytes());
        }
        check(&bytes);
        check(String::from_utf8_lossy(&bytes).as_bytes());
    }
}
