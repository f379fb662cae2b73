//! Image registries that steps may name, and how one signs in there.

use std::sync::Arc;

use ansflow_core::image::Address;

use crate::fleet::Fetch;

/// An image registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Registry {
    /// What steps call it: its name, its id.
    pub names: Vec<String>,
    /// Where it is.
    pub address: Address,
    /// Who signs in; none: whoever the machine's own Docker configuration says.
    pub username: Option<String>,
    /// With what.
    pub password: Option<String>,
    /// Whether it is meant where a push names none and its image has no host of its own. What is built, pulled and run
    /// under a bare name is Docker Hub's, as everywhere.
    pub is_default: bool,
}

impl Registry {
    /// Those that stay as they are, because a command line named them.
    #[must_use]
    pub fn given(registries: Vec<Registry>) -> Fetch<Vec<Registry>> {
        Arc::new(move || {
            let registries = registries.clone();
            Box::pin(async { Ok(registries) })
        })
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Registry({:?}, {}, [hidden])", self.names, self.address)
    }
}
