//! Scripts, and what comes of them.

use proptest::prelude::*;

use super::bench::{BEGAN, Bench, say};
use super::parse::parse;
use crate::program::{Exit, Signal, Step, Stream};

fn check(script: &str, expected: &str) {
    assert_eq!(say(script), expected, "{script}");
}

#[test]
fn words_are_split_quoted_and_joined() {
    check("x='a  b'; echo $x; echo \"$x\"; echo \"$x\"c d'e f'\\ g", "a b\na  b\na  bc de f g\n[0]");
    check("echo \"a\\\"b\" 'c\\d' \"e\\f\"", "a\"b c\\d e\\f\n[0]");
    check("set -- 'a b' c; for x in \"$@\"; do echo [$x]; done; echo $#; echo \"$*\"", "[a b]\n[c]\n2\na b c\n[0]");
    check("e=; echo [$e] [\"$e\"]; printf '%s.' a $e \"\" b", "[] []\na..b.[0]");
}

#[test]
fn variables_have_defaults_and_trimmed_ends() {
    check("echo ${x:-no} ${x-no} ${x:+yes}; x=; echo ${x:-empty} [${x-no}]", "no no\nempty []\n[0]");
    check(": ${x:=5}; echo $x ${#x}", "5 1\n[0]");
    check("p=/a/b.tar.gz; echo ${p##*/} ${p%/*} ${p%.*} ${p%%.*} ${p#/a}", "b.tar.gz /a /a/b.tar /a/b /b.tar.gz\n[0]");
    check("echo ${x:?is not set}; echo no", "sh: x: is not set\n[2]");
    check("set -u; echo $x", "sh: x: parameter not set\n[2]");
}

#[test]
fn commands_stand_in_words() {
    check("echo $(echo a; echo b) `echo c`", "a b c\n[0]");
    check("x=$(echo $(echo deep)); echo \"$x\"", "deep\n[0]");
    check("x=$(exit 3); echo $?; x=1; echo $?", "3\n0\n[0]");
    check("n=$(cat /data/n 2>/dev/null || echo 0); n=$((n+1)); echo $n >/data/n; cat /data/n", "1\n[0]");
}

#[test]
fn sums_have_the_precedence_of_c() {
    check("echo $((1+2*3)) $(( (1+2)*3 )) $((7/2)) $((7%3)) $((-7/2)) $((1<<4))", "7 9 3 1 -3 16\n[0]");
    check("i=4; echo $((i+=2)) $i $((i==6)) $((i>3&&i<5)) $((i>3?10:20)) $((0x10)) $((!i))", "6 6 1 0 10 16 0\n[0]");
    check("echo $((1/0))", "sh: divide by zero\n[2]");
    check("echo $(($(date +%s)-$(stat -c %Y /proc/1)))", "0\n[0]");
}

#[test]
fn lists_go_on_or_stop_by_status() {
    check("true && echo a || echo b; false && echo c || echo d; ! true || echo e", "a\nd\ne\n[0]");
    check("set -e; false || echo on; if false; then :; fi; false; echo not here", "on\n[1]");
    check("set -e; f() { false; echo in; }; f && echo yes; x=$(false); echo no", "in\nyes\n[1]");
    check("(exit 4); echo $?; { echo g; exit 5; }; echo h", "4\ng\n[5]");
}

#[test]
fn compound_commands() {
    check("i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done", "1\n3\n[0]");
    check(
        "for a in 1 2 3; do for b in x y; do [ $b = y ] && break; [ $a = 3 ] && break 2; echo $a$b; done; done",
        "1x\n2x\n[0]",
    );
    check("until [ -f /data/x ]; do touch /data/x; echo made; done", "made\n[0]");
    check("case web-1 in *-0|none) echo zero;; *-[1-3]) echo some;; *) echo rest;; esac", "some\n[0]");
    check("if false; then echo a; elif true; then echo b; else echo c; fi", "b\n[0]");
    check("f() { echo $1 $#; return 3; }; f x y; echo $? $1", "x 2\n3\n[0]");
}

