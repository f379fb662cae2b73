//! Waiting for what the next write needs: a definition that is served, an object that is gone. By watches, never by asking.

use super::apply::late;
use super::ask::Asker;
use crate::cluster::{News, Selector};
use crate::error::Error;
use crate::judge::{Readiness, judge};
use crate::object::{Key, Obj};
use ansflow_core::verdict::Verdict;
use futures_util::{StreamExt as _, future::try_join_all};
use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;

/// How long a definition may take to be served.
const SERVED: Duration = Duration::from_secs(30);
/// How long an object may take to go, whose finalizers others have to serve.
const GONE: Duration = Duration::from_secs(120);

/// Waits until definitions are served.
pub(super) async fn established(asker: &Asker<'_>, keys: &[&Key]) -> Result<(), Box<Verdict>> {
    try_join_all(keys.iter().map(|key| one(asker, key))).await.map(|_| ())
}

async fn one(asker: &Asker<'_>, key: &Key) -> Result<(), Box<Verdict>> {
    let object = key.object();
    let failed = |error: &Error| Box::new(error.verdict(Some(object.clone())));
    let kind = asker.cluster.kind_of(&key.group, None, &key.kind).await.map_err(|error| failed(&error))?;
    let served = async {
        let mut news = pin!(asker.cluster.watch::<Obj>(&kind, None, &Selector::name(&key.name)));
        while let Some(news) = news.next().await {
            let seen = match news {
                News::Restarted(all) => all.into_iter().next(),
                News::Changed(it) => Some(it),
                News::Gone(..) | News::Unknown(_) | News::Known => None,
            };
            match seen.map(|seen| judge(&seen)) {
                Some(Readiness::Ready { .. }) => return Ok(()),
                Some(Readiness::Failed { cause, why }) => {
                    let summary = crate::text::short(&format!("{object} is not served: {why}"), 160);
                    return Err(Box::new(Verdict::failed(cause, Some(object.clone()), summary)));
                }
                Some(Readiness::Progressing(_) | Readiness::Stuck(_) | Readiness::Unknown(_)) | None => {}
            }
        }
        Ok(())
    };
    let words = format!("is not served after {} s", SERVED.as_secs());
    timeout(SERVED, served).await.unwrap_or_else(|_| Err(late(&object, &words)))
}

/// Waits until the object of a uid is gone.
pub(super) async fn gone(asker: &Asker<'_>, key: &Key, uid: &str) -> Result<(), Error> {
    let kind = asker.patiently(async || asker.cluster.kind_of(&key.group, None, &key.kind).await).await?;
    let waited = async {
        let mut news = pin!(asker.cluster.watch::<Obj>(&kind, key.namespace.as_deref(), &Selector::name(&key.name)));
        while let Some(news) = news.next().await {
            match news {
                News::Restarted(all) if all.iter().all(|it| it.uid() != uid) => return,
                News::Gone(head, _) if head.uid == uid => return,
                News::Changed(it) if it.uid() != uid => return,
                News::Restarted(_) | News::Gone(..) | News::Changed(_) | News::Unknown(_) | News::Known => {}
            }
        }
    };
    let why = format!("it is still being deleted after {} s; a finalizer may hold it", GONE.as_secs());
    timeout(GONE, waited).await.map_err(|_| Error::Unreadable { asked: format!("DELETE {}", key.name), why })
}
