//! What is said to people who write what they know from elsewhere.

use expect_test::{Expect, expect};

use super::{read, shown};

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&shown(&read(text).1));
}

#[test]
fn short_forms_of_other_systems_are_answered_with_ours() {
    check(
        "steps:
  - { name: a, type: command, command: x, retry: 3, approval: yes, conditions: always }
  - { name: b, type: command, command: x, when: always }
  - { name: c, type: command, command: x, when: failure() }
  - { name: d, type: command, command: x, conditions: a == 1 }
",
        &expect![[r#"
            2:50-2:51 wrong-type: `retry` must be a map, and is a number
                  write `retry: { attempts: 3 }`; the first try counts
            2:63-2:66 wrong-type: `approval` must be a map, and is text
                  write `approval: {}`, or name people: `approval: { approvers: [ops] }`
            2:80-2:86 wrong-type: `conditions` must be a list of `{type, value}`, and is text
                  write `conditions: [{ type: always }]`
            3:49-3:55 unknown-name: there is no variable `always`
                  write `conditions: [{ type: always }]` in place of `when`
            4:49-4:56 bad-expression: there is no function `failure`
                  write `conditions: [{ type: on_failure }]` on the step
            5:55-5:61 wrong-type: `conditions` must be a list of `{type, value}`, and is text
                  an expression stands in `when`
        "#]],
    );
}

#[test]
fn a_need_against_the_order_of_stages_is_no_matter_of_predecessors() {
    check(
        "stages:
  - { name: one, steps: [{ name: a, type: command, command: x, needs: [b] }] }
  - { name: two, steps: [{ name: b, type: command, command: x }] }
",
        &expect![[r#"
            2:72-2:73 cycle: steps wait for each other in a circle: `a` needs `b`, `b` stands in a stage after `a`
                  a stage starts when the one before it has ended; move a step into another stage, or take the need away
        "#]],
    );
}

#[test]
fn a_number_that_is_not_kept_as_written_is_named() {
    check(
        "variables: { version: 1.10, octal: 007, big: 12345678901234567890123, list: [1.0, 2, 1e3], text: '1.10' }
steps: [{ name: a, type: command, command: x }]
",
        &expect![[r#"
            1:23-1:27 warning number-rewritten: variable `version` holds the number 1.1, not the text `1.10`
                  write "1.10", in quotes, to keep it as it is
            1:36-1:39 warning number-rewritten: variable `octal` holds the number 7, not the text `007`
                  write "007", in quotes, to keep it as it is
            1:46-1:69 warning number-rewritten: variable `big` holds the number 1.2345678901234568e+22, not the text `12345678901234567890123`
                  write "12345678901234567890123", in quotes, to keep it as it is
            1:86-1:89 warning number-rewritten: variable `list` holds the number 1000.0, not the text `1e3`
                  write "1e3", in quotes, to keep it as it is
        "#]],
    );
}

#[test]
fn a_parameter_is_called_what_the_file_calls_it() {
    check(
        "steps: [{ name: a, type: ansible, config: { playbook_path: p.yml, check: maybe, extra_variables: [1], extra_vars: 1 } }]
",
        &expect![[r#"
            1:74-1:79 wrong-type: `check` must be `true` or `false`, and is text
            1:98-1:101 wrong-type: `extra_variables` must be a map, or a text of YAML, and is a list
            1:103-1:113 given-twice: `extra_vars` means the same as `extra_variables`, which is already given on line 1, column 81
                  keep one of the two
        "#]],
    );
}
