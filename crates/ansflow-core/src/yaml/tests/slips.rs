//! What is said about wrong text, and where.

use super::check;
use expect_test::expect;

#[test]
fn a_template_without_quotes_is_recognised() {
    check(
        "tag: {{ build_number }}\nb: 1\n",
        &expect![[r#"
        map @1:1-2:5
          tag @1:1-1:4 Text("{{ build_number }}") @1:6-1:24
          b @2:1-2:2 Int(1) @2:4-2:5
        1:6-1:24 unquoted-template: a value that starts with `{{` stands in quotes
          help: write tag: "{{ build_number }}"
    "#]],
    );
    check(
        "- {{ a }}\n- [ {{ b }}, {x: {{ c }} } ]\n",
        &expect![[r#"
        list @1:1-2:29
          - Text("{{ a }}") @1:3-1:10
          - list @2:3-2:29
            - Text("{{ b }}") @2:5-2:12
            - map @2:14-2:27
              x @2:15-2:16 Text("{{ c }}") @2:18-2:25
        1:3-1:10 unquoted-template: a value that starts with `{{` stands in quotes
          help: write "{{ a }}"
        2:5-2:12 unquoted-template: a value that starts with `{{` stands in quotes
          help: write "{{ b }}"
        2:18-2:25 unquoted-template: a value that starts with `{{` stands in quotes
          help: write x: "{{ c }}"
    "#]],
    );
    check(
        "image: {{ host }}/shop:{{ tag }}\nb: 1\n",
        &expect![[r#"
            1:8-1:33 unquoted-template: a value that starts with `{{` stands in quotes
              help: write image: "{{ host }}/shop:{{ tag }}"
        "#]],
    );
    check(
        "steps:\n  - tag: {{ default(tag, \"x\") }}\n    b: 1\n",
        &expect![[r#"
        2:10-2:33 unquoted-template: a value that starts with `{{` stands in quotes
          help: write tag: '{{ default(tag, "x") }}'
    "#]],
    );
    check(
        "when: {{ git_branch == 'main' }}\n",
        &expect![[r#"
        map @1:1-1:33
          when @1:1-1:5 Text("{{ git_branch == 'main' }}") @1:7-1:33
        1:7-1:33 unquoted-template: a value that starts with `{{` stands in quotes
          help: write when: "{{ git_branch == 'main' }}"
    "#]],
    );
    check(
        "- {{ steps[\"unit tests\"].status }}\n",
        &expect![[r#"
        1:3-1:35 unquoted-template: a value that starts with `{{` stands in quotes
          help: write '{{ steps["unit tests"].status }}'
    "#]],
    );
}

#[test]
fn the_common_slips_are_explained() {
    check(
        "steps:\n\t- name: x\n",
        &expect![[r#"
            2:1-2:2 syntax: a tab stands where spaces should
              help: indent with spaces
        "#]],
    );
    check(
        "steps:\n  - name: x\n\t  run: y\n",
        &expect![[r#"
            3:1-3:2 syntax: a tab stands where spaces should
              help: indent with spaces
        "#]],
    );
    check(
        "name:shop\ntype: local\n",
        &expect![[r#"
            1:1-1:10 syntax: a space is missing after the `:` of `name:shop`
              help: write key: value
        "#]],
    );
    check(
        "a: 1\nname:shop\ntype: local\n",
        &expect![[r#"
            2:1-2:10 syntax: a space is missing after the `:` of `name:shop`
              help: write key: value
        "#]],
    );
    check(
        "a: 1\nname:shop\n",
        &expect![[r#"
            2:1-2:10 syntax: a space is missing after the `:` of `name:shop`
              help: write key: value
        "#]],
    );
    check(
        "run: echo hello: world\n",
        &expect![[r#"
        1:16-1:17 syntax: unexpected `:`
          help: a text that contains `: ` stands in quotes; otherwise check the indentation of this line
    "#]],
    );
    check(
        "a: 1\nsome words\nb: 2\n",
        &expect![[r#"
            2:1-2:11 syntax: `some words` is neither `key: value` nor an entry of a list
              help: write key: value, or quote a text of several lines
        "#]],
    );
    check(
        "name: \"shop\nsteps: 1\n",
        &expect![[r#"
            1:7-1:8 syntax: the quote that opens here is never closed
              help: close it
        "#]],
    );
    check(
        "name: \"shop\nsteps: \"x\"\n",
        &expect![[r#"
            1:7-1:8 syntax: the quote that opens here is never closed
              help: close it
        "#]],
    );
    check(
        "name: 'it's'\n",
        &expect![[r#"
            1:11-1:12 syntax: something follows a quoted text that has ended
              help: to quote a part of a text, quote all of it
        "#]],
    );
    check(
        "name: \"a\" b\n",
        &expect![[r#"
            1:11-1:12 syntax: something follows a quoted text that has ended
              help: to quote a part of a text, quote all of it
        "#]],
    );
    check(
        "needs: [a, b\nname: x\n",
        &expect![[r#"
            1:8-1:9 syntax: this `[` is never closed
              help: a text that contains , [ ] { } or `: ` stands in quotes
        "#]],
    );
    check(
        "config: { a: 1\n",
        &expect![[r#"
            1:9-1:10 syntax: this `{` is never closed
              help: a text that contains , [ ] { } or `: ` stands in quotes
        "#]],
    );
    check(
        "config: { a: 1 b: 2 }\n",
        &expect![[r#"
            1:17-1:18 syntax: expected `,` or `}` here
              help: a text that contains , [ ] { } or `: ` stands in quotes
        "#]],
    );
    check(
        "a: ]\n",
        &expect![[r#"
            1:4-1:5 syntax: this bracket closes nothing
              help: a text that contains , [ ] { } or `: ` stands in quotes
        "#]],
    );
    check(
        "a:\n  - x\n  y: 1\n",
        &expect![[r#"
        3:3-3:4 syntax: expected `- ` here
          help: entries of one list line up; check the indentation of this line
    "#]],
    );
    check(
        "a:\n    b: 1\n  c: 2\n",
        &expect![[r#"
        3:3-3:4 syntax: expected a key here
          help: keys of one map line up; check the indentation of this line, and the quotes of the line before
    "#]],
    );
    check(
        "a: - b\n",
        &expect![[r#"
        1:4-1:5 syntax: a list cannot start here
          help: start it on a line of its own, below the key
    "#]],
    );
    check(
        "cron: * * * * *\n",
        &expect![[r#"
            1:7-1:8 syntax: there is no anchor for the alias `*`
              help: a text that starts with * or & stands in quotes
        "#]],
    );
    check(
        "paths: [**/*.log]\n",
        &expect![[r#"
            1:9-1:10 syntax: there is no anchor for the alias `**/*.log`
              help: a text that starts with * or & stands in quotes
        "#]],
    );
    check(
        "user: @me\n",
        &expect![[r#"
        1:7-1:8 syntax: a text cannot start with `@`
          help: put it in quotes
    "#]],
    );
    check(
        "run: `date`\n",
        &expect![[r#"
            1:6-1:7 syntax: a text cannot start with a backtick
              help: put it in quotes
        "#]],
    );
    check(
        "re: \"\\d+\"\n",
        &expect![[r#"
        1:5-1:6 syntax: unknown escape in a text in double quotes
          help: write \\ for a backslash, or use single quotes
    "#]],
    );
    check(
        "v: >=1.2\n",
        &expect![[r#"
        1:4-1:5 syntax: after `|` or `>` the text starts on the next line
          help: a text that starts with | or > stands in quotes
    "#]],
    );
    check(
        "v: %x\n",
        &expect![[r#"
        1:4-1:5 syntax: a text cannot start with `%`
          help: put it in quotes
    "#]],
    );
    check(
        "steps:\n  - name: x\n    run echo\n    needs: []\n",
        &expect![[r#"
        3:5-3:13 syntax: `run echo` is neither `key: value` nor an entry of a list
          help: write key: value, or quote a text of several lines
    "#]],
    );
    check(
        "steps:\n  - name: x\n    run echo\n",
        &expect![[r#"
        3:5-3:13 syntax: `run echo` is neither `key: value` nor an entry of a list
          help: write key: value, or quote a text of several lines
    "#]],
    );
    check(
        "steps:\n  - name\n    type: x\n",
        &expect![[r#"
        2:3-2:9 syntax: `name` is neither `key: value` nor an entry of a list
          help: write key: value, or quote a text of several lines
    "#]],
    );
    check(
        "name: x\n  type: y\n",
        &expect![[r#"
        2:7-2:8 syntax: unexpected `:`
          help: a text that contains `: ` stands in quotes; otherwise check the indentation of this line
    "#]],
    );
    check(
        "a:\n  - name: \"unit\n    run: echo \"hi\"\n",
        &expect![[r#"
        2:11-2:12 syntax: the quote that opens here is never closed
          help: close it
    "#]],
    );
    check(
        "steps:\n  - needs: [a, b\n    name: x\n  - name: y\n",
        &expect![[r#"
        2:12-2:13 syntax: this `[` is never closed
          help: a text that contains , [ ] { } or `: ` stands in quotes
    "#]],
    );
    check(
        "steps:\n  - needs: [a, b\n  - name: y\n",
        &expect![[r#"
        2:12-2:13 syntax: this `[` is never closed
          help: a text that contains , [ ] { } or `: ` stands in quotes
    "#]],
    );
    check(
        "a: [x,\n    y: z: w]\n",
        &expect![[r#"
        2:9-2:10 syntax: expected `,` or `}` here
          help: a text that contains , [ ] { } or `: ` stands in quotes
    "#]],
    );
    check(
        "a: { x: 1\nname: y\nb: 2\n",
        &expect![[r#"
        1:4-1:5 syntax: this `{` is never closed
          help: a text that contains , [ ] { } or `: ` stands in quotes
    "#]],
    );
    check(
        "a: 'x\n---\nb'\n",
        &expect![[r#"
        1:4-1:5 syntax: the quote that opens here is never closed
          help: close it
    "#]],
    );
    check(
        "a: !x!y z\n",
        &expect![[r#"
            1:4-1:5 syntax: this is no tag
              help: a text that starts with ! stands in quotes
        "#]],
    );
    check(
        "a b\nc: d\n",
        &expect![[r#"
        1:1-1:4 syntax: `a b` is neither `key: value` nor an entry of a list
          help: write key: value, or quote a text of several lines
    "#]],
    );
    check(
        "- a\nb: c\n",
        &expect![[r#"
        2:1-2:2 syntax: expected `- ` here
          help: entries of one list line up; check the indentation of this line
    "#]],
    );
    check(
        "a: b\n- c\n",
        &expect![[r#"
        2:3-2:4 syntax: expected a key here
          help: keys of one map line up; check the indentation of this line, and the quotes of the line before
    "#]],
    );
    check(
        "a: [,]\n",
        &expect![[r#"
        1:5-1:6 syntax: a value is missing here
          help: a text that contains , [ ] { } or `: ` stands in quotes
    "#]],
    );
    check(
        "a: *missing\n",
        &expect![[r#"
            1:4-1:5 syntax: there is no anchor for the alias `*missing`
              help: a text that starts with * or & stands in quotes
        "#]],
    );
    check(
        "a: &a [*a]\n",
        &expect![[r#"
        1:8-1:10 alias: the alias stands inside the value that it repeats
    "#]],
    );
}

#[test]
fn the_parser_s_own_words_lose_their_context() {
    check(
        "%YAML 1.2\n%YAML 1.2\n---\na: 1\n",
        &expect![[r#"
        2:1-2:2 syntax: duplicate version directive
    "#]],
    );
}
