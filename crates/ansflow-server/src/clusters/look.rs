//! One look at a cluster: who we are, what it has, and if not, why; remembered.

use ansflow_kube::Error;
use ansflow_kube::check::{Checked, Count as KubeCount, check};
use ansflow_kube::connect::Why;
use ansflow_kube::keep::{Standing, standing};
use ansflow_store::Error as StoreError;
use ansflow_store::clusters::{Check, Count, Counts, Opened, Seen, State};

use super::{access, sealed_otherwise};
use crate::App;
use crate::error::ApiResult;

/// What a look found.
pub(crate) struct Looked {
    /// As it was when it was looked at.
    pub(crate) opened: Opened,
    /// What it says, or why not.
    pub(crate) found: Result<Checked, Error>,
}

/// Looks at a cluster; nothing is remembered yet.
pub(crate) async fn look(app: &App, id: &str) -> ApiResult<Looked> {
    let opened = app.store().clusters(app.keyring()).open(id).await.map_err(sealed_otherwise)?;
    let access = access(&opened).map_err(sealed_otherwise)?;
    let found = look_at(app, async || match app.client(&opened, access) {
        Ok(cluster) => check(&cluster).await,
        Err(error) => Err(error),
    });
    let found = found.await?;
    Ok(Looked { opened, found })
}

/// The same of one that need not be stored: not too many at once, and not for long.
pub(crate) async fn look_at(
    app: &App,
    question: impl AsyncFnOnce() -> Result<Checked, Error>,
) -> ApiResult<Result<Checked, Error>> {
    let _place = app.reach().place().await?;
    Ok(question().await)
}

impl Looked {
    /// What it counts as by this look alone.
    pub(crate) fn standing(&self) -> Standing {
        match &self.found {
            Ok(_) => Standing::Connected,
            Err(error) => standing(error),
        }
    }

    /// In one sentence.
    pub(crate) fn sentence(&self) -> String {
        match &self.found {
            Ok(checked) => checked.sentence(),
            Err(error) => error.to_string(),
        }
    }

    /// As it is remembered, where it counts as this.
    pub(crate) fn check(&self, standing: Standing, at: i64) -> Check {
        let state = match standing {
            Standing::Connected => State::Connected,
            Standing::Disconnected => State::Disconnected,
            Standing::Error => State::Error,
        };
        let code = self.found.as_ref().err().map(code).unwrap_or_default().to_owned();
        Check { at, state, code, message: self.sentence(), seen: self.found.as_ref().ok().map(seen) }
    }

    /// Remembers it.
    pub(crate) async fn keep(&self, app: &App, standing: Standing) -> Result<(), StoreError> {
        let about = &self.opened.about;
        let check = self.check(standing, app.now().as_millisecond());
        app.store().clusters(app.keyring()).checked(&about.id, about.revision, &check).await
    }
}

fn seen(checked: &Checked) -> Seen {
    let count = |count: KubeCount| Count { total: count.total, well: count.well };
    let counts = Counts { nodes: checked.nodes.map(count), pods: checked.pods.map(count) };
    let (version, username) = (checked.version.clone(), checked.username.clone());
    Seen { version, simulated: checked.simulated, username, counts }
}

/// Why a cluster is not connected, for programs.
pub(crate) fn code(error: &Error) -> &'static str {
    match error {
        Error::Trouble(trouble) => trouble.code(),
        Error::Refused(_) if error.code() == 403 => "forbidden",
        Error::Refused(_) => "refused_request",
        Error::Unreadable { .. } | Error::UnknownKind { .. } => "not_kubernetes",
    }
}

/// What to do about it.
pub(crate) fn help(error: &Error) -> Option<&'static str> {
    let Error::Trouble(trouble) = error else {
        return Some(
            "ask whoever keeps the cluster to allow this user `selfsubjectreviews`, which every user may by default",
        );
    };
    Some(match &trouble.why {
        Why::Dns(_) => "check the name in the server's address; it is looked up where AnsFlow runs",
        Why::Refused(_) => "check host and port, and whether the API server runs; 6443 and 443 are usual",
        Why::TimedOut { .. } => {
            "a firewall between AnsFlow and the cluster may drop what is sent; check the way, or name a proxy"
        }
        Why::Tls { .. } => {
            "give the CA that signed it (`certificate-authority-data` of the kubeconfig), or the name it is for"
        }
        Why::Unauthorized(_) => "give another credential: `kubectl create token NAME --duration 8760h`",
        Why::NotKubernetes(_) => "check the address: `kubectl cluster-info` prints the right one",
        Why::Proxy(_) => "check the proxy's address, and whether it lets through to the cluster",
        Why::Guard(_) => "give the cluster's own address; private networks are fine",
        Why::Credential(_) => "give the credential once more",
        Why::Broken(_) | Why::Other(_) => return None,
    })
}
