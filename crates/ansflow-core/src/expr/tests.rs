use super::{Expr, ExprError, Lookup};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// The world of these tests.
fn scope(path: &[String]) -> Lookup {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let value = match path.as_slice() {
        ["image"] => json!("registry/shop"),
        ["replicas"] => json!(3),
        ["ratio"] => json!(3.0),
        ["production"] => json!(true),
        ["hosts"] => json!([{ "name": "a" }, { "name": "b" }]),
        ["labels"] => json!({ "app": "shop" }),
        ["nothing"] => Json::Null,
        ["构建"] => json!("好"),
        ["steps", "unit tests", "outputs", "image"] => json!("built"),
        ["git_branch"] => return Lookup::Absent("this is not a git checkout".to_owned()),
        ["secrets", "token"] => return Lookup::Masked("the output holds a secret\nuse secrets.token".to_owned()),
        ["steps", _, "outputs", key] => return Lookup::Unknown(format!("the step gave no output `{key}`")),
        _ => return Lookup::Unknown(format!("unknown name `{}`\nknown are image and replicas", path.join("."))),
    };
    Lookup::Value(value)
}

/// One door: the value, or what is wrong with the part of the text that is to blame.
fn check(text: &str, expected: &Expect) {
    expected
        .assert_eq(&shown(text, Expr::parse(text).and_then(|expr| expr.eval(&scope)).map(|value| value.to_string())));
}

fn check_condition(text: &str, expected: &Expect) {
    expected
        .assert_eq(&shown(text, Expr::parse(text).and_then(|expr| expr.holds(&scope)).map(|holds| holds.to_string())));
}

fn shown(text: &str, result: Result<String, ExprError>) -> String {
    result.unwrap_or_else(|error| {
        let help = error.help.map(|help| format!("; help: {help}")).unwrap_or_default();
        format!("⟨{}⟩ {}{help}", &text[error.range], error.message)
    })
}

