//! A clock of one's own, and clusters that come and go.

use super::{Keep, Standing, Told};
use crate::Millis;
use Standing::{Connected, Disconnected, Error};

/// One cluster, seen well at the beginning.
fn well() -> Keep {
    let mut keep = Keep::default();
    keep.know([("clu_1", 1, None)].into_iter(), 0);
    keep
}

fn look(keep: &mut Keep, found: Standing, now: Millis) -> (Standing, bool, Millis) {
    let Told { standing, is_news, .. } = keep.looked("clu_1", 1, found, "said", now).unwrap();
    (standing, is_news, keep.next().unwrap() - now)
}

#[test]
fn one_failure_changes_nothing_and_two_do() {
    let mut keep = well();
    let (standing, is_news, wait) = look(&mut keep, Connected, 0);
    assert!(standing == Connected && is_news && (48_000..=72_000).contains(&wait), "{wait}");
    assert_eq!(look(&mut keep, Disconnected, 60_000), (Connected, false, 15_000));
    assert_eq!(look(&mut keep, Disconnected, 75_000), (Disconnected, true, 30_000));
    assert_eq!(look(&mut keep, Error, 105_000), (Error, true, 60_000));
    assert_eq!(look(&mut keep, Error, 165_000), (Error, false, 60_000));
    assert_eq!(look(&mut keep, Connected, 225_000).0, Connected, "well at once");
    assert_eq!(look(&mut keep, Error, 285_000).0, Connected, "and the count begins anew");
}

#[test]
fn what_was_never_well_is_told_at_once() {
    assert_eq!(look(&mut well(), Error, 0), (Error, true, 15_000));
}

#[test]
fn a_row_is_written_when_something_changed_or_it_is_long_since() {
    let mut keep = well();
    let mut written = |said: &str, now| keep.looked("clu_1", 1, Connected, said, now).unwrap().is_written;
    assert!(written("3 pods", 0));
    assert!(!written("3 pods", 60_000));
    assert!(written("4 pods", 120_000));
    assert!(!written("4 pods", 419_999));
    assert!(written("4 pods", 420_000));
}

#[test]
fn many_are_spread_and_each_is_asked_for_once() {
    let mut keep = Keep::default();
    let ids: Vec<String> = (0..50).map(|n| format!("clu_{n}")).collect();
    keep.know(ids.iter().map(|id| (id.as_str(), 1, None)), 0);
    assert!(keep.due(200, 50).len() < 20, "not all of them at once");
    assert_eq!(keep.due(2_000, 8).len(), 8, "the oldest first, so many at once");
    while !keep.due(2_000, 8).is_empty() {}
    let due: Vec<Millis> = ids
        .iter()
        .map(|id| {
            keep.looked(id, 1, Connected, "", 2_000).unwrap();
            keep.known[id].due
        })
        .collect();
    let (first, last) = (due.iter().min().unwrap(), due.iter().max().unwrap());
    assert!(*first >= 50_000 && *last <= 74_000 && last - first > 15_000, "{first} {last}");
}

#[test]
fn one_that_was_changed_is_due_at_once_and_one_that_is_gone_never() {
    let mut keep = well();
    look(&mut keep, Connected, 0);
    keep.know([("clu_1", 2, None), ("clu_2", 1, Some(Connected))].into_iter(), 10_000);
    assert_eq!(keep.due(12_000, 9).len(), 2);
    assert_eq!(keep.looked("clu_1", 1, Error, "", 12_000), None, "what was seen of another revision");
    assert_eq!(keep.looked("clu_2", 1, Error, "", 12_000).unwrap().standing, Connected, "it was well before we began");
    keep.know(std::iter::empty(), 20_000);
    assert_eq!((keep.next(), keep.looked("clu_2", 1, Error, "", 20_000)), (None, None));
}
