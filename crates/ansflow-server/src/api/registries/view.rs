//! What is shown of a registry: never its password.

use ansflow_store::registries::{Check, Kind, Registry};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::times::time;

/// Whose registry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RegistryKind {
    /// Docker Hub.
    DockerHub,
    /// One of one's own, such as `distribution`.
    Private,
    /// Harbor.
    Harbor,
    /// Amazon's.
    Ecr,
    /// Google's.
    Gcr,
    /// Microsoft's.
    Acr,
}

/// What may be told of a registry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RegistryView {
    id: String,
    /// What steps call it; its `id` will do as well.
    pub(super) name: String,
    kind: RegistryKind,
    /// Host, port and path, without a scheme: `harbor.example.com/team`.
    address: String,
    /// Whether plain HTTP and certificates of nobody's will do.
    insecure: bool,
    /// Who signs in; empty: nobody.
    username: String,
    has_password: bool,
    /// Whether steps call it `default` too.
    is_default: bool,
    /// What came of asking it last, since it was changed.
    #[schema(required)]
    last_check: Option<RegistryCheck>,
    created_at: String,
    updated_at: String,
    updated_by: String,
}

/// What came of asking a registry whether it is there and lets us in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RegistryCheck {
    ok: bool,
    /// One sentence, with the cause where it does not.
    message: String,
    at: String,
}

impl From<Registry> for RegistryView {
    fn from(stored: Registry) -> RegistryView {
        RegistryView {
            id: stored.id,
            name: stored.name,
            kind: stored.kind.into(),
            insecure: stored.address.is_insecure(),
            address: stored.address.insecure(false).to_string(),
            username: stored.username,
            has_password: stored.has_password,
            is_default: stored.is_default,
            last_check: stored.last_check.map(RegistryCheck::from),
            created_at: time(stored.created_at),
            updated_at: time(stored.updated_at),
            updated_by: stored.updated_by,
        }
    }
}

impl From<Check> for RegistryCheck {
    fn from(check: Check) -> RegistryCheck {
        RegistryCheck { ok: check.ok, message: check.message, at: time(check.at) }
    }
}

impl From<Kind> for RegistryKind {
    fn from(kind: Kind) -> RegistryKind {
        match kind {
            Kind::DockerHub => RegistryKind::DockerHub,
            Kind::Private => RegistryKind::Private,
            Kind::Harbor => RegistryKind::Harbor,
            Kind::Ecr => RegistryKind::Ecr,
            Kind::Gcr => RegistryKind::Gcr,
            Kind::Acr => RegistryKind::Acr,
        }
    }
}

impl From<RegistryKind> for Kind {
    fn from(kind: RegistryKind) -> Kind {
        match kind {
            RegistryKind::DockerHub => Kind::DockerHub,
            RegistryKind::Private => Kind::Private,
            RegistryKind::Harbor => Kind::Harbor,
            RegistryKind::Ecr => Kind::Ecr,
            RegistryKind::Gcr => Kind::Gcr,
            RegistryKind::Acr => Kind::Acr,
        }
    }
}
