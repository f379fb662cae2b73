//! Strategic merge patches: merge patches that know lists by their keys, with directives: `$patch`, `$retainKeys`,
//! `$deleteFromPrimitiveList/…`, `$setElementOrder/…`.

mod lists;

use serde_json::Value;

use super::typed;
use crate::object::Object;
use crate::schema::{PatchStrategy, Shape, TypeId};
use crate::status::Status;

const DIRECTIVE: &str = "$patch";
const RETAIN: &str = "$retainKeys";
const DELETE_FROM: &str = "$deleteFromPrimitiveList/";
const ORDER: &str = "$setElementOrder/";

/// What is wrong with a patch, in Kubernetes' words.
type Problem = String;

/// Lays a patch over an object of a built-in type.
pub(crate) fn strategic(ty: TypeId, live: &mut Value, patch: &Value) -> Result<(), Status> {
    let (Value::Object(fields), Value::Object(patch)) = (live, patch) else {
        return Err(Status::bad_request("Invalid JSON document"));
    };
    let mut changed = fields.clone();
    merge_fields(ty.shape(), &mut changed, patch.clone()).map_err(Status::bad_request)?;
    *fields = changed;
    Ok(())
}

fn merge_fields(shape: &'static Shape, fields: &mut Object, mut patch: Object) -> Result<(), Problem> {
    match patch.shift_remove(DIRECTIVE) {
        None => {}
        Some(Value::String(directive)) if directive == "replace" => {
            *fields = settled_fields(patch);
            return Ok(());
        }
        Some(Value::String(directive)) if directive == "delete" => {
            fields.clear();
            return Ok(());
        }
        Some(Value::String(directive)) if directive == "merge" => {}
        Some(other) => return Err(unknown_directive(&other)),
    }
    retain_keys(fields, &mut patch)?;
    let orders: Vec<(String, Value)> =
        patch.iter().filter_map(|(key, order)| Some((key.strip_prefix(ORDER)?.to_owned(), order.clone()))).collect();
    for (name, order) in orders {
        patch.shift_remove(&format!("{ORDER}{name}"));
        let change = patch.shift_remove(&name);
        ordered(shape, fields, &name, change, &order)?;
    }
    for (name, change) in patch {
        merge_field(shape, fields, name, change)?;
    }
    Ok(())
}

fn merge_field(shape: &'static Shape, fields: &mut Object, name: String, change: Value) -> Result<(), Problem> {
    if let Some(name) = name.strip_prefix(DELETE_FROM) {
        let Value::Array(gone) = change else { return Err("invalid patch format of primitive list".to_owned()) };
        if let Some(Value::Array(items)) = fields.get_mut(name) {
            items.retain(|item| !gone.contains(item));
        }
        return Ok(());
    }
    let below = typed::field(shape, &name);
    match (fields.get_mut(&name), change) {
        (_, Value::Null) => drop(fields.shift_remove(&name)),
        (Some(Value::Object(known)), Value::Object(change)) => match strategy(shape, &name).replace {
            true => *known = change,
            false => merge_fields(below, known, change)?,
        },
        (Some(Value::Array(known)), Value::Array(change)) => {
            *known = lists::merge(below, &strategy(shape, &name).patch, known, change)?;
        }
        (Some(known @ (Value::Object(_) | Value::Array(_))), change) => *known = settled(change).unwrap_or_default(),
        (Some(known), change) => *known = settled(change).unwrap_or_default(),
        (None, change) => {
            if let Some(change) = settled(change) {
                fields.insert(name, change);
            }
        }
    }
    Ok(())
}

/// Merges a list and puts it into an order that the patch gives.
fn ordered(
    shape: &'static Shape,
    fields: &mut Object,
    name: &str,
    change: Option<Value>,
    order: &Value,
) -> Result<(), Problem> {
    let Value::Array(order) = order else { return Err(lists::BAD_ORDER.to_owned()) };
    let patch = strategy(shape, name).patch;
    let change = match change {
        None => None,
        Some(Value::Array(items)) => Some(items),
        Some(Value::Null) => {
            fields.shift_remove(name);
            return Ok(());
        }
        Some(_) => return Err(lists::BAD_ORDER.to_owned()),
    };
    lists::check_order(&patch, change.as_deref().unwrap_or_default(), order)?;
    let known = match fields.get(name) {
        Some(Value::Array(known)) => Some(known.clone()),
        Some(_) => return Err(lists::BAD_ORDER.to_owned()),
        None => None,
    };
    let below = typed::field(shape, name);
    let merged = match (&known, change) {
        (None, None) => return Ok(()),
        (Some(known), None) => known.clone(),
        (None, Some(change)) => lists::merge(below, &patch, &[], change)?,
        (Some(known), Some(change)) => lists::merge(below, &patch, known, change)?,
    };
    let server = known.unwrap_or_default();
    fields.insert(name.to_owned(), Value::Array(lists::in_order(merged, order, &server, patch.key.as_deref())));
    Ok(())
}

/// `$retainKeys` names all fields that the object has afterwards.
fn retain_keys(fields: &mut Object, patch: &mut Object) -> Result<(), Problem> {
    let Some(retained) = patch.shift_remove(RETAIN) else { return Ok(()) };
    let bad = || "invalid patch format of retainKeys".to_owned();
    let Value::Array(retained) = retained else { return Err(bad()) };
    let kept = |name: &str| retained.iter().any(|one| one == name);
    let directive = |name: &str| name.starts_with(DELETE_FROM) || name.starts_with(ORDER);
    if patch.iter().any(|(name, value)| !value.is_null() && !directive(name) && !kept(name)) {
        return Err(bad());
    }
    fields.retain(|name, _| kept(name));
    Ok(())
}

struct Strategy {
    patch: PatchStrategy,
    /// The field is replaced as a whole, whatever it holds.
    replace: bool,
}

fn strategy(shape: &'static Shape, name: &str) -> Strategy {
    let field = match shape.resolve() {
        Shape::Struct(of) => of.field(name),
        _ => None,
    };
    let patch = field.map(|field| field.patch.clone()).unwrap_or_default();
    // The one field of Kubernetes with the strategy `replace`.
    let replace =
        name == "selector" && matches!(shape.resolve(), Shape::Struct(of) if of.field("maxUnavailable").is_some());
    Strategy { patch, replace }
}

/// A new value as it is stored: without nulls and directives. Nothing when it says that there be nothing.
fn settled(value: Value) -> Option<Value> {
    match value {
        Value::Object(fields) if fields.get(DIRECTIVE).is_some_and(|directive| directive == "delete") => None,
        Value::Object(fields) => Some(Value::Object(settled_fields(fields))),
        Value::Array(items) => Some(Value::Array(items.into_iter().filter_map(settled_item).collect())),
        Value::Null => None,
        other => Some(other),
    }
}

fn settled_fields(fields: Object) -> Object {
    let directive =
        |name: &str| name == DIRECTIVE || name == RETAIN || name.starts_with(DELETE_FROM) || name.starts_with(ORDER);
    let kept = fields.into_iter().filter(|(name, _)| !directive(name));
    kept.filter_map(|(name, value)| Some((name, settled(value)?))).collect()
}

fn settled_item(item: Value) -> Option<Value> {
    match item.get(DIRECTIVE) {
        // An item with a directive stands for none.
        Some(_) => None,
        None if item.is_null() => Some(item),
        None => settled(item),
    }
}

fn unknown_directive(directive: &Value) -> Problem {
    format!("unknown patch type: {}", super::check::go(directive))
}

#[cfg(test)]
mod tests;
