//! Jobs in clusters whose attempts could not delete them: looked for in all clusters once in a while, and nobody else's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ansflow_kube::job::left::{self, Left};
use ansflow_kube::{Cluster, Error};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};
use jiff::{SignedDuration, Timestamp};

use super::after::connect;
use super::made::Made;
use super::pod;
use crate::cluster::KnownCluster;
use crate::folder::Folder;
use crate::spare::ATTEMPTS;

/// A cluster gets so long for all of it.
const PATIENCE: Duration = Duration::from_secs(60);
/// So many clusters are asked at once.
const AT_ONCE: usize = 8;
/// What belongs to a run that nobody knows is left alone for so long: perhaps it is known soon.
const UNKNOWN_FOR: SignedDuration = SignedDuration::from_hours(1);

/// Whose Jobs are looked for, and what is needed to tell whose attempts are over.
#[derive(Debug, Clone)]
pub(crate) struct Theirs {
    /// Nothing of another instance is ever deleted.
    pub(crate) instance: String,
    /// The folder in which runs have theirs.
    pub(crate) runs: PathBuf,
    /// Where it is looked.
    pub(crate) clusters: Vec<KnownCluster>,
    /// Whether a cluster may be this machine.
    pub(crate) allow_loopback: bool,
}

/// What was found in one cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Swept {
    /// What people call it.
    pub(crate) cluster: String,
    /// The objects that were deleted, or why nothing could be looked for.
    pub(crate) deleted: Result<Vec<String>, String>,
}

/// How a run stands, for whoever would delete what it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    Lives,
    HasEnded,
    Unknown,
}

/// Says it of a run: whether it has ended, or none where nobody knows it.
pub(crate) type Ended = dyn Fn(String) -> BoxFuture<'static, Option<bool>> + Send + Sync;

/// Deletes, in every cluster, what killed attempts of this instance left there. What belongs to a run or to an attempt that is
/// alive stays.
pub(crate) async fn sweep(theirs: &Theirs, ended: &Ended) -> Vec<Swept> {
    let mut places = noted(&theirs.runs);
    let mut asked: Vec<BoxFuture<'_, Swept>> = Vec::new();
    for known in &theirs.clusters {
        let noted = known.names.iter().find_map(|name| places.remove(name)).unwrap_or_default();
        asked.push(in_time(theirs, known, noted, ended).boxed());
    }
    stream::iter(asked).buffer_unordered(AT_ONCE).collect().await
}

async fn in_time(theirs: &Theirs, known: &KnownCluster, noted: BTreeSet<String>, ended: &Ended) -> Swept {
    let deleted = match tokio::time::timeout(PATIENCE, of_cluster(theirs, known, &noted, ended)).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err(format!("it did not do it within {} s", PATIENCE.as_secs())),
    };
    Swept { cluster: known.name().to_owned(), deleted }
}

async fn of_cluster(
    theirs: &Theirs,
    known: &KnownCluster,
    noted: &BTreeSet<String>,
    ended: &Ended,
) -> Result<Vec<String>, Error> {
    let cluster = connect(known, theirs.allow_loopback)?;
    let mut deleted = Vec::new();
    let mut runs: BTreeMap<String, Stands> = BTreeMap::new();
    for left in find(&cluster, &pod::of_instance(&theirs.instance), noted).await?.iter().filter(|left| !left.has_ended)
    {
        let Some(run) = left.labels.get(pod::RUN) else { continue };
        let stands = match runs.get(run) {
            Some(stands) => *stands,
            None => {
                let stands = match ended(run.clone()).await {
                    Some(true) => Stands::HasEnded,
                    Some(false) => Stands::Lives,
                    None => Stands::Unknown,
                };
                runs.insert(run.clone(), stands);
                stands
            }
        };
        if is_over(&theirs.runs, &left.labels, left.created, stands) && left::remove(&cluster, left).await? {
            deleted.push(format!("{} in {}", left.key.object(), left.key.namespace.as_deref().unwrap_or_default()));
        }
    }
    Ok(deleted)
}

