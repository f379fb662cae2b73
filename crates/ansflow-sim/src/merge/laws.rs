//! What holds for every object and every change.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::set::Set;
use super::{By, apply, managed, merge_patch, strategic, typed, updated, walk};
use crate::manager::{Manager, ManagerId, Operation};
use crate::object::Object;
use crate::schema::{self, PatchStrategy, Shape, TypeId};
use crate::time::Micros;

fn deployment() -> TypeId {
    schema::named("io.k8s.api.apps.v1.Deployment").unwrap()
}

fn by(name: &str, operation: Operation) -> By {
    let id = ManagerId { name: name.into(), operation, api_version: "apps/v1".into(), subresource: "".into() };
    By { id, now: Micros(1_000_000), status_apart: true }
}

fn object(value: &Value) -> Object {
    value.as_object().unwrap().clone()
}

/// Deployments in which a few fields of every sort may be there: scalars, maps, atomic maps, lists by key, sets. None of
/// the scalars is one that Go leaves out when it writes.
fn deployments() -> impl Strategy<Value = Value> {
    let pairs = || btree_map("[a-c]", "[x-y]", 0..3);
    let env = btree_map("[A-C]", option::of("[1-2]"), 0..3).prop_map(|env| -> Value {
        env.into_iter()
            .map(|(name, value)| some(vec![("name", Some(name.into())), ("value", value.map(Value::from))]))
            .collect()
    });
    let ports = btree_set(prop_oneof![Just(80), Just(443)], 0..2)
        .prop_map(|ports| -> Value { ports.into_iter().map(|port| json!({"containerPort": port})).collect() });
    let container =
        (option::of("[i-j]"), env, ports, option::of(vec("[p-q]", 1..3))).prop_map(|(image, env, ports, args)| {
            vec![
                ("image", image.map(Value::from)),
                ("env", filled(env)),
                ("ports", filled(ports)),
                ("args", args.map(Value::from)),
            ]
        });
    let containers = btree_map("[a-c]", container, 0..3).prop_map(|containers| -> Value {
        let named = containers.into_iter().map(|(name, mut fields)| {
            fields.insert(0, ("name", Some(name.into())));
            some(fields)
        });
        named.collect()
    });
    let meta = (pairs(), pairs(), btree_set("[f-h]", 0..3)).prop_map(|(labels, annotations, finalizers)| {
        let name = ("name", Some(json!("web")));
        let (labels, annotations) = (filled(json!(labels)), filled(json!(annotations)));
        some(vec![name, ("labels", labels), ("annotations", annotations), ("finalizers", filled(json!(finalizers)))])
    });
    let spec = (option::of(0..3), option::of(Just(true)), containers, pairs(), option::of("[R-S]"));
    (meta, spec).prop_map(|(meta, (replicas, paused, containers, node_selector, strategy))| {
        let pod = some(vec![("containers", filled(containers)), ("nodeSelector", filled(json!(node_selector)))]);
        let spec = some(vec![
            ("replicas", replicas.map(Value::from)),
            ("paused", paused.map(Value::from)),
            ("strategy", strategy.map(|ty| json!({"type": ty}))),
            ("template", filled(some(vec![("spec", filled(pod))]))),
        ]);
        some(vec![
            ("apiVersion", Some(json!("apps/v1"))),
            ("kind", Some(json!("Deployment"))),
            ("metadata", Some(meta)),
            ("spec", filled(spec)),
        ])
    })
}

fn some(fields: Vec<(&str, Option<Value>)>) -> Value {
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(fields.collect())
}

/// Nothing instead of what is empty, as Go writes it.
fn filled(value: Value) -> Option<Value> {
    let empty = match &value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    (!empty).then_some(value)
}

/// An object that somebody made by POST.
fn made(live: &Value) -> Vec<Manager> {
    updated(deployment(), None, &object(live), Vec::new(), &by("maker", Operation::Update))
}

fn set_of(managers: &[Manager], name: &str) -> Set {
    let own = managers.iter().find(|manager| &*manager.id.name == name);
    own.and_then(|own| Set::parse(&own.fields)).unwrap_or_default()
}

