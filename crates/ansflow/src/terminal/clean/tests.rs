//! What others print cannot steer the terminal, and is not lost either.

use super::{clean, clean_bytes};

fn check(text: &str, expected: &str) {
    assert_eq!(clean(text), expected, "of {text:?}");
}

#[test]
fn plain_text_stays_as_it_is() {
    check("tab\tand 中文, and\nlines\n", "tab\tand 中文, and\nlines\n");
    assert!(matches!(clean("plain"), std::borrow::Cow::Borrowed(_)));
}

#[test]
fn colours_stay_and_end_with_their_line() {
    check("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m");
    check("\x1b[1;38:5:1mred\nnext", "\x1b[1;38:5:1mred\x1b[0m\nnext");
}

#[test]
fn whatever_else_steers_a_terminal_goes() {
    check("a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c", "abc");
    check("a\x1bP1;2qpicture\x1b\\b\x1b_apc\u{9c}c", "abc");
    check("a\x1b[2Jb\x1b[1;1Hc\x1b[?25ld\x1b[>4;2me", "abcde");
    check("a\x1bcb\x1b(Bc\x1b7d\x1b", "abcd");
    check("a\u{9b}31mb\u{9d}0;t\x07c\u{85}d", "abcd");
    check("a\x08\x08b\x07\x7f\0c\x0bd", "abcd");
}

#[test]
fn a_carriage_return_does_not_overwrite_the_name_of_the_step() {
    check("10%\r20%\r\n", "10% 20%\n");
}

#[test]
fn a_sequence_that_is_never_closed_hides_nothing() {
    check("\x1b]0;title and the rest\nnext", "0;title and the rest\nnext");
    check("\x1b[12", "12");
    check("\x1b[31\u{e9}", "31\u{e9}");
    check("\x1b\x1b]0;t\x07x", "x");
    check("\x1b]0;t\x1b[31mred\x07", "0;t\x1b[31mred\x1b[0m");
}

#[test]
fn nothing_comes_out_that_a_second_pass_would_take_away() {
    for text in ["\x1b\x1b[31m[2J", "\x1b[\x1b[2J2J", "\x1b]\x1b]x\x07\x07", "\u{9b}\u{9b}m", "\x1b\u{9b}31m"] {
        let once = clean(text).into_owned();
        assert_eq!(clean(&once), once, "of {text:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_marked() {
    let mut to = b"> ".to_vec();
    clean_bytes(b"a\xff\x9b31m\x1b[2Jb", &mut to);
    assert_eq!(String::from_utf8_lossy(&to), "> a\u{fffd}\u{fffd}31mb");
}

#[test]
fn a_line_of_openings_takes_no_longer_than_another() {
    for opening in ["\x1b]", "\u{9d}", "\u{9b}1", "\x1b[1", "\x1b(", "\x1b]a\x1b\\"] {
        let cleaned = clean(&opening.repeat(200_000)).into_owned();
        assert!(!cleaned.contains(char::is_control), "of {opening:?}");
    }
}
