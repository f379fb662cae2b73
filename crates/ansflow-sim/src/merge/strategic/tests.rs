//! What directives and keys do to a Deployment.

use serde_json::json;

use super::*;

fn patched(live: &Value, patch: &Value) -> Result<Value, Status> {
    let mut changed = live.clone();
    strategic(crate::schema::named("io.k8s.api.apps.v1.Deployment").unwrap(), &mut changed, patch)?;
    Ok(changed)
}

fn pod(spec: &Value) -> Value {
    json!({"spec": {"template": {"spec": spec}}})
}

fn check(live: &Value, patch: &Value, expected: &Value) {
    assert_eq!(patched(&pod(live), &pod(patch)).unwrap(), pod(expected), "{patch}");
}

#[test]
fn items_are_merged_by_their_key() {
    check(
        &json!({"containers": [{"name": "app", "image": "a:1", "env": [{"name": "B", "value": "2"}]}]}),
        &json!({"containers": [{"name": "app", "env": [{"name": "A", "value": "1"}]}]}),
        &json!({"containers": [{"name": "app", "image": "a:1", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}]}),
    );
}

#[test]
fn an_item_is_deleted_by_its_key() {
    check(
        &json!({"containers": [{"name": "app", "env": [{"name": "A"}, {"name": "B"}]}]}),
        &json!({"containers": [{"name": "app", "env": [{"$patch": "delete", "name": "A"}]}]}),
        &json!({"containers": [{"name": "app", "env": [{"name": "B"}]}]}),
    );
    check(
        &json!({"containers": [{"name": "app"}]}),
        &json!({"containers": [{"name": "app", "env": [{"$patch": "delete", "name": "A"}]}]}),
        &json!({"containers": [{"name": "app", "env": []}]}),
    );
}

#[test]
fn a_list_or_struct_is_replaced_by_directive() {
    check(
        &json!({"containers": [{"name": "a"}, {"name": "b"}], "securityContext": {"runAsUser": 1}}),
        &json!({"containers": [{"$patch": "replace"}, {"name": "c"}], "securityContext": {"$patch": "replace", "runAsGroup": 2}}),
        &json!({"containers": [{"name": "c"}], "securityContext": {"runAsGroup": 2}}),
    );
    check(
        &json!({"containers": [], "securityContext": {"runAsUser": 1}}),
        &json!({"securityContext": {"$patch": "delete"}}),
        &json!({"containers": [], "securityContext": {}}),
    );
}

#[test]
fn null_takes_away_and_lists_without_strategy_are_replaced() {
    check(
        &json!({"containers": [{"name": "a", "command": ["x", "y"]}], "nodeName": "n"}),
        &json!({"containers": [{"name": "a", "command": ["z"]}], "nodeName": null, "hostname": null}),
        &json!({"containers": [{"name": "a", "command": ["z"]}]}),
    );
}

#[test]
fn items_stand_in_the_order_that_the_patch_gives() {
    check(
        &json!({"containers": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}),
        &json!({
            "$setElementOrder/containers": [{"name": "c"}, {"name": "a"}, {"name": "n"}],
            "containers": [{"name": "a", "image": "i"}, {"name": "n"}, {"$patch": "delete", "name": "b"}]
        }),
        &json!({"containers": [{"name": "c"}, {"name": "a", "image": "i"}, {"name": "n"}]}),
    );
    check(
        &json!({"containers": [{"name": "a"}, {"name": "b"}]}),
        &json!({"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}),
        &json!({"containers": [{"name": "b"}, {"name": "a"}]}),
    );
}

#[test]
fn only_retained_keys_stay() {
    let live = json!({"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}});
    let patch = json!({"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}});
    assert_eq!(patched(&live, &patch).unwrap(), json!({"spec": {"strategy": {"type": "Recreate"}}}));
    let wrong = json!({"spec": {"strategy": {"$retainKeys": ["type"], "rollingUpdate": {}}}});
    assert_eq!(patched(&live, &wrong).unwrap_err().code, 400);
}

#[test]
fn scalars_are_added_once_and_deleted_by_value() {
    let live = json!({"metadata": {"finalizers": ["a", "b"]}});
    let added = patched(&live, &json!({"metadata": {"finalizers": ["b", "c"]}})).unwrap();
    assert_eq!(added, json!({"metadata": {"finalizers": ["a", "b", "c"]}}));
    let deleted = patched(&live, &json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}})).unwrap();
    assert_eq!(deleted, json!({"metadata": {"finalizers": ["b"]}}));
}

#[test]
fn what_is_no_patch_changes_nothing() {
    for patch in [
        json!([]),
        pod(&json!({"containers": [{"image": "x"}]})),
        pod(&json!({"containers": [{"$patch": "delete"}]})),
        pod(&json!({"containers": [{"$patch": "nonsense", "name": "a"}]})),
        pod(&json!({"$setElementOrder/containers": [{"name": "x"}], "containers": [{"name": "y"}]})),
    ] {
        let live = pod(&json!({"containers": [{"name": "a"}]}));
        assert_eq!(patched(&live, &patch).unwrap_err().code, 400, "{patch}");
    }
}
