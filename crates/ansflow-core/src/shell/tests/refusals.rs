//! Text in, refusals out.

use expect_test::{Expect, expect};

use super::{holes, run};
use crate::spec::Dialect;

/// Every hole named `x` is refused, every other is not.
fn check(text: &str) {
    for dialect in [Dialect::Sh, Dialect::Bash] {
        let refused: Vec<usize> =
            run(dialect, text).map_or_else(|all| all.iter().map(|one| one.hole).collect(), |_| Vec::new());
        let wrong = |(_, hole): &(usize, std::ops::Range<usize>)| text[hole.clone()].contains('x');
        let expect: Vec<usize> = holes(text).into_iter().enumerate().filter(wrong).map(|(index, _)| index).collect();
        assert_eq!(refused, expect, "{dialect:?}: {text}");
    }
}

#[test]
fn places_that_are_evaluated() {
    for text in [
        "echo `echo {{x}}` {{y}}",
        "echo \"`echo {{x}}`{{y}}\"",
        "echo $(( {{x}} + 1 )) {{y}}",
        "((a={{x}})) && echo {{y}}",
        "echo ${a:-{{x}}} {{y}}",
        "echo \"${a:-'{{x}}'}\" {{y}}",
        "echo ${{ x }} {{y}}",
        "echo \"${{x}}\" {{y}}",
        "echo \\{{x}} {{y}}",
        "a[{{x}}]=1 b={{y}}",
        "a=([{{x}}]={{y}})",
        "cat <<{{x}}\na\n{{x}}\n",
        "for ((i={{x}};;)); do :; done",
        "echo $[{{x}}] {{y}}",
        "[[ {{x}} -eq 1 ]]",
        "[[ {{y}} == a && 1 -lt {{x}} ]]",
        "[[ -v {{x}} ]]",
        "[ -v {{x}} ]",
        "let a={{x}}",
        "declare -i n={{x}}",
        "declare -i n; n={{x}}",
        "RANDOM={{x}}",
        "cat <<E\n`{{x}}` $(({{x}})) {{y}}\nE\n",
        "echo $(( $(echo {{x}}) )) {{y}}",
        "cat <<'E;'\n{{x}}\nE;\n",
        "echo $(cat <<E)\n{{x}}\nE\n",
        "cat <<E\n{{x}}\n",
        "declare -a a={{x}}",
        "a=(1); declare a={{x}}",
        "echo ${a[{{x}}]} {{y}}",
        "echo $(({{x}}) ; {{y}}) {{y}}",
    ] {
        check(text);
    }
}

#[test]
fn builtins_that_run_their_words() {
    for text in [
        "eval echo {{x}}",
        "'eval' \"{{x}}\"",
        "\\eval {{x}}",
        "ev\\\nal {{x}}",
        "trap 'rm {{x}}' EXIT",
        "alias a={{x}}",
        "export {{x}}",
        "export {{x}}=1 A={{y}}",
        "readonly {{x}}",
        "local {{x}}",
        "declare {{x}}",
        "typeset a[{{x}}]=1",
        "read {{x}}",
        "read -r -p {{y}} {{x}}",
        "unset {{x}}",
        "mapfile {{x}}",
        "printf -v {{x}} a",
        "getopts ab {{x}}",
        "PS4={{x}}",
        "PROMPT_COMMAND={{x}} true",
        "BASH_ENV={{x}} true",
        "export ENV={{x}}",
        "env BASH_ENV={{x}} true",
        "eval \"$(echo {{x}})\"",
        "if eval {{x}}; then echo {{y}}; fi",
        "A=1 eval {{x}}",
        "! eval {{x}}",
        "{ eval {{x}}; }",
        "(eval {{x}})",
        "f() { eval {{x}}; }",
        "case a in a) eval {{x}};; esac",
        "time -p eval {{x}}",
        "while eval {{x}}; do echo {{y}}; done",
        "echo a;eval {{x}}",
        "echo $(eval {{x}})",
        "for i do eval {{x}}; done",
        "function f { eval {{x}}; }",
        "a && eval {{x}} || echo {{y}}",
        ">f eval {{x}}",
        "command eval {{x}}",
        "builtin eval {{x}}",
        "echo \"$(echo \"$(eval {{x}})\")\"",
        "printf {{x}} {{y}}",
        "compgen -W {{x}}",
        "cat <<E\n$(eval {{x}})\nE\n",
        "[[ a ]] && eval {{x}}",
        "test {{y}} {{x}}",
    ] {
        check(text);
    }
}