#[test]
fn output_goes_where_it_is_led() {
    check("echo a >/data/f; echo b >>/data/f; cat </data/f; wc -l < /data/f", "a\nb\n2\n[0]");
    check("cat <<EOF\nx $((1+1)) $(echo y)\nEOF\ncat <<'EOF'\n$x\nEOF\ncat <<-E\n\ttab\n\tE", "x 2 y\n$x\ntab\n[0]");
    check("(echo err >&2; echo out) 2>/dev/null; { echo x; echo y >&2; } >/dev/null 2>&1; echo z", "out\nz\n[0]");
    check(
        "echo a > /nosuch/f; echo $?; cat /nosuch",
        "sh: can't create /nosuch/f: nonexistent directory\n1\ncat: can't open '/nosuch': No such file or directory\n[1]",
    );
    check("exec >/data/log; echo hidden; cat /data/log >&2", "hidden\n[0]");
    let mut bench = Bench::script("echo out; echo err >&2; exit 3");
    assert_eq!(bench.run(1), Some(Exit { code: 3, oom: false }));
    assert_eq!(
        (bench.written.text(Some(Stream::Out)), bench.written.text(Some(Stream::Err))),
        ("out\n".into(), "err\n".into())
    );
}

#[test]
fn pipelines_run_together() {
    check("printf 'b\\na\\nb\\n' | sort | uniq -c | head -n 1", "      1 a\n[0]");
    check("seq 1 5 | while read n; do echo got $n; done | tail -n 2", "got 4\ngot 5\n[0]");
    check("echo hello | grep -q ell && echo yes; echo x | grep y; echo $?", "yes\n1\n[0]");
    check("seq 1 100000 | head -n 2", "1\n2\n[0]");
    check("(sleep 1; echo late) | cat", "late\n[0]");
    check("echo 'a=1' | sed 's/\\(.\\)=1/\\1=2/' | tr a-z A-Z | cut -d= -f1,2", "A=2\n[0]");
}

#[test]
fn background_commands_are_waited_for() {
    check("(sleep 2; echo b) & (sleep 1; echo a) & wait; echo c", "a\nb\nc\n[0]");
    check("sleep 100 & kill $!; wait $!; echo $?; kill $!", "143\nsh: can't kill pid 2: No such process\n[1]");
    check("sleep 5 & echo first; wait $!; date +%T", "first\n04:00:05\n[0]");
}

#[test]
fn times_are_of_the_simulated_clock() {
    check("date; sleep 61.5; date '+%F %T %s'", "Sat Nov 21 04:00:00 UTC 2026\n2026-11-21 04:01:01 1795233661\n[0]");
    check("date +%A-%B-%j-%u", "Saturday-November-325-6\n[0]");
    check("sleep x", "sleep: invalid number 'x'\n[1]");
}

#[test]
fn files_behave_like_files() {
    check(
        "mkdir -p /data/a/b; echo x >/data/a/b/c; ls /data/a; ls -d /data; cp /data/a/b/c /data/a; mv /data/a/c /data/d; ls /data; rm -r /data/a; ls /data",
        "b\n/data\na\nd\nd\n[0]",
    );
    check(
        "rm /data/none; rm -f /data/none; echo $?; mkdir /data/x/y",
        "rm: can't remove '/data/none': No such file or directory\n0\nmkdir: can't create directory '/data/x/y': No such file or directory\n[1]",
    );
    check("[ -d /tmp ] && [ ! -e /tmp/x ] && [ -x /bin/sh ] && echo ok; test -d /tmp/app.yaml; echo $?", "ok\n1\n[0]");
    check("cd /data && pwd && touch a.txt b.txt && echo *.txt && echo *.none", "/data\na.txt b.txt\n*.none\n[0]");
    check("dd if=/dev/zero of=/tmp/x bs=1M count=60 2>/dev/null; stat -c %s /tmp/x", "62914560\n[0]");
}

