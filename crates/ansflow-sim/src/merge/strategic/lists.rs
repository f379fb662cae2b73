//! Lists of strategic merge patches: items are found by the merge key of the field, scalars are added once.

use serde_json::Value;

use super::{DIRECTIVE, Problem, merge_fields, settled, settled_item, unknown_directive};
use crate::schema::{PatchStrategy, Shape};

pub(super) const BAD_ORDER: &str = "invalid patch format of setElementOrder list";

/// What a list becomes by a patch. Without a strategy to merge it is replaced.
pub(super) fn merge(
    shape: &'static Shape,
    patch: &PatchStrategy,
    known: &[Value],
    change: Vec<Value>,
) -> Result<Vec<Value>, Problem> {
    if !patch.merge {
        return Ok(change.into_iter().filter_map(settled_item).collect());
    }
    let items: &'static Shape = match shape.resolve() {
        Shape::List(list) => list.items.resolve(),
        _ => &super::typed::ANY,
    };
    let objects = known.iter().chain(&change).any(Value::is_object);
    if !objects {
        let mut merged: Vec<Value> = Vec::with_capacity(known.len() + change.len());
        for item in known.iter().chain(&change) {
            if !merged.contains(item) {
                merged.push(item.clone());
            }
        }
        return Ok(in_order(merged, &change, known, None));
    }
    let Some(key) = patch.key.as_deref() else { return Err("cannot merge lists without merge key".to_owned()) };
    let (mut merged, plain) = directed(known.to_vec(), change, key)?;
    for item in &plain {
        let Value::Object(fields) = item else { return Err(format!("cannot merge a list of objects with {item}")) };
        let Some(value) = fields.get(key) else {
            return Err(format!("map: {} does not contain declared merge key: {key}", super::super::check::go(item)));
        };
        match merged.iter_mut().find(|known| known.get(key).is_some_and(|known| same_key(known, value))) {
            Some(Value::Object(known)) => merge_fields(items, known, fields.clone())?,
            _ => merged.extend(settled(item.clone())),
        }
    }
    Ok(in_order(merged, &plain, known, Some(key)))
}

/// Carries out what items say of others: `{"$patch": "delete", "name": "a"}`, `{"$patch": "replace"}`.
fn directed(mut known: Vec<Value>, change: Vec<Value>, key: &str) -> Result<(Vec<Value>, Vec<Value>), Problem> {
    let mut plain = Vec::with_capacity(change.len());
    let mut replace = false;
    for item in change {
        match item.get(DIRECTIVE).map(Value::as_str) {
            None => plain.push(item),
            Some(Some("delete")) => {
                let Some(value) = item.get(key) else {
                    return Err(format!("delete patch type with no merge key defined: {key}"));
                };
                known.retain(|known| !known.get(key).is_some_and(|known| same_key(known, value)));
            }
            Some(Some("replace")) => replace = true,
            Some(Some("merge")) => return Err("merging lists cannot yet be specified in the patch".to_owned()),
            Some(_) => return Err(unknown_directive(&item[DIRECTIVE])),
        }
    }
    Ok(if replace { (Vec::new(), plain) } else { (known, plain) })
}

/// Puts a merged list in order: what the patch names by the patch's order, the rest by the server's, and where both know
/// how they stood to each other, so they stand.
pub(super) fn in_order(merged: Vec<Value>, wanted: &[Value], server: &[Value], key: Option<&str>) -> Vec<Value> {
    let place = |list: &[Value], item: &Value| list.iter().position(|other| is_same(other, item, key));
    let (mut named, mut rest): (Vec<Value>, Vec<Value>) =
        merged.into_iter().partition(|item| place(wanted, item).is_some());
    named.sort_by_key(|item| place(wanted, item));
    rest.sort_by_key(|item| place(server, item));
    let mut out = Vec::with_capacity(named.len() + rest.len());
    let (mut named, mut rest) = (named.into_iter().peekable(), rest.into_iter().peekable());
    loop {
        let rest_first = match (rest.peek(), named.peek()) {
            (None, None) => return out,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(left), Some(right)) => {
                matches!((place(server, left), place(server, right)), (Some(left), Some(right)) if left < right)
            }
        };
        out.extend(if rest_first { rest.next() } else { named.next() });
    }
}

/// The items of a patch must stand in the order that it gives.
pub(super) fn check_order(patch: &PatchStrategy, change: &[Value], order: &[Value]) -> Result<(), Problem> {
    if change.is_empty() || order.is_empty() {
        return Ok(());
    }
    let mut order = order.iter();
    for item in change.iter().filter(|item| item.get(DIRECTIVE).is_none()) {
        if !order.any(|other| is_same(other, item, patch.key.as_deref())) {
            return Err("The order in patch list doesn't match $setElementOrder list".to_owned());
        }
    }
    Ok(())
}

fn is_same(one: &Value, other: &Value, key: Option<&str>) -> bool {
    match key {
        Some(key) => matches!((one.get(key), other.get(key)), (Some(one), Some(other)) if same_key(one, other)),
        None => one == other,
    }
}

fn same_key(one: &Value, other: &Value) -> bool {
    one == other || super::super::check::go(one) == super::super::check::go(other)
}
