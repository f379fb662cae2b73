//! `/version`: which Kubernetes this claims to be, and that it is none.

use serde_json::{Value, json};

/// Valid for Helm's semantic versions, and says in every client that the cluster is simulated.
pub const GIT_VERSION: &str = "v1.34.9+ansflow.simulated";

/// The answer to `GET /version`.
pub(crate) fn version() -> Value {
    json!({
        "major": "1",
        "minor": "34",
        "emulationMajor": "1",
        "emulationMinor": "34",
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "33",
        "gitVersion": GIT_VERSION,
        "gitCommit": "ba6535cbb8719c3ba6c3923f2725ba050c87faab",
        "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z",
        "goVersion": "go1.25.5",
        "compiler": "gc",
        "platform": "linux/amd64",
    })
}
