//! Clusters as the server reaches them: one client for each, questions that are bounded in time and number, and what these
//! leave behind in the store. `serve` has [`keep`] run beside the requests.

mod keep;
mod look;

use std::sync::Arc;
use std::time::Duration;

use ansflow_kube::clients::Clients;
use ansflow_kube::credentials::{Credential, Place};
use ansflow_kube::{Access, Cluster, Error as KubeError};
use ansflow_store::Error as StoreError;
use ansflow_store::clusters::{Cluster as Stored, Opened};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

pub use self::keep::{TICK, keep};
pub(crate) use self::look::{Looked, code, help, look, look_at};
use crate::App;
use crate::api::kubernetes::refusal;
use crate::error::{ApiError, ApiResult};

/// So many clusters are asked how they are at once, for everybody together.
const AT_ONCE: usize = 8;
/// For a place among them.
const PATIENCE: Duration = Duration::from_secs(15);

/// The clients of a server, and who may ask now.
pub(crate) struct Reach {
    clients: Clients,
    places: Semaphore,
}

impl Default for Reach {
    fn default() -> Reach {
        Reach { clients: Clients::new(), places: Semaphore::new(AT_ONCE) }
    }
}

impl Reach {
    /// Its client is not used any more: it was changed or removed.
    pub(crate) fn forget(&self, id: &str) {
        self.clients.forget(id);
    }

    async fn place(&self) -> ApiResult<SemaphorePermit<'_>> {
        match timeout(PATIENCE, self.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => {
                Err(ApiError::too_many("too many clusters are being asked at once", PATIENCE.as_secs()))
            }
        }
    }
}

/// Everything that a cluster is reached with.
///
/// # Errors
/// [`StoreError::Corrupt`] when what was sealed is no credential.
pub fn access(opened: &Opened) -> Result<Access, StoreError> {
    let about = &opened.about;
    let corrupt = || StoreError::Corrupt(format!("the credential of cluster `{}` cannot be read", about.id));
    let credential = Credential::read(&opened.credential).ok_or_else(corrupt)?;
    Ok(credential.access(&place(about)))
}

/// What may be told of the way to a cluster.
pub(crate) fn place(about: &Stored) -> Place<'_> {
    Place {
        server: &about.server,
        ca: &about.ca,
        verify_tls: about.verify_tls,
        tls_server_name: &about.tls_server_name,
        proxy: &about.proxy,
        namespace: &about.namespace,
    }
}

impl App {
    /// The client of the cluster of this name or id. Nothing is asked yet.
    pub(crate) async fn cluster(&self, word: &str) -> ApiResult<Arc<Cluster>> {
        let stored = self.store().clusters(self.keyring());
        let about = stored.named(word).await?;
        let opened = stored.open(&about.id).await.map_err(sealed_otherwise)?;
        let access = access(&opened).map_err(sealed_otherwise)?;
        self.client(&opened, access).map_err(|error| refusal(&error))
    }

    fn client(&self, opened: &Opened, access: Access) -> Result<Arc<Cluster>, KubeError> {
        let revision = i64::try_from(opened.about.revision).unwrap_or(i64::MAX);
        self.reach().clients.get(&opened.about.id, revision, &self.config().clusters, || Ok(access))
    }
}

/// Of a credential that cannot be opened, whoever can mend it is told how.
pub(crate) fn sealed_otherwise(error: StoreError) -> ApiError {
    match error {
        StoreError::Corrupt(_) => {
            let why = "the cluster's credential was sealed with another key, or its row was changed by hand";
            ApiError::conflict("sealed_otherwise", why).help("enter the cluster's address and credential once more")
        }
        other => other.into(),
    }
}
