//! The parts of a shape: structs and their fields, maps, lists, scalars.

use serde_json::Value;

use super::Shape;
use crate::object::Str;

/// An object whose fields are known.
#[derive(Debug, Default)]
pub(crate) struct Struct {
    /// Sorted by name.
    pub(crate) fields: Vec<Field>,
    /// Merged as a whole: `x-kubernetes-map-type: atomic`.
    pub(crate) atomic: bool,
    /// Fields that are not named are kept: `x-kubernetes-preserve-unknown-fields`.
    pub(crate) preserves: bool,
}

/// A field of a struct.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Str,
    pub(crate) shape: Shape,
    /// What it is when it is absent. `{}` of a struct: Go always writes it.
    pub(crate) default: Option<Value>,
    /// A list or map that Go writes as `null` when it is empty.
    pub(crate) go_null: bool,
    /// Merged field by field although its type says otherwise (`x-kubernetes-map-type: granular` at the field).
    pub(crate) granular: bool,
    pub(crate) patch: PatchStrategy,
}

/// How a strategic merge patch treats a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PatchStrategy {
    pub(crate) merge: bool,
    pub(crate) retain_keys: bool,
    /// By what items of a list are told apart; none for a list of scalars.
    pub(crate) key: Option<Str>,
}

/// Names with values of one shape.
#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) values: Shape,
    pub(crate) kind: MapKind,
}

/// How a map is merged.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum MapKind {
    Granular,
    Atomic,
}

/// Items of one shape.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) items: Shape,
    pub(crate) kind: ListKind,
}

/// How a list is merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListKind {
    Atomic,
    Set,
    /// Items are told apart by these fields.
    Map(Vec<Str>),
}

/// A value without parts.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    String,
    /// Base64 of bytes.
    Bytes,
    Bool,
    Int32,
    Int64,
    Number,
    /// `metav1.Time`: whole seconds.
    Time,
    /// `metav1.MicroTime`.
    MicroTime,
    Quantity,
    IntOrString,
}

impl Struct {
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        let at = self.fields.binary_search_by(|field| (*field.name).cmp(name)).ok()?;
        Some(&self.fields[at])
    }
}

impl Shape {
    /// The default of a field.
    pub(crate) fn field_default(&'static self, name: &str) -> Option<&'static Value> {
        match self.resolve() {
            Shape::Struct(of) => of.field(name)?.default.as_ref(),
            _ => None,
        }
    }
}

impl Scalar {
    /// As Go's messages name the type.
    pub(crate) fn go_name(self) -> &'static str {
        match self {
            Scalar::String | Scalar::Time | Scalar::MicroTime | Scalar::Quantity | Scalar::IntOrString => "string",
            Scalar::Bytes => "[]uint8",
            Scalar::Bool => "bool",
            Scalar::Int32 => "int32",
            Scalar::Int64 => "int64",
            Scalar::Number => "float64",
        }
    }
}
