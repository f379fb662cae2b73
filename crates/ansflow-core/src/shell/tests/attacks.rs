//! Hostile values in the real shells: each context prints exactly the value, and nothing of it runs.
#![expect(clippy::disallowed_methods, reason = "only the real shells can tell what they run")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{holes, run};
use crate::spec::Dialect;

const VALUES: &[&str] = &[
    "",
    "zzz\";echo${IFS}pwned;#",
    "'; touch X; '",
    "\"; touch X; \"",
    "$(touch X)`touch X`${IFS}$V0$0$'a'",
    " two  words\t ",
    "\n\nline\nE\nEOF\ntouch X",
    "*",
    "[a-z]*? {a,b} {1..3}",
    "~",
    "-n",
    "\\",
    "\\\\n\\ %s%n%d !! !x",
    "ünï—中文 ぁ\u{1F600}",
    "a;b&c|d<e>f(g) ]] ') ;; a=b #no",
    "a[$(touch X)]",
    "#\r\u{1}\u{7f}\u{81}",
];

/// Each prints the value and nothing else. A line feed at the end is cut off on both sides.
const BOTH: &[&str] = &[
    "printf %s {{v}}",
    "printf '%s' '{{v}}'",
    "printf '%s' \"{{v}}\"",
    "printf %s ''{{v}}''",
    "printf %s \"\"{{v}}",
    "printf '%s' {{v}} # {{v}} '",
    "A={{v}}; printf %s \"$A\"",
    "A='{{v}}' B=\"{{v}}\"; printf %s \"$B\"",
    "export A={{v}}; printf %s \"$A\"",
    "readonly A={{v}}; printf %s \"$A\"",
    "A={{v}} sh -c 'printf %s \"$A\"'",
    "env A={{v}} sh -c 'printf %s \"$A\"'",
    "sh -c 'printf %s \"$1\"' _ {{v}}",
    "f() { printf %s \"$1\"; }; f {{v}}",
    "f() { printf %s {{v}}; }; f",
    "set -- {{v}}; printf %s \"$1\"",
    "for i in {{v}}; do printf %s \"$i\"; done",
    "for i in a; do printf %s '{{v}}'; done",
    "if true; then printf %s {{v}}; fi",
    "if [ {{v}} = {{v}} ]; then printf %s {{v}}; fi",
    "case {{v}} in {{v}}) printf %s {{v}};; esac",
    "case x in x) printf %s \"{{v}}\";; esac",
    "case \"{{v}}\" in '{{v}}') printf %s {{v}};; *) echo no;; esac",
    "A=$(printf %s. {{v}}); printf %s \"${A%.}\"",
    "A=\"$(printf %s. \"{{v}}\")\"; printf %s \"${A%.}\"",
    "A=\"$(printf '%s.' '{{v}}')\"; printf %s \"${A%.}\"",
    "A=$(case x in x) printf %s. {{v}};; esac); printf %s \"${A%.}\"",
    "A=$(printf %s. \"$(printf %s. \"{{v}}\")\"); A=${A%.}; printf %s \"${A%.}\"",
    "(printf %s {{v}})",
    "{ printf %s {{v}}; }",
    "printf %s {{v}} | cat",
    "true && printf %s {{v}} || printf no",
    "! printf %s {{v}} || true",
    "cat <<E\n{{v}}\nE\n",
    "cat <<'E'\n{{v}}\nE\n",
    "cat <<-\"E\"\n\t{{v}}\n\tE\n",
    "cat <<\\E | cat\n{{v}}\nE\n",
    "cat <<A >/dev/null; cat <<'B'\nA{{v}}\nA\n{{v}}\nB\n",
    "A=$(cat <<E\n{{v}}.\nE\n); printf %s \"${A%.}\"",
    "A=$(cat <<'E'\n{{v}}.\nE\n); printf %s \"${A%.}\"",
    "A=\"$(cat <<'E'\n{{v}}.\nE\n)\"; printf %s \"${A%.}\"",
    "cat <<E\n$(printf %s. {{v}} | sed 's/\\.$//')\nE\n",
    "while true; do printf %s {{v}}; break; done",
    "printf %s \\\n{{v}}",
    "printf %s {{v}} > 'out'; cat out; rm out",
    "printf %s 1>&2 2>/dev/null; printf %s {{v}}",
    "awk 'BEGIN { printf \"%s\", ENVIRON[\"A\"] }' A=1; A={{v}} awk 'BEGIN { printf \"%s\", ENVIRON[\"A\"] }'",
    "trap 'printf %s \"$A\"' EXIT; A={{v}}",
    "eval 'printf %s \"$A\"' A=1 >/dev/null; A={{v}}; eval 'printf %s \"$A\"'",
    "test {{v}} = {{v}} && printf %s {{v}}",
];

const BASH: &[&str] = &[
    "printf %s $'{{v}}'",
    "printf %s $'a\\'{{v}}' | sed \"1s/^a'//\"",
    "[[ {{v}} == {{v}} ]] && printf %s {{v}}",
    "[[ a{{v}} == \"a{{v}}\" && ! {{v}} != '{{v}}' ]] && printf %s {{v}}",
    "[[ x{{v}} =~ {{v}} ]] && printf %s {{v}}",
    "A=({{v}} '{{v}}'); printf %s \"${A[1]}\"",
    "A=(); A+=({{v}}); printf %s \"${A[0]}\"",
    "declare A={{v}}; printf %s \"$A\"",
    "declare -a A=({{v}}); printf %s \"${A[0]}\"",
    "f() { local A={{v}}; printf %s \"$A\"; }; f",
    "cat <<< {{v}}",
    "cat <<< \"{{v}}\"",
    "cat < <(printf %s {{v}})",
    "printf %s {{v}} |& cat",
    "read -r -d '' A <<< {{v}} || true; printf %s {{v}}",
    "for ((i=0;i<1;i++)); do printf %s {{v}}; done",
    "function f { printf %s {{v}}; }; f",
    "printf %s {x,{{v}}} | sed '1s/^x//'",
    "A=b; A+={{v}}; printf %s \"${A#b}\"",
];

struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ansflow-splice-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// What the shell prints. One process runs the text once for each value.
fn outputs(shell: &str, dialect: Dialect, text: &str, place: &Path) -> Vec<String> {
    let spliced = run(dialect, text).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    VALUES
        .iter()
        .map(|value| {
            let values = (0..holes(text).len()).map(|hole| (format!("V{hole}"), value));
            let mut command = Command::new(shell);
            let output =
                command.args(["-c", &spliced]).envs(values).current_dir(place).stdin(Stdio::null()).output().unwrap();
            assert!(
                output.stderr.is_empty(),
                "{shell}: {text}\n{spliced}\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8(output.stdout).unwrap()
        })
        .collect()
}

fn attack(shell: &str, dialect: Dialect, texts: &[&str]) {
    let place = Place::new(&format!("{shell}-{}", texts.len()));
    for text in texts {
        for (value, printed) in VALUES.iter().zip(outputs(shell, dialect, text, &place.0)) {
            assert_eq!(printed.trim_end_matches('\n'), value.trim_end_matches('\n'), "{shell}: {text} with {value:?}");
        }
        assert_eq!(std::fs::read_dir(&place.0).unwrap().count(), 0, "{shell}: {text} left a file");
    }
}

#[test]
fn a_hostile_value_prints_itself_in_sh() {
    attack("sh", Dialect::Sh, BOTH);
}

#[test]
fn a_hostile_value_prints_itself_in_bash() {
    attack("bash", Dialect::Bash, BOTH);
    attack("bash", Dialect::Bash, BASH);
}
