//! A value seen with its shape: whether it has parts of its own, which they are, and by what they are told apart.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use super::path::{Atom, Element};
use crate::object::Object;
use crate::schema::{Field, List, ListKind, MapKind, PatchStrategy, Scalar, Shape, Struct, TypeId};

/// The shape of what no schema describes.
pub(super) static ANY: Shape = Shape::Any;

/// What parts a value has that are owned and merged one by one.
pub(super) enum Parts {
    /// None: it is one thing.
    Leaf,
    Fields,
    Items(&'static List),
}

/// The parts of a place in an object, given up to two values of it.
pub(super) fn parts(shape: &'static Shape, one: Option<&Value>, other: Option<&Value>) -> Parts {
    match shape.resolve() {
        Shape::Struct(of) if of.atomic => Parts::Leaf,
        Shape::Map(of) if of.kind == MapKind::Atomic => Parts::Leaf,
        Shape::List(of) if of.kind == ListKind::Atomic => Parts::Leaf,
        Shape::Struct(_) | Shape::Map(_) if both(one, other, |value| value.is_object() || value.is_null()) => {
            Parts::Fields
        }
        Shape::List(of) if both(one, other, |value| value.is_array() || value.is_null()) => Parts::Items(of),
        Shape::Any if both(one, other, Value::is_object) => Parts::Fields,
        Shape::Struct(_) | Shape::Map(_) | Shape::List(_) | Shape::Scalar(_) | Shape::Any | Shape::Named(_) => {
            Parts::Leaf
        }
    }
}

fn both(one: Option<&Value>, other: Option<&Value>, is: impl Fn(&Value) -> bool) -> bool {
    one.is_none_or(&is) && other.is_none_or(&is)
}

/// The shape of a field, where the schema knows it.
pub(super) fn declared(shape: &'static Shape, name: &str) -> Option<&'static Shape> {
    match shape.resolve() {
        Shape::Struct(of) => match of.field(name) {
            Some(field) if field.granular => Some(granular(field.shape.resolve())),
            Some(field) => Some(field.shape.resolve()),
            None => of.preserves.then_some(&ANY),
        },
        other => other.field(name),
    }
}

/// A struct that is merged as a whole everywhere but in this field. There is one: a volume's reference to its claim.
fn granular(shape: &'static Shape) -> &'static Shape {
    static REFERENCE: OnceLock<Shape> = OnceLock::new();
    let Shape::Struct(of) = shape else { return shape };
    if !of.atomic {
        return shape;
    }
    REFERENCE.get_or_init(|| {
        let text = |field: &Field| Field {
            name: field.name.clone(),
            shape: Shape::Scalar(Scalar::String),
            default: None,
            go_null: false,
            granular: false,
            patch: PatchStrategy::default(),
        };
        Shape::Struct(Struct { fields: of.fields.iter().map(text).collect(), ..Struct::default() })
    })
}

/// The shape of a field, known or not.
pub(super) fn field(shape: &'static Shape, name: &str) -> &'static Shape {
    declared(shape, name).unwrap_or(&ANY)
}

/// Whether the schema names the field, as a struct does and a map does not.
pub(super) fn is_named(shape: &'static Shape, name: &str) -> bool {
    matches!(shape.resolve(), Shape::Struct(of) if of.field(name).is_some())
}

/// The shape of what lies below a step.
pub(super) fn below(shape: &'static Shape, element: &Element) -> &'static Shape {
    match (element, shape.resolve()) {
        (Element::Field(name), shape) => field(shape, name),
        (Element::Key(_) | Element::Value(_) | Element::Index(_), Shape::List(list)) => list.items.resolve(),
        _ => &ANY,
    }
}

/// The fields of an object; none of null or nothing.
pub(super) fn fields(value: Option<&Value>) -> Option<&Object> {
    value.and_then(Value::as_object)
}

/// The items of a list; none of null or nothing.
pub(super) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// By what an item of a list is told apart from others. The error is in Kubernetes' words.
pub(super) fn element(list: &'static List, item: &Value) -> Result<Element, String> {
    let ListKind::Map(keys) = &list.kind else {
        return match item {
            Value::Object(_) => Err("associative list without keys has an element that's a map type".to_owned()),
            Value::Array(_) => Err("not supported: associative list with lists as elements".to_owned()),
            Value::Null => Err("associative list without keys has an element that's an explicit null".to_owned()),
            value => Ok(Element::Value(Atom::of(value))),
        };
    };
    let fields = match item {
        Value::Object(fields) => fields,
        Value::Null => return Err("associative list with keys may not have a null element".to_owned()),
        _ => return Err("associative list with keys may not have non-map elements".to_owned()),
    };
    let key = keys.iter().map(|key| match fields.get(&**key).or_else(|| list.items.field_default(key)) {
        Some(value) => Ok((key.clone(), Atom::of(value))),
        None => Err(format!(
            "associative list with keys has an element that omits key field \"{key}\" (and doesn't have default value)"
        )),
    });
    key.collect::<Result<Vec<_>, _>>().map(Element::keyed)
}

/// The items of a list by what they are told apart by, in the list's order; the same key may stand there several times.
/// An item without a key is one of its own by its index.
pub(super) fn keyed<'v>(list: &'static List, items: &'v [Value]) -> Vec<(Element, &'v Value)> {
    let keyed = items.iter().enumerate();
    keyed.map(|(index, item)| (element(list, item).unwrap_or(Element::Index(index)), item)).collect()
}

/// The same, by key.
pub(super) fn grouped<'k, 'v>(keyed: &'k [(Element, &'v Value)]) -> BTreeMap<&'k Element, Vec<&'v Value>> {
    let mut groups: BTreeMap<&Element, Vec<&Value>> = BTreeMap::new();
    for (element, item) in keyed {
        groups.entry(element).or_default().push(item);
    }
    groups
}

/// Whether two values of a shape mean the same: fields in any order, quantities and times by what they say.
pub(super) fn same(shape: &'static Shape, one: &Value, other: &Value) -> bool {
    if one == other {
        return true;
    }
    match (one, other) {
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .all(|(name, value)| theirs.get(name).is_some_and(|other| same(field(shape, name), value, other)))
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            let items = match shape.resolve() {
                Shape::List(list) => list.items.resolve(),
                _ => &ANY,
            };
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(one, other)| same(items, one, other))
        }
        (Value::Number(ours), Value::Number(theirs)) => ours.as_f64() == theirs.as_f64(),
        (Value::String(_) | Value::Number(_), Value::String(_) | Value::Number(_)) => match shape.resolve() {
            Shape::Scalar(Scalar::Quantity) => super::normal::quantity(one) == super::normal::quantity(other),
            Shape::Scalar(Scalar::Time) => super::normal::time(one) == super::normal::time(other),
            _ => false,
        },
        _ => false,
    }
}

