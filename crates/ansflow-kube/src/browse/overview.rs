//! A cluster at a glance: how much there is, how it fares, what is in trouble, what warned of late.

use super::detail::{Told, warnings};
use super::known::Known;
use super::rows::Row;
use crate::cluster::{Cluster, Page, Selector};
use crate::error::Error;
use crate::object::Obj;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// What is counted.
const COUNTED: [&str; 8] =
    ["namespaces", "deployments", "statefulsets", "daemonsets", "jobs", "pods", "services", "nodes"];
/// Whose health is told.
const WORKLOADS: [&str; 4] = ["deployments", "statefulsets", "daemonsets", "jobs"];
/// No more pages of a kind are read, each of 500 objects.
const PAGES: usize = 20;
/// No more are named.
const NAMED: usize = 20;
/// What warned before that is old.
const OF_LATE: SignedDuration = SignedDuration::from_hours(1);

/// A cluster at a glance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overview {
    /// How many there are of a kind; none where they may not be listed.
    pub counts: BTreeMap<&'static str, Option<u64>>,
    /// How many workloads are in each of the judge's states.
    pub health: BTreeMap<&'static str, u64>,
    /// Workloads that are stuck or have failed, with their kinds.
    pub troubled: Vec<(&'static str, Row)>,
    /// What warned within the last hour, the latest first.
    pub warnings: Vec<Told>,
    /// The nodes; none where they may not be listed.
    pub nodes: Option<Vec<Row>>,
    /// What could not be looked at, and why.
    pub unseen: Vec<String>,
}

/// Looks at a cluster, or at one of its namespaces.
///
/// # Errors
/// It does not answer. What may not be listed is told as that.
pub async fn overview(cluster: &Cluster, namespace: Option<&str>, now: Timestamp) -> Result<Overview, Error> {
    let asked = futures_util::future::join_all(COUNTED.map(|plural| count(cluster, plural, namespace)));
    let (counted, warned) = futures_util::join!(asked, warnings(cluster, namespace));
    let mut seen = Overview::default();
    for state in ["ready", "progressing", "stuck", "failed", "unknown"] {
        seen.health.insert(state, 0);
    }
    for (plural, counted) in COUNTED.into_iter().zip(counted) {
        match counted {
            Ok(counted) => seen.take(plural, counted),
            Err(error @ Error::Trouble(_)) => return Err(error),
            Err(error) => {
                seen.counts.insert(plural, None);
                seen.unseen.push(format!("{plural}: {error}"));
            }
        }
    }
    match warned {
        Ok(warned) => {
            let is_late = |told: &Told| told.at.is_some_and(|at| now.duration_since(at) <= OF_LATE);
            seen.warnings = warned.into_iter().filter(is_late).take(NAMED).collect();
        }
        Err(error @ Error::Trouble(_)) => return Err(error),
        Err(error) => seen.unseen.push(format!("events: {error}")),
    }
    Ok(seen)
}

/// How many there are, with the rows where they are looked at.
struct Counted {
    number: u64,
    rows: Vec<Row>,
}

async fn count(cluster: &Cluster, plural: &str, namespace: Option<&str>) -> Result<Counted, Error> {
    let Some(known) = Known::by_plural(plural) else { return Ok(Counted { number: 0, rows: Vec::new() }) };
    let kind = cluster.kind_of(known.group, None, known.kind).await?;
    let namespace = namespace.filter(|_| kind.namespaced);
    if !WORKLOADS.contains(&plural) && plural != "nodes" {
        let listed = cluster.names(&kind, namespace, &Selector::all(), &Page::first(1)).await?;
        let number = listed.items.len() as u64 + listed.remaining.unwrap_or_default();
        return Ok(Counted { number, rows: Vec::new() });
    }
    let (mut page, mut rows) = (Page::first(500), Vec::new());
    for _ in 0..PAGES {
        let listed = cluster.list::<Obj>(&kind, namespace, &Selector::all(), &page).await?;
        rows.extend(listed.items.iter().map(|object| Row::of(object, known)));
        match listed.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    Ok(Counted { number: rows.len() as u64, rows })
}

impl Overview {
    fn take(&mut self, plural: &'static str, counted: Counted) {
        self.counts.insert(plural, Some(counted.number));
        if plural == "nodes" {
            self.nodes = Some(counted.rows);
            return;
        }
        let kind = Known::by_plural(plural).map_or("", |known| known.kind);
        for row in counted.rows {
            *self.health.entry(row.state).or_default() += 1;
            if ["stuck", "failed"].contains(&row.state) && self.troubled.len() < NAMED {
                self.troubled.push((kind, row));
            }
        }
    }
}
