//! A pod with a wrong image, and time.

use super::{State, Track};
use crate::goal::Goal;
use crate::object::Obj;
use crate::patience::PATIENCE;
use crate::world::World;
use ansflow_core::verdict::{Cause, End};
use serde_json::{Value as Json, json};

fn obj(value: Json) -> Obj {
    Obj::new(value).unwrap()
}

fn pod(status: &Json) -> Json {
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p", "uid": "p", "namespace": "n" }, "spec": { "nodeName": "x", "containers": [{ "name": "a", "image": "web:2" }] }, "status": status })
}

fn waits(reason: &str) -> Json {
    pod(
        &json!({ "phase": "Pending", "containerStatuses": [{ "name": "a", "state": { "waiting": { "reason": reason, "message": "web:2: not found" } } }] }),
    )
}

fn ready() -> Json {
    pod(&json!({ "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] }))
}

/// A world and a track that come as far as each line says.
struct Test {
    world: World,
    track: Track,
}

impl Test {
    fn new() -> Test {
        let goal = Goal::of_manifests([(obj(pod(&json!({}))), None)], 0);
        Test { world: World::new(), track: Track::new(goal, &PATIENCE) }
    }

    fn see(&mut self, at: i64, object: Json) -> State {
        self.world.see(obj(object), at).unwrap();
        self.track.update(&self.world, at)
    }

    fn cause(state: &State) -> Option<Cause> {
        match state {
            State::Going => None,
            State::Over(verdict) => verdict.cause.clone(),
        }
    }
}

#[test]
fn what_flickers_is_one_finding_and_is_certain_after_its_grace() {
    let mut test = Test::new();
    assert_eq!(test.see(100, waits("ErrImagePull")), State::Going);
    assert_eq!(test.track.next(), Some(1_100));
    assert_eq!(test.see(1_000, waits("ImagePullBackOff")), State::Going);
    assert_eq!(test.track.next(), Some(1_100));
    assert_eq!(Test::cause(&test.track.update(&test.world, 1_100)), Some(Cause::ImagePull));
}

#[test]
fn what_goes_away_begins_anew() {
    let mut test = Test::new();
    test.see(100, waits("ErrImagePull"));
    test.see(900, waits("ContainerCreating"));
    assert_eq!(test.track.next(), None);
    test.see(2_500, waits("ErrImagePull"));
    assert_eq!(test.track.next(), Some(3_500));
}

#[test]
fn graces_stand_still_while_the_cluster_does_not_answer() {
    let mut test = Test::new();
    test.see(100, waits("ErrImagePull"));
    test.track.unknown(600);
    assert_eq!(test.track.next(), None);
    assert_eq!(test.track.update(&test.world, 60_000), State::Going);
    test.track.known(61_000);
    assert_eq!(test.track.next(), Some(61_500));
    assert_eq!(test.track.update(&test.world, 61_400), State::Going);
    assert_eq!(Test::cause(&test.track.update(&test.world, 61_500)), Some(Cause::ImagePull));
}

#[test]
fn ready_is_ready_even_when_it_is_seen_late() {
    let mut test = Test::new();
    test.see(100, waits("ErrImagePull"));
    let State::Over(verdict) = test.see(9_000, ready()) else { panic!("it goes on") };
    assert_eq!((verdict.outcome, verdict.summary.as_str()), (End::Ready, "Pod/p is ready"));
}

#[test]
fn the_waiting_line_says_what_is_missing_and_what_is_suspected() {
    let mut test = Test::new();
    assert_eq!(test.track.waiting().r#for, "Pod/p");
    test.see(100, waits("ErrImagePull"));
    test.see(900, waits("ErrImagePull"));
    let waiting = test.track.waiting();
    assert_eq!(
        waiting.r#for,
        "Pod/p: container a: ErrImagePull: web:2: not found – Pod/p: the image `web:2` does not exist in docker.io (not found) (0 s of 1 s grace)"
    );
    assert_eq!(waiting.objects.len(), 1);
}

#[test]
fn when_the_time_is_up_the_suspicion_is_the_cause_else_the_time_or_the_cluster() {
    let mut test = Test::new();
    test.see(100, pod(&json!({ "phase": "Pending" })));
    let verdict = test.track.deadline(&test.world, 300_000);
    assert_eq!(
        (verdict.cause, verdict.summary.as_str()),
        (Some(Cause::Timeout), "Pod/p was not ready after 300 s: its containers are being started")
    );
    let end = json!({ "terminated": { "exitCode": 1, "containerID": "1" } });
    test.see(300_100, pod(&json!({ "phase": "Running", "containerStatuses": [{ "name": "a", "state": end }] })));
    assert_eq!(test.track.deadline(&test.world, 300_200).cause, Some(Cause::CrashLoop));
    test.track.unknown(300_200);
    assert_eq!(test.track.deadline(&test.world, 300_300).cause, Some(Cause::ClusterUnreachable));
}

#[test]
fn a_dead_containers_log_is_wished_for() {
    let mut test = Test::new();
    let end = json!({ "terminated": { "exitCode": 1, "containerID": "1" } });
    test.see(100, pod(&json!({ "phase": "Running", "containerStatuses": [{ "name": "a", "state": end }] })));
    let wishes = test.track.wants_logs();
    assert_eq!(
        wishes.iter().map(|wish| (wish.pod.as_str(), wish.container.as_str(), wish.deaths)).collect::<Vec<_>>(),
        [("p", "a", 1)]
    );
}

#[test]
fn the_picture_shows_each_pod_with_its_state() {
    let mut test = Test::new();
    test.see(100, waits("ErrImagePull"));
    let picture = serde_json::to_value(test.track.picture(&test.world)).unwrap();
    assert_eq!(picture["rollouts"][0]["revisions"][0]["pods"][0]["state"], "stuck");
}
