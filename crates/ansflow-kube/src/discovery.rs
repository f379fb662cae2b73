//! Which kinds a cluster serves: two requests, kept for five minutes, asked again by their ETag.

mod read;

use crate::cluster::Cluster;
use crate::error::Error;
use crate::kind::Kind;
use read::Group;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer is believed.
const FRESH: Duration = Duration::from_secs(300);

/// Not asked again sooner than this, however often a word is not found.
const SOONEST: Duration = Duration::from_secs(2);

/// The two places where kinds are told.
pub(crate) const PLACES: [&str; 2] = ["/api", "/apis"];

/// What a place told, and by which mark it can be asked whether it still does.
#[derive(Clone, Default)]
pub(crate) struct Place {
    pub(crate) etag: Option<String>,
    pub(crate) kinds: Arc<Vec<Kind>>,
}

#[derive(Clone)]
struct Known {
    at: Instant,
    places: [Place; 2],
    all: Arc<Vec<Kind>>,
}

/// What is known of a cluster's kinds.
#[derive(Default)]
pub(crate) struct Discovery {
    known: Mutex<Option<Known>>,
}

impl Discovery {
    pub(crate) fn forget(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = None;
    }

    pub(crate) async fn all(&self, cluster: &Cluster) -> Result<Arc<Vec<Kind>>, Error> {
        self.younger_than(cluster, FRESH).await
    }

    pub(crate) async fn called(&self, cluster: &Cluster, word: &str) -> Result<Kind, Error> {
        self.find(cluster, word, |kinds| {
            // Where several groups have the word, the cluster's own order decides, as for kubectl.
            kinds.iter().find(|kind| kind.is_called(word)).cloned()
        })
        .await
    }

    pub(crate) async fn of(
        &self,
        cluster: &Cluster,
        group: &str,
        version: Option<&str>,
        kind: &str,
    ) -> Result<Kind, Error> {
        let word = match (group, version) {
            ("", Some(version)) => format!("{kind} ({version})"),
            ("", None) => kind.to_owned(),
            (group, Some(version)) => format!("{kind} ({group}/{version})"),
            (group, None) => format!("{kind} ({group})"),
        };
        self.find(cluster, &word, |kinds| {
            let mut same = kinds.iter().filter(|known| known.group == group && known.kind == kind);
            match version {
                Some(version) => same.find(|known| known.version == version).cloned(),
                None => same.next().cloned(),
            }
        })
        .await
    }

    async fn find(&self, cluster: &Cluster, word: &str, pick: impl Fn(&[Kind]) -> Option<Kind>) -> Result<Kind, Error> {
        let mut all = self.all(cluster).await?;
        if let Some(kind) = pick(&all) {
            return Ok(kind);
        }
        // Its definition may be younger than what we know.
        all = self.younger_than(cluster, SOONEST).await?;
        pick(&all).ok_or_else(|| Error::UnknownKind { word: word.to_owned(), near: near(word, &all) })
    }

    async fn younger_than(&self, cluster: &Cluster, age: Duration) -> Result<Arc<Vec<Kind>>, Error> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = &known
            && known.at.elapsed() < age
        {
            return Ok(known.all.clone());
        }
        let old = known.map(|known| known.places).unwrap_or_default();
        let [core, groups] = PLACES;
        let (first, second) = futures_util::try_join!(cluster.groups(core, &old[0]), cluster.groups(groups, &old[1]))?;
        let all = Arc::new(first.kinds.iter().chain(second.kinds.iter()).cloned().collect::<Vec<_>>());
        let known = Known { at: Instant::now(), places: [first, second], all: all.clone() };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(all)
    }
}

/// The kinds of a document of discovery: every kind once for each version that serves it, the preferred first.
pub(crate) fn kinds(groups: &[Group]) -> Vec<Kind> {
    groups.iter().flat_map(Group::kinds).collect()
}

fn near(word: &str, kinds: &[Kind]) -> Option<String> {
    let word = word.split([' ', '.']).next().unwrap_or(word).to_lowercase();
    let names = kinds.iter().flat_map(|kind| [kind.plural.clone(), kind.singular.clone()]);
    let best =
        names.map(|name| (strsim::jaro_winkler(&word, &name), name)).max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(likeness, _)| *likeness > 0.85).map(|(_, name)| name)
}

pub(crate) use read::GroupList;