#[test]
fn code_arguments() {
    for text in [
        "sh -c {{x}}",
        "sh -c 'echo {{x}}' _ {{y}}",
        "bash -ec \"{{x}}\"",
        "bash -lc {{x}}",
        "bash -o pipefail -c {{x}}",
        "/bin/sh -c {{x}}",
        "'sh' -c {{x}}",
        "\"bash\" -c {{x}}",
        "\\sh -c {{x}}",
        "s'h' -c {{x}}",
        "$SHELL -c {{x}}",
        "\"$(which sh)\" -c {{x}}",
        "$SUDO sh -c {{x}}",
        "env A={{y}} sh -c {{x}}",
        "sudo -u root sh -c {{x}}",
        "sudo -E -u {{y}} bash -c {{x}}",
        "nohup sh -c {{x}}",
        "timeout 5 sh -c {{x}}",
        "timeout -k 1 5 sh -c {{x}}",
        "xargs sh -c {{x}}",
        "exec sh -c {{x}}",
        "nice -n 5 sh -c {{x}}",
        "docker exec c sh -c {{x}}",
        "docker run --rm -v {{y}}:/a img bash -c {{x}}",
        "docker compose exec web sh -c {{x}}",
        "docker run --entrypoint sh img -c {{x}}",
        "kubectl exec pod -- sh -c {{x}}",
        "kubectl -n {{y}} exec -it pod -c app -- sh -c {{x}}",
        "find . -exec sh -c {{x}} \\;",
        "busybox sh -c {{x}}",
        "retry 3 bash -c {{x}}",
        "su -c {{x}}",
        "su - {{y}} -c {{x}}",
        "flock f -c {{x}}",
        "flock f sh -c {{x}}",
        "python -c {{x}}",
        "python3.11 -c 'a {{x}}' {{y}}",
        "perl -e {{x}}",
        "perl -E{{x}}",
        "perl -ne {{x}} {{y}}",
        "perl -pi -e 's/{{x}}/' {{y}}",
        "perl -lane {{x}}",
        "ruby -e {{x}}",
        "node -e {{x}}",
        "node -p {{x}}",
        "node --eval={{x}}",
        "node --require m -e {{x}}",
        "php -r {{x}}",
        "lua -e {{x}}",
        "pwsh -c {{x}}",
        "pwsh -NoProfile -Command a {{x}}",
        "watch {{x}}",
        "parallel {{x}}",
        "ssh host {{x}}",
        "ssh -p {{y}} host 'cd {{x}}' a",
        "ssh {{x}}",
        "ssh {{x}} uptime",
        "ssh user@{{y}} rm {{x}}",
        "ssh -- {{y}} {{x}}",
        "ssh -o ProxyCommand={{x}} host",
        "ssh -o Port={{y}} host",
        "sudo ssh host {{x}}",
        "awk '{print {{x}}}' {{y}}",
        "gawk {{x}}",
        "awk -F {{y}} -v a={{y}} {{x}} {{y}}",
        "mawk {{x}}",
        "sed s/a/{{x}}/ {{y}}",
        "sed -e s/a/{{x}}/ {{y}}",
        "sed -i s/a/{{x}}/ {{y}}",
        "sed -i.bak -E {{x}} {{y}}",
        "sed -ne {{x}} {{y}}",
        "sed --expression={{x}} {{y}}",
        "sed -i '' s/{{x}}/a/ {{y}}",
        "gsed {{x}}",
        "sed $OPTS {{x}}",
        "env -S {{x}}",
        "bash <(echo {{x}})",
        ". <(echo {{x}})",
        "psql -c {{x}}",
        "sudo -i ssh host {{x}}",
        "sh -c \"$(cat <<E\n{{x}}\nE\n)\" _ {{y}}",
        "xargs -I a ssh host {{x}}",
    ] {
        check(text);
    }
}

