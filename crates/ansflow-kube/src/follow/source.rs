//! One watch of a following: what it watches, and how it is.

use crate::Millis;
use crate::cluster::{Cluster, News, Selector};
use crate::error::Error;
use crate::facts::{Claim, Event, Node, Pod};
use crate::kind::Kind;
use crate::object::Obj;
use futures_util::stream::{BoxStream, Stream, StreamExt as _};

/// What a watch told.
pub(super) enum Fed {
    Pods(News<Pod>),
    Sets(News<Obj>),
    Events(News<Event>),
    Claims(News<Claim>),
    Nodes(News<Node>),
    /// Objects of the goal.
    Goal(News<Obj>),
    /// Objects whose being there tells something.
    Near(News<Obj>),
}

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Pods,
    Sets,
    Events,
    Claims,
    Nodes,
    Goal,
    /// By name only.
    NearNames,
    /// Whole.
    Near,
}

/// How a watch is.
pub(super) enum How {
    /// It has told nothing yet.
    Waits,
    Known,
    /// It does not answer, or refuses; since when.
    Gap(Error, Millis),
    /// It may not be watched, and nothing depends on it.
    Left,
}

pub(super) struct Source {
    pub(super) what: What,
    pub(super) kind: Kind,
    pub(super) namespace: Option<String>,
    pub(super) selector: Selector,
    pub(super) how: How,
}

pub(super) type Streams = BoxStream<'static, (usize, Fed)>;

impl What {
    /// Whether nothing is certain without it.
    pub(super) fn is_needed(self) -> bool {
        matches!(self, What::Pods | What::Sets | What::Goal)
    }

    /// In which order first lists are told: owners before what they own.
    pub(super) fn rank(self) -> u8 {
        match self {
            What::Goal => 0,
            What::Sets => 1,
            What::Claims | What::Nodes | What::Near | What::NearNames => 2,
            What::Pods => 3,
            What::Events => 4,
        }
    }
}

impl Source {
    pub(super) fn new(what: What, kind: Kind, namespace: Option<&str>, selector: Selector) -> Source {
        Source { what, kind, namespace: namespace.map(str::to_owned), selector, how: How::Waits }
    }

    /// Begins to watch.
    pub(super) fn open(&self, cluster: &Cluster, number: usize) -> Streams {
        let namespace = self.namespace.as_deref();
        let (kind, selector) = (&self.kind, &self.selector);
        match self.what {
            What::Pods => numbered(number, Fed::Pods, cluster.watch(kind, namespace, selector)),
            What::Sets => numbered(number, Fed::Sets, cluster.watch(kind, namespace, selector)),
            What::Events => numbered(number, Fed::Events, cluster.watch(kind, namespace, selector)),
            What::Claims => numbered(number, Fed::Claims, cluster.watch(kind, namespace, selector)),
            What::Nodes => numbered(number, Fed::Nodes, cluster.watch(kind, namespace, selector)),
            What::Goal => numbered(number, Fed::Goal, cluster.watch(kind, namespace, selector)),
            What::Near => numbered(number, Fed::Near, cluster.watch(kind, namespace, selector)),
            What::NearNames => numbered(number, Fed::Near, cluster.watch_names(kind, namespace, selector)),
        }
    }
}

fn numbered<T: 'static>(
    number: usize,
    fed: fn(News<T>) -> Fed,
    news: impl Stream<Item = News<T>> + Send + 'static,
) -> Streams {
    news.map(move |news| (number, fed(news))).boxed()
}

/// What it is, whatever it is of.
pub(super) enum Word<'a> {
    Restarted,
    Said,
    Unknown(&'a Error),
    Known,
}

fn word<T>(news: &News<T>) -> Word<'_> {
    match news {
        News::Restarted(_) => Word::Restarted,
        News::Changed(_) | News::Gone(..) => Word::Said,
        News::Unknown(error) => Word::Unknown(error),
        News::Known => Word::Known,
    }
}

impl Fed {
    pub(super) fn word(&self) -> Word<'_> {
        match self {
            Fed::Pods(news) => word(news),
            Fed::Sets(news) | Fed::Goal(news) | Fed::Near(news) => word(news),
            Fed::Events(news) => word(news),
            Fed::Claims(news) => word(news),
            Fed::Nodes(news) => word(news),
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self.word(), Word::Unknown(_))
    }
}
