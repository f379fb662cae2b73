//! What lists and watchers can rely on.

use serde_json::{Value, json};

use super::*;
use crate::object::Object;

const KIND: KindId = KindId(3);

fn object(name: &str, data: &str) -> Object {
    let value = json!({
        "metadata": {"name": name, "namespace": "demo", "uid": format!("uid-{name}"), "labels": {"set": "page"}},
        "data": {"a": data},
    });
    let Value::Object(object) = value else { unreachable!() };
    object
}

fn store_with(names: &[&str]) -> Store {
    let store = Store::new(1_000);
    for name in names {
        store.txn().put(KIND, &object(name, "1"), &[]);
    }
    store
}

fn names(items: &[Arc<Stored>]) -> Vec<&str> {
    items.iter().map(|stored| stored.name()).collect()
}

fn list(store: &Store, at: ListAt, after: Option<(Str, Str)>, limit: Option<usize>) -> Result<Page, Behind> {
    store.list(KIND, &Query { namespace: Some("demo"), at, after, limit, keep: &|_| true })
}

#[test]
fn a_list_comes_in_pages_that_are_true_at_one_revision() {
    let store = store_with(&["a", "b", "c"]);
    let first = list(&store, ListAt::Now, None, Some(2)).unwrap();
    assert_eq!((names(&first.items), first.remaining, first.revision), (vec!["a", "b"], 1, 1_003));
    store.txn().put(KIND, &object("bb", "1"), &[]);
    store.txn().remove(&Key::new(KIND, "demo", "c"));
    let second = list(&store, ListAt::Revision(first.revision), first.next, Some(2)).unwrap();
    assert_eq!((names(&second.items), second.next), (vec!["c"], None));
    assert_eq!(names(&list(&store, ListAt::Now, None, None).unwrap().items), ["a", "b", "bb"]);
}

#[test]
fn a_list_of_the_past_shows_what_was_changed_since_as_it_was() {
    let store = store_with(&["a"]);
    store.txn().put(KIND, &object("a", "2"), &[]);
    store.txn().put(KIND, &object("a", "3"), &[]);
    let past = list(&store, ListAt::Revision(1_001), None, None).unwrap();
    assert_eq!(past.items[0].revision, 1_001);
    assert_eq!(past.items[0].view::<Value>().unwrap()["data"]["a"], "1");
}

#[test]
fn a_revision_that_was_never_reached_is_refused() {
    let store = store_with(&["a"]);
    let asked = list(&store, ListAt::NotBefore(5_000), None, None).unwrap_err();
    assert_eq!(asked, Behind::TooNew { asked: 5_000, current: 1_001 });
}

#[test]
fn a_watcher_sees_every_change_once_and_in_order() {
    let store = store_with(&["a"]);
    let mut cursor = store.watch(KIND, 1_001).unwrap();
    store.txn().put(KIND, &object("b", "1"), &[]);
    store.txn().put(KIND, &object("b", "2"), &[]);
    store.txn().remove(&Key::new(KIND, "demo", "b"));
    let seen: Vec<_> = [store.next(&mut cursor, 2).unwrap(), store.next(&mut cursor, 2).unwrap()].concat();
    let told: Vec<_> = seen.iter().map(|entry| (entry.revision, entry.change, entry.object.revision)).collect();
    assert_eq!(
        told,
        [(1_002, ChangeKind::Added, 1_002), (1_003, ChangeKind::Modified, 1_003), (1_004, ChangeKind::Deleted, 1_004)]
    );
    assert_eq!(seen[2].old.as_ref().unwrap().revision, 1_003);
    assert!(store.next(&mut cursor, 2).unwrap().is_empty());
}

#[test]
fn who_watches_from_before_the_log_is_told_that_it_is_gone() {
    let store = store_with(&[]);
    for round in 0..=log::MOST_ENTRIES + 5 {
        store.txn().put(KIND, &object("a", &round.to_string()), &[]);
    }
    let behind = store.watch(KIND, 1_001).unwrap_err();
    assert_eq!(behind, Behind::TooOld { asked: 1_001, oldest: 1_006 });
    assert!(store.watch(KIND, 1_006).is_ok());
    assert_eq!(
        list(&store, ListAt::Revision(1_002), None, None).unwrap_err(),
        Behind::TooOld { asked: 1_002, oldest: 1_006 }
    );
}

#[test]
fn a_watcher_of_a_quiet_kind_is_never_behind() {
    let store = store_with(&[]);
    let quiet = KindId(1);
    store.txn().put(quiet, &object("a", "1"), &[]);
    let mut cursor = store.watch(quiet, 1_001).unwrap();
    store.txn().put(KIND, &object("b", "1"), &[]);
    assert!(store.next(&mut cursor, 10).unwrap().is_empty());
    assert_eq!(cursor.after, 1_002);
}

#[test]
fn revisions_wake_those_who_registered_before() {
    let store = store_with(&[]);
    let news = store.changes();
    store.txn().put(KIND, &object("a", "1"), &[]);
    assert!(news.has_changed().unwrap());
    assert_eq!(store.take_news().len(), 1);
    assert!(store.take_news().is_empty());
}

#[test]
fn owners_and_nodes_find_what_is_theirs() {
    let store = store_with(&[]);
    let mut pod = object("p", "1");
    pod["metadata"]["ownerReferences"] =
        json!([{"uid": "owner", "kind": "ReplicaSet", "name": "web", "controller": true}]);
    pod.insert("spec".to_owned(), json!({"nodeName": "node-1"}));
    store.txn().put(KIND, &pod, &[]);
    assert_eq!(names(&store.owned("owner")), ["p"]);
    assert_eq!(names(&store.pods_on("node-1")), ["p"]);
    assert_eq!(store.by_uid("uid-p").unwrap().name(), "p");
    store.txn().remove(&Key::new(KIND, "demo", "p"));
    assert!(store.owned("owner").is_empty() && store.pods_on("node-1").is_empty());
}

#[test]
fn what_was_frozen_thaws_and_renders_as_the_same_object() {
    let store = store_with(&["a"]);
    let stored = store.get(&Key::new(KIND, "demo", "a")).unwrap();
    let kinds = crate::kinds::Kinds::new();
    let kind = kinds.named("", "ConfigMap").unwrap();
    let rendered: Value = serde_json::from_slice(&stored.to_json(&kind, Heading::Kind)).unwrap();
    assert_eq!(rendered, Value::Object(stored.thaw(&kind)));
    assert_eq!(rendered["metadata"]["resourceVersion"], "1001");
    assert_eq!(rendered["kind"], "ConfigMap");
}
