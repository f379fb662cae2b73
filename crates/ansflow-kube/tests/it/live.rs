//! What a live cluster says, real or simulated.

mod guard;
pub(crate) mod objects;
mod program;
mod streams;
mod tls;
mod watches;

use ansflow_kube::access::{Auth, Tls};
use ansflow_kube::{Access, Cluster, Limits};
use ansflow_sim::testing;
use zeroize::Zeroizing;

/// The access to the cluster of the tests, as its administrator.
pub(crate) async fn access() -> Access {
    let given = testing::Cluster::get().await.access();
    let auth = match (&given.certificate, &given.token) {
        (Some((cert, key)), _) => Auth::Certificate { cert: cert.clone(), key: Zeroizing::new(key.clone()) },
        (None, Some(token)) => Auth::Token(Zeroizing::new(token.clone())),
        (None, None) => Auth::Nobody,
    };
    Access { auth, tls: Tls { roots: Some(given.ca.clone()), ..Tls::default() }, ..Access::new(given.server.clone()) }
}

/// The cluster of the tests.
pub(crate) async fn cluster() -> Cluster {
    Cluster::connect(&access().await, &Limits::with_loopback()).unwrap()
}
