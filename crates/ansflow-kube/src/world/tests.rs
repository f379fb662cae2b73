//! What is remembered, and what is told twice.

use super::World;
use crate::object::Obj;
use serde_json::{Value as Json, json};

fn see(world: &mut World, at: i64, object: Json) {
    world.see(Obj::new(object).unwrap(), at).unwrap();
}

fn pod(containers: &Json) -> Json {
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p", "namespace": "n", "uid": "p", "ownerReferences": [{ "kind": "ReplicaSet", "name": "s", "uid": "s" }] }, "spec": {}, "status": { "containerStatuses": containers } })
}

fn end(id: &str, code: i64) -> Json {
    json!({ "terminated": { "exitCode": code, "containerID": id, "reason": "Error" } })
}

#[test]
fn a_death_counts_once_though_it_is_seen_as_state_and_as_last_state() {
    let mut world = World::new();
    see(&mut world, 1, pod(&json!([{ "name": "a", "state": end("1", 1) }])));
    see(
        &mut world,
        2,
        pod(
            &json!([{ "name": "a", "state": { "waiting": { "reason": "CrashLoopBackOff" } }, "lastState": end("1", 1) }]),
        ),
    );
    see(&mut world, 3, pod(&json!([{ "name": "a", "state": end("2", 1), "lastState": end("1", 1) }])));
    see(&mut world, 4, pod(&json!([{ "name": "a", "state": end("3", 0), "lastState": end("2", 1) }])));
    assert_eq!(world.deaths("p", "a").iter().map(|death| death.at).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(world.deaths("p", "a").last().map(|death| death.end.exit_code), Some(0));
}

#[test]
fn an_event_that_is_listed_again_says_nothing_new() {
    let event = |count: u32| json!({ "apiVersion": "v1", "kind": "Event", "metadata": { "name": "e", "uid": "e" }, "involvedObject": { "uid": "p" }, "reason": "Failed", "count": count, "eventTime": null });
    let mut world = World::new();
    for (at, count) in [(1, 1), (5, 1), (9, 2)] {
        see(&mut world, at, event(count));
    }
    let told: Vec<_> = world.events("p").map(|told| (told.first, told.at, told.event.times())).collect();
    assert_eq!(told, [(1, 9, 2)]);
}

#[test]
fn evictions_are_remembered_by_owner_when_the_pods_are_gone() {
    let mut world = World::new();
    see(&mut world, 1, pod(&json!([])));
    see(
        &mut world,
        2,
        json!({ "apiVersion": "v1", "kind": "Event", "metadata": { "name": "e", "uid": "e" }, "involvedObject": { "uid": "p" }, "reason": "Evicted" }),
    );
    world.gone(Obj::new(pod(&json!([]))).unwrap(), 3).unwrap();
    assert_eq!(world.evicted("s", 0).collect::<Vec<_>>(), ["p"]);
    assert_eq!(world.last_removal("n"), Some(3));
    assert_eq!(world.pods().count(), 0);
}

#[test]
fn an_object_with_wrong_fields_is_refused_and_changes_nothing() {
    let mut world = World::new();
    let wrong = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": 7 } });
    assert!(world.see(Obj::new(wrong).unwrap(), 1).is_err());
    assert_eq!((world.pods().count(), world.keys().count()), (0, 0));
}
