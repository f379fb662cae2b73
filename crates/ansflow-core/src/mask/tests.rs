use proptest::prelude::*;

use super::{MASK, Masker};

fn check(secrets: &[&str], text: &str, expect: &str) {
    let masker = Masker::new(secrets);
    assert_eq!(masker.mask(text), expect, "{secrets:?}");
    assert_eq!(streamed(&masker, text.as_bytes(), 1), expect.as_bytes(), "byte by byte: {secrets:?}");
}

fn streamed(masker: &Masker, text: &[u8], chunk: usize) -> Vec<u8> {
    let (mut stream, mut out) = (masker.stream(), Vec::new());
    text.chunks(chunk).for_each(|chunk| stream.push(chunk, &mut out));
    stream.finish(&mut out);
    out
}

#[test]
fn a_secret_is_masked_wherever_it_stands() {
    check(&["hunter2"], "hunter2", "***");
    check(&["hunter2"], "a hunter2hunter2 b hunter", "a ****** b hunter");
    check(&["hunter2", "hunter2345"], "hunter2345 hunter23", "*** ***3");
    check(&["密码是这个"], "é密码是这个é", "é***é");
}

#[test]
fn short_secrets_are_left_alone() {
    check(&["abc", ""], "abc", "abc");
    assert!(Masker::new(["abc"]).is_empty());
    check(&["中文字符"], "中文字符", "***");
}

#[test]
fn overlapping_secrets_are_one() {
    check(&["abcdef", "defghi"], "xabcdefghix", "x***x");
    check(&["aaaa"], "aaaaaaab", "***b");
    check(&["abcdefgh", "cdef"], "abcdefgh cdef abcdef", "*** *** ab***");
    check(&["abcd", "cdefgh", "ghij"], "abcdefghij abcdefg", "*** ***efg");
}

#[test]
fn each_line_of_a_secret_is_masked() {
    let key = "-----BEGIN KEY-----\r\nMIIEabcd\r\n{\nqwertz\n-----END KEY-----\n";
    check(&[key], "-----BEGIN KEY-----\n  MIIEabcd\n{\nqwertz", "-----BEGIN KEY-----\n  ***\n{\n***");
    check(&[key], key, "***");
    check(&["token\n"], "token", "***");
}

#[test]
fn encoded_secrets_are_masked() {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    let secret = "s3cr3t? & 'more' \"é\"";
    let masker = Masker::new([secret]);
    for text in [
        "s3cr3t%3F%20%26%20%27more%27%20%22%C3%A9%22",
        "s3cr3t%3f+%26+%27more%27+%22%c3%a9%22",
        "s3cr3t? & '\\''more'\\'' \"é\"",
        "s3cr3t? & 'more' \\\"é\\\"",
        &STANDARD.encode(secret),
        &URL_SAFE.encode(secret),
        STANDARD.encode(secret).trim_end_matches('='),
        "7333637233743f202620276d6f7265272022c3a922",
        "7333637233743F202620276D6F7265272022C3A922",
    ] {
        assert_eq!(masker.mask(text), MASK, "{text}");
    }
    for before in ["user:", "a", "ab", "abc"] {
        let text = STANDARD.encode(format!("{before}{secret}after"));
        let masked = masker.mask(&text);
        assert!(masked.contains(MASK) && masked.len() <= 24, "{text}: {masked}");
    }
    let long = "x1y2z3".repeat(30);
    let wrapped =
        STANDARD.encode(&long).as_bytes().chunks(76).flat_map(|line| [line, b"\n"].concat()).collect::<Vec<u8>>();
    assert_eq!(Masker::new([&long]).mask(std::str::from_utf8(&wrapped).unwrap()).replace(MASK, "").trim(), "");
}

#[test]
fn a_mask_never_spells_a_secret() {
    for (secrets, text) in [
        (["abcd", "***x"], "abcdx"),
        (["abcd", "x***y"], "xabcdy"),
        (["abcd", "****"], "abcdabcd"),
        (["abcd", "x*y#"], "abcd"),
    ] {
        let masked = Masker::new(secrets).mask(text).into_owned();
        assert!(!secrets.iter().any(|secret| masked.contains(secret)), "{masked}");
    }
}

#[test]
fn only_what_may_become_a_secret_is_held_back() {
    let masker = Masker::new(["hunter2"]);
    let (mut stream, mut out) = (masker.stream(), Vec::new());
    stream.push(b"a line\nhun", &mut out);
    assert_eq!(out, b"a line\n");
    stream.push(b"t", &mut out);
    assert_eq!(out, b"a line\n");
    stream.push(b"x", &mut out);
    assert_eq!(out, b"a line\nhuntx");
}

#[test]
fn nothing_is_shown_by_debug() {
    let masker = Masker::new(["hunter2"]);
    assert!(!format!("{masker:?}{:?}", masker.stream()).contains("hunter2"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]
    #[test]
    fn chunks_do_not_matter_and_no_secret_is_left(
        secrets in prop::collection::vec("[ab*\n]{1,8}|[a-c]{4,6}|[*#]{3,5}", 0..4),
        noise in "[abc*#\n ]{0,40}",
        picks in prop::collection::vec((0..4_usize, "[ab*]{0,3}"), 0..4),
        chunks in prop::collection::vec(1..9_usize, 1..12),
    ) {
        let mut text = noise;
        for (index, after) in picks {
            text.extend(secrets.get(index).map(String::as_str));
            text.push_str(&after);
        }
        let masker = Masker::new(&secrets);
        let whole = masker.mask(&text).into_owned();
        let (mut stream, mut out, mut rest) = (masker.stream(), Vec::new(), text.as_bytes());
        for chunk in chunks.iter().cycle().take_while(|_| true) {
            let (now, later) = rest.split_at((*chunk).min(rest.len()));
            stream.push(now, &mut out);
            rest = later;
            if rest.is_empty() { break; }
        }
        stream.finish(&mut out);
        prop_assert_eq!(String::from_utf8(out).unwrap(), &*whole);
        for secret in secrets.iter().filter(|secret| secret.chars().count() >= super::SHORTEST) {
            prop_assert!(!whole.contains(secret.as_str()), "{secret:?} in {whole:?} of {text:?}");
        }
    }
}
