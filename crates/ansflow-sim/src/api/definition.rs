//! What the definition of a custom resource says of one of its versions: columns, selectable fields, schema.

use serde_json::Value;

use crate::kind::{Kind, Origin};
use crate::kinds;
use crate::object::ObjectExt;
use crate::sim::Sim;
use crate::store::Key;

/// The entry of `spec.versions` that a custom kind is served by.
pub(super) fn version(sim: &Sim, kind: &Kind) -> Option<Value> {
    let Origin::Custom(name) = &kind.origin else { return None };
    let id = kinds::id("apiextensions.k8s.io", "CustomResourceDefinition");
    let definition = sim.store().get(&Key::new(id, "", name.clone()))?.thaw(&*sim.kinds().stored(id)?);
    definition.items("/spec/versions").iter().find(|version| version["name"] == *kind.version).cloned()
}

/// Paths that a field selector may name, without the leading dot.
pub(super) fn selectable_fields(sim: &Sim, kind: &Kind) -> Vec<String> {
    let version = version(sim, kind).unwrap_or_default();
    let fields = version["selectableFields"].as_array().into_iter().flatten();
    let paths = fields.filter_map(|field| field["jsonPath"].as_str());
    paths.map(|path| path.trim_start_matches('.').to_owned()).collect()
}

/// The schema that people wrote.
pub(super) fn schema(sim: &Sim, kind: &Kind) -> Option<Value> {
    version(sim, kind)?.pointer("/schema/openAPIV3Schema").cloned()
}
