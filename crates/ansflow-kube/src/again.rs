//! Asking again, where nobody answers: until whoever waits gives up.

use crate::cluster::Cluster;
use crate::cluster::watch::Backoff;
use crate::error::Error;
use crate::sink::Sink;
use tokio::time::Instant;

/// Asks until there is an answer, be it a refusal. Only for what may be asked twice: who does not hear an answer may have been
/// heard nevertheless. It never gives up by itself.
pub(crate) async fn again<T, F>(cluster: &Cluster, sink: &dyn Sink, mut ask: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let (mut backoff, mut since) = (Backoff::default(), None);
    loop {
        let error = match ask().await {
            Err(error) if error.may_pass() => error,
            answer => {
                if let Some(since) = since.as_ref().map(Instant::elapsed) {
                    sink.line(&format!("{} answers again after {} s", cluster.host(), since.as_secs()));
                }
                return answer;
            }
        };
        if since.is_none() {
            sink.line(&format!("{error}; it is asked again"));
            since = Some(Instant::now());
        }
        match error {
            Error::Refused(refused) if refused.retry_after.is_some() => {
                tokio::time::sleep(refused.retry_after.unwrap_or_default()).await;
            }
            _ => backoff.wait().await,
        }
    }
}
