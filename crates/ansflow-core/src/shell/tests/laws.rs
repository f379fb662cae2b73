//! Random texts.
#![expect(clippy::disallowed_methods, reason = "only the real shells can tell what they print")]

use std::process::Command;

use proptest::prelude::*;

use super::{holes, run};
use crate::spec::Dialect;

const PIECES: &[&str] = &[
    "{{x}}",
    "{{x}}",
    "{{x}}",
    " ",
    " ",
    "\n",
    "'",
    "\"",
    "`",
    "\\",
    "$",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    "((",
    "))",
    "$(",
    "${",
    "$((",
    "<<E",
    "<<'E'",
    "<<-E",
    "<<<",
    "\nE\n",
    "<(",
    "<",
    ">",
    "|",
    "||",
    "&&",
    "&",
    ";",
    ";;",
    "#",
    "=",
    "a=",
    "a=(",
    "a[",
    "case x in",
    " esac ",
    "if ",
    " fi ",
    " then ",
    "do ",
    "done ",
    "for i ",
    "while ",
    "function ",
    "f()",
    "eval ",
    "sh ",
    "-c ",
    "ssh ",
    "sed ",
    "awk ",
    "sudo ",
    "env ",
    "docker run ",
    "xargs ",
    "find ",
    "-exec ",
    "perl -e",
    "é",
    "中",
    "\r\n",
    "$'",
    "!",
    "~",
    "--",
    "-",
    "declare -i ",
    "read ",
    "printf ",
    "\t",
    "/",
    "EOF",
    "1",
    "2>",
];

/// Texts that print what they are expected to, whatever stands around them: source in sh, and what it prints.
const SAFE: &[(&str, &str)] = &[
    ("printf %s {{x}}", "V"),
    ("printf %s '{{x}}'", "V"),
    ("printf %s \"a{{x}}\"", "aV"),
    ("printf %s \"\\{{x}}\"", "\\V"),
    ("A={{x}}; printf %s \"$A\"", "V"),
    ("cat <<E\n{{x}}\nE", "V\n"),
    ("cat <<'E'\n$x \\{{x}}`\nE", "$x \\V`\n"),
    ("case a in a) printf %s {{x}};; esac", "V"),
    ("printf %s $(case a in a) printf b;; esac){{x}}", "bV"),
    ("if true; then printf %s {{x}}; fi", "V"),
    ("( printf %s {{x}} )", "V"),
    ("{ printf %s {{x}}; }", "V"),
    ("for i in 1 2; do printf %s {{x}}; done", "VV"),
    ("# it's {{x}}", ""),
    ("printf %s a#{{x}}", "a#V"),
    ("cat <<A; cat <<'B'\n{{x}}\nA\n{{x}}\nB", "V\nV\n"),
    ("printf %s $((1+2)){{x}}", "3V"),
    ("printf %s \"${Q:-a}\"{{x}}", "aV"),
    ("printf %s \"$(printf %s '{{x}}')\"", "V"),
    ("printf %s {{x}} | cat", "V"),
    ("f() { printf %s \"$1\"; }\nf {{x}}", "V"),
    ("cat <<-E\n\t{{x}}\n\tE", "V\n"),
    ("printf %s `printf a`{{x}}", "aV"),
];
const VALUE: &str = "'a \"b\" $(touch X) `c` \\ *";

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]
    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        for dialect in [Dialect::Sh, Dialect::Bash] {
            match run(dialect, &text) {
                Ok(spliced) => prop_assert!(!spliced.contains("{{x}}")),
                Err(refusals) => prop_assert!(!refusals.is_empty() && refusals.len() <= holes(&text).len()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn texts_that_print_go_together(parts in prop::collection::vec(prop::sample::select(SAFE), 1..8)) {
        let text: String = parts.iter().flat_map(|(source, _)| [source, "\n"]).collect();
        let expect: String = parts.iter().map(|(_, prints)| prints.replace('V', VALUE)).collect();
        let values: Vec<_> = (0..holes(&text).len()).map(|hole| (format!("V{hole}"), VALUE)).collect();
        for (shell, dialect) in [("sh", Dialect::Sh), ("bash", Dialect::Bash)] {
            let spliced = run(dialect, &text).unwrap();
            let output = Command::new(shell).args(["-ec", &spliced]).envs(values.clone()).output().unwrap();
            prop_assert_eq!(String::from_utf8_lossy(&output.stdout), &*expect, "{}: {}", shell, spliced);
        }
    }
}

#[test]
fn hostile_depth_and_length_take_linear_time() {
    for piece in [
        "$(",
        "\"$(",
        "((",
        "${a:-",
        "{ ",
        "( ",
        "sudo -a ",
        "sudo ",
        "find -exec ",
        "$x ",
        "[",
        "a[",
        "\\",
        "'",
        "`",
        "cat <<E $(\n",
        "cat <<E\n$(",
        "echo {{x}} | sh | ",
        "{{x}}",
        "case x in a) ",
        "if ",
        ") ",
        "x=",
        "<<A ",
        "<(",
        "retry sh -x ",
        "docker run ",
        "env -a a=b ",
        "python -x a ",
    ] {
        let text = piece.repeat(50_000 / piece.len()) + "{{x}}";
        drop(run(Dialect::Bash, &text));
    }
}
