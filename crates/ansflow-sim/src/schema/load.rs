//! Reading shapes out of OpenAPI schemas: the built-in ones once, those of custom resources when they are defined.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, OnceLock};

use serde_json::Value;

use super::{
    Field, GroupVersionKind, List, ListKind, Map, MapKind, PatchStrategy, Reference, Scalar, Shape, Struct, Type,
    TypeId,
};
use crate::data;
use crate::lock::lock;
use crate::object::Str;

const REFERENCE: &str = "#/components/schemas/";

struct Types {
    all: Vec<Type>,
    by_name: HashMap<Str, u16>,
}

static TYPES: OnceLock<Types> = OnceLock::new();

/// Reads the built-in types on a thread, so that starting does not wait for them.
pub(crate) fn start() {
    std::thread::spawn(types);
}

/// All built-in types, sorted by name.
pub(crate) fn all() -> &'static [Type] {
    &types().all
}

/// A built-in type by its whole name.
pub(crate) fn named(name: &str) -> Option<TypeId> {
    let types = types();
    types.by_name.get(name).map(|at| TypeId(&types.all[usize::from(*at)]))
}

/// The type of a custom resource, from its structural schema.
///
/// Types live as long as the process. The same schema gives the same type, so that defining it again costs nothing.
pub(crate) fn custom(name: &str, kind: GroupVersionKind, schema: &Value) -> TypeId {
    static CUSTOM: Mutex<BTreeMap<String, TypeId>> = Mutex::new(BTreeMap::new());
    let key = format!("{name} {schema}");
    let mut known = lock(&CUSTOM);
    *known.entry(key).or_insert_with(|| {
        let names = &types().by_name;
        let mut shape = shape(schema, names);
        if matches!(shape, Shape::Any) {
            shape = Shape::Struct(Struct { preserves: true, ..Struct::default() });
        }
        if let Shape::Struct(of) = &mut shape {
            let text = || Shape::Scalar(Scalar::String);
            let meta = names.get("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta").copied().unwrap_or_default();
            for (name, shape) in [("apiVersion", text()), ("kind", text()), ("metadata", Shape::Named(Reference(meta)))]
            {
                of.fields.retain(|field| &*field.name != name);
                of.fields.push(plain(name, shape));
            }
            of.fields.sort_by(|a, b| a.name.cmp(&b.name));
        }
        TypeId(Box::leak(Box::new(Type { name: name.into(), shape, kinds: vec![kind] })))
    })
}

fn plain(name: &str, shape: Shape) -> Field {
    let patch = PatchStrategy::default();
    Field { name: name.into(), shape, default: None, go_null: false, granular: false, patch }
}

fn types() -> &'static Types {
    TYPES.get_or_init(|| {
        let structure = data::structure();
        let Value::Object(structure) = structure else { unreachable!("schemas are an object") };
        let mut names: Vec<&String> = structure.keys().collect();
        names.sort();
        let by_name: HashMap<Str, u16> = names.iter().zip(0..).map(|(name, at)| (name.as_str().into(), at)).collect();
        let all = names.iter().map(|name| read(name, &structure[name.as_str()], &by_name)).collect();
        Types { all, by_name }
    })
}

fn read(name: &str, schema: &Value, names: &HashMap<Str, u16>) -> Type {
    let shape = match name.rsplit('.').next().unwrap_or_default() {
        "Quantity" => Shape::Scalar(Scalar::Quantity),
        "IntOrString" => Shape::Scalar(Scalar::IntOrString),
        "Time" => Shape::Scalar(Scalar::Time),
        "MicroTime" => Shape::Scalar(Scalar::MicroTime),
        "RawExtension" | "JSON" | "FieldsV1" | "Patch" => Shape::Any,
        "JSONSchemaPropsOrArray" | "JSONSchemaPropsOrBool" | "JSONSchemaPropsOrStringArray" => Shape::Any,
        _ => shape(schema, names),
    };
    let kinds = schema["x-kubernetes-group-version-kind"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Value, field: &str| -> Str { value[field].as_str().unwrap_or_default().into() };
    let kind = |value: &Value| GroupVersionKind {
        group: text(value, "group"),
        version: text(value, "version"),
        kind: text(value, "kind"),
    };
    Type { name: name.into(), shape, kinds: kinds.iter().map(kind).collect() }
}

fn shape(schema: &Value, names: &HashMap<Str, u16>) -> Shape {
    if let Some(reference) = reference(schema, names) {
        return Shape::Named(reference);
    }
    let preserves = schema["x-kubernetes-preserve-unknown-fields"] == true;
    if schema["x-kubernetes-int-or-string"] == true {
        return Shape::Scalar(Scalar::IntOrString);
    }
    if let Some(properties) = schema["properties"].as_object() {
        let mut fields: Vec<Field> = properties.iter().map(|(name, of)| field(name, of, names)).collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        let atomic = schema["x-kubernetes-map-type"] == "atomic";
        return Shape::Struct(Struct { fields, atomic, preserves });
    }
    let format = schema["format"].as_str().unwrap_or_default();
    match schema["type"].as_str() {
        Some("object") if schema["additionalProperties"].is_object() => {
            let atomic = schema["x-kubernetes-map-type"] == "atomic";
            let kind = if atomic { MapKind::Atomic } else { MapKind::Granular };
            Shape::Map(Box::new(Map { values: shape(&schema["additionalProperties"], names), kind }))
        }
        Some("object") if preserves || schema["additionalProperties"] == true => Shape::Any,
        Some("object") => Shape::Struct(Struct::default()),
        Some("array") => Shape::List(Box::new(list(schema, names))),
        Some("string") if format == "byte" => Shape::Scalar(Scalar::Bytes),
        Some("string") => Shape::Scalar(Scalar::String),
        Some("boolean") => Shape::Scalar(Scalar::Bool),
        Some("integer") if format == "int32" => Shape::Scalar(Scalar::Int32),
        Some("integer") => Shape::Scalar(Scalar::Int64),
        Some("number") => Shape::Scalar(Scalar::Number),
        _ => Shape::Any,
    }
}

fn list(schema: &Value, names: &HashMap<Str, u16>) -> List {
    let kind = match schema["x-kubernetes-list-type"].as_str() {
        Some("set") => ListKind::Set,
        Some("map") => ListKind::Map(texts(&schema["x-kubernetes-list-map-keys"])),
        _ => ListKind::Atomic,
    };
    let items = &schema["items"];
    List { items: shape(items, names), kind }
}

fn field(name: &str, schema: &Value, names: &HashMap<Str, u16>) -> Field {
    let strategies = schema["x-kubernetes-patch-strategy"].as_str().unwrap_or_default();
    let patch = PatchStrategy {
        merge: strategies.split(',').any(|one| one == "merge"),
        retain_keys: strategies.split(',').any(|one| one == "retainKeys"),
        key: schema["x-kubernetes-patch-merge-key"].as_str().map(Str::from),
    };
    Field {
        name: name.into(),
        shape: shape(schema, names),
        default: schema.get("default").cloned(),
        go_null: schema["x-go-null"] == true,
        granular: schema["x-kubernetes-map-type"] == "granular",
        patch,
    }
}

fn reference(schema: &Value, names: &HashMap<Str, u16>) -> Option<Reference> {
    let direct = schema["$ref"].as_str();
    let target = direct.or_else(|| schema["allOf"][0]["$ref"].as_str())?;
    names.get(target.strip_prefix(REFERENCE)?).copied().map(Reference)
}

fn texts(value: &Value) -> Vec<Str> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(Str::from)).collect()
}
