//! Lines in, one order out.

use super::{HOLD, MOST, Merge};
use jiff::Timestamp;

fn at(second: i64) -> Option<Timestamp> {
    Some(Timestamp::from_second(second).unwrap())
}

fn all(merge: &mut Merge<&'static str>, now: i64) -> String {
    std::iter::from_fn(|| merge.pop(now)).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_oldest_line_goes_first_once_all_have_spoken() {
    let mut merge = Merge::default();
    merge.opened(0);
    merge.opened(1);
    merge.push(0, at(1), "a1", 0);
    merge.push(0, at(3), "a3", 0);
    assert_eq!(all(&mut merge, 0), "", "the other may have something older");
    merge.push(1, at(2), "b2", 10);
    assert_eq!(all(&mut merge, 10), "a1 b2");
    merge.push(1, at(4), "b4", 20);
    assert_eq!(all(&mut merge, 20), "a3");
}

#[test]
fn a_silent_one_holds_the_others_back_for_a_short_while_only() {
    let mut merge = Merge::default();
    merge.opened(0);
    merge.opened(1);
    merge.push(0, at(1), "a1", 100);
    assert_eq!(merge.next(), Some(100 + HOLD));
    assert_eq!(all(&mut merge, 99 + HOLD), "");
    assert_eq!(all(&mut merge, 100 + HOLD), "a1");
    assert_eq!(merge.next(), None);
}

#[test]
fn one_that_has_ended_holds_nobody_back_and_loses_nothing() {
    let mut merge = Merge::default();
    merge.opened(0);
    merge.opened(1);
    merge.push(1, at(5), "b5", 0);
    merge.closed(1);
    merge.push(0, at(7), "a7", 0);
    assert_eq!(all(&mut merge, 0), "b5 a7");
}

#[test]
fn a_line_without_a_time_stays_where_it_stood() {
    let mut merge = Merge::default();
    merge.opened(0);
    merge.opened(1);
    merge.push(0, at(5), "a5", 0);
    merge.push(0, None, "torn", 0);
    merge.push(1, at(4), "b4", 0);
    merge.push(1, at(6), "b6", 0);
    assert_eq!(all(&mut merge, 0), "b4 a5 torn");
    assert_eq!(std::iter::from_fn(|| merge.rest()).collect::<Vec<_>>(), ["b6"]);
}

#[test]
fn no_more_than_so_many_wait() {
    let mut merge = Merge::default();
    merge.opened(0);
    merge.opened(1);
    for _ in 0..MOST + 10 {
        merge.push(0, at(1), "a", 0);
    }
    assert_eq!(std::iter::from_fn(|| merge.pop(0)).count(), 10);
}
