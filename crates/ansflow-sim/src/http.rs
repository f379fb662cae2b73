//! Bytes on sockets: TLS, HTTP/1.1 and HTTP/2, and answers that go on.

mod answer;
pub(crate) mod asked;
mod cut;
pub(crate) mod serve;
mod stream;
pub(crate) mod tls;
mod upgrade;

use tokio::sync::watch::Receiver;

/// Returns when the cluster stops.
pub(crate) async fn over(stopping: &mut Receiver<bool>) {
    // A cluster that is gone without having said so has stopped, too.
    let _stopped = stopping.wait_for(|stop| *stop).await;
}
