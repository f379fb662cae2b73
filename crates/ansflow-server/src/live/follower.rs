//! Somebody who follows the output of a step.

use std::sync::Arc;

use ansflow_core::plan::StepIndex;
use ansflow_store::changes::Listener;
use ansflow_store::output::LogEnd;
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::chunk;
use super::hub::{Hub, Progress, Which};
use crate::App;
use crate::sse::{BEAT, HEARTBEAT};

/// So many frames may wait for a follower's socket; the next one is made when the first is gone.
const IN_FLIGHT: usize = 2;

/// See the module.
pub(crate) struct Follower {
    app: App,
    run: String,
    step: StepIndex,
    /// Which attempt; none: the latest one.
    attempt: Option<u32>,
    /// Where the next chunk begins.
    at: u64,
    place: Place,
    in_flight: Arc<Semaphore>,
}

enum Place {
    /// The attempt has not begun.
    Before(Listener),
    Following(Arc<Hub>, watch::Receiver<Progress>),
    /// The last frame was sent.
    Behind,
}

/// A frame that counts until it has left.
struct Sending {
    frame: Bytes,
    _counts: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Sending {
    fn as_ref(&self) -> &[u8] {
        &self.frame
    }
}

impl Follower {
    /// Follows from the byte `at` on. The step is there.
    pub(crate) fn new(app: App, run: String, step: StepIndex, attempt: Option<u32>, at: u64) -> Follower {
        // Listen first, then look: what begins in between is news.
        let place = Place::Before(app.store().changes().listen(&run));
        Follower { app, run, step, attempt, at, place, in_flight: Arc::new(Semaphore::new(IN_FLIGHT)) }
    }

    /// The next frame; none: the end. What goes wrong ends the stream, and the client comes again.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        let frame = self.frame().await?;
        let counts = Arc::clone(&self.in_flight).acquire_owned().await.ok()?;
        Some(Bytes::from_owner(Sending { frame, _counts: counts }))
    }

    async fn frame(&mut self) -> Option<Bytes> {
        loop {
            match &mut self.place {
                Place::Before(listener) => {
                    let history = self.app.live().run(self.app.store(), &self.run).await.ok()?;
                    let tries = &history.steps.get(self.step)?.tries;
                    let found = match self.attempt {
                        Some(number) => tries.iter().find(|made| made.number == number),
                        None => tries.last(),
                    };
                    if let Some(made) = found {
                        let which = Which { run: self.run.clone(), step: self.step, attempt: made.number };
                        let hub = self.app.live().hubs.follow(&self.app, &which);
                        let progress = hub.progress();
                        self.place = Place::Following(hub, progress);
                    } else if history.run.step(self.step).finished().is_some() {
                        self.place = Place::Behind;
                        return Some(chunk::end(self.attempt.unwrap_or(1), self.at));
                    } else if tokio::time::timeout(HEARTBEAT, listener.changed()).await.is_err() {
                        return Some(BEAT);
                    }
                }
                Place::Following(hub, progress) => {
                    // How far it is before it is read: what comes meanwhile is news.
                    let Progress { len, ended } = *progress.borrow_and_update();
                    let end = if ended { LogEnd::Final } else { LogEnd::Growing };
                    if self.at < len
                        && let Some(chunk) = hub.chunk(self.at, end).await.ok()?
                    {
                        self.at = chunk.next;
                        return Some(chunk.frame);
                    }
                    if ended {
                        let end = chunk::end(hub.attempt(), self.at);
                        self.place = Place::Behind;
                        return Some(end);
                    }
                    if tokio::time::timeout(HEARTBEAT, progress.changed()).await.is_err() {
                        return Some(BEAT);
                    }
                }
                Place::Behind => return None,
            }
        }
    }
}