#[test]
fn commands_that_are_not_there_say_so() {
    check("nosuch; echo $?", "sh: nosuch: not found\n127\n[0]");
    check("wget http://x", "not simulated: wget\n[127]");
    check("/opt/x", "sh: /opt/x: not found\n[127]");
    check("command -v sh; command -v nosuch || echo none", "/bin/sh\nnone\n[0]");
    check("if true; then echo", "sh: syntax error: unexpected end of file (expecting \"fi\")\n[2]");
    check("echo )", "sh: syntax error: unexpected \")\"\n[2]");
}

#[test]
fn the_environment_is_what_was_exported() {
    check("A=1; export B=2; sh -c 'echo [$A] [$B] $0' ; C=3 sh -c 'echo $C'; echo [$C]", "[] [2] sh\n3\n[]\n[0]");
    check(
        "env | grep -c PATH; hostname; sh -c 'echo $0 $1' name arg; eval 'x=1; echo $x'",
        "1\nweb-0\nname arg\n1\n[0]",
    );
    check("cat > /data/s.sh <<'E'\necho script $1\nE\nsh /data/s.sh z; . /data/s.sh", "script z\nscript\n[0]");
}

#[test]
fn a_loop_that_only_sleeps_needs_no_timer_and_ends_at_the_next_round() {
    // The second is parked, the first is not.
    for (action, told) in [("echo bye; exit 7", "serving\nbye\n"), ("exit 7", "serving\n")] {
        let mut bench = Bench::script(&format!("trap '{action}' TERM; echo serving; while true; do sleep 1; done"));
        assert_eq!(bench.step(), Step::Forever);
        bench.now.0 += 2_500_000;
        bench.signal(Signal::Term);
        let Step::Until(when) = bench.step() else { panic!("it ends at once") };
        assert!((2_990_000..=3_010_000).contains(&(when.0 - BEGAN.0)), "{when:?}");
        assert_eq!(bench.run(10), Some(Exit { code: 7, oom: false }));
        assert_eq!(bench.written.text(None), told);
    }
}

#[test]
fn the_first_process_ignores_what_it_has_no_trap_for() {
    for script in ["sleep 100", "while true; do sleep 1; done", "echo a; sleep 100", "tail -f /dev/null"] {
        let mut bench = Bench::script(script);
        bench.step();
        bench.signal(Signal::Term);
        assert!(!matches!(bench.step(), Step::Exit(_)), "{script}");
        bench.signal(Signal::Kill);
        assert_eq!(bench.step(), Step::Exit(Exit { code: 137, oom: false }), "{script}");
    }
}

#[test]
fn a_trap_runs_when_the_command_before_it_has_ended() {
    let mut bench = Bench::script("trap 'echo t' TERM; sleep 5; echo after; trap 'echo e' EXIT");
    bench.step();
    bench.now.0 += 1_000_000;
    bench.signal(Signal::Term);
    assert_eq!(bench.run(10), Some(Exit { code: 0, oom: false }));
    assert_eq!(bench.written.text(None), "t\nafter\ne\n");
}

#[test]
fn a_shell_passes_a_signal_on_only_where_it_waits_for_it() {
    for (script, ends) in [
        ("trap 'kill $!; exit 5' TERM; sleep 1000 & wait", Some(5)),
        ("trap 'exit 5' TERM; sleep 1000", None),
        ("sleep 1000 & wait", None),
    ] {
        let mut bench = Bench::script(script);
        bench.step();
        bench.signal(Signal::Term);
        assert_eq!(bench.run(30).map(|exit| exit.code), ends, "{script}");
    }
}

#[test]
fn a_text_that_doubles_is_out_of_memory() {
    let mut bench = Bench::script("echo loading; x=a; while true; do x=$x$x; done");
    bench.memory = Some(24 << 20);
    assert_eq!(bench.run(10), Some(Exit { code: 137, oom: true }));
    assert_eq!(bench.written.text(None), "loading\n");
}

#[test]
fn a_loop_that_spins_costs_ever_fewer_steps() {
    let mut bench = Bench::script("while true; do :; done");
    assert_eq!(bench.run(60), None);
    assert!(bench.steps < 200, "{} steps", bench.steps);
}

