use super::{parse, print};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn check(text: &str, expected: &Expect) {
    let shown = match parse(text) {
        Ok(ms) => format!("{ms} ms, printed {}", print(ms)),
        Err(message) => message,
    };
    expected.assert_eq(&shown);
}

#[test]
fn the_usual_forms_are_read() {
    check("90s", &expect!["90000 ms, printed 1m30s"]);
    check("5m", &expect!["300000 ms, printed 5m"]);
    check("1h30m", &expect!["5400000 ms, printed 1h30m"]);
    check(" 1h 30m ", &expect!["5400000 ms, printed 1h30m"]);
    check("250ms", &expect!["250 ms, printed 250ms"]);
    check("24h", &expect!["86400000 ms, printed 1d"]);
    check("1.5h", &expect!["5400000 ms, printed 1h30m"]);
}

#[test]
fn a_bare_number_is_seconds() {
    check("300", &expect!["300000 ms, printed 5m"]);
    check("0", &expect!["0 ms, printed 0s"]);
    check("0.25", &expect!["250 ms, printed 250ms"]);
}

#[test]
fn what_is_no_duration_is_named() {
    check("", &expect!["the duration is empty; write 90s, 5m or 1h30m"]);
    check("soon", &expect!["`soon` is not a duration; write 90s, 5m or 1h30m"]);
    check("-5s", &expect!["the duration `-5s` is negative"]);
    check("5 minutes", &expect!["unknown unit `minutes` in the duration `5 minutes`; write ms, s, m, h or d"]);
    check("1h30", &expect!["`30` in the duration `1h30` has no unit; write ms, s, m, h or d after it"]);
    check("30m1h", &expect!["`h` is out of place in the duration `30m1h`; larger units come first, each once"]);
    check("1s1s", &expect!["`s` is out of place in the duration `1s1s`; larger units come first, each once"]);
    check("1..5s", &expect!["`1..5` in the duration `1..5s` is not a number"]);
    check("0.5ms", &expect!["`0.5` in the duration `0.5ms` is finer than a millisecond"]);
    check("五分钟", &expect!["`五分钟` is not a duration; write 90s, 5m or 1h30m"]);
}

#[test]
fn overflow_is_an_error() {
    check("18446744073709551616", &expect!["`18446744073709551616` is too long for a duration"]);
    check("18446744073709551615", &expect!["`18446744073709551615` is too long for a duration"]);
    check("213503982334d24h", &expect!["`213503982334d24h` is too long for a duration"]);
}

proptest! {
    #[test]
    fn reading_what_was_printed_gives_the_same(ms in any::<u64>()) {
        prop_assert_eq!(parse(&print(ms)), Ok(ms));
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = parse(&text);
    }
}
