//! Outputs in, what later steps may use out.

use super::*;

fn check(text: &str, expected: &str) {
    let found = match parse(text, &Masker::new(["hunter2-hunter2"])) {
        Ok(outputs) => format!("{} masked {:?}", Json::Object(outputs.values), outputs.masked),
        Err(message) => message.split(": write").next().unwrap().to_owned(),
    };
    assert_eq!(found, expected);
}

#[test]
fn lines_and_blocks_are_read_as_written() {
    check("a=1\n\nb-2= two = 2 \r\n_c=\n", r#"{"a":"1","b-2":" two = 2 ","_c":""} masked []"#);
    check("notes<<END\none\n\ntwo = 2\nEND\nafter=x", r#"{"notes":"one\n\ntwo = 2","after":"x"} masked []"#);
    check("版本=一", r#"{"版本":"一"} masked []"#);
    check("html=<<b>>", r#"{"html":"<<b>>"} masked []"#);
}

#[test]
fn the_last_value_of_a_key_counts() {
    check("a=1\na=2", r#"{"a":"2"} masked []"#);
    check("a=hunter2-hunter2\na=2", r#"{"a":"2"} masked []"#);
}

#[test]
fn a_secret_is_masked_and_its_key_named() {
    check("url=http://x:hunter2-hunter2@h/", r#"{"url":"http://x:***@h/"} masked ["url"]"#);
}

#[test]
fn what_is_wrong_is_named_by_its_line() {
    check("a=1\nnonsense", "line 2 of $ANSFLOW_OUTPUT is neither `KEY=VALUE` nor `KEY<<EOF`");
    check("1a=1", "line 1 of $ANSFLOW_OUTPUT has the key `1a`");
    check("=1", "line 1 of $ANSFLOW_OUTPUT has the key ``");
    check("PATH =1", "line 1 of $ANSFLOW_OUTPUT has the key `PATH `");
    check("a<<EOF\nnever", "line 1 of $ANSFLOW_OUTPUT begins a block that no line `EOF` ends");
    check("a<<\nnever", "line 1 of $ANSFLOW_OUTPUT names no word that ends its block");
}
