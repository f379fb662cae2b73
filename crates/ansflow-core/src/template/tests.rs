use super::{LARGEST, Template};
use crate::expr::{ExprError, Lookup};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn scope(path: &[String]) -> Lookup {
    match path.join(".").as_str() {
        "image" => Lookup::Value(json!("shop")),
        "evil" => Lookup::Value(json!("{{ image }}")),
        "n" => Lookup::Value(json!(3)),
        "ratio" => Lookup::Value(json!(1.5)),
        "on" => Lookup::Value(json!(true)),
        "nothing" => Lookup::Value(Json::Null),
        "list" => Lookup::Value(json!([1, "a"])),
        "map" => Lookup::Value(json!({ "z": 1, "a": [] })),
        "git_commit" => Lookup::Absent("this is not a git checkout\nwrite --var git_commit=…".to_owned()),
        name => Lookup::Unknown(format!("unknown name `{name}`")),
    }
}

/// One door: the rendered text, or all that is wrong with which part.
fn check(text: &str, expected: &Expect) {
    let result = Template::parse(text).and_then(|template| template.render(&scope).map_err(|error| vec![error]));
    expected.assert_eq(&shown(text, result));
}

fn shown(text: &str, result: Result<String, Vec<ExprError>>) -> String {
    result.unwrap_or_else(|errors| {
        let line = |error: &ExprError| {
            let help = error.help.as_ref().map(|help| format!("; help: {help}")).unwrap_or_default();
            format!("⟨{}⟩ {}{help}", &text[error.range.clone()], error.message)
        };
        errors.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

#[test]
fn holes_are_filled() {
    check("plain } text { }}", &expect!["plain } text { }}"]);
    check("{{image}}:{{ n }}-{{\n ratio }}", &expect!["shop:3-1.5"]);
    check("构建 {{ image }} 好 {{ on }}", &expect!["构建 shop 好 true"]);
    check("{{ list }} {{ map }}", &expect![[r#"[1,"a"] {"z":1,"a":[]}"#]]);
    check("{{ default(git_commit, \"}}\") }}", &expect!["}}"]);
    check("", &expect![]);
}

#[test]
fn what_comes_out_of_a_hole_is_not_looked_at_again() {
    check("{{ evil }}", &expect!["{{ image }}"]);
    check("{{ '{{' }} image }}", &expect!["{{ image }}"]);
    check("{{ '{{ image }}' }}", &expect!["{{ image }}"]);
}

#[test]
fn null_is_no_text() {
    check(
        "x{{ nothing }}",
        &expect![[
            r#"⟨{{ nothing }}⟩ null cannot be put into text; help: write {{ default(x, "…") }} for what should stand there"#
        ]],
    );
}

#[test]
fn one_hole_alone_keeps_its_type() {
    let value = |text: &str| Template::parse(text).unwrap().render_value(&scope).unwrap();
    assert_eq!(value("{{ n }}"), json!(3));
    assert_eq!(value("{{ map }}"), json!({ "z": 1, "a": [] }));
    assert_eq!(value("{{ nothing }}"), Json::Null);
    assert_eq!(value(" {{ n }}"), json!(" 3"));
    assert_eq!(value("{{ n }}{{ n }}"), json!("33"));
    assert_eq!(value("n"), json!("n"));
    assert_eq!(value(""), json!(""));
}

#[test]
fn all_wrong_holes_are_named() {
    check(
        "{{ a b }} {{ image }} {{ }} {{ x",
        &expect![[r#"
        ⟨b⟩ unexpected `b`; help: a name with a space is written steps["unit tests"]
        ⟨ ⟩ the expression is empty
        ⟨{{⟩ the `{{` is never closed; help: close it with }}, or write {{ '{{' }} for the braces themselves"#]],
    );
    check(
        "{{ git_commit }}",
        &expect!["⟨git_commit⟩ `git_commit` has no value: this is not a git checkout; help: write --var git_commit=…"],
    );
    check(
        "{{ it's }} and {{ image }}",
        &expect!["⟨'⟩ the text that opens with ' is never closed; help: close it with ' on the same line"],
    );
    check("{{ {{ image }} }}", &expect!["⟨{⟩ unexpected `{`; help: write the expression without further braces"]);
    check(
        "{{ image | upper }}",
        &expect!["⟨|⟩ unexpected `|`; help: between conditions, write or; instead of a filter, write default(x, y)"],
    );
}

#[test]
fn go_templates_are_told_how_to_stay() {
    check(
        "docker ps --format '{{.Names}}'",
        &expect![[
            r#"⟨{{.Names}}⟩ `{{.Names}}` is no expression; it looks like a Go template; help: to keep it as it is, write {{ "{{.Names}}" }}"#
        ]],
    );
    check(
        "{{ .Values.image }}",
        &expect![[
            r#"⟨{{ .Values.image }}⟩ `{{ .Values.image }}` is no expression; it looks like a Go template; help: to keep it as it is, write {{ "{{ .Values.image }}" }}"#
        ]],
    );
    check(
        "{{ range .Items }}{{ .metadata.name }}{{ end }}",
        &expect![[r#"
            ⟨{{ range .Items }}⟩ `{{ range .Items }}` is no expression; it looks like a Go template; help: to keep it as it is, write {{ "{{ range .Items }}" }}
            ⟨{{ .metadata.name }}⟩ `{{ .metadata.name }}` is no expression; it looks like a Go template; help: to keep it as it is, write {{ "{{ .metadata.name }}" }}"#]],
    );
    check(
        "{{- if .x -}}",
        &expect![[
            r#"⟨{{- if .x -}}⟩ `{{- if .x -}}` is no expression; it looks like a Go template; help: to keep it as it is, write {{ "{{- if .x -}}" }}"#
        ]],
    );
    check(
        "{{ json .State }} {{ index .Config \"a\" }}",
        &expect![[r#"
            ⟨{{ json .State }}⟩ `{{ json .State }}` is no expression; it looks like a Go template; help: to keep it as it is, write {{ "{{ json .State }}" }}
            ⟨{{ index .Config "a" }}⟩ `{{ index .Config "a" }}` is no expression; it looks like a Go template; help: to keep it as it is, write {{ '{{ index .Config "a" }}' }}"#]],
    );
    check(
        r#"{{ printf "%s's" .Names }}"#,
        &expect![[
            r#"⟨{{ printf "%s's" .Names }}⟩ `{{ printf "%s's" .Names }}` is no expression; it looks like a Go template; help: to keep it as it is, write {{ "{{ printf \"%s's\" .Names }}" }}"#
        ]],
    );
    check(r#"docker ps --format '{{ "{{.Names}}" }}'"#, &expect!["docker ps --format '{{.Names}}'"]);
}

#[test]
fn the_help_for_go_templates_works() {
    for go in
        ["{{.Names}}", "{{ index .Config \"a\" }}", r#"{{ printf "%s's" .Names }}"#, r#"{{ printf "it's\t" .x }}"#]
    {
        let help = Template::parse(go).unwrap_err().remove(0).help.unwrap();
        let written = help.split_once("write ").unwrap().1;
        assert_eq!(Template::parse(written).unwrap().render(&scope), Ok(go.to_owned()));
    }
}

#[test]
fn places_are_those_of_the_text() {
    let text = "构 {{ default(image, 名) }} and {{ n }}";
    let template = Template::parse(text).unwrap();
    assert!(!template.is_plain());
    let holes: Vec<_> = template.holes().map(|(range, _)| &text[range]).collect();
    assert_eq!(holes, ["{{ default(image, 名) }}", "{{ n }}"]);
    let names: Vec<_> = template.holes().flat_map(|(_, expr)| expr.names()).map(|name| &text[name.range]).collect();
    assert_eq!(names, ["image", "名", "n"]);
    assert!(Template::parse("a } b").unwrap().is_plain());
}

#[test]
fn a_text_does_not_grow_without_end() {
    let template = Template::parse(&"{{ big }}".repeat(100)).unwrap();
    let error = template.render(&|_| Lookup::Value(json!("x".repeat(LARGEST / 50)))).unwrap_err();
    assert_eq!(error.message, "the text grows beyond 16777216 bytes");
}

#[test]
fn hostile_texts_end_soon() {
    for piece in ["{{", "{{'", "{{\"", "}}", "{{'}}", "{{'}}{{\"}}", "{{ a }}", "{{ ' }}\n", "{{\"\\\"}}", "{"] {
        let _ = Template::parse(&piece.repeat(1_000_000 / piece.len()));
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "(\\{\\{|\\}\\}|'|\"|\\\\|[a-z .|名\n\\-]|default\\(|, ?1\\)){0,40}") {
        match Template::parse(&text) {
            Ok(template) => drop(template.render(&scope)),
            Err(errors) => errors.iter().for_each(|error| assert!(text.get(error.range.clone()).is_some(), "{error:?}")),
        }
    }

    #[test]
    fn a_text_without_braces_stays_as_it_is(text in "[^{]*") {
        prop_assert_eq!(Template::parse(&text).unwrap().render(&scope), Ok(text));
    }

    #[test]
    fn any_value_arrives_as_it_is(value in any::<String>()) {
        let rendered = Template::parse("<{{ v }}>").unwrap().render(&|_| Lookup::Value(json!(value)));
        prop_assert_eq!(rendered, Ok(format!("<{value}>")));
    }
}
