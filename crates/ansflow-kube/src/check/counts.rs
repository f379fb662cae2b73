//! How many nodes and pods there are. What we may not list is not counted, and never 0.

use crate::cluster::{Cluster, Page, Selector};
use crate::error::Error;
use crate::facts::Node;
use crate::kind::Kind;

/// A page's length.
const PAGE: u32 = 500;
/// Objects are counted no further than so many pages.
const PAGES: usize = 100;

/// How many there are, and how many of them are well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// All.
    pub total: u64,
    /// Those that are well.
    pub well: u64,
}

/// Nodes, and those that are ready.
pub(super) async fn nodes(cluster: &Cluster) -> Option<Count> {
    let nodes: Vec<Node> = cluster.all(&Kind::builtin("", "Node")?, None, &Selector::all()).await.ok()?;
    let is_ready = |node: &&Node| {
        node.status.conditions.iter().any(|condition| condition.r#type == "Ready" && condition.status == "True")
    };
    let well = nodes.iter().filter(is_ready).count();
    Some(Count { total: nodes.len() as u64, well: well as u64 })
}

/// Pods of all namespaces, and those whose phase is `Running`. Only names travel, and where all run, only one of them.
pub(super) async fn pods(cluster: &Cluster) -> Option<Count> {
    let pods = Kind::builtin("", "Pod")?;
    let not_running = Selector { fields: "status.phase!=Running".to_owned(), ..Selector::default() };
    let (total, others) = tokio::join!(all(cluster, &pods), names(cluster, &pods, &not_running));
    let (total, others) = (total.ok()?, others.ok()?);
    Some(Count { total, well: total.saturating_sub(others) })
}

async fn all(cluster: &Cluster, kind: &Kind) -> Result<u64, Error> {
    let first = cluster.names(kind, None, &Selector::all(), &Page::first(1)).await?;
    match (first.remaining, first.next) {
        (Some(remaining), _) => Ok(first.items.len() as u64 + remaining),
        (None, None) => Ok(first.items.len() as u64),
        (None, Some(_)) => names(cluster, kind, &Selector::all()).await,
    }
}

async fn names(cluster: &Cluster, kind: &Kind, selector: &Selector) -> Result<u64, Error> {
    let (mut page, mut count) = (Page::first(PAGE), 0);
    for _ in 0..PAGES {
        let listed = cluster.names(kind, None, selector, &page).await?;
        count += listed.items.len() as u64;
        match listed.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    Ok(count)
}
