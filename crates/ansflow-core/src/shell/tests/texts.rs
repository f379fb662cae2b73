//! Text in, text out.

use super::run;
use crate::spec::Dialect;

fn check(text: &str, expect: &str) {
    assert_eq!(run(Dialect::Bash, text).as_deref(), Ok(expect), "bash: {text}");
    check_sh(text, expect);
}

fn check_sh(text: &str, expect: &str) {
    assert_eq!(run(Dialect::Sh, text).as_deref(), Ok(expect), "sh: {text}");
}

#[test]
fn a_bare_hole_brings_its_quotes() {
    check("echo {{x}}", "echo \"${V0}\"");
    check("{{x}}", "\"${V0}\"");
    check("{{x}}{{y}}", "\"${V0}\"\"${V1}\"");
    check("echo a{{x}}b", "echo a\"${V0}\"b");
    check("echo é{{x}}中", "echo é\"${V0}\"中");
    check("A={{x}} B=1{{y}} cmd >{{z}}", "A=\"${V0}\" B=1\"${V1}\" cmd >\"${V2}\"");
    check("echo {{x}}\r\n", "echo \"${V0}\"\r\n");
    check("echo {a,{{x}}}", "echo {a,\"${V0}\"}");
    check("echo \\\n{{x}}", "echo \\\n\"${V0}\"");
    check("echo \\\\{{x}} \\${{y}}", "echo \\\\\"${V0}\" \\$\"${V1}\"");
    check("echo $a{{x}} $1{{y}}", "echo $a\"${V0}\" $1\"${V1}\"");
    check("export A={{x}}", "export A=\"${V0}\"");
    check("for i in {{x}} a; do echo {{y}}; done", "for i in \"${V0}\" a; do echo \"${V1}\"; done");
}

#[test]
fn quotes_are_closed_and_opened_where_they_must() {
    check("echo 'a{{x}}b'", "echo 'a'\"${V0}\"'b'");
    check("echo \"a{{x}}b\"", "echo \"a${V0}b\"");
    check("echo \"it's {{x}}\"", "echo \"it's ${V0}\"");
    check("echo \"a\\{{x}}\"", "echo \"a\\\\${V0}\"");
    check("echo \"a\\\\{{x}}\"", "echo \"a\\\\${V0}\"");
    check("echo '$'{{x}} '${{y}}' '\\{{z}}'", "echo '$'\"${V0}\" '$'\"${V1}\"'' '\\'\"${V2}\"''");
    check("echo \"$\"{{x}}", "echo \"$\"\"${V0}\"");
    check("echo \"$(echo {{x}} \"{{y}}\")\"", "echo \"$(echo \"${V0}\" \"${V1}\")\"");
    check("echo {{ steps[\"unit tests\"].status }}'", "echo \"${V0}\"'");
}

#[test]
fn ansi_c_quotes_are_of_bash_only() {
    assert_eq!(run(Dialect::Bash, "echo $'a\\'{{x}}'").unwrap(), "echo $'a\\''\"${V0}\"$''");
    assert_eq!(run(Dialect::Bash, "echo $'a\\{{x}}'").unwrap(), "echo $'a\\\\'\"${V0}\"$''");
    check_sh("echo $'a\\'{{x}}", "echo $'a\\'\"${V0}\"");
}

#[test]
fn comments_are_comments_only_at_the_start_of_a_word() {
    check("# it's {{x}}\necho {{y}}", "# it's ${V0}\necho \"${V1}\"");
    check("echo a#'{{x}}'", "echo a#''\"${V0}\"''");
    check("echo {{x}}#'{{y}}'", "echo \"${V0}\"#''\"${V1}\"''");
    check("echo a # {{x}} \"", "echo a # ${V0} \"");
    check("echo $# '{{x}}' ${#a} '{{y}}'", "echo $# ''\"${V0}\"'' ${#a} ''\"${V1}\"''");
}

#[test]
fn a_case_does_not_end_a_substitution() {
    check(
        "echo $(case a in a) echo '{{x}}';; esac) '{{y}}'",
        "echo $(case a in a) echo ''\"${V0}\"'';; esac) ''\"${V1}\"''",
    );
    check("case {{x}} in ({{y}}|b) echo {{z}};; esac", "case \"${V0}\" in (\"${V1}\"|b) echo \"${V2}\";; esac");
    check("x=$(case a in (a) echo ')' ;; *) esac) # {{x}}", "x=$(case a in (a) echo ')' ;; *) esac) # ${V0}");
}

