//! The structure of objects: which fields there are, of which shape, and how lists and maps are merged.
//!
//! Made once from `data/structure.json.gz`, and for custom resources from their definition. A `TypeId` is a handle that may
//! be copied and that leads to the type itself; types live as long as the process (`schema/load.rs`).

mod field;
mod load;

use std::fmt;
use std::ops::Deref;

pub(crate) use field::{Field, List, ListKind, Map, MapKind, PatchStrategy, Scalar, Struct};
pub(crate) use load::{all, custom, named, start};

use crate::object::Str;

/// A handle of a type.
#[derive(Copy, Clone)]
pub(crate) struct TypeId(&'static Type);

/// A named type: `io.k8s.api.apps.v1.Deployment`.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: Str,
    pub(crate) shape: Shape,
    /// Of which group, version and kind objects of this type are.
    pub(crate) kinds: Vec<GroupVersionKind>,
}

/// As `x-kubernetes-group-version-kind` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupVersionKind {
    pub(crate) group: Str,
    pub(crate) version: Str,
    pub(crate) kind: Str,
}

/// What a value looks like.
#[derive(Debug)]
pub(crate) enum Shape {
    Struct(Struct),
    Map(Box<Map>),
    List(Box<List>),
    Scalar(Scalar),
    /// Another named type; `resolve` follows it.
    Named(Reference),
    /// Anything: JSON, RawExtension, fields that a definition preserves. Its structure is deduced from the value.
    Any,
}

/// A type by its place among all, so that types may contain each other.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(crate) struct Reference(pub(crate) u16);

impl Shape {
    /// The shape itself, never a name.
    pub(crate) fn resolve(&'static self) -> &'static Shape {
        match self {
            Shape::Named(reference) => reference.ty().0.shape.resolve(),
            other => other,
        }
    }

    /// The shape of a field of a struct, or of a map's values.
    pub(crate) fn field(&'static self, name: &str) -> Option<&'static Shape> {
        match self.resolve() {
            Shape::Struct(of) => of.field(name).map(|field| field.shape.resolve()),
            Shape::Map(of) => Some(of.values.resolve()),
            Shape::Any => Some(self),
            Shape::List(_) | Shape::Scalar(_) | Shape::Named(_) => None,
        }
    }

    /// The last word of the named type it is, as Go's messages name it: `DeploymentSpec`.
    pub(crate) fn type_name(&'static self) -> Option<&'static str> {
        match self {
            Shape::Named(reference) => Some(reference.ty().0.short_name()),
            _ => None,
        }
    }
}

impl Reference {
    pub(crate) fn ty(self) -> TypeId {
        TypeId(&load::all()[usize::from(self.0)])
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "type {}", self.0)
    }
}

impl Type {
    /// `Deployment` of `io.k8s.api.apps.v1.Deployment`.
    pub(crate) fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

impl TypeId {
    /// The shape, for as long as one likes.
    pub(crate) fn shape(self) -> &'static Shape {
        &self.0.shape
    }

    /// The shape at a path of field names; lists are passed through to their items.
    #[cfg(test)]
    pub(crate) fn at(self, path: &[&str]) -> Option<&'static Shape> {
        path.iter().try_fold(self.shape().resolve(), |shape, name| match shape.resolve() {
            Shape::List(list) => list.items.field(name),
            other => other.field(name),
        })
    }

    /// The last word of its name.
    pub(crate) fn short(self) -> &'static str {
        self.0.short_name()
    }
}

impl Deref for TypeId {
    type Target = Type;

    fn deref(&self) -> &Type {
        self.0
    }
}

impl PartialEq for TypeId {
    fn eq(&self, other: &TypeId) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for TypeId {}

impl fmt::Debug for TypeId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn deployment() -> TypeId {
        named("io.k8s.api.apps.v1.Deployment").unwrap()
    }

    #[test]
    fn a_containers_ports_are_merged_by_port_and_protocol() {
        let shape = deployment().at(&["spec", "template", "spec", "containers", "ports"]).unwrap();
        let Shape::List(list) = shape else { panic!("{shape:?}") };
        let ListKind::Map(keys) = &list.kind else { panic!("{list:?}") };
        assert_eq!(keys.iter().map(|key| &**key).collect::<Vec<_>>(), ["containerPort", "protocol"]);
        assert_eq!(list.items.resolve().field_default("protocol"), Some(&Value::from("TCP")));
    }

    #[test]
    fn a_label_selector_is_replaced_as_a_whole() {
        let shape = deployment().at(&["spec", "selector"]).unwrap();
        assert!(matches!(shape, Shape::Struct(of) if of.atomic));
    }

    #[test]
    fn quantities_times_and_raw_objects_have_shapes_of_their_own() {
        let at = |name: &str| named(name).unwrap().shape().resolve();
        assert!(matches!(at("io.k8s.apimachinery.pkg.api.resource.Quantity"), Shape::Scalar(Scalar::Quantity)));
        assert!(matches!(at("io.k8s.apimachinery.pkg.apis.meta.v1.Time"), Shape::Scalar(Scalar::Time)));
        assert!(matches!(at("io.k8s.apimachinery.pkg.runtime.RawExtension"), Shape::Any));
        assert!(matches!(at("io.k8s.apimachinery.pkg.util.intstr.IntOrString"), Shape::Scalar(Scalar::IntOrString)));
    }

    #[test]
    fn a_type_may_contain_itself() {
        let name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";
        assert!(named(name).unwrap().at(&["properties", "any", "not", "not"]).is_some());
    }
}