#[test]
fn literals_are_values() {
    check("1", &expect!["1"]);
    check("-1.5e3", &expect!["-1500.0"]);
    check("-9223372036854775808", &expect!["-9223372036854775808"]);
    check("18446744073709551615", &expect!["18446744073709551615"]);
    check(r#"'it\'s "quoted"\n\u6784'"#, &expect![[r#""it's \"quoted\"\n构""#]]);
    check(r#""a \\ b""#, &expect![[r#""a \\ b""#]]);
    check("[1, 'a', [true], null,]", &expect![[r#"[1,"a",[true],null]"#]]);
}

#[test]
fn names_may_be_in_any_script_and_of_any_shape() {
    check("image", &expect![[r#""registry/shop""#]]);
    check("构建", &expect![[r#""好""#]]);
    check("steps[\"unit tests\"].outputs.image", &expect![[r#""built""#]]);
    check("steps [ 'unit tests' ].outputs.image", &expect![[r#""built""#]]);
    check("hosts[1].name", &expect![[r#""b""#]]);
    check("hosts[0]['name']", &expect![[r#""a""#]]);
    check("(hosts)[0].name", &expect![[r#""a""#]]);
}

#[test]
fn equality_never_crosses_types() {
    check("replicas == ratio", &expect!["true"]);
    check("replicas == '3'", &expect!["false"]);
    check("replicas != '3'", &expect!["true"]);
    check("[1, {}] == [1.0]", &expect!["⟨{⟩ unexpected `{`; help: write the expression without further braces"]);
    check("[1, [2]] == [1.0, [2.0]]", &expect!["true"]);
    check("nothing == null", &expect!["true"]);
    check("9007199254740993 == 9007199254740992", &expect!["false"]);
}

#[test]
fn order_is_for_two_of_a_kind() {
    check("replicas < 10 and 'a' < 'b' and 2 >= 2.0", &expect!["true"]);
    check(
        "replicas < '10'",
        &expect![
            "⟨replicas < '10'⟩ `<` cannot compare a number with a text; help: a number in quotes is a text; write it without quotes where it is defined"
        ],
    );
    check(
        "true < false",
        &expect![
            "⟨true < false⟩ `<` cannot compare a truth value with a truth value; help: only two numbers or two texts have an order"
        ],
    );
    check(
        "hosts > 1",
        &expect![
            "⟨hosts > 1⟩ `>` cannot compare a list with a number; help: only two numbers or two texts have an order"
        ],
    );
}

#[test]
fn operators_bind_as_people_expect() {
    check("true or true and false", &expect!["true"]);
    check("not replicas == 3", &expect!["false"]);
    check("!production == false", &expect!["true"]);
    check("not not true && !(false || false)", &expect!["true"]);
    check("1 < 2 == true", &expect!["⟨==⟩ comparisons do not chain; help: write a < b and b < c"]);
    check("(1 < 2) == true", &expect!["true"]);
    check(
        "1 == not true",
        &expect!["⟨not⟩ `not` binds looser than a comparison; help: put it in parentheses: a == (not b)"],
    );
}

#[test]
fn in_looks_into_lists_maps_and_texts() {
    check("3 in [1, 3.0]", &expect!["true"]);
    check("'app' in labels", &expect!["true"]);
    check("'shop' in image", &expect!["true"]);
    check("'x' not in image and not 'y' in image", &expect!["false"]);
    check(
        "3 in image",
        &expect![
            "⟨3 in image⟩ `in` cannot look for a number in a text; help: it finds an entry of a list, a key of a map, or a part of a text"
        ],
    );
    check(
        "'x' in 3",
        &expect![
            "⟨'x' in 3⟩ `in` cannot look for a text in a number; help: it finds an entry of a list, a key of a map, or a part of a text"
        ],
    );
}

#[test]
fn logic_ends_at_the_first_answer_and_takes_no_other_types() {
    check("false and nobody", &expect!["false"]);
    check("true or nobody", &expect!["true"]);
    check("true and image", &expect![[r#"⟨image⟩ `and` takes true or false, not a text; help: write x != """#]]);
    check("not replicas", &expect!["⟨replicas⟩ `not` takes true or false, not a number; help: write x != 0"]);
}

#[test]
fn default_stands_in_for_what_has_no_value() {
    check("default(git_branch, 'main')", &expect![[r#""main""#]]);
    check("default(steps.build.outputs.tag, 'latest')", &expect![[r#""latest""#]]);
    check("default(nothing, 1)", &expect!["1"]);
    check("default(image, nobody)", &expect![[r#""registry/shop""#]]);
    check("default(git_branch == 'main', false)", &expect!["false"]);
    check("default(default(git_branch, nobody), 'x')", &expect![[r#""x""#]]);
    check("default(hosts[7].name, 'x')", &expect![[r#""x""#]]);
    check(
        "default(1 < 'x', 2)",
        &expect![
            "⟨1 < 'x'⟩ `<` cannot compare a number with a text; help: a number in quotes is a text; write it without quotes where it is defined"
        ],
    );
    check(
        "default(secrets.token, 'x')",
        &expect!["⟨secrets.token⟩ the output holds a secret; help: use secrets.token"],
    );
}

#[test]
fn what_has_no_value_says_why() {
    check("git_branch", &expect!["⟨git_branch⟩ `git_branch` has no value: this is not a git checkout"]);
    check("nobody == 1", &expect!["⟨nobody⟩ unknown name `nobody`; help: known are image and replicas"]);
    check("hosts[7]", &expect!["⟨hosts[7]⟩ a list has no entry 7"]);
    check("hosts[0].other", &expect!["⟨hosts[0].other⟩ a map has no key `other`"]);
    check("'text'[0]", &expect!["⟨'text'[0]⟩ a text has no entry 0"]);
}

#[test]
fn a_condition_is_true_or_false() {
    check_condition("production", &expect!["true"]);
    check_condition("git_branch == 'main'", &expect!["false"]);
    check_condition("not git_branch == 'main'", &expect!["false"]);
    check_condition("true or git_branch == 'main'", &expect!["true"]);
    check_condition("default(git_branch, 'main') == 'main'", &expect!["true"]);
    check_condition("image", &expect![[r#"⟨image⟩ a condition takes true or false, not a text; help: write x != """#]]);
    check_condition(
        "replicas",
        &expect!["⟨replicas⟩ a condition takes true or false, not a number; help: write x != 0"],
    );
    check_condition("hosts", &expect!["⟨hosts⟩ a condition takes true or false, not a list; help: write x != []"]);
    check_condition("nobody == 1", &expect!["⟨nobody⟩ unknown name `nobody`; help: known are image and replicas"]);
    check_condition(
        "secrets.token == 'x'",
        &expect!["⟨secrets.token⟩ the output holds a secret; help: use secrets.token"],
    );
}

#[test]
fn wrong_expressions_are_told_what_to_write() {
    check("", &expect!["⟨⟩ the expression is empty"]);
    check("  ", &expect!["⟨  ⟩ the expression is empty"]);
    check("git_branch = 'main'", &expect!["⟨=⟩ unexpected `=`; help: to compare, write =="]);
    check(
        "image | default('x')",
        &expect!["⟨|⟩ unexpected `|`; help: between conditions, write or; instead of a filter, write default(x, y)"],
    );
    check("a & b", &expect!["⟨&⟩ unexpected `&`; help: between conditions, write and"]);
    check("1 + 2", &expect!["⟨+⟩ unexpected `+`; help: there is no arithmetic; to join texts, write {{ a }}{{ b }}"]);
    check(
        "replicas - 1",
        &expect![[
            r#"⟨-⟩ unexpected `-`; help: there is no arithmetic; a name with a `-` is written steps["unit-tests"]"#
        ]],
    );
    check(
        "unit-tests",
        &expect![[
            r#"⟨-⟩ unexpected `-`; help: there is no arithmetic; a name with a `-` is written steps["unit-tests"]"#
        ]],
    );
    check(
        "steps.unit-tests.status == 'ok'",
        &expect![[
            r#"⟨-⟩ unexpected `-`; help: there is no arithmetic; a name with a `-` is written steps["unit-tests"]"#
        ]],
    );
    check(
        "steps.unit tests.status",
        &expect![[r#"⟨tests⟩ unexpected `tests`; help: a name with a space is written steps["unit tests"]"#]],
    );
    check("range .Items", &expect!["⟨.⟩ unexpected `.`"]);
    check("a. b", &expect![[r#"⟨b⟩ a name should follow the `.`; help: write a["any text"] for other keys"#]]);
    check("steps.1", &expect![[r#"⟨1⟩ a name should follow the `.`; help: write a["any text"] for other keys"#]]);
    check(
        "steps[name]",
        &expect![[r#"⟨name⟩ a text in quotes or a number should follow the `[`; help: write steps["unit tests"]"#]],
    );
    check(
        "upper(image)",
        &expect![
            "⟨upper⟩ there is no function `upper`; help: the only function is default(x, y): x, or y where x has no value"
        ],
    );
    check(
        "default(1)",
        &expect![
            "⟨default(1)⟩ `default` takes 2 arguments, not 1; help: write default(x, y): x, or y where x has no value"
        ],
    );
    check("default", &expect!["⟨default⟩ unknown name `default`; help: known are image and replicas"]);
    check("'open", &expect!["⟨'⟩ the text that opens with ' is never closed; help: close it with ' on the same line"]);
    check(
        "'two\nlines'",
        &expect!["⟨'⟩ the text that opens with ' is never closed; help: close it with ' on the same line"],
    );
    check(
        "\"\\d\"",
        &expect![[r#"⟨\d⟩ unknown escape `\d`; help: write \\ for a backslash; known are \n \t \r \\ \' \" \uXXXX"#]],
    );
    check("'\\ud800'", &expect![[r#"⟨\u⟩ `\u` takes four hexadecimal digits of a character"#]]);
    check(
        "12ab",
        &expect![[
            r#"⟨12ab⟩ `12ab` is neither a number nor a name; help: names do not start with a digit; a text is written "12ab""#
        ]],
    );
    check("(1", &expect!["⟨(⟩ the `(` is never closed"]);
    check("[1, 2", &expect!["⟨[⟩ the `[` is never closed"]);
    check("[1 2]", &expect!["⟨2⟩ unexpected `2` where `]` should stand"]);
    check("1)", &expect!["⟨)⟩ unexpected `)`"]);
    check("image ==", &expect!["⟨⟩ the expression ends where a value should follow"]);
    check("== 1", &expect!["⟨==⟩ unexpected `==` where a value should stand"]);
    check("and true", &expect!["⟨and⟩ unexpected `and` where a value should stand"]);
    check("a == b == c", &expect!["⟨==⟩ comparisons do not chain; help: write a < b and b < c"]);
    check(
        "a ? b : c",
        &expect![
            "⟨?⟩ unexpected `?`; help: there is no choice between values; write default(x, y), or give the step a condition"
        ],
    );
    check("“main”", &expect![[r#"⟨“⟩ unexpected `“`; help: text stands in straight quotes: 'main' or "main""#]]);
    check(
        "'a' 'b'",
        &expect!["⟨'b'⟩ unexpected `'b'`; help: an operator such as == or and should stand between two values"],
    );
    check("{{ image }}", &expect!["⟨{⟩ unexpected `{`; help: write the expression without further braces"]);
    check("1e999", &expect!["⟨1e999⟩ the number `1e999` is too large"]);
    check(
        "hosts[-1]",
        &expect![[r#"⟨-⟩ a text in quotes or a number should follow the `[`; help: write steps["unit tests"]"#]],
    );
    check("hosts[1.5]", &expect!["⟨1.5⟩ a place in a list is a whole number from 0"]);
}

#[test]
fn names_are_listed_with_their_places() {
    let text = "default(a.b, c) == steps['x y'].status and hosts[0].name in [d]";
    let names: Vec<_> = Expr::parse(text)
        .unwrap()
        .names()
        .into_iter()
        .map(|name| {
            format!("{} ⟨{}⟩{}", name.path.join("/"), &text[name.range], if name.optional { " optional" } else { "" })
        })
        .collect();
    expect![[r#"
        a/b ⟨a.b⟩ optional
        c ⟨c⟩
        steps/x y/status ⟨steps['x y'].status⟩
        hosts ⟨hosts[0]⟩
        d ⟨d⟩"#]]
    .assert_eq(&names.join("\n"));
}

#[test]
fn depth_and_length_are_bounded() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("!", ""), ("not ", ""), ("default(", ",1)"), ("1 == (", ")"), ("a and (", ")")]
    {
        let text = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(Expr::parse(&text(30)).is_ok(), "{open}");
        let error = Expr::parse(&text(600)).unwrap_err();
        assert_eq!(error.message, "the expression nests deeper than 64 levels", "{open}");
    }
    let error = Expr::parse(&"(".repeat(1_000_000)).unwrap_err();
    assert_eq!(error.message, "the expression is longer than 8192 bytes");
}

#[test]
fn long_chains_are_no_deep_trees() {
    for piece in ["true and ", "false or ", "true && ", "a == 1 or "] {
        let text = format!("{}true", piece.repeat(8_000 / piece.len()));
        let expr = Expr::parse(&text).unwrap();
        assert!(expr.eval(&|_| Lookup::Value(json!(2))).is_ok());
    }
    let path = format!("a{}", ".b".repeat(4_000));
    assert_eq!(Expr::parse(&path).unwrap().names()[0].path.len(), 4_001);
    let index = format!("a[0]{}", "[0]".repeat(2_000));
    assert!(Expr::parse(&index).unwrap().eval(&scope).is_err());
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        check_law(&text);
    }

    #[test]
    fn no_expression_like_text_panics(text in "(a|名|hosts|image|nothing|git_branch|default\\(|[0-9.e]{1,3}|'|\"|\\\\|==|!|<=|&&|\\|\\||and|or|not|in|true|null|[\\[\\](),. -]){0,30}") {
        check_law(&text);
    }
}

/// Parsing and evaluating end, and what they blame is a part of the text.
fn check_law(text: &str) {
    let result = Expr::parse(text).and_then(|expr| {
        assert!(expr.names().iter().all(|name| text.get(name.range.clone()).is_some()));
        let _ = expr.holds(&scope);
        expr.eval(&scope)
    });
    if let Err(error) = result {
        assert!(text.get(error.range.clone()).is_some(), "{error:?}");
    }
}
