//! A claim for a volume.

use super::{Meta, or_default};
use serde::{Deserialize, Serialize};

/// A PersistentVolumeClaim.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Claim {
    /// Which.
    pub metadata: Meta,
    /// What is wanted.
    #[serde(deserialize_with = "or_default")]
    pub spec: ClaimSpec,
    /// What is.
    #[serde(deserialize_with = "or_default")]
    pub status: ClaimStatus,
}

/// What a claim is to be.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ClaimSpec {
    /// Who makes its volume; none means the cluster's default, empty means nobody.
    pub storage_class_name: Option<String>,
}

/// What a claim is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct ClaimStatus {
    /// `Pending`, `Bound` or `Lost`.
    #[serde(deserialize_with = "or_default")]
    pub phase: String,
}
