//! One client for each cluster and each revision of its settings, for a process that knows many.

use crate::access::Access;
use crate::cluster::Cluster;
use crate::connect::Limits;
use crate::error::Error;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The clusters that were asked for, by id. A changed revision takes the place of the one before, whose connections end when
/// the last request over them does.
#[derive(Default)]
pub struct Clients {
    known: Mutex<HashMap<String, (i64, Arc<Cluster>)>>,
}

impl Clients {
    /// Nobody was asked yet.
    #[must_use]
    pub fn new() -> Clients {
        Clients::default()
    }

    /// The client of a cluster; `access` is asked for where there is none of this revision.
    pub fn get(
        &self,
        id: &str,
        revision: i64,
        limits: &Limits,
        access: impl FnOnce() -> Result<Access, Error>,
    ) -> Result<Arc<Cluster>, Error> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cluster)) = known.get(id).filter(|(known, _)| *known == revision) {
            return Ok(cluster.clone());
        }
        let cluster = Arc::new(Cluster::connect(&access()?, limits)?);
        known.insert(id.to_owned(), (revision, cluster.clone()));
        Ok(cluster)
    }

    /// The client of a cluster, where there is one of this revision.
    #[must_use]
    pub fn known(&self, id: &str, revision: i64) -> Option<Arc<Cluster>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(id).filter(|(known, _)| *known == revision).map(|(_, cluster)| cluster.clone())
    }

    /// Forgets a cluster: it was removed, or what is known of it is not to be believed any more.
    pub fn forget(&self, id: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

impl std::fmt::Debug for Clients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Clients({})", known.len())
    }
}
