//! What registries say.

use super::super::explain;
use crate::goal::Goal;
use crate::object::Obj;
use crate::patience::Class;
use crate::world::World;
use serde_json::{Value as Json, json};

fn check(why: &str, class: Class, words: &str) {
    let image = "quay.io/team/web:2";
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p", "uid": "p", "namespace": "n" }, "spec": { "nodeName": "x", "containers": [{ "name": "a", "image": image }] }, "status": { "phase": "Pending" } });
    let event = json!({ "apiVersion": "v1", "kind": "Event", "metadata": { "name": "e", "uid": "e" }, "reason": "Failed", "count": 3, "message": format!("Failed to pull image \"{image}\": {why}"), "involvedObject": { "kind": "Pod", "name": "p", "uid": "p", "fieldPath": "spec.containers{a}" } });
    let mut world = World::new();
    let obj = |value: Json| Obj::new(value).unwrap();
    world.see(obj(pod.clone()), 1).unwrap();
    world.see(obj(event), 2).unwrap();
    let mut goal = Goal::of_manifests([(obj(pod), None)], 0);
    goal.recognise(&world, 0);
    let found = explain(&world, &goal);
    let found = found.first().unwrap();
    assert_eq!((found.class, found.ripe), (class, true), "{why}");
    assert!(found.text.contains(words), "{why}: {}", found.text);
}

#[test]
fn what_is_not_there_is_told_from_what_cannot_be_asked() {
    check("manifest for x not found: manifest unknown", Class::ImageFinal, "does not exist in quay.io");
    check(
        "pull access denied, repository does not exist or may require authorization",
        Class::ImageFinal,
        "refuses access",
    );
    check("unexpected status from HEAD request: 401 Unauthorized", Class::ImageFinal, "refuses access");
    check("dial tcp: lookup quay.io on 10.0.0.2:53: no such host", Class::ImageFinal, "no such host quay.io");
    check(
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        Class::ImageFinal,
        "not trusted",
    );
    check("no match for platform in manifest: not found", Class::ImageFinal, "does not exist");
    check("dial tcp: lookup quay.io on 10.0.0.2:53: server misbehaving", Class::ImageTransient, "cannot be pulled");
    check(
        "429 Too Many Requests - toomanyrequests: access denied for a while",
        Class::ImageTransient,
        "too many requests",
    );
    check(
        "failed to authorize: failed to fetch anonymous token: 503 Service Unavailable",
        Class::ImageTransient,
        "cannot be pulled",
    );
    check("net/http: TLS handshake timeout", Class::ImageTransient, "cannot be pulled");
    check("something that nobody has ever read", Class::ImageTransient, "something that nobody has ever read");
}
