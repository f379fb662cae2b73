//! Revisions out of recorded rollouts.

use super::super::history::{chosen, diff, patch, revisions};
use super::object;
use crate::object::Obj;
use expect_test::expect;
use serde_json::json;

fn deployment(image: &str) -> Obj {
    object(&format!(
        "{{ apiVersion: apps/v1, kind: Deployment, metadata: {{ name: web, uid: d, generation: 4 }}, spec: {{ template: \
         {{ metadata: {{ labels: {{ app: web }} }}, spec: {{ containers: [{{ name: app, image: '{image}' }}] }} }} }} }}"
    ))
}

fn replica_set(revision: &str, image: &str, owner: &str, pods: i64) -> Obj {
    object(&format!(
        "{{ apiVersion: apps/v1, kind: ReplicaSet, metadata: {{ name: web-{revision}, annotations: \
         {{ deployment.kubernetes.io/revision: '{revision}', kubernetes.io/change-cause: 'to {image}' }}, \
         ownerReferences: [{{ uid: {owner} }}] }}, status: {{ replicas: {pods} }}, spec: {{ template: {{ metadata: {{ \
         creationTimestamp: null, labels: {{ app: web, pod-template-hash: h{revision} }} }}, spec: {{ containers: \
         [{{ name: app, image: '{image}' }}] }} }} }} }}"
    ))
}

#[test]
fn revisions_are_the_owners_own_the_newest_first_and_the_current_one_is_known_by_its_template() {
    let kept = [
        replica_set("2", "web:2", "d", 0),
        replica_set("10", "web:3", "d", 1),
        replica_set("9", "web:1", "d", 3),
        replica_set("3", "web:1", "other", 5),
    ];
    let found = revisions(&deployment("web:1"), &kept);
    let told: Vec<_> = found.iter().map(|it| (it.number, it.current, it.images.join(","), it.pods)).collect();
    assert_eq!(
        told,
        [
            (10, false, "web:3".to_owned(), Some(1)),
            (9, true, "web:1".to_owned(), Some(3)),
            (2, false, "web:2".to_owned(), Some(0))
        ]
    );
    assert_eq!(chosen(&found, None).unwrap().number, 10);
    assert_eq!(chosen(&found, Some(2)).unwrap().change_cause.as_deref(), Some("to web:2"));
    assert!(chosen(&found, Some(7)).is_none());
    expect![[r#"
        @@ -4,4 +4,4 @@
         spec:
           containers:
             - name: app
        -      image: "web:2"
        +      image: "web:3"
    "#]]
    .assert_eq(&diff(&found[2], &found[0]).lines);
}

#[test]
fn going_back_changes_the_template_only_where_nobody_else_has_changed_it() {
    let owner = deployment("web:2");
    let found = revisions(&owner, &[replica_set("1", "web:1", "d", 0), replica_set("2", "web:2", "d", 2)]);
    let patch = patch(&owner, chosen(&found, None).unwrap());
    assert_eq!(patch[0], json!({ "op": "test", "path": "/metadata/generation", "value": 4 }));
    assert_eq!(patch[1]["value"]["spec"]["containers"][0]["image"], "web:1");
    assert_eq!(patch[1]["value"]["metadata"], json!({ "labels": { "app": "web" } }));
    assert_eq!(patch[2]["path"], "/metadata/annotations");
}

#[test]
fn controller_revisions_are_read_without_their_directive() {
    let owner = object(
        "{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db, uid: s }, spec: { template: { spec: { containers: \
         [{ image: 'pg:2' }] } } } }",
    );
    let kept = object(
        "{ apiVersion: apps/v1, kind: ControllerRevision, metadata: { name: db-1, ownerReferences: [{ uid: s }] }, revision: 1, \
         data: { spec: { template: { $patch: replace, spec: { containers: [{ image: 'pg:2' }] } } } } }",
    );
    let found = revisions(&owner, &[kept]);
    assert_eq!((found[0].number, found[0].current, found[0].pods), (1, true, None));
    assert!(found[0].template().get("$patch").is_none());
}
