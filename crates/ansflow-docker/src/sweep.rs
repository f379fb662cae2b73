//! Removes containers whose attempts are over: those of one instance, and nothing else.

use crate::daemon::Daemon;
use crate::error::{Error, Result};
use crate::labels::{DETACHED, INSTANCE, Labels};
use crate::run::{self, Found};

/// What a sweep did.
#[derive(Debug, Default)]
pub struct Swept {
    /// What was removed.
    pub removed: Vec<Found>,
    /// What could not be, and why.
    pub failed: Vec<(Found, Error)>,
}

/// Removes the containers of this instance for which `is_over` says so; those that were left running on purpose stay.
///
/// Whoever calls looks at its attempts *after* the list was made: a container is asked about when its attempt, which was
/// there before it, has been seen or is over.
pub async fn sweep(daemon: &Daemon, instance: &str, is_over: impl Fn(&Labels) -> bool) -> Result<Swept> {
    if instance.is_empty() {
        return Err(Error::invalid("the instance", instance, "without one nothing may be removed"));
    }
    let mine = Labels::from([(INSTANCE.to_owned(), instance.to_owned())]);
    let mut swept = Swept::default();
    for found in run::find(daemon, &mine).await? {
        let is_mine = found.labels.get(INSTANCE).is_some_and(|label| label == instance);
        if !is_mine || found.labels.contains_key(DETACHED) || !is_over(&found.labels) {
            continue;
        }
        match run::remove(daemon, &found.id).await {
            Ok(()) => swept.removed.push(found),
            Err(error) => swept.failed.push((found, error)),
        }
    }
    Ok(swept)
}
