//! List and watch: what is there, then what changes, for ever. It speaks of gaps, takes slim forms, and never ends by itself.

mod backoff;
mod event;

use super::ask::{self, Ask};
use super::query::Query;
use super::{Cluster, Item, Lines, Page, Selector};
use crate::error::Error;
use crate::kind::Kind;
use crate::object::Obj;
pub(crate) use backoff::Backoff;
use event::{Both, Event};
use futures_util::Stream;
use futures_util::stream::unfold;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// How many objects a page of a list has.
const PAGE: u32 = 500;

/// How long a watch is asked to last, in seconds: a little less than the five minutes of some proxies.
const LASTS: u64 = 285;

/// How long its answer may take to begin.
const HEAD: Duration = Duration::from_secs(10);

/// The longest event: objects are limited to 3 MiB at most.
const LONGEST: usize = 16 * 1024 * 1024;

/// A watch that ends sooner than this did not do its work.
const SHORT: Duration = Duration::from_secs(1);

/// What a watch tells.
#[derive(Debug, Clone, PartialEq)]
pub enum News<T> {
    /// Everything that is there now: at first, and after a gap. What went away in the gap was told before.
    Restarted(Vec<T>),
    /// An object is new, or changed.
    Changed(T),
    /// An object is gone; with its last state, where somebody saw it.
    Gone(Head, Option<T>),
    /// From now on nothing is known; it is asked again and again. Told once for each gap, and again in it where a silence
    /// turns into a refusal that no time mends, or back.
    Unknown(Error),
    /// The gap is over: what is known is what is.
    Known,
}

/// Which object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(default)]
pub struct Head {
    /// Its namespace; empty for what belongs to the whole cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Which of that name.
    pub uid: String,
}

impl Cluster {
    /// Follows the objects of a kind, of one namespace or of all. It lasts as long as it is polled; what cannot be read as
    /// a `T` is left out.
    pub fn watch<T: Item>(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        selector: &Selector,
    ) -> impl Stream<Item = News<T>> + Send + 'static + use<T> {
        self.watch_as(kind, namespace, selector, ask::JSON, ask::JSON)
    }

    /// The same, names, labels and owners alone: what is in the objects does not travel.
    pub fn watch_names(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        selector: &Selector,
    ) -> impl Stream<Item = News<Obj>> + Send + 'static + use<> {
        self.watch_as(kind, namespace, selector, ask::METADATA_LIST, ask::METADATA)
    }

    fn watch_as<T: Item>(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        selector: &Selector,
        list_as: &'static str,
        watch_as: &'static str,
    ) -> impl Stream<Item = News<T>> + Send + 'static + use<T> {
        let watch = Watch {
            list_as,
            watch_as,
            cluster: self.clone(),
            kind: kind.clone(),
            path: kind.path(namespace),
            selector: selector.clone(),
            version: None,
            there: HashMap::new(),
            news: VecDeque::new(),
            open: None,
            gap: None,
            backoff: Backoff::default(),
        };
        unfold(watch, |mut watch| async move { Some((watch.next().await, watch)) })
    }
}

struct Watch<T> {
    list_as: &'static str,
    watch_as: &'static str,
    cluster: Cluster,
    kind: Kind,
    path: String,
    selector: Selector,
    /// From where it can go on; None where it must list anew.
    version: Option<String>,
    /// What is there, by uid.
    there: HashMap<String, (String, String)>,
    /// What is still to be told.
    news: VecDeque<News<T>>,
    open: Option<(Lines, Instant)>,
    /// Whether there is a gap, and whether it may pass by itself, as was told.
    gap: Option<bool>,
    backoff: Backoff,
}

impl<T: Item> Watch<T> {
    async fn next(&mut self) -> News<T> {
        loop {
            if let Some(news) = self.news.pop_front() {
                return news;
            }
            let done = match (&mut self.open, &self.version) {
                (Some((lines, _)), _) => match lines.next().await {
                    Ok(Some(line)) => self.take(&line.bytes),
                    // A connection that breaks is no gap, if the next one goes on where it ended.
                    Ok(None) | Err(_) => {
                        self.ended().await;
                        Ok(())
                    }
                },
                (None, Some(version)) => {
                    let version = version.clone();
                    self.begin(&version).await
                }
                (None, None) => self.list().await,
            };
            if let Err(error) = done {
                self.failed(error).await;
            }
        }
    }

