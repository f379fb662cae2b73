//! Another name, and no other byte.

use super::super::renamed;
use super::right;

const STEPS: &str = "steps: [{ name: a, type: command, command: 'true' }]\n";

/// `@` stands where the rest of a pipeline does.
#[track_caller]
fn check(text: &str, name: &str, expect: &str) {
    let (text, expect) = (text.replace('@', STEPS), expect.replace('@', STEPS));
    assert_eq!(renamed(&text, name).as_deref(), Some(expect.as_str()));
    assert_eq!(right(&expect).name.value, name);
}

#[test]
fn the_scalar_changes_and_nothing_around_it() {
    check("# name: x\nname: shop # why\n@", "store", "# name: x\nname: store # why\n@");
    check("@name:   'it''s'  \n", "构建", "@name:   构建  \n");
    check("name: \"a\\\n  b\"\n@", "x: y", "name: \"x: y\"\n@");
    check("name: a\n  b\n@", "true", "name: \"true\"\n@");
    check("\"name\": shop\r\n@", "store", "\"name\": store\r\n@");
    check("{ name: shop, @}", "a, b", "{ name: \"a, b\", @}");
    check("name: !!str 7 # n\n@", "8", "name: !!str \"8\" # n\n@");
    check("name: &n shop\n@", "store", "name: &n store\n@");
    check("? name\n: shop\n@", "store", "? name\n: store\n@");
}

#[test]
fn a_block_becomes_a_line() {
    check("name: |-\n  shop\n@", "store", "name: store\n@");
    check("name: >- # folded\n  a\n  b\n@", "c", "name: c\n@");
}

#[test]
fn below_pipeline_it_is_the_pipelines_name() {
    check(
        "pipeline:\n    steps:\n    - name: name\n      type: command\n      command: x\n    name: shop\n",
        "store",
        "pipeline:\n    steps:\n    - name: name\n      type: command\n      command: x\n    name: store\n",
    );
    check("pipeline: { @}", "x", "pipeline: {name: x,  @}");
    check(
        "pipeline:\n   # first\n   steps: [{ name: a, type: command, command: x }]\n",
        "x",
        "pipeline:\n   # first\n   name: x\n   steps: [{ name: a, type: command, command: x }]\n",
    );
}

#[test]
fn a_text_without_a_name_gets_a_first_line() {
    check("# about\n@", "x", "name: x\n# about\n@");
    check("\u{feff}# about\n@", "x", "\u{feff}name: x\n# about\n@");
    check("description: d\r\n@", "x", "name: x\r\ndescription: d\r\n@");
    check("%YAML 1.2\n---\n@", "x", "%YAML 1.2\n---\nname: x\n@");
    check("---\n# about\n@...\n", "x", "---\n# about\nname: x\n@...\n");
    check("{ @}", "x", "{name: x,  @}");
    check("  @", "x", "  name: x\n  @");
}

#[test]
fn what_an_alias_says_is_said_here_instead() {
    check("variables: { x: &n shop }\nname: *n\n@", "store", "variables: { x: &n shop }\nname: store\n@");
}

#[test]
fn a_name_that_something_else_repeats_is_left_alone() {
    let text = format!("name: &n shop\nvariables: {{ x: *n }}\n{STEPS}");
    assert_eq!(renamed(&text, "store"), None);
}

#[test]
fn what_is_no_pipeline_or_no_name_is_refused() {
    assert_eq!(renamed("[", "x"), None);
    for name in ["", " ", "a\nb"] {
        assert_eq!(renamed(&format!("name: shop\n{STEPS}"), name), None, "{name:?}");
    }
}

#[test]
fn every_name_can_be_given() {
    for name in [
        "'",
        "\"",
        "a # b",
        "- a",
        "*a",
        "&a",
        "!a",
        "{",
        "]",
        "~",
        "null",
        "1.0",
        "#",
        "a\u{85}",
        "\u{feff}x",
        "%",
        "x\u{2028}y",
    ] {
        let renamed = renamed(&format!("name: shop\n{STEPS}"), name);
        if let Some(text) = renamed {
            assert_eq!(right(&text).name.value, name);
        } else {
            assert!(name.contains(char::is_control), "{name:?}");
        }
    }
}
