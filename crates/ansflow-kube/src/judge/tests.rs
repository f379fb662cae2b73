//! Objects in, words out.

mod deviations;
mod kinds;

use super::{Readiness, judge};
use crate::object::read_all;

/// The door: an object in YAML, what is said of it as `word: message`.
pub(super) fn check(object: &str, expected: &str) {
    let objects = read_all(object).unwrap();
    assert_eq!(say(&judge(objects.first().unwrap())), expected, "{object}");
}

fn say(readiness: &Readiness) -> String {
    readiness
        .message()
        .map_or_else(|| readiness.word().to_owned(), |message| format!("{}: {message}", readiness.word()))
}