/// In all namespaces; where these may not be looked through, in those where it is known that something may be.
async fn find(cluster: &Cluster, selector: &str, noted: &BTreeSet<String>) -> Result<Vec<Left>, Error> {
    let refused = match left::find(cluster, None, selector).await {
        Err(error) if error.code() == 403 => error,
        found => return found,
    };
    let own = cluster.default_namespace();
    let (mut found, mut was_allowed) = (Vec::new(), false);
    for namespace in noted.iter().map(String::as_str).filter(|name| *name != own).chain([own]) {
        match left::find(cluster, Some(namespace), selector).await {
            Ok(more) => {
                was_allowed = true;
                found.extend(more);
            }
            Err(error) if error.code() == 403 => {}
            Err(error) => return Err(error),
        }
    }
    if was_allowed { Ok(found) } else { Err(refused) }
}

/// The namespaces in which attempts have noted Jobs, by cluster.
fn noted(runs: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let folders = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for run in folders(runs) {
        for attempt in folders(&run.path().join(ATTEMPTS)) {
            if let Some(made) = Made::noted(&Folder::at(attempt.path())) {
                places.entry(made.cluster).or_default().insert(made.namespace);
            }
        }
    }
    places
}

/// Whether nobody wants it any more. What is not labelled as we do it is not ours to judge.
fn is_over(runs: &Path, labels: &BTreeMap<String, String>, created: Option<Timestamp>, run_stands: Stands) -> bool {
    let label = |name: &str| labels.get(name).filter(|value| !value.is_empty());
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(run), Some(step), Some(number)) = (label(pod::RUN), label(pod::STEP), label(pod::ATTEMPT)) else {
        return false;
    };
    if !crate::fleet::is_plain(run) || !is_number(step) || !is_number(number) {
        return false;
    }
    let is_old = || created.is_some_and(|created| Timestamp::now().duration_since(created) > UNKNOWN_FOR);
    match run_stands {
        Stands::Lives => false,
        Stands::Unknown if !is_old() => false,
        Stands::Unknown | Stands::HasEnded => {
            !crate::docker::lives(&Folder::at(runs.join(run).join(ATTEMPTS).join(format!("{step}-{number}"))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(changed: &[(&str, &str)], stands: Stands, hours: i64, expected: bool) {
        let runs = tempfile::tempdir().unwrap();
        let alive = Folder::at(runs.path().join("run_1").join(ATTEMPTS).join("0-1"));
        let dead = Folder::at(runs.path().join("run_1").join(ATTEMPTS).join("1-1"));
        alive.create().unwrap();
        dead.create().unwrap();
        let _owned = alive.try_own().unwrap().unwrap();
        let mut labels: BTreeMap<String, String> = [(pod::RUN, "run_1"), (pod::STEP, "1"), (pod::ATTEMPT, "1")]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .into();
        labels.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let created = Timestamp::now().checked_sub(SignedDuration::from_hours(hours)).ok();
        assert_eq!(is_over(runs.path(), &labels, created, stands), expected, "{changed:?} {stands:?} {hours}");
    }

    #[test]
    fn only_what_is_certainly_over_goes() {
        check(&[], Stands::HasEnded, 0, true);
        check(&[], Stands::Lives, 9, false);
        check(&[], Stands::Unknown, 0, false);
        check(&[], Stands::Unknown, 2, true);
        // Its run has ended, and it still ends itself.
        check(&[(pod::STEP, "0")], Stands::HasEnded, 9, false);
        check(&[(pod::RUN, "run_9")], Stands::HasEnded, 0, true);
    }

    #[test]
    fn labels_that_are_not_ours_lead_nowhere() {
        check(&[(pod::RUN, "")], Stands::HasEnded, 9, false);
        check(&[(pod::STEP, "")], Stands::HasEnded, 9, false);
        check(&[(pod::ATTEMPT, "x")], Stands::HasEnded, 9, false);
        check(&[(pod::STEP, "../../run_1/attempts/1")], Stands::HasEnded, 9, false);
        check(&[(pod::RUN, "../elsewhere")], Stands::HasEnded, 9, false);
    }
}
