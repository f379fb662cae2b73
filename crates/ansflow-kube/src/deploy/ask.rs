//! A cluster asked with patience: what may pass is asked again until the deploy's time is up, and the log says so once.

use crate::cluster::watch::Backoff;
use crate::cluster::{Apply, Cluster, Delete, Written};
use crate::error::Error;
use crate::explain::refused;
use crate::object::{Key, Obj};
use ansflow_core::verdict::Cause;
use std::sync::{Mutex, PoisonError};
use tokio::time::{Instant, sleep};

/// Who asks, until when, and who hears of gaps.
pub struct Asker<'a> {
    pub(super) cluster: &'a Cluster,
    until: Instant,
    tell: &'a (dyn Fn(&str) + Sync),
    /// Since when nobody answers.
    gap: Mutex<Option<Instant>>,
}

impl<'a> Asker<'a> {
    /// Asks `cluster` until `until`; `tell` takes lines for the log.
    pub fn new(cluster: &'a Cluster, until: Instant, tell: &'a (dyn Fn(&str) + Sync)) -> Asker<'a> {
        Asker { cluster, until, tell, gap: Mutex::new(None) }
    }

    /// The same with another time to be up.
    #[must_use]
    pub fn until(&self, until: Instant) -> Asker<'a> {
        Asker::new(self.cluster, until, self.tell)
    }

    pub(super) fn tell(&self, line: &str) {
        (self.tell)(line);
    }

    pub(super) async fn get(&self, key: &Key, version: Option<&str>) -> Result<Option<Obj>, Error> {
        self.patiently(async || {
            let kind = self.cluster.kind_of(&key.group, version, &key.kind).await?;
            self.cluster.get_as(&kind, key.namespace.as_deref(), &key.name).await
        })
        .await
    }

    pub(super) async fn apply(&self, object: &Obj, how: Apply) -> Result<Written, Error> {
        self.patiently(async || self.cluster.apply(object, how).await).await
    }

    pub(super) async fn put(&self, object: &Obj) -> Result<Written, Error> {
        self.patiently(async || self.cluster.put(object, false).await).await
    }

    pub(super) async fn delete(&self, key: &Key, how: &Delete) -> Result<bool, Error> {
        self.patiently(async || self.cluster.delete(key, how).await).await
    }

    /// Every question here may be asked twice: writes are applies, puts of a version, and deletions of a uid.
    pub(super) async fn patiently<T>(&self, ask: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
        let mut backoff = Backoff::default();
        loop {
            match ask().await {
                Err(error) if may_pass(&error) => {
                    let wait = backoff.next();
                    if Instant::now() + wait >= self.until {
                        return Err(error);
                    }
                    self.gone(&error);
                    sleep(wait).await;
                }
                answered => {
                    if answered.as_ref().err().is_none_or(|error| error.answer().is_some()) {
                        self.back();
                    }
                    return answered;
                }
            }
        }
    }

    fn gone(&self, error: &Error) {
        let mut gap = self.gap.lock().unwrap_or_else(PoisonError::into_inner);
        if gap.is_none() {
            *gap = Some(Instant::now());
            self.tell(&format!("{error}; it is asked again"));
        }
    }

    fn back(&self) {
        let since = self.gap.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(since) = since {
            self.tell(&format!("the cluster answers again after {} s", since.elapsed().as_secs().max(1)));
        }
    }
}

/// Whether the same question may have another answer soon: nobody answered, or was too busy to.
fn may_pass(error: &Error) -> bool {
    match error.answer() {
        Some(answer) if answer.code == 429 => true,
        // Not every 500 is one: an unknown field and a webhook's refusal are told by it, too.
        Some(answer) => Obj::new(serde_json::json!({}))
            .is_some_and(|nothing| refused(answer, &nothing).cause == Some(Cause::ClusterUnreachable)),
        None => error.may_pass(),
    }
}
