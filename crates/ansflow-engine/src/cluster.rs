//! Clusters that steps may name, and how each is reached.

use std::path::PathBuf;
use std::sync::Arc;

use ansflow_kube::Access;

use crate::fleet::Fetch;

/// A cluster.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownCluster {
    /// What steps call it: its name first, then its id.
    pub names: Vec<String>,
    /// How it is reached, and as whom.
    pub access: Access,
    /// It is a simulated one, and all that is told of it says so.
    pub simulated: bool,
    /// Programs that an administrator allows to be run for its token, by absolute path.
    pub allowed_exec: Vec<PathBuf>,
}

impl KnownCluster {
    /// Those that stay as they are, because a command line named them.
    #[must_use]
    pub fn given(clusters: Vec<KnownCluster>) -> Fetch<Vec<KnownCluster>> {
        Arc::new(move || {
            let clusters = clusters.clone();
            Box::pin(async { Ok(clusters) })
        })
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

impl std::fmt::Debug for KnownCluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KnownCluster({:?}, {}, [hidden])", self.names, self.access.host())
    }
}
