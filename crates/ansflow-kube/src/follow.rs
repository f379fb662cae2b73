//! Following a goal in a live cluster: watches tell the world, the world is looked at, until it is certain how it ends.
//!
//! One watch for each kind that matters, of the goal's namespaces only. While the cluster does not answer nothing is certain
//! and no grace runs; before a failure is declared the cluster is asked once more whether it is there at all.

mod feed;
mod gap;
mod logs;
mod record;
mod say;
mod source;
mod tell;

pub(crate) use logs::whole;
pub(crate) use record::Record;

use crate::Millis;
use crate::cluster::Cluster;
use crate::error::Error;
use crate::goal::Goal;
use crate::kind::Kind;
use crate::patience::PATIENCE;
use crate::sink::{Sink, Stop};
use crate::track::{State, Track};
use crate::world::World;
use ansflow_core::verdict::{Cause, End, Verdict};
use feed::Feed;
use futures_util::FutureExt as _;
use gap::Gaps;
use logs::Logs;
use say::Sayer;
use source::Fed;
use std::pin::pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tell::Teller;

/// What comes within this is looked at together: kinds arrive in any order.
const TOGETHER: Millis = 20;

/// How many times longer than a look took nobody looks again: at most a fifth of the time goes into looking.
const REST: u32 = 4;

/// The bounds of that.
const SHORTEST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_secs(2);

/// How long it may be silent before it is asked whether the cluster is there.
const SILENCE: Millis = 10_000;

/// How fresh a sign of life must be for a failure to be declared.
const ALIVE: Millis = 200;

/// How long the answer to that question may take.
const ANSWER: Duration = Duration::from_secs(3);

/// How many news are taken at once.
const AT_ONCE: usize = 2_000;

/// How a following ended, and what was seen until then, of which evidence is made.
pub struct Followed {
    /// How it ended.
    pub verdict: Verdict,
    pub(crate) world: World,
    pub(crate) goal: Goal,
    pub(crate) record: Record,
    /// How long it took.
    pub(crate) took: Millis,
}

/// The time of this process, as [`Goal::since`] counts it.
#[must_use]
pub fn now() -> Millis {
    Millis::try_from(origin().elapsed().as_millis()).unwrap_or(Millis::MAX)
}

fn origin() -> Instant {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    // A moment before it was first asked for, so that there is a before.
    *ORIGIN.get_or_init(|| Instant::now().checked_sub(Duration::from_secs(1)).unwrap_or_else(Instant::now))
}

/// Follows a goal until it is certain how it ends, or somebody ends it.
pub async fn follow(cluster: &Cluster, goal: Goal, sink: &dyn Sink, stop: impl Future<Output = Stop>) -> Followed {
    let mut run = Run::new(cluster, goal, sink);
    let mut stop = pin!(stop);
    let ended = tokio::select! {
        biased;
        verdict = Box::pin(run.go()) => Ok(verdict),
        stop = &mut stop => Err(stop),
    };
    let verdict = match ended {
        Ok(verdict) => verdict,
        Err(Stop::Deadline) => run.track.deadline(&run.world, now()),
        Err(Stop::Cancelled) => run.cancelled(),
    };
    run.sayer.end(&run.track, &run.world);
    let took = now().saturating_sub(run.goal.since);
    Followed { verdict, world: run.world, goal: run.goal, record: run.teller.into_record(), took }
}

struct Run<'a> {
    cluster: &'a Cluster,
    goal: Goal,
    world: World,
    track: Track,
    feed: Feed,
    teller: Teller,
    logs: Logs,
    gaps: Gaps,
    sayer: Sayer<'a>,
    /// Since when there is something to look at.
    news_since: Option<Millis>,
    /// Not to be looked at before.
    rest_until: Millis,
    /// When the cluster last said anything.
    heard: Millis,
}

