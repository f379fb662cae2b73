//! A list that stays what it is in the cluster: what is there, then what changes, several changes at once.
//!
//! Kinds that are known are watched as rows. Of all others the cluster prints a table anew when something has changed.

mod slim;
#[cfg(test)]
mod tests;

use super::known::Known;
use super::list::{self, SEARCHED};
use super::rows::Row;
use crate::cluster::{Cluster, News, Page, Selector};
use crate::error::Error;
use crate::kind::Kind;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};
use slim::Slim;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Changes wait so long for more of them.
pub const COALESCED: Duration = Duration::from_millis(250);
/// A table is not asked for more often.
const PRINTED: Duration = Duration::from_secs(2);
/// No list is followed that has more rows.
pub const MOST: usize = 20_000;

/// What became of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// These rows are new or other than before, and those are gone.
    Rows {
        /// Whether this is all there is.
        reset: bool,
        /// The rows.
        rows: Vec<Arc<Row>>,
        /// The uids of those that are gone.
        gone: Vec<Box<str>>,
    },
    /// The cluster does not answer, and why; what was told last stands.
    Trouble(Error),
    /// It answers again.
    Known,
    /// There are more than [`MOST`]: nothing more will come.
    TooMany,
}

/// A list that is followed.
pub struct Live {
    cluster: Cluster,
    kind: Kind,
    namespace: Option<String>,
    selector: Selector,
    news: BoxStream<'static, News<Slim>>,
    columns: Vec<String>,
    prints: bool,
    rows: HashMap<Box<str>, Arc<Row>>,
    /// What was not told yet: by uid, none for what is gone.
    pending: HashMap<Box<str>, Option<Arc<Row>>>,
    /// When it is to be told.
    due: Option<Instant>,
    /// Whether all that there is has been told once.
    told: bool,
    is_over: bool,
}

impl Live {
    /// Follows a kind, in one namespace or in all.
    #[must_use]
    pub fn follow(cluster: &Cluster, kind: &Kind, namespace: Option<&str>, selector: &Selector) -> Live {
        let known = Known::find(&kind.group, &kind.kind);
        let namespace = namespace.filter(|_| kind.namespaced);
        Live {
            cluster: cluster.clone(),
            news: cluster.watch::<Slim>(kind, namespace, selector).boxed(),
            kind: kind.clone(),
            namespace: namespace.map(str::to_owned),
            selector: selector.clone(),
            columns: known.map(Known::columns).unwrap_or_default(),
            prints: known.is_none(),
            rows: HashMap::new(),
            pending: HashMap::new(),
            due: None,
            told: false,
            is_over: false,
        }
    }

    /// What the columns are called; of kinds that the cluster prints, once there was a change.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What changed next; none after [`Change::TooMany`]. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Change> {
        while !self.is_over {
            let due = self.due;
            let told = tokio::select! {
                biased;
                () = async { tokio::time::sleep_until(due.unwrap_or_else(Instant::now)).await }, if due.is_some() => {
                    self.tell().await
                }
                news = self.news.next() => match news {
                    Some(news) => self.take(news),
                    None => { self.is_over = true; None }
                },
            };
            if self.rows.len() > MOST {
                self.is_over = true;
                return Some(Change::TooMany);
            }
            if told.is_some() {
                return told;
            }
        }
        None
    }

    fn take(&mut self, news: News<Slim>) -> Option<Change> {
        match news {
            News::Restarted(all) => {
                all.into_iter().for_each(|slim| self.set(slim));
                // What there is at first is told at once.
                self.due = Some(Instant::now());
            }
            News::Changed(slim) => self.set(slim),
            News::Gone(head, _) => {
                if self.prints || self.rows.remove(head.uid.as_str()).is_some() {
                    self.pending.insert(head.uid.into(), None);
                }
            }
            News::Unknown(error) => return Some(Change::Trouble(error)),
            News::Known => return Some(Change::Known),
        }
        if !self.pending.is_empty() && self.due.is_none() {
            self.due = Some(Instant::now() + if self.prints { PRINTED } else { COALESCED });
        }
        None
    }

    fn set(&mut self, slim: Slim) {
        let Slim::Row(row) = slim else { return };
        if self.prints {
            self.pending.insert(row.uid.clone(), None);
        } else if self.rows.get(&row.uid).is_none_or(|known| **known != *row) {
            let row: Arc<Row> = Arc::from(row);
            self.rows.insert(row.uid.clone(), row.clone());
            self.pending.insert(row.uid.clone(), Some(row));
        }
    }

    async fn tell(&mut self) -> Option<Change> {
        if self.prints {
            match self.print().await {
                Ok(()) => {}
                Err(error) => {
                    self.due = Some(Instant::now() + PRINTED);
                    return Some(Change::Trouble(error));
                }
            }
        }
        self.due = None;
        let reset = !std::mem::replace(&mut self.told, true);
        if self.pending.is_empty() && !reset {
            return None;
        }
        let (mut rows, mut gone) = (Vec::new(), Vec::new());
        for (uid, row) in self.pending.drain() {
            match row {
                Some(row) => rows.push(row),
                None => gone.push(uid),
            }
        }
        rows.sort_by(|one, other| one.place().cmp(&other.place()));
        Some(Change::Rows { reset, rows, gone })
    }

    /// Has the cluster print everything, and notes what is other than before.
    async fn print(&mut self) -> Result<(), Error> {
        let (mut page, mut there) = (Page::first(list::MOST), HashMap::new());
        for _ in 0..SEARCHED * 2 {
            let part =
                list::printed(&self.cluster, &self.kind, self.namespace.as_deref(), &self.selector, &page).await?;
            self.columns = part.columns;
            there.extend(part.rows.into_iter().map(|row| (row.uid.clone(), Arc::new(row))));
            match part.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        self.pending.clear();
        let gone = self.rows.keys().filter(|uid| !there.contains_key(*uid)).cloned();
        self.pending.extend(gone.map(|uid| (uid, None)));
        let changed = there.iter().filter(|(uid, row)| self.rows.get(*uid) != Some(*row));
        self.pending.extend(changed.map(|(uid, row)| (uid.clone(), Some(row.clone()))));
        self.rows = there;
        Ok(())
    }

    /// What has come already, without waiting for more.
    #[must_use]
    pub fn take_ready(&mut self) -> Option<Change> {
        self.next().now_or_never().flatten()
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Live({} of {:?}, {} rows)", self.kind.plural, self.cluster, self.rows.len())
    }
}
