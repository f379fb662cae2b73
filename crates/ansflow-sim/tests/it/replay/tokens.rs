//! The words of a text that a cluster makes up: uids, hashes, suffixes of names, addresses, times. Two texts say the same if
//! they are equal but for these, and each made-up word stands for one of the other's, always.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

/// Which of our words a recorded one is, and the other way round.
#[derive(Default)]
pub(super) struct Pairs {
    ours: HashMap<String, String>,
    theirs: HashMap<String, String>,
}

/// Uids, digests, events' stamps, addresses; times and revisions, of which only the form counts; hashes and suffixes, which
/// have no vowels.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let made_up = [
        r"(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)",
        r"(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        r"(?<digest>\b[0-9a-f]{64}\b)",
        r"(?<stamp>\b[0-9a-f]{16}\b)",
        r"(?<address>\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b)",
        r"(?<revision>\b\d{4,}\b)",
        r"(?<hash>\b[bcdfghjklmnpqrstvwxz2456789]{8,10}\b)",
        r"-(?<suffix>[bcdfghjklmnpqrstvwxz2456789]{5})\b",
    ];
    Regex::new(&made_up.join("|")).unwrap()
});

/// A word that was made up, and of which sort it is.
struct Word<'a> {
    sort: &'static str,
    text: &'a str,
}

/// A text in pieces: what stands before each made-up word and after the last one, and the words.
fn pieces(text: &str) -> (Vec<&str>, Vec<Word<'_>>) {
    let (mut plain, mut words, mut from) = (Vec::new(), Vec::new(), 0);
    for found in WORDS.captures_iter(text) {
        for sort in ["time", "id", "digest", "stamp", "address", "revision", "hash", "suffix"] {
            if let Some(word) = found.name(sort) {
                plain.push(&text[from..word.start()]);
                words.push(Word { sort, text: word.as_str() });
                from = word.end();
            }
        }
    }
    plain.push(&text[from..]);
    (plain, words)
}

/// Whether two texts are equal but for what was made up.
pub(super) fn alike(recorded: &str, got: &str) -> bool {
    let ((plain, words), (others, other)) = (pieces(recorded), pieces(got));
    plain == others && words.iter().map(|word| word.sort).eq(other.iter().map(|word| word.sort))
}

impl Pairs {
    /// Whether they say the same; what is new about the made-up words is learnt.
    pub(super) fn same(&mut self, recorded: &str, got: &str) -> bool {
        if !alike(recorded, got) {
            return false;
        }
        let ((_, words), (_, others)) = (pieces(recorded), pieces(got));
        words.iter().zip(&others).all(|(word, other)| match word.sort {
            "time" | "revision" => true,
            _ => self.paired(word.text, other.text),
        })
    }

    /// Whether the recorded one is this one of ours, or may be from now on.
    pub(super) fn paired(&mut self, recorded: &str, got: &str) -> bool {
        let ours = self.ours.get(recorded).is_none_or(|ours| ours == got);
        let theirs = self.theirs.get(got).is_none_or(|theirs| theirs == recorded);
        if ours && theirs {
            self.ours.insert(recorded.to_owned(), got.to_owned());
            self.theirs.insert(got.to_owned(), recorded.to_owned());
        }
        ours && theirs
    }

    /// A text in our words.
    pub(super) fn translated(&self, text: &str) -> String {
        let (plain, words) = pieces(text);
        let mut out = String::new();
        for (at, plain) in plain.iter().enumerate() {
            out.push_str(plain);
            if let Some(word) = words.get(at) {
                out.push_str(self.ours.get(word.text).map_or(word.text, String::as_str));
            }
        }
        out
    }
}

#[test]
fn a_made_up_word_stands_for_one_other_always() {
    let mut pairs = Pairs::default();
    assert!(pairs.same("web-5965d9d6c4-89sch", "web-67d887cfb5-glh6f"));
    assert!(pairs.same("Created pod: web-5965d9d6c4-gdvzs", "Created pod: web-67d887cfb5-zpbx5"));
    assert!(!pairs.same("web-5965d9d6c4", "web-688c4b855d"), "another hash than before");
    assert!(!pairs.same("web-6669bdd7f4", "web-67d887cfb5"), "a hash that is another's already");
    assert_eq!(pairs.translated("/pods/web-5965d9d6c4-89sch/log"), "/pods/web-67d887cfb5-glh6f/log");
}

#[test]
fn a_text_that_is_another_is_not_alike() {
    assert!(alike("at 2026-11-21T04:24:59.1Z", "at 2026-11-21T04:25:00.12345Z"));
    assert!(!alike("Created pod: web-5965d9d6c4-gdvzs", "Deleted pod: web-5965d9d6c4-gdvzs"));
    assert!(!alike("web-5965d9d6c4", "web-production"));
    assert!(!alike("2", "3"));
}