/// What Go's zero value of a type looks like as JSON: structs that are always written, and lists that are null when empty.
/// An object of a custom resource has none.
pub(super) fn zero(ty: TypeId) -> Object {
    if is_custom(ty) { Object::new() } else { zero_struct(ty.shape()) }
}

/// Whether a type comes from a CustomResourceDefinition.
pub(super) fn is_custom(ty: TypeId) -> bool {
    !ty.name.starts_with("io.k8s.")
}

fn zero_struct(shape: &'static Shape) -> Object {
    let Shape::Struct(of) = shape.resolve() else { return Object::new() };
    let mut out = Object::new();
    for field in &of.fields {
        let value = match &field.default {
            Some(Value::Object(_)) if matches!(field.shape.resolve(), Shape::Struct(_)) => {
                Value::Object(zero_struct(&field.shape))
            }
            // Metadata is always written, also where the schemas do not say so.
            None if field.shape.type_name() == Some("ObjectMeta") => Value::Object(Object::new()),
            // Any other default is one that the server fills in later.
            Some(value) if is_zero(value) => value.clone(),
            Some(_) | None if field.go_null => Value::Null,
            Some(_) | None => continue,
        };
        out.insert(field.name.to_string(), value);
    }
    out
}

/// What Go leaves out of JSON where a field says `omitempty`, as far as it is no list and no map.
pub(super) fn is_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Bool(flag) => !flag,
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}