    /// Everything that is there.
    async fn list(&mut self) -> Result<(), Error> {
        let (mut page, mut items, mut there) = (Page::first(PAGE), Vec::new(), HashMap::new());
        loop {
            let mut query = Query::of(&self.selector);
            query.page(&page);
            let mut ask = Ask::get(query.on(&self.path));
            ask.accept = self.list_as;
            let listed = self.cluster.listed::<Both<T>>(&self.kind, ask).await?;
            for Both { head, object } in listed.items {
                if T::REMEMBERED {
                    there.insert(head.uid, (head.namespace, head.name));
                }
                items.extend(object);
            }
            match listed.next {
                Some(next) => page.after = Some(next),
                None => {
                    self.version = Some(listed.version);
                    break;
                }
            }
        }
        for (uid, (namespace, name)) in std::mem::take(&mut self.there) {
            if !there.contains_key(&uid) {
                self.news.push_back(News::Gone(Head { namespace, name, uid }, None));
            }
        }
        self.there = there;
        self.news.push_back(News::Restarted(items));
        self.answered();
        Ok(())
    }

    /// Goes on from a version.
    async fn begin(&mut self, version: &str) -> Result<(), Error> {
        let mut query = Query::of(&self.selector);
        query.put("watch", "true");
        query.put("allowWatchBookmarks", "true");
        query.put("resourceVersion", version);
        query.put("timeoutSeconds", &LASTS.to_string());
        let mut ask = Ask::get(query.on(&self.path));
        ask.head = HEAD;
        ask.accept = self.watch_as;
        match self.cluster.lines(&ask, LONGEST).await {
            Ok(lines) => {
                self.open = Some((lines, Instant::now()));
                self.answered();
                Ok(())
            }
            Err(error) if error.code() == 410 => {
                self.version = None;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn take(&mut self, line: &[u8]) -> Result<(), Error> {
        let Some(event) = Event::read(line) else { return Ok(()) };
        if !event.version.is_empty() {
            self.version = Some(event.version);
        }
        match event.what.as_str() {
            "ADDED" | "MODIFIED" => {
                let Head { namespace, name, uid } = event.head;
                if T::REMEMBERED {
                    self.there.insert(uid, (namespace, name));
                }
                self.news.extend(self.object(line).map(News::Changed));
                self.backoff = Backoff::default();
            }
            "DELETED" => {
                self.there.remove(&event.head.uid);
                let last = self.object(line);
                self.news.push_back(News::Gone(event.head, last));
            }
            "ERROR" => {
                self.open = None;
                self.version = None;
                if event.refused.answer.code != 410 {
                    return Err(Error::Refused(Box::new(event.refused)));
                }
            }
            // A bookmark has said what it has to say, and of other words nobody knows.
            _ => {}
        }
        Ok(())
    }

    fn object(&self, line: &[u8]) -> Option<T> {
        let mut object: T = event::object(line)?;
        object.is_a(&self.kind);
        Some(object)
    }

    fn answered(&mut self) {
        if self.gap.take().is_some() {
            self.backoff = Backoff::default();
            self.news.push_back(News::Known);
        }
    }

    async fn ended(&mut self) {
        let was_short = self.open.take().is_some_and(|(_, since)| since.elapsed() < SHORT);
        if was_short {
            self.backoff.wait().await;
        }
    }

    /// Nobody answered, or not as was asked: told, unless it is known, and asked again after a while.
    async fn failed(&mut self, error: Error) {
        tracing::debug!(cluster = self.cluster.host(), kind = %self.kind.kind, %error, "the watch failed");
        self.open = None;
        let may_pass = error.may_pass();
        match self.gap.replace(may_pass) {
            Some(told) if told == may_pass => self.backoff.wait().await,
            _ => self.news.push_back(News::Unknown(error)),
        }
    }
}
