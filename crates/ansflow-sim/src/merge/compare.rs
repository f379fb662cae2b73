//! What is new, changed and gone between two objects, as sets of paths.

use serde_json::Value;

use super::path::Element;
use super::set::{Node, Set};
use super::typed::{self, Parts};
use crate::object::Object;
use crate::schema::{List, Shape};

/// The difference between an object before and after.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) added: Set,
    pub(crate) modified: Set,
    pub(crate) removed: Set,
}

/// Compares two values of a shape.
pub(crate) fn compare(shape: &'static Shape, before: &Value, after: &Value) -> Comparison {
    let mut whole = Found::default();
    whole.compare(shape, Some(before), Some(after));
    Comparison { added: whole.added.children, modified: whole.modified.children, removed: whole.removed.children }
}

/// Compares two objects.
pub(crate) fn compare_objects(shape: &'static Shape, before: &Object, after: &Object) -> Comparison {
    let mut whole = Found::default();
    whole.fields(shape, before, after);
    Comparison { added: whole.added.children, modified: whole.modified.children, removed: whole.removed.children }
}

impl Comparison {
    /// The same without what lies at or below paths of a set.
    pub(crate) fn without(self, ignored: &Set) -> Comparison {
        Comparison {
            added: self.added.without(ignored),
            modified: self.modified.without(ignored),
            removed: self.removed.without(ignored),
        }
    }
}

/// What was found at one place and below it.
#[derive(Default)]
struct Found {
    added: Node,
    modified: Node,
    removed: Node,
}

impl Found {
    fn compare(&mut self, shape: &'static Shape, before: Option<&Value>, after: Option<&Value>) {
        let leaf = match typed::parts(shape, before, after) {
            Parts::Leaf => true,
            Parts::Fields => {
                let empty = Object::new();
                self.fields(shape, typed::fields(before).unwrap_or(&empty), typed::fields(after).unwrap_or(&empty))
            }
            Parts::Items(list) => self.items(list, before, after),
        };
        match (before, after) {
            (None, None) => {}
            // A place that is new is itself new, whatever it holds.
            (None, Some(_)) => self.added.member = true,
            (Some(_), None) => self.removed.member = true,
            (Some(before), Some(after)) => self.modified.member = leaf && !typed::same(shape, before, after),
        }
    }

    /// Compares field by field; true when there is none, and the place is one thing like a scalar: `{}` is not null.
    fn fields(&mut self, shape: &'static Shape, ours: &Object, theirs: &Object) -> bool {
        for (name, value) in ours {
            self.below(|| Element::field(name), typed::field(shape, name), Some(value), theirs.get(name));
        }
        for (name, value) in theirs.iter().filter(|(name, _)| !ours.contains_key(*name)) {
            self.below(|| Element::field(name), typed::field(shape, name), None, Some(value));
        }
        ours.is_empty() && theirs.is_empty()
    }

    fn items(&mut self, list: &'static List, before: Option<&Value>, after: Option<&Value>) -> bool {
        let (ours, theirs) = (typed::items(before), typed::items(after));
        if ours.is_empty() && theirs.is_empty() {
            return true;
        }
        // Most lists do not change at all.
        if before == after {
            return false;
        }
        let shape = list.items.resolve();
        let (ours, theirs) = (typed::keyed(list, ours), typed::keyed(list, theirs));
        let (old, new) = (typed::grouped(&ours), typed::grouped(&theirs));
        for (element, items) in &old {
            match (items.as_slice(), new.get(element).map_or(&[][..], Vec::as_slice)) {
                ([one], []) => self.below(|| (*element).clone(), shape, Some(one), None),
                ([one], [other]) => self.below(|| (*element).clone(), shape, Some(one), Some(other)),
                (_, []) => self.removed.children.add((*element).clone(), Node::leaf()),
                // A key that stands there several times is one thing.
                (some, others) => {
                    let same = some.len() == others.len()
                        && some.iter().zip(others).all(|(one, other)| typed::same(shape, one, other));
                    if !same {
                        self.modified.children.add((*element).clone(), Node::leaf());
                    }
                }
            }
        }
        for (element, items) in new.iter().filter(|(element, _)| !old.contains_key(*element)) {
            match items.as_slice() {
                [one] => self.below(|| (*element).clone(), shape, None, Some(one)),
                _ => self.added.children.add((*element).clone(), Node::leaf()),
            }
        }
        false
    }

