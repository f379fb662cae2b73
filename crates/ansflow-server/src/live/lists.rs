//! Lists of clusters that are looked at: each is followed once, however many look at it. A change is encoded once and sent to
//! all as the same bytes; who comes, or was too slow, is sent all that there is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ansflow_kube::browse::live::{Change, Live};
use ansflow_kube::browse::rows::Row;
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout};

use crate::api::ObjectRow;
use crate::sse::{self, BEAT, HEARTBEAT};

/// So many lists are followed at once.
const MOST: usize = 64;
/// A list is followed for so long after the last who looked at it has gone.
const LINGERS: Duration = Duration::from_secs(30);
/// A message has no more rows.
const CHUNK: usize = 500;
/// Who is so many messages behind is sent everything anew.
const BEHIND: usize = 64;

/// Which list: cluster, its revision, kind, namespace, labels, fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Which {
    pub(crate) cluster: String,
    pub(crate) revision: u64,
    pub(crate) kind: String,
    pub(crate) namespace: Option<String>,
    pub(crate) labels: String,
    pub(crate) fields: String,
}

/// Lists that are followed.
#[derive(Debug, Default)]
pub(crate) struct Lists(Mutex<HashMap<Which, Arc<Hub>>>);

/// A list that is followed.
#[derive(Debug)]
struct Hub {
    seen: Mutex<Seen>,
    frames: broadcast::Sender<Bytes>,
}

/// What is known of it.
#[derive(Debug, Default)]
struct Seen {
    columns: Vec<String>,
    rows: HashMap<Box<str>, Arc<Row>>,
    /// Whether everything has come once.
    is_whole: bool,
    /// Why the cluster does not answer now.
    trouble: Option<String>,
    /// Why nothing more will come.
    over: Option<String>,
}

/// Somebody who looks at a list.
#[derive(Debug)]
pub(crate) struct Viewer {
    hub: Arc<Hub>,
    frames: broadcast::Receiver<Bytes>,
    /// What is to be sent first.
    first: std::vec::IntoIter<Bytes>,
    is_over: bool,
}

/// Rows that are new, or other than before.
#[derive(Serialize)]
struct RowsMessage<'a> {
    /// Whether what was sent before is to be forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    reset: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<&'a [String]>,
    rows: Vec<ObjectRow>,
    gone: &'a [Box<str>],
    /// Whether what was sent is all that there is.
    complete: bool,
}

impl Lists {
    /// Looks at a list; `follow` begins to follow it where nobody does yet. None: too many are being followed.
    pub(crate) fn look(self: &Arc<Self>, which: &Which, follow: impl FnOnce() -> Live) -> Option<Viewer> {
        let mut hubs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hub) = hubs.get(which) {
            return Some(Viewer::of(hub.clone()));
        }
        if hubs.len() >= MOST {
            return None;
        }
        let hub = Arc::new(Hub { seen: Mutex::default(), frames: broadcast::channel(BEHIND).0 });
        hubs.insert(which.clone(), hub.clone());
        tokio::spawn(hub.clone().run(follow(), self.clone(), which.clone()));
        Some(Viewer::of(hub))
    }
}

impl Hub {
    /// Follows until nobody looks any more.
    async fn run(self: Arc<Self>, mut live: Live, lists: Arc<Lists>, which: Which) {
        let mut alone_since = None;
        loop {
            match timeout(LINGERS / 6, live.next()).await {
                Ok(Some(change)) => self.take(change, live.columns()),
                Ok(None) => break self.forget(&lists, &which),
                Err(_) => {}
            }
            if self.frames.receiver_count() > 0 {
                alone_since = None;
                continue;
            }
            if alone_since.get_or_insert_with(Instant::now).elapsed() >= LINGERS {
                // Under the lock nobody begins to look.
                let mut hubs = lists.0.lock().unwrap_or_else(PoisonError::into_inner);
                if self.frames.receiver_count() == 0 {
                    hubs.remove(&which);
                    return;
                }
            }
        }
    }

    fn forget(&self, lists: &Lists, which: &Which) {
        lists.0.lock().unwrap_or_else(PoisonError::into_inner).remove(which);
    }