#[test]
fn here_documents_keep_their_text() {
    check("cat <<EOF\na {{x}} \\{{y}} 'z\nEOF\necho {{z}}", "cat <<EOF\na ${V0} \\\\${V1} 'z\nEOF\necho \"${V2}\"");
    check("cat <<'EOF'\n$a `b` \\{{x}} ${{y}}\nEOF\n", "cat <<EOF\n\\$a \\`b\\` \\\\${V0} \\$${V1}\nEOF\n");
    check("cat <<'EOF'\n$a\nEOF\necho {{x}}", "cat <<'EOF'\n$a\nEOF\necho \"${V0}\"");
    check("cat <<-\"E\"\n\ta{{x}}\n\tE\n", "cat <<-E\n\ta${V0}\n\tE\n");
    check("cat <<A - <<\\B\n{{x}}\nA\n$ {{y}}\nB\n{{z}}", "cat <<A - <<B\n${V0}\nA\n\\$ ${V1}\nB\n\"${V2}\"");
    check("x=$(cat <<E\n{{x}})\"\nE\n) y='{{y}}'", "x=$(cat <<E\n${V0})\"\nE\n) y=''\"${V1}\"''");
    check("cat <<E\r\n{{x}}\r\nE\r\n'{{y}}'", "cat <<E\r\n${V0}\r\nE\r\n''\"${V1}\"''");
    check("cat <<E\n$(echo '{{x}}')\nE\n", "cat <<E\n$(echo ''\"${V0}\"'')\nE\n");
    check("cat <<E | sort > {{x}}\n{{y}}\nE\n", "cat <<E | sort > \"${V0}\"\n${V1}\nE\n");
    check("cat <<< {{x}}", "cat <<< \"${V0}\"");
}

#[test]
fn data_next_to_code_is_accepted() {
    for text in [
        "sh -c 'echo \"$1\"' _ {{x}}",
        "bash -ec 'echo' {{x}}",
        "ssh -p {{x}} -i {{y}} host uptime",
        "ssh user@{{x}} uptime",
        "ssh -- {{x}}",
        "awk -v x={{x}} '{print x}' {{y}}",
        "sed -n 1p {{x}}",
        "sed -i -e s/a/b/ {{x}}",
        "python3 x.py {{x}}",
        "python3 -c 'print()' {{x}}",
        "perl -ne 'print' {{x}}",
        "bash deploy.sh {{x}}",
        ". {{x}}",
        "docker run --rm -e A={{x}} image:{{y}} cmd {{z}}",
        "docker build --build-arg A={{x}} -t sh .",
        "kubectl exec pod -c {{x}} -- cat {{y}}",
        "kubectl apply -f - <<E\n{{x}}\nE\n",
        "sudo apt-get install ssh {{x}}",
        "env A={{x}} cmd {{y}}",
        "find {{x}} -name {{y}} -exec rm {} \\;",
        "export A={{x}} B=c",
        "[ {{x}} -eq 1 ]",
        "[[ a == {{x}} ]]",
        "read -p {{x}} name",
        "printf '%s\\n' {{x}}",
        "timeout {{x}} make",
        "echo {{x}} | xargs rm",
        "echo {{x}} | sh script.sh",
        "cat <<E > f\n{{x}}\nE\nsh f",
        "git commit -m {{x}}",
        "a=({{x}} [1]=b)",
        "python3 - a < {{x}}",
        "ssh host 'cat > f' <<E\n{{x}}\nE\n",
        "echo eval {{x}}",
        "f() { echo {{x}}; }",
        "sudo -u {{x}} cp a {{y}}",
        "xargs -n1 sh -c 'echo \"$1\"' _",
        "bash -c 'cat' <<E\n{{x}}\nE\n",
        "echo {{x}}; curl a | sh",
        "{ echo {{x}}; }; curl a | ( sh )",
        "unset a; echo {{x}}",
        "make A={{x}}",
        "docker exec -it {{x}} sh -c 'echo \"$1\"' _ {{y}}",
        "echo \"$(( 1 + 2 ))\" {{x}}",
        "x=$((1)) y={{x}}",
        "wait {{x}}",
        "flock {{x}} make {{y}}",
        "su -c 'echo hi' {{x}}",
        "if [ {{x}} ]; then :; fi; sh",
    ] {
        for dialect in [Dialect::Sh, Dialect::Bash] {
            assert!(run(dialect, text).is_ok(), "{dialect:?}: {text}: {:?}", run(dialect, text));
        }
    }
}
