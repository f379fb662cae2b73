//! What many containers write, in one order: the end of it, or all that comes until they end.
//!
//! Each container is read by a task of its own (`reader`), which knows how to go on where a connection broke; which containers
//! there are is told by a watch (`sources`). A line is told once, and none is left out without a word.

mod reader;
mod sources;
mod wanted;

pub use wanted::{Containers, LogLine, Said, Stopped, Wanted};

use super::merge::Merge;
use super::target::{Target, pods, target};
use crate::Millis;
use crate::cluster::{Cluster, News};
use crate::error::Error;
use crate::facts::Pod;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use reader::{Heard, Reader};
use sources::{Sources, Step};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// So many lines wait to be told; whoever does not listen holds the containers' connections back.
const WAITING: usize = 1_024;

/// Logs that are being read.
pub struct Logs {
    cluster: Cluster,
    wanted: Wanted,
    target: Target,
    pods: BoxStream<'static, News<Pod>>,
    sources: Sources,
    readers: JoinSet<()>,
    to_us: mpsc::Sender<Heard>,
    heard: mpsc::Receiver<Heard>,
    merge: Merge<LogLine>,
    says: VecDeque<Said>,
    begun: Instant,
    lines: u64,
    over: bool,
}

impl Logs {
    /// Begins to read. An error is the cluster's answer; that there is nothing to read is said by [`Logs::next`].
    pub async fn open(cluster: &Cluster, namespace: &str, wanted: Wanted) -> Result<Logs, Error> {
        let found = target(cluster, namespace, &wanted.pods).await?;
        let (to_us, heard) = mpsc::channel(WAITING);
        let mut says = VecDeque::new();
        let target = found.unwrap_or_else(|| {
            let nothing = format!("there is no workload and no pod of that name in the namespace `{namespace}`");
            says.push_back(Said::End(Stopped::Nothing(nothing)));
            Target { selector: crate::cluster::Selector::all(), workload: None, words: String::new() }
        });
        let pods = cluster.watch::<Pod>(&pods()?, Some(namespace), &target.selector).boxed();
        Ok(Logs {
            cluster: cluster.clone(),
            sources: Sources::new(namespace, &wanted),
            merge: if wanted.follow { Merge::default() } else { Merge::patient() },
            wanted,
            target,
            pods,
            readers: JoinSet::new(),
            to_us,
            heard,
            says,
            begun: Instant::now(),
            lines: 0,
            over: false,
        })
    }

    /// What is said next; after the end, the end again. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Said {
        loop {
            if let Some(said) = self.says.pop_front() {
                self.over |= matches!(said, Said::End(_));
                return said;
            }
            if self.over {
                return Said::End(Stopped::Over { lines: self.lines });
            }
            if let Some(line) = self.merge.pop(self.now()) {
                return self.told(line);
            }
            if self.sources.are_over() {
                match self.merge.rest() {
                    Some(line) => return self.told(line),
                    None => self.end(),
                }
                continue;
            }
            self.listen().await;
        }
    }

    /// In which words the pods are meant: `pods of Deployment/web`.
    #[must_use]
    pub fn of(&self) -> &str {
        &self.target.words
    }

    async fn listen(&mut self) {
        let until = self.merge.next().map(|at| self.begun + Duration::from_millis(at.unsigned_abs()));
        let due = async {
            match until.into_iter().chain(self.sources.next()).min() {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            heard = self.heard.recv() => if let Some(heard) = heard { self.take(heard) },
            news = self.pods.next() => if let Some(news) = news { self.look(news) },
            () = due => {}
        }
        self.act();
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Line(source, line) => {
                let now = self.now();
                self.merge.push(source, line.at, line, now);
            }
            Heard::Ended(source, end) => self.sources.ended(source, end),
        }
    }

    fn look(&mut self, news: News<Pod>) {
        match news {
            News::Restarted(pods) => self.sources.all(pods),
            News::Changed(pod) => self.sources.one(pod),
            News::Gone(head, _) => self.sources.gone(&head.uid),
            News::Unknown(error) if !error.may_pass() => {
                self.says.push_back(Said::End(Stopped::Refused(Box::new(error))));
            }
            News::Unknown(error) => self.says.push_back(Said::Note(format!("{error}; it is asked again"))),
            News::Known => self.says.push_back(Said::Note("the cluster answers again".to_owned())),
        }
    }

    /// Does what the sources want done.
    fn act(&mut self) {
        for step in self.sources.steps(Instant::now()) {
            match step {
                Step::Read(source, log, place) => {
                    self.merge.opened(source);
                    let reader = Reader { cluster: self.cluster.clone(), source, log, place, to: self.to_us.clone() };
                    self.readers.spawn(reader.run());
                }
                Step::Silent(source) => self.merge.closed(source),
                Step::Say(note) => self.says.push_back(Said::Note(note)),
            }
        }
        while self.readers.try_join_next().is_some() {}
    }

    fn told(&mut self, line: LogLine) -> Said {
        self.lines += 1;
        let ends = self.wanted.until.as_ref().is_some_and(|until| until.is_match(&line.text));
        if ends {
            self.says.push_back(Said::End(Stopped::Matched(Box::new(line.clone()))));
        }
        Said::Line(line)
    }

    fn end(&mut self) {
        let end = if self.sources.is_empty() {
            Stopped::Nothing(format!("there is no container whose log could be read ({})", self.target.words))
        } else if self.wanted.until.is_some() {
            Stopped::Unmatched
        } else {
            Stopped::Over { lines: self.lines }
        };
        self.says.push_back(Said::End(end));
    }

    fn now(&self) -> Millis {
        Millis::try_from(self.begun.elapsed().as_millis()).unwrap_or(Millis::MAX)
    }
}