proptest! {
    #[test]
    fn applying_twice_changes_nothing(live in deployments(), patch in deployments()) {
        let (ty, me) = (deployment(), by("me", Operation::Apply));
        let once = apply(ty, Some(&object(&live)), &made(&live), &object(&patch), &me, true).unwrap();
        let twice = apply(ty, Some(&once.object), &once.managed, &object(&patch), &me, false).unwrap();
        prop_assert!(typed::same(ty.shape(), &Value::Object(twice.object), &Value::Object(once.object)));
        prop_assert_eq!(twice.managed, once.managed);
    }

    #[test]
    fn who_applies_owns_exactly_that(live in deployments(), patch in deployments()) {
        let (ty, me) = (deployment(), by("me", Operation::Apply));
        let done = apply(ty, Some(&object(&live)), &made(&live), &object(&patch), &me, true).unwrap();
        let wanted = walk::paths(ty.shape(), &patch).difference(managed::stripped());
        prop_assert_eq!(set_of(&done.managed, "me"), wanted);
        // And all of it stands there as it was wanted.
        let again = walk::merged(ty.shape(), Some(&Value::Object(done.object.clone())), Some(&patch)).unwrap();
        prop_assert!(typed::same(ty.shape(), &again, &Value::Object(done.object)));
    }

    #[test]
    fn what_is_no_longer_applied_goes_unless_others_own_it(live in deployments(), patch in deployments()) {
        let (ty, me) = (deployment(), by("me", Operation::Apply));
        let done = apply(ty, Some(&object(&live)), &made(&live), &object(&patch), &me, true).unwrap();
        let nothing = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}});
        let after = apply(ty, Some(&done.object), &done.managed, &object(&nothing), &me, false).unwrap();
        let there = walk::paths(ty.shape(), &Value::Object(after.object)).difference(managed::stripped());
        let mine = set_of(&done.managed, "me");
        let left = there.intersection(&mine).difference(&set_of(&after.managed, "maker"));
        // An item stays for as long as somebody owns something in it.
        let left: Vec<_> = left.paths().into_iter().filter(|path| !is_item(path)).collect();
        prop_assert!(left.is_empty(), "{left:?}");
        prop_assert!(set_of(&after.managed, "me").is_empty());
    }

    #[test]
    fn without_force_nobody_loses_anything(live in deployments(), patch in deployments()) {
        let (ty, me) = (deployment(), by("me", Operation::Apply));
        let before = made(&live);
        match apply(ty, Some(&object(&live)), &before, &object(&patch), &me, false) {
            Ok(done) => prop_assert_eq!(set_of(&done.managed, "maker"), set_of(&before, "maker")),
            Err(refusal) => {
                prop_assert_eq!(refusal.code, 409);
                prop_assert!(refusal.details.is_some_and(|details| !details.causes.is_empty()));
            }
        }
    }

    #[test]
    fn an_update_that_changes_nothing_leaves_managers_alone(live in deployments()) {
        let managers = made(&live);
        let again = updated(deployment(), Some(&object(&live)), &object(&live), managers.clone(), &by("other", Operation::Update));
        prop_assert_eq!(again, managers);
    }

    #[test]
    fn who_updates_owns_what_changed_and_nobody_owns_what_is_gone(live in deployments(), next in deployments()) {
        let (ty, managers) = (deployment(), made(&live));
        let after = updated(ty, Some(&object(&live)), &object(&next), managers.clone(), &by("other", Operation::Update));
        if managers.is_empty() {
            // What nobody manages stays so until somebody applies to it.
            prop_assert_eq!(after, managers);
            return Ok(());
        }
        let found = super::compare::compare(ty.shape(), &live, &next);
        let touched = found.added.union(&found.modified).difference(managed::stripped());
        prop_assert_eq!(&set_of(&after, "other"), &touched);
        let kept = set_of(&managers, "maker").difference(&touched).difference(&found.removed);
        prop_assert_eq!(set_of(&after, "maker"), kept);
    }

    #[test]
    fn a_strategic_patch_of_the_difference_makes_the_target(live in deployments(), target in deployments()) {
        let patch = difference(deployment().shape(), &live, &target);
        let mut changed = live;
        strategic(deployment(), &mut changed, &patch).unwrap();
        prop_assert_eq!(without_empty(&changed), without_empty(&target), "{}", patch);
    }

    #[test]
    fn a_merge_patch_of_the_difference_makes_the_target(live in deployments(), target in deployments()) {
        let patch = plain_difference(&live, &target);
        let mut changed = live;
        merge_patch(&mut changed, &patch);
        prop_assert_eq!(without_empty(&changed), without_empty(&target));
    }
}

