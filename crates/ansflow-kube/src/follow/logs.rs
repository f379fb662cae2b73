//! The last words of containers that died, read as often as they die.

use super::say::Sayer;
use crate::cluster::{Cluster, PodLog};
use crate::error::Error;
use crate::explain::LogWish;
use crate::monitor::Tail;
use crate::world::{Log, World};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::HashMap;
use std::time::Duration;

/// How many lines are read.
const LINES: u32 = 40;

/// How many bytes are read at most.
const BYTES: u64 = 16 * 1024;

/// How many are read at once.
const AT_ONCE: usize = 4;

/// How many containers are read at all; the thousandth says what the first one said.
const CONTAINERS: usize = 24;

/// How long reading may take.
const TIME: Duration = Duration::from_secs(5);

pub(super) struct Logs {
    cluster: Cluster,
    /// After how many deaths it was read, by namespace, pod and container.
    read: HashMap<(String, String, String), usize>,
    under_way: FuturesUnordered<BoxFuture<'static, Read>>,
}

pub(super) struct Read {
    wish: LogWish,
    log: Log,
}

impl Logs {
    pub(super) fn new(cluster: Cluster) -> Logs {
        Logs { cluster, read: HashMap::new(), under_way: FuturesUnordered::new() }
    }

    /// Begins to read what was not read since its last death.
    pub(super) fn wish(&mut self, wishes: &[LogWish]) {
        for wish in wishes {
            let place = (wish.namespace.clone(), wish.pod.clone(), wish.container.clone());
            let is_known = self.read.contains_key(&place);
            let is_read = self.read.get(&place).is_some_and(|deaths| *deaths >= wish.deaths);
            let is_full = self.under_way.len() >= AT_ONCE || (!is_known && self.read.len() >= CONTAINERS);
            if !is_read && !is_full {
                self.read.insert(place, wish.deaths);
                let (cluster, wish) = (self.cluster.clone(), wish.clone());
                self.under_way.push(Box::pin(async move { Read { log: log(&cluster, &wish).await, wish } }));
            }
        }
    }

    pub(super) async fn next(&mut self) -> Option<Read> {
        self.under_way.next().await
    }

    pub(super) fn take(&mut self, read: Read, world: &mut World, sayer: &Sayer<'_>) {
        let Read { wish, log } = read;
        if log == Log::default() {
            // Nothing could be read: it is asked for again.
            self.read.remove(&(wish.namespace, wish.pod, wish.container));
            return;
        }
        for (text, previous) in [(&log.previous, true), (&log.current, false)] {
            if let Some(text) = text.as_deref().filter(|text| !text.is_empty()) {
                let lines = text.lines().map(str::to_owned).collect();
                sayer.log(Tail { pod: wish.pod.clone(), container: wish.container.clone(), previous, lines });
            }
        }
        world.see_log(&wish.pod, &wish.container, log);
    }
}

async fn log(cluster: &Cluster, wish: &LogWish) -> Log {
    let (current, previous) = futures_util::join!(text(cluster, wish, false), text(cluster, wish, true));
    Log { current, previous }
}

async fn text(cluster: &Cluster, wish: &LogWish, previous: bool) -> Option<String> {
    let asked = PodLog {
        namespace: wish.namespace.clone(),
        pod: wish.pod.clone(),
        container: wish.container.clone(),
        previous,
        tail: Some(LINES),
        limit_bytes: Some(BYTES),
        ..PodLog::default()
    };
    let read = tokio::time::timeout(TIME, whole(cluster, &asked)).await;
    match read {
        Ok(Ok(text)) => Some(text),
        Ok(Err(error)) => {
            tracing::debug!(%error, pod = %wish.pod, "a log that cannot be read");
            None
        }
        Err(_) => None,
    }
}

/// A log that ends, as text.
pub(crate) async fn whole(cluster: &Cluster, asked: &PodLog) -> Result<String, Error> {
    let mut lines = cluster.log(asked).await?;
    let mut text = String::new();
    while let Some(line) = lines.next().await? {
        text.push_str(&String::from_utf8_lossy(&line.bytes));
        if !line.is_cut {
            text.push('\n');
        }
    }
    Ok(text)
}