    fn take(&self, change: Change, columns: &[String]) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let frames = match change {
            Change::Rows { reset, rows, gone } => {
                let has_columns = seen.columns == columns;
                columns.clone_into(&mut seen.columns);
                if reset {
                    seen.rows.clear();
                    seen.is_whole = true;
                }
                seen.rows.extend(rows.iter().map(|row| (row.uid.clone(), row.clone())));
                gone.iter().for_each(|uid| drop(seen.rows.remove(uid)));
                if reset || !has_columns { seen.all() } else { vec![changed(&rows, &gone)] }
            }
            Change::Trouble(error) => {
                let message = error.to_string();
                let frame = said("trouble", &message);
                seen.trouble = Some(message);
                vec![frame]
            }
            Change::Known => {
                seen.trouble = None;
                vec![frame("known", &json!({}))]
            }
            Change::TooMany => {
                let most = ansflow_kube::browse::live::MOST;
                let message =
                    format!("there are more than {most} of them, too many to follow; choose a namespace or labels");
                let frame = said("end", &message);
                seen.over = Some(message);
                vec![frame]
            }
        };
        // Whoever is still there gets them; that nobody is, is no failure.
        frames.into_iter().for_each(|frame| drop(self.frames.send(frame)));
    }
}

impl Seen {
    /// All that there is.
    fn all(&self) -> Vec<Bytes> {
        let mut rows: Vec<&Arc<Row>> = self.rows.values().collect();
        rows.sort_by(|one, other| one.place().cmp(&other.place()));
        let chunks = rows.len().div_ceil(CHUNK).max(1);
        let message = |at: usize| {
            let rows = rows.iter().skip(at * CHUNK).take(CHUNK).map(|row| ObjectRow::from(&***row)).collect();
            let is_first = at == 0;
            frame(
                "rows",
                &RowsMessage {
                    reset: is_first.then_some(true),
                    columns: is_first.then_some(&self.columns),
                    rows,
                    gone: &[],
                    complete: at + 1 == chunks,
                },
            )
        };
        (0..chunks).map(message).collect()
    }

    /// What somebody who comes now is told.
    fn told(&self) -> Vec<Bytes> {
        let mut frames = if self.is_whole { self.all() } else { Vec::new() };
        frames.extend(self.trouble.as_deref().map(|message| said("trouble", message)));
        frames.extend(self.over.as_deref().map(|message| said("end", message)));
        frames
    }
}

impl Viewer {
    fn of(hub: Arc<Hub>) -> Viewer {
        let (frames, first) = Viewer::begin(&hub);
        Viewer { hub, frames, first, is_over: false }
    }

    fn begin(hub: &Hub) -> (broadcast::Receiver<Bytes>, std::vec::IntoIter<Bytes>) {
        let seen = hub.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing is sent while this lock is held: what is told now and what is sent then fit together.
        (hub.frames.subscribe(), seen.told().into_iter())
    }

    /// The next frame; none: the end.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.is_over {
                return None;
            }
            if let Some(frame) = self.first.next() {
                self.is_over = frame.starts_with(b"event: end");
                return Some(frame);
            }
            match timeout(HEARTBEAT, self.frames.recv()).await {
                Ok(Ok(frame)) => {
                    self.is_over = frame.starts_with(b"event: end");
                    return Some(frame);
                }
                Ok(Err(RecvError::Lagged(_))) => (self.frames, self.first) = Viewer::begin(&self.hub),
                Ok(Err(RecvError::Closed)) => return None,
                Err(_) => return Some(BEAT),
            }
        }
    }
}

fn changed(rows: &[Arc<Row>], gone: &[Box<str>]) -> Bytes {
    let rows = rows.iter().map(|row| ObjectRow::from(&**row)).collect();
    frame("rows", &RowsMessage { reset: None, columns: None, rows, gone, complete: true })
}

fn said(event: &str, message: &str) -> Bytes {
    frame(event, &json!({ "message": message }))
}

/// A stream of a list has no places to go on from: who comes again is sent everything.
fn frame(event: &str, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_vec(data).unwrap_or_default();
    sse::frame(Some(event), 0, &data).into()
}