impl<'a> Run<'a> {
    fn new(cluster: &'a Cluster, goal: Goal, sink: &'a dyn Sink) -> Run<'a> {
        Run {
            cluster,
            world: World::new(),
            track: Track::new(goal.clone(), &PATIENCE),
            feed: Feed::default(),
            teller: Teller::new(cluster, &goal),
            logs: Logs::new(cluster.clone()),
            gaps: Gaps::default(),
            sayer: Sayer::new(sink),
            news_since: None,
            rest_until: Millis::MIN,
            heard: now(),
            goal,
        }
    }

    async fn go(&mut self) -> Verdict {
        if self.goal.wants.is_empty()
            && let State::Over(verdict) = self.track.update(&self.world, now())
        {
            return *verdict;
        }
        if let Err(verdict) = self.open().await {
            return *verdict;
        }
        loop {
            let wake = tokio::time::Instant::from_std(at(self.wake()));
            tokio::select! {
                Some((source, fed)) = self.feed.next() => self.hear(source, fed),
                Some(read) = self.logs.next() => {
                    self.logs.take(read, &mut self.world, &self.sayer);
                    self.news_since.get_or_insert(now());
                }
                () = tokio::time::sleep_until(wake) => {}
            }
            if let Some(verdict) = self.turn().await {
                return verdict;
            }
        }
    }

    /// Opens the watches. A kind that the cluster does not know is the end.
    async fn open(&mut self) -> Result<(), Box<Verdict>> {
        let mut backoff = crate::cluster::watch::Backoff::default();
        loop {
            match Feed::open(self.cluster, &self.goal).await {
                Ok(feed) => {
                    self.feed = feed;
                    return Ok(());
                }
                Err(error) if error.may_pass() => {
                    self.gaps.begin(&error, now(), &mut self.track);
                    self.gaps.say(now(), &self.sayer);
                    backoff.wait().await;
                }
                Err(error) => return Err(Box::new(error.verdict(self.goal.object()))),
            }
        }
    }

    /// When something is to be done though nothing comes.
    fn wake(&self) -> Millis {
        // What is not known is not looked at.
        let known = self.feed.is_known();
        let look = self.news_since.filter(|_| known).map(|since| since.saturating_add(TOGETHER).max(self.rest_until));
        let due = self.track.next().filter(|_| known).map(|due| due.max(self.rest_until));
        let silent = self.heard.saturating_add(SILENCE);
        [look, due, self.sayer.due(), self.gaps.due(), Some(silent)].into_iter().flatten().min().unwrap_or(silent)
    }

    fn hear(&mut self, source: usize, fed: Fed) {
        self.take(source, fed);
        for _ in 0..AT_ONCE {
            match self.feed.next().now_or_never() {
                Some(Some((source, fed))) => self.take(source, fed),
                Some(None) | None => break,
            }
        }
    }

    fn take(&mut self, source: usize, fed: Fed) {
        let now = now();
        if !self.feed.note(source, &fed) {
            return;
        }
        if !fed.is_unknown() {
            self.heard = now;
        }
        self.news_since.get_or_insert(now);
        self.teller.tell(source, fed, now, &mut self.world, &self.feed, &self.sayer);
    }

    /// After news, and when a time has come.
    async fn turn(&mut self) -> Option<Verdict> {
        let now = now();
        if let Some(refused) = self.feed.refused(now) {
            return Some(refused.verdict(self.goal.object()));
        }
        self.teller.begin(now, &mut self.world, &self.feed, &self.sayer);
        self.gaps.see(&self.feed, now, &mut self.track, &mut self.teller, &self.sayer);
        self.gaps.say(now, &self.sayer);
        if now >= self.heard.saturating_add(SILENCE) {
            self.ask_for_life().await;
        }
        let is_due = self.track.next().is_some_and(|due| due <= now);
        let has_news = self.news_since.is_some_and(|since| now >= since.saturating_add(TOGETHER));
        let ended = match self.feed.is_known() && (has_news || is_due) && now >= self.rest_until {
            true => self.look().await,
            false => None,
        };
        self.sayer.say(&self.track, &self.world);
        ended
    }

    async fn look(&mut self) -> Option<Verdict> {
        self.news_since = None;
        let began = Instant::now();
        let state = self.track.update(&self.world, now());
        let rest = began.elapsed().saturating_mul(REST).clamp(SHORTEST, LONGEST);
        self.rest_until = now().saturating_add(Millis::try_from(rest.as_millis()).unwrap_or_default());
        self.sayer.looked();
        match state {
            State::Over(verdict) if verdict.outcome == End::Ready || self.is_alive().await => Some(*verdict),
            State::Over(_) => None,
            State::Going => {
                self.logs.wish(self.track.wants_logs());
                if !self.track.suspicions().is_empty() {
                    self.feed.look_closer(self.cluster).await;
                }
                None
            }
        }
    }

    /// Whether what the world shows can be believed: the cluster spoke just now, or answers.
    async fn is_alive(&mut self) -> bool {
        now() < self.heard.saturating_add(ALIVE) || self.ask_for_life().await
    }

    /// Asks the cluster anything. Who does not answer is not known any more, and all watches begin anew: they may hang.
    async fn ask_for_life(&mut self) -> bool {
        let Some(key) = self.goal.wants.first().map(|want| want.key.clone()) else { return true };
        let error = match tokio::time::timeout(ANSWER, self.cluster.get(&key)).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => error.may_pass().then_some(error),
            Err(_) => Some(self.cluster.no_answer(ANSWER)),
        };
        let Some(error) = error else {
            self.heard = now();
            return true;
        };
        self.gaps.begin(&error, self.heard, &mut self.track);
        self.feed.renew(&error);
        self.heard = now();
        false
    }

    fn cancelled(&self) -> Verdict {
        let waited = &self.track.waiting().r#for;
        let words = crate::text::short(&format!("cancelled while it waited for {waited}"), 160);
        Verdict::failed(Cause::Cancelled, self.goal.object(), words)
    }
}

/// A moment of our clock as the system has it.
fn at(moment: Millis) -> Instant {
    origin() + Duration::from_millis(u64::try_from(moment).unwrap_or_default())
}

/// The kind of a key.
async fn kind_of(cluster: &Cluster, key: &crate::object::Key) -> Result<Kind, Error> {
    cluster.kind_of(&key.group, None, &key.kind).await
}