    fn below(
        &mut self,
        step: impl Fn() -> Element,
        shape: &'static Shape,
        before: Option<&Value>,
        after: Option<&Value>,
    ) {
        // The step is only made where something was found.
        let mut found = Found::default();
        found.compare(shape, before, after);
        let places = [&mut self.added, &mut self.modified, &mut self.removed];
        for (place, node) in places.into_iter().zip([found.added, found.modified, found.removed]) {
            if !node.is_empty() {
                place.children.add(step(), node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn check(before: &Value, after: &Value, expected: &Expect) {
        let shape = crate::schema::named("io.k8s.api.apps.v1.Deployment").unwrap().shape();
        let found = compare(shape, before, after);
        expected.assert_eq(&format!("+{} ~{} -{}", found.added.text(), found.modified.text(), found.removed.text()));
    }

    fn pod(containers: &Value) -> Value {
        json!({"spec": {"template": {"spec": {"containers": containers}}}})
    }

    #[test]
    fn a_new_field_is_added_with_all_that_it_holds() {
        check(
            &json!({"metadata": {}}),
            &json!({"metadata": {"labels": {"a": "b"}}}),
            &expect![[r#"+{"f:metadata":{"f:labels":{".":{},"f:a":{}}}} ~{} -{}"#]],
        );
    }

    #[test]
    fn what_was_there_empty_is_not_new_itself() {
        check(
            &json!({"metadata": {"labels": {}}, "spec": {"template": {"spec": {"containers": null}}}}),
            &json!({"metadata": {"labels": {"a": "b"}}, "spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}}),
            &expect![[
                r#"+{"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:name":{}}}}}}} ~{} -{}"#
            ]],
        );
    }

    #[test]
    fn items_are_compared_by_their_keys_in_any_order() {
        check(
            &pod(&json!([{"name": "a", "image": "1"}, {"name": "b", "image": "1"}])),
            &pod(&json!([{"name": "b", "image": "2"}, {"name": "c"}])),
            &expect![[
                r#"+{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:name":{}}}}}}} ~{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"b\"}":{"f:image":{}}}}}}} -{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{},"f:name":{}}}}}}}"#
            ]],
        );
    }

    #[test]
    fn a_missing_key_is_filled_with_its_default() {
        check(
            &pod(&json!([{"name": "a", "ports": [{"containerPort": 80}]}])),
            &pod(&json!([{"name": "a", "ports": [{"containerPort": 80, "protocol": "TCP", "name": "http"}]}])),
            &expect![[
                r#"+{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{"f:name":{},"f:protocol":{}}}}}}}}} ~{} -{}"#
            ]],
        );
    }

    #[test]
    fn an_atomic_struct_is_one_thing() {
        check(
            &json!({"spec": {"selector": {"matchLabels": {"a": "b"}}}}),
            &json!({"spec": {"selector": {"matchLabels": {"a": "c"}}}}),
            &expect![[r#"+{} ~{"f:spec":{"f:selector":{}}} -{}"#]],
        );
    }

    #[test]
    fn quantities_are_compared_by_what_they_say() {
        let with = |cpu: Value| pod(&json!([{"name": "a", "resources": {"limits": {"cpu": cpu}}}]));
        check(&with(json!("1")), &with(json!("1000m")), &expect!["+{} ~{} -{}"]);
        check(&with(json!("500m")), &with(json!(0.5)), &expect!["+{} ~{} -{}"]);
    }

    #[test]
    fn a_key_that_stands_there_twice_is_one_thing() {
        let env = |values: Value| pod(&json!([{"name": "a", "env": values}]));
        check(
            &env(json!([{"name": "A", "value": "1"}, {"name": "A", "value": "2"}])),
            &env(json!([{"name": "A", "value": "1"}, {"name": "A", "value": "3"}])),
            &expect![[
                r#"+{} ~{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{"f:env":{"k:{\"name\":\"A\"}":{}}}}}}}} -{}"#
            ]],
        );
    }

    #[test]
    fn a_volumes_claim_is_merged_field_by_field() {
        let shape = crate::schema::named("io.k8s.api.core.v1.PersistentVolume").unwrap().shape();
        let found = compare(shape, &json!({"spec": {}}), &json!({"spec": {"claimRef": {"name": "a", "uid": "1"}}}));
        expect![[r#"{"f:spec":{"f:claimRef":{".":{},"f:name":{},"f:uid":{}}}}"#]].assert_eq(&found.added.text());
    }
}
