//! The two lists of words.

use super::super::log_words::{are_alike, is_hopeless, last_lines, telling, without_time};

#[test]
fn words_of_programs_that_will_not_do_better_are_known() {
    for log in [
        "Error: environment variable DATABASE_URL is not set\nstarting",
        "[emerg] unknown directive \"proxy_pas\" in /etc/nginx/conf.d/default.conf:3",
        "mkdir() \"/var/lib/nginx/body\" failed (13: Permission denied)",
        "exec /app: exec format error",
        "Error: Cannot find module 'express'",
        "ModuleNotFoundError: No module named 'flask'",
        "./app: error while loading shared libraries: libssl.so.3: cannot open",
        "unknown flag: --prot",
        "Error: Could not find or load main class com.example.Main",
    ] {
        assert!(is_hopeless(log), "{log}");
    }
}

#[test]
fn one_word_of_hope_outweighs_all_others_and_silence_says_nothing() {
    for log in [
        "parse error: connection refused",
        "permission denied; retrying in 5 s",
        "missing required table, waiting for migration",
        "database not reachable, giving up",
        "listen tcp :9090: bind: address already in use",
        "panic: index out of range",
        "",
    ] {
        assert!(!is_hopeless(log), "{log}");
    }
}

#[test]
fn only_the_last_lines_count() {
    let log = format!("unknown flag: --x\n{}", "tick\n".repeat(20));
    assert!(!is_hopeless(&log));
    assert_eq!(last_lines(&log).count(), 20);
}

#[test]
fn two_logs_are_alike_but_for_their_times() {
    assert!(are_alike("2026/11/21 04:02:50 [emerg] 1#1: bad\n", "2026/11/21 04:03:11 [emerg] 7#7: bad"));
    assert!(!are_alike("bad", "worse"));
}

#[test]
fn the_telling_line_comes_without_its_time() {
    assert_eq!(telling("Error: variable X is not set\nstarting"), Some("Error: variable X is not set"));
    assert_eq!(telling("one\ntwo\n"), Some("two"));
    assert_eq!(without_time("2026/11/21 04:02:50 [emerg] 1#1: bad"), "[emerg] 1#1: bad");
    assert_eq!(without_time("1234567890"), "1234567890");
}
