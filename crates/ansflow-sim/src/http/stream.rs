//! Watches, carried out: lines as the client takes them, bookmarks now and then, and an end.
//!
//! The body is pulled. A client that does not read holds up nobody: its position falls behind the log, and it is told so.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::answer::{Broken, Response, headed};
use super::cut::Cut;
use super::over;
use crate::api::watch::{Next, Watch};
use crate::faults::http::WatchFault;
use crate::sim::Sim;
use crate::stream::Logs;

/// How often a watcher that wants to know is told how far it has come.
const BOOKMARKS: Duration = Duration::from_secs(60);
/// How long before its end it is told so for the last time.
const LAST_BOOKMARK: Duration = Duration::from_secs(2);

struct Telling {
    sim: Sim,
    watch: Watch,
    news: Receiver<u64>,
    stopping: Receiver<bool>,
    ends: Instant,
    bookmark: Option<Instant>,
    over: bool,
    /// How it ends before its time.
    cut: Option<Cut>,
}

/// The response of a watch.
pub(super) fn watch(sim: &Sim, watch: Watch, fault: Option<&WatchFault>) -> Response {
    let now = Instant::now();
    let cut = fault.map(Cut::new);
    let ends = now + cut.as_ref().and_then(Cut::after).unwrap_or(watch.timeout).min(watch.timeout);
    let telling = Telling {
        news: sim.store().changes(),
        stopping: sim.stopping(),
        ends,
        bookmark: watch.bookmarks.then(|| next_bookmark(now, ends)).flatten(),
        over: false,
        cut,
        sim: sim.clone(),
        watch,
    };
    let lines = stream::unfold(telling, |mut telling| async {
        let line = cut_short(&mut telling).await?;
        Some((line.map(Frame::data), telling))
    });
    headed(sim, 200, "application/json", StreamBody::new(lines).boxed_unsync())
}

/// What comes next, where it does not end before its time.
async fn cut_short(telling: &mut Telling) -> Option<Result<Bytes, Broken>> {
    if !telling.cut.as_ref().is_some_and(Cut::is_due) {
        if let Some(lines) = next(telling).await {
            return Some(Ok(match &mut telling.cut {
                Some(cut) => cut.of(lines),
                None => lines,
            }));
        }
        let by_rule = telling.cut.as_ref().is_some_and(|cut| cut.after().is_some());
        if telling.over || !by_rule || Instant::now() < telling.ends {
            return None;
        }
    }
    // What was told before is on its way first: a connection that breaks forgets what it has not sent.
    tokio::task::yield_now().await;
    telling.over = true;
    telling.cut.take()?.last()
}

async fn next(telling: &mut Telling) -> Option<Bytes> {
    if telling.over {
        return None;
    }
    loop {
        // Looked at before the log is: a change between the two is not slept through.
        telling.news.borrow_and_update();
        match telling.watch.next(&telling.sim) {
            Next::Lines(lines) => return Some(lines),
            Next::Last(lines) => {
                telling.over = true;
                return Some(lines);
            }
            Next::Nothing => {}
        }
        let wake = telling.bookmark.unwrap_or(telling.ends).min(telling.ends);
        let slept = tokio::select! {
            _ = telling.news.changed() => false,
            () = over(&mut telling.stopping) => return None,
            () = tokio::time::sleep_until(wake) => true,
        };
        let now = Instant::now();
        if slept && now >= telling.ends {
            return None;
        }
        if slept {
            telling.bookmark = next_bookmark(now, telling.ends);
            return Some(telling.watch.bookmark(&telling.sim));
        }
    }
}

/// The response of a log: what there is at once, then what comes.
pub(super) fn logs(sim: &Sim, logs: Logs) -> Response {
    let reading = (sim.clone(), logs.log.news(), sim.stopping(), logs);
    let pieces = stream::unfold(reading, |(sim, mut news, mut stopping, mut logs)| async {
        loop {
            // Looked at before the log is: a line between the two is not slept through.
            news.borrow_and_update();
            let bytes = logs.next(sim.now_micros())?;
            if !bytes.is_empty() {
                let frame = Ok::<_, Broken>(Frame::data(Bytes::from(bytes)));
                return Some((frame, (sim, news, stopping, logs)));
            }
            tokio::select! {
                changed = news.changed() => changed.ok()?,
                () = over(&mut stopping) => return None,
            }
        }
    });
    headed(sim, 200, "text/plain", StreamBody::new(pieces).boxed_unsync())
}

/// When to tell next; never, where the last was told.
fn next_bookmark(now: Instant, ends: Instant) -> Option<Instant> {
    let last = ends.checked_sub(LAST_BOOKMARK)?;
    (now < last).then(|| last.min(now + BOOKMARKS))
}