#[test]
fn code_from_the_input() {
    for text in [
        "bash <<E\necho {{x}}\nE\n{{y}}",
        "sh -s {{y}} <<'E'\n{{x}}\nE\n",
        "ssh host <<E\n{{x}}\nE\n",
        "ssh host bash -s <<E\n{{x}}\nE\n",
        "ssh host 'cd a && sh' <<E\n{{x}}\nE\n",
        "python3 - {{y}} <<'E'\n{{x}}\nE\n",
        "python3 <<E\n{{x}}\nE\n",
        "bash <<< {{x}}",
        "echo {{x}} | sh",
        "echo {{x}} | cat | bash -s {{y}}",
        "echo {{x}} | ssh host sh",
        "echo {{x}} | sudo bash",
        "echo {{x}} | docker exec -i c sh",
        "echo {{x}} | kubectl exec -i p -- sh",
        "{ echo {{x}}; } | sh",
        "(echo {{x}}) | sh",
        "for i in {{x}}; do echo $i; done | sh",
        "if a; then echo {{x}}; fi | sh",
        "echo {{x}} | { sh; }",
        "echo {{x}} | (cd a; sh)",
        "while read a; do sh; done <<E\n{{x}}\nE\n",
        "cat <<E | sh\n{{x}}\nE\n{{y}}",
        "cat <<E |\n{{x}}\nE\nsh",
        "echo {{x}} |\n sh",
        "{\nbash\n} <<E\n{{x}}\nE\n",
        "echo {{y}}; echo {{x}} | sh; echo {{y}}",
        "echo {{x}} | sudo -u a bash -s",
        "echo {{x}} | python3",
        "echo {{x}} | xargs -I A sh -c 'echo A'",
        "echo {{x}} | xargs sh -c",
        ". /dev/stdin <<E\n{{x}}\nE\n",
        "echo {{x}} | at now",
        "sed -f - a <<E\n{{x}}\nE\n",
        "sudo -i <<E\n{{x}}\nE\n",
        "a=$(echo {{x}} | sh)",
        "echo {{x}} | $SHELL",
        "bash /dev/stdin <<< {{x}}",
        "cat <<A\n{{y}}\nA\ncat <<B | sh\n{{x}}\nB\n",
        "sh < <(echo {{x}})",
        "echo {{x}} > >(sh)",
        "echo {{x}} | tee >(bash -s {{x}}) | cat {{y}}",
    ] {
        check(text);
    }
}

fn shows(text: &str, expect: &Expect) {
    let lines = |all: Vec<crate::shell::Refusal>| {
        all.into_iter().map(|one| format!("{}: {}\n   {}\n", one.hole, one.message, one.help))
    };
    expect.assert_eq(&run(Dialect::Sh, text).map_or_else(|all| lines(all).collect::<String>(), |_| String::new()));
}

#[test]
fn refusals_show_the_way() {
    shows(
        "sh -c 'echo {{ a }}'; ssh host {{ b }}; echo {{ c }} $(( {{ d }} ))",
        &expect![[r#"
        0: `{{ a }}` stands in an argument that `sh` runs as code
           pass it as an argument: `sh -c 'echo "$1"' _ {{ a }}`, or set `env: { NAME: "{{ a }}" }` on the step and write "$NAME" in the code, in single quotes
        1: `{{ b }}` stands in an argument that `ssh` runs as code
           send it on the standard input: `printf '%s\n' {{ b }} | ssh host 'read -r x; echo "$x"'`
        3: `{{ d }}` stands in arithmetic, where a shell runs what a value holds
           compute with `expr {{ d }} + 1`, or compare with `[ {{ d }} -eq 1 ]`: both take data
    "#]],
    );
    shows(
        "awk \"{{ a }}\" f; export {{ b }}; echo {{ c }} | sh",
        &expect![[r#"
        0: `{{ a }}` stands in an argument that `awk` runs as code
           pass it as a variable: `awk -v x={{ a }} '… x …'`
        1: `{{ b }}` is used as a name for `export`, which may run it
           write the name out and give it the value: `export NAME={{ b }}`, or just `NAME={{ b }}`
        2: `{{ c }}` reaches the standard input of `sh`, which runs it as code
           set `env: { NAME: "{{ c }}" }` on the step and let the code that `sh` reads use "$NAME", or pass it as an argument: `sh -c 'echo "$1"' _ {{ c }}`
    "#]],
    );
}
