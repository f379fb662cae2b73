//! Walks over one object, or two, by their shape: which paths it has, what stays when some are taken away, what two make together.

use std::collections::BTreeSet;

use serde_json::Value;

use super::path::Element;
use super::set::{Node, Set};
use super::typed::{self, Parts};
use crate::object::Object;
use crate::schema::{List, Shape};

/// The paths of an object: what somebody owns who applies it.
pub(crate) fn paths(shape: &'static Shape, value: &Value) -> Set {
    let mut whole = Node::default();
    collect(shape, value, &mut whole);
    whole.children
}

fn collect(shape: &'static Shape, value: &Value, node: &mut Node) {
    match typed::parts(shape, Some(value), None) {
        Parts::Leaf => node.member = true,
        Parts::Fields => {
            for (name, value) in typed::fields(Some(value)).into_iter().flatten() {
                let mut child = Node::default();
                collect(typed::field(shape, name), value, &mut child);
                // Structs only stand for what is in them; names of maps, and what is empty, stand for themselves.
                child.member |=
                    value.is_null() || value.as_object().is_some_and(Object::is_empty) || !typed::is_named(shape, name);
                node.children.add(Element::field(name), child);
            }
        }
        Parts::Items(list) => {
            let keyed = typed::keyed(list, typed::items(Some(value)));
            for (element, items) in typed::grouped(&keyed) {
                let mut child = Node::leaf();
                if let [one] = items.as_slice() {
                    collect(&list.items, one, &mut child);
                }
                node.children.add(element.clone(), child);
            }
        }
    }
}

/// The value without the paths of a set. What is left with nothing goes too.
pub(crate) fn without(shape: &'static Shape, value: &Value, gone: &Set) -> Option<Value> {
    if gone.is_empty() {
        return Some(value.clone());
    }
    match typed::parts(shape, Some(value), None) {
        Parts::Leaf => Some(value.clone()),
        Parts::Fields => {
            let fields = typed::fields(Some(value))?;
            let kept = fields.iter().filter_map(|(name, value)| match gone.get(&Element::field(name)) {
                Some(node) if node.member => None,
                Some(node) => Some((name.clone(), without(typed::field(shape, name), value, &node.children)?)),
                None => Some((name.clone(), value.clone())),
            });
            let kept: Object = kept.collect();
            (!kept.is_empty() || fields.is_empty()).then_some(Value::Object(kept))
        }
        Parts::Items(list) => {
            let items = typed::items(Some(value));
            let kept = typed::keyed(list, items).into_iter().filter_map(|(element, item)| match gone.get(&element) {
                Some(node) if node.member => None,
                Some(node) => without(&list.items, item, &node.children),
                None => Some(item.clone()),
            });
            let kept: Vec<Value> = kept.collect();
            (!kept.is_empty() || items.is_empty()).then_some(Value::Array(kept))
        }
    }
}

/// What two values make together: the second wins where both say something.
pub(crate) fn merged(shape: &'static Shape, under: Option<&Value>, over: Option<&Value>) -> Option<Value> {
    let (below, above) = match (under, over) {
        (None, one) | (one, None) => return one.cloned(),
        (Some(below), Some(above)) => (below, above),
    };
    match typed::parts(shape, under, over) {
        Parts::Leaf => Some(above.clone()),
        Parts::Fields => {
            let Some(theirs) = typed::fields(over).filter(|fields| !fields.is_empty()) else {
                let nothing = typed::fields(under).is_none_or(Object::is_empty);
                return Some(if nothing { above.clone() } else { below.clone() });
            };
            let mut out = typed::fields(under).cloned().unwrap_or_default();
            for (name, value) in theirs {
                let both = merged(typed::field(shape, name), out.get(name), Some(value));
                out.insert(name.clone(), both.unwrap_or_default());
            }
            Some(Value::Object(out))
        }
        Parts::Items(list) => {
            let (ours, theirs) = (typed::items(under), typed::items(over));
            match (ours.is_empty(), theirs.is_empty()) {
                (true, _) => Some(above.clone()),
                (false, true) => Some(below.clone()),
                (false, false) => Some(Value::Array(merged_items(list, ours, theirs))),
            }
        }
    }
}

