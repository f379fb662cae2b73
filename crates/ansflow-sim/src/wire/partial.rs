//! Metadata alone, for clients that want nothing else.

use serde_json::Value;

use super::accept::MetaVersion;
use super::fields;
use crate::object::Object;

/// `PartialObjectMetadata` of an object.
pub(crate) fn object(version: MetaVersion, object: &Object) -> Value {
    let metadata = object.get("metadata").cloned().unwrap_or_else(|| fields([]));
    fields([
        ("kind", "PartialObjectMetadata".into()),
        ("apiVersion", version.api_version().into()),
        ("metadata", metadata),
    ])
}

/// `PartialObjectMetadataList` of objects, with the metadata of the list.
pub(crate) fn list<'a>(version: MetaVersion, metadata: Value, objects: impl Iterator<Item = &'a Object>) -> Value {
    fields([
        ("kind", "PartialObjectMetadataList".into()),
        ("apiVersion", version.api_version().into()),
        ("metadata", metadata),
        ("items", objects.map(|one| object(version, one)).collect()),
    ])
}