#[test]
fn a_zero_that_go_leaves_out_is_owned_all_the_same() {
    let (ty, me) = (deployment(), by("me", Operation::Apply));
    let patch =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"paused": false}});
    let once = apply(ty, None, &[], &object(&patch), &me, false).unwrap();
    assert!(once.object["spec"].get("paused").is_none());
    assert_eq!(set_of(&once.managed, "me"), Set::parse(r#"{"f:spec":{"f:paused":{}}}"#).unwrap());
    let twice = apply(ty, Some(&once.object), &once.managed, &object(&patch), &me, false).unwrap();
    assert_eq!((twice.object, twice.managed), (once.object, once.managed));
}

fn is_item(path: &[super::path::Element]) -> bool {
    matches!(path.last(), Some(super::path::Element::Key(_)))
}

/// The merge patch that makes one value another.
fn plain_difference(live: &Value, target: &Value) -> Value {
    let (Value::Object(ours), Value::Object(theirs)) = (live, target) else { return target.clone() };
    let gone = ours.keys().filter(|name| !theirs.contains_key(*name)).map(|name| (name.clone(), Value::Null));
    let changed = theirs
        .iter()
        .filter(|(name, value)| ours.get(*name) != Some(*value))
        .map(|(name, value)| (name.clone(), plain_difference(ours.get(name).unwrap_or(&Value::Null), value)));
    Value::Object(gone.chain(changed).collect())
}

/// The strategic merge patch that makes one value another, as kubectl makes it.
fn difference(shape: &'static Shape, live: &Value, target: &Value) -> Value {
    let (Value::Object(ours), Value::Object(theirs)) = (live, target) else { return target.clone() };
    let mut patch = Object::new();
    for name in ours.keys().filter(|name| !theirs.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    for (name, value) in theirs.iter().filter(|(name, value)| ours.get(*name) != Some(*value)) {
        let below = typed::field(shape, name);
        let how = match shape.resolve() {
            Shape::Struct(of) => of.field(name).map(|field| field.patch.clone()).unwrap_or_default(),
            _ => PatchStrategy::default(),
        };
        match (ours.get(name), value) {
            (Some(Value::Array(ours)), Value::Array(theirs)) if how.merge => {
                list_difference(below, name, how.key.as_deref(), ours, theirs, &mut patch);
            }
            (Some(ours), theirs) => drop(patch.insert(name.clone(), difference(below, ours, theirs))),
            (None, theirs) => drop(patch.insert(name.clone(), theirs.clone())),
        }
    }
    Value::Object(patch)
}

fn list_difference(
    shape: &'static Shape,
    name: &str,
    key: Option<&str>,
    ours: &[Value],
    theirs: &[Value],
    patch: &mut Object,
) {
    let Some(key) = key else {
        let gone: Vec<Value> = ours.iter().filter(|item| !theirs.contains(item)).cloned().collect();
        patch.insert(format!("$deleteFromPrimitiveList/{name}"), gone.into());
        patch.insert(name.to_owned(), theirs.into());
        patch.insert(format!("$setElementOrder/{name}"), theirs.into());
        return;
    };
    let Shape::List(list) = shape.resolve() else { panic!("{name} is a list") };
    let find = |items: &[Value], value: &Value| items.iter().find(|item| item[key] == value[key]).cloned();
    let mut items: Vec<Value> = Vec::new();
    for item in theirs {
        let Some(known) = find(ours, item) else {
            items.push(item.clone());
            continue;
        };
        if known != *item {
            let mut change = difference(&list.items, &known, item);
            change[key] = item[key].clone();
            items.push(change);
        }
    }
    for item in ours.iter().filter(|item| find(theirs, item).is_none()) {
        items.push(json!({"$patch": "delete", key: item[key]}));
    }
    let order: Vec<Value> = theirs.iter().map(|item| json!({key: item[key]})).collect();
    patch.insert(format!("$setElementOrder/{name}"), order.into());
    patch.insert(name.to_owned(), items.into());
}

/// What is empty is the same as what is not there.
fn without_empty(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter_map(|(name, value)| Some((name.clone(), filled(without_empty(value))?)));
            let mut fields: Vec<_> = fields.collect();
            fields.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(without_empty).collect(),
        other => other.clone(),
    }
}

/// Any JSON, with the words that mean something here.
fn anything() -> impl Strategy<Value = Value> {
    let words = prop_oneof![
        Just("name"),
        Just("metadata"),
        Just("labels"),
        Just("spec"),
        Just("template"),
        Just("containers"),
        Just("env"),
        Just("ports"),
        Just("containerPort"),
        Just("finalizers"),
        Just("$patch"),
        Just("$retainKeys"),
        Just("$setElementOrder/containers"),
        Just("$deleteFromPrimitiveList/finalizers"),
        Just("strategy"),
        Just("managedFields"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop_oneof![Just("delete"), Just("replace"), Just("a"), Just(""), Just("1Gi")].prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((words.clone(), inner), 0..5).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_that_is_sent_breaks_anything(live in deployments(), sent in anything()) {
        let ty = deployment();
        let mut changed = live.clone();
        let _ = super::json_patch(&mut changed, &json!([{"op": "add", "path": "/spec", "value": sent}, {"op": "remove", "path": "/kind"}]));
        merge_patch(&mut changed, &sent);
        let mut patched = live.clone();
        let _ = strategic(ty, &mut patched, &sent);
        for new in [changed, patched, sent] {
            let Value::Object(mut new) = new else { continue };
            let _ = super::fit_patched(new.clone(), ty, crate::api::write::Strictness::Strict);
            let managed = updated(ty, Some(&object(&live)), &new, made(&live), &by("other", Operation::Update));
            let again = updated(ty, Some(&new), &object(&live), managed.clone(), &by("third", Operation::Update));
            prop_assert!(again.len() <= 3);
            new.insert("apiVersion".to_owned(), "apps/v1".into());
            new.insert("kind".to_owned(), "Deployment".into());
            let _ = apply(ty, Some(&object(&live)), &managed, &new, &by("me", Operation::Apply), true);
        }
    }
}