/// Items of both lists. Those of the second keep its order; the others keep their place among those that both have.
fn merged_items(list: &'static List, ours: &[Value], theirs: &[Value]) -> Vec<Value> {
    let (ours, theirs) = (typed::keyed(list, ours), typed::keyed(list, theirs));
    let (known, wanted) = (typed::grouped(&ours), typed::grouped(&theirs));
    let one = |element: &Element| match known.get(element).map(Vec::as_slice) {
        Some([one]) => Some(*one),
        _ => None,
    };
    let mut shared = theirs.iter().map(|(element, _)| element).filter(|element| known.contains_key(element)).peekable();
    let mut done: BTreeSet<&Element> = BTreeSet::new();
    let mut out = Vec::with_capacity(ours.len().max(theirs.len()));
    let (mut left, mut right) = (0, 0);
    while left < ours.len() || right < theirs.len() {
        if let (Some((mine, _)), Some((other, _))) = (ours.get(left), theirs.get(right)) {
            let out_of_turn =
                mine != other && wanted.contains_key(mine) && shared.peek().is_some_and(|next| *next != mine);
            if out_of_turn {
                // Both have it, and the second list puts it later.
                left += 1;
                continue;
            }
        }
        let mut passed = false;
        if let Some((mine, item)) = ours.get(left) {
            if !wanted.contains_key(mine) {
                out.push((*item).clone());
                left += 1;
                continue;
            }
            passed = done.contains(mine);
            left += usize::from(passed);
        }
        match theirs.get(right) {
            Some((other, item)) => {
                done.insert(other);
                out.extend(merged(&list.items, one(other), Some(item)));
                if ours.get(left).is_some_and(|(mine, _)| mine == other) {
                    left += 1;
                }
                right += 1;
                if shared.peek() == Some(&other) {
                    shared.next();
                }
            }
            None => left += usize::from(!passed),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment() -> &'static Shape {
        crate::schema::named("io.k8s.api.apps.v1.Deployment").unwrap().shape()
    }

    fn env(names: &[&str]) -> Value {
        let vars: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        json!({"spec": {"template": {"spec": {"containers": [{"name": "a", "env": vars}]}}}})
    }

    fn names(value: &Value) -> Vec<&str> {
        let env = value.pointer("/spec/template/spec/containers/0/env").and_then(Value::as_array).unwrap();
        env.iter().filter_map(|var| var["name"].as_str()).collect()
    }

    #[test]
    fn who_applies_owns_leaves_and_items_but_not_structs() {
        let value = json!({
            "metadata": {"labels": {"app": "web"}, "annotations": {}},
            "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {
                "containers": [{"name": "a", "ports": [{"containerPort": 80}]}], "nodeSelector": {"x": "y"}
            }}}
        });
        assert_eq!(
            paths(deployment(), &value).text(),
            concat!(
                r#"{"f:metadata":{"f:annotations":{},"f:labels":{"f:app":{}}},"f:spec":{"f:selector":{},"f:template":{"f:spec":{"#,
                r#""f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":"#,
                r#"{".":{},"f:containerPort":{}}}}},"f:nodeSelector":{}}}}}"#
            )
        );
    }

    #[test]
    fn what_is_left_with_nothing_goes_too() {
        let value = json!({"metadata": {"labels": {"a": "b"}, "name": "x"}, "spec": {"replicas": 1}});
        let gone = Set::parse(r#"{"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{}}"#).unwrap();
        assert_eq!(without(deployment(), &value, &gone), Some(json!({"metadata": {"name": "x"}})));
    }

    #[test]
    fn items_of_the_second_list_keep_its_order_and_others_their_place() {
        let check = |under: &[&str], over: &[&str], expected: &[&str]| {
            let both = merged(deployment(), Some(&env(under)), Some(&env(over))).unwrap();
            assert_eq!(names(&both), expected, "{under:?} and {over:?}");
        };
        check(&["a", "b", "c"], &["c", "a"], &["b", "c", "a"]);
        check(&["a", "b", "c"], &["b", "d"], &["a", "b", "c", "d"]);
        check(&["a"], &["b", "a"], &["b", "a"]);
        check(&["a", "b"], &["a", "x", "b"], &["a", "x", "b"]);
        check(&["a", "b"], &[], &["a", "b"]);
        check(&[], &["z"], &["z"]);
    }

    #[test]
    fn the_second_wins_where_both_say_something() {
        let both = merged(
            deployment(),
            Some(&json!({"spec": {"replicas": 1, "paused": true, "selector": {"matchLabels": {"a": "b"}}}})),
            Some(&json!({"spec": {"replicas": 2, "selector": {"matchLabels": {"c": "d"}}}})),
        );
        assert_eq!(
            both,
            Some(json!({"spec": {"replicas": 2, "paused": true, "selector": {"matchLabels": {"c": "d"}}}}))
        );
    }
}