#[test]
fn a_loop_that_floods_its_log_is_held_back() {
    let mut bench = Bench::script("while true; do echo flood; done");
    assert_eq!(bench.run(10), None);
    assert!(bench.steps < 200, "{} steps", bench.steps);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_written_is_read_or_refused_and_never_panics(words in prop::collection::vec(word(), 0..40)) {
        let mut bench = Bench::script(&words.concat());
        for _ in 0..30 {
            match bench.step() {
                Step::Exit(_) | Step::Forever => break,
                Step::Until(when) => bench.now = when,
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}", plain in "[ a-c$(){}<>|&;'\"`\\\\#=*?!\n-]{0,60}") {
        let _either = (parse(&text), parse(&plain));
    }
}

/// What scripts are made of.
fn word() -> impl Strategy<Value = String> {
    let known = "if |then |else |fi\n|while |do |done\n|for x in |case x in |esac|;|;;|&&|\\||\\|\\||&|(|)|{ |}|!|$x|${x:-|${#x}|${x%*}|$((|))|$(|`|\"|'|\\\\|\n| |echo |cat |true|false|sleep 1|x=|[ |]|-eq|1|*|>f|<f|2>&1|<<E\n|E\n|set -e;|trap |exit |f() |break|read x|wait|exec |seq 3|grep |test |printf %d |wc |cd |rm |ls |a b";
    let words: Vec<String> =
        known.split('|').map(|word| word.replace('\\', "")).chain(["|".into(), "||".into(), "\\".into()]).collect();
    prop::sample::select(words)
}

#[test]
fn a_script_from_stdin_runs_as_its_commands_are_whole() {
    let mut bench = Bench::script("exec sh");
    bench.input_ended = false;
    for (typed, told) in [
        ("echo one; x=1\n", "one\n"),
        ("if true; then\n", ""),
        ("echo $x \\\n", ""),
        ("two; fi\n", "1 two\n"),
        ("cat <<E\n", ""),
        ("text\nE\n", "text\n"),
        ("read y; echo [$y]\n", ""),
        ("given\n", "[given]\n"),
    ] {
        bench.written.0.clear();
        bench.input = typed.as_bytes().to_vec();
        assert_eq!(bench.step(), Step::Forever, "{typed}");
        assert_eq!(bench.written.text(None), told, "{typed}");
    }
    bench.input = b"exit 4\necho not".to_vec();
    assert_eq!(bench.run(1), Some(Exit { code: 4, oom: false }));
}

#[test]
fn input_is_read_as_it_comes() {
    let mut bench = Bench::script("while read line; do echo got $line; done; echo end");
    bench.input_ended = false;
    assert_eq!(bench.step(), Step::Forever);
    bench.input = b"one\ntw".to_vec();
    bench.step();
    assert_eq!(bench.written.text(None), "got one\n");
    bench.input = b"o\n".to_vec();
    bench.input_ended = true;
    assert_eq!(bench.run(1), Some(Exit { code: 0, oom: false }));
    assert_eq!(bench.written.text(None), "got one\ngot two\nend\n");
}

#[test]
fn hostile_scripts_end() {
    let deep = format!("{}echo{}", "$(".repeat(500), ")".repeat(500));
    assert_eq!(parse(&deep).unwrap_err().0, "nested too deeply");
    assert!(parse(&"(".repeat(10_000)).is_err());
    assert!(parse(&"if ".repeat(10_000)).is_err());
    check("f() { f; }; f", "sh: maximum nesting exceeded\n[2]");
    check("f() { x=$(f); echo $x; }; f 2>&1 | head -n 1", "sh: maximum nesting exceeded\n[0]");
    check(
        &format!("f() {{ {} f {}; }}; f", "if true; then ".repeat(40), "; fi".repeat(40)),
        "sh: maximum nesting exceeded\n[2]",
    );
    check(
        &format!("echo $(({}1{}))", "(".repeat(2_000), ")".repeat(2_000)),
        "sh: expression recursion level exceeded\n[2]",
    );
}
