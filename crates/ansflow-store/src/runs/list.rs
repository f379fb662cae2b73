//! A server's runs, newest first, as lists show them: found by index, whatever is asked for and however many there are.
//!
//! A question becomes one or several *sources*, each of which one index gives newest first; what else is asked for is
//! looked at row by row. The text is put together from constants only, values are always bound.

mod lead;
mod search;
mod statement;

use ansflow_core::run::event::RunStatus;

use self::statement::{COLUMNS, Statement, Value};
use super::{Runs, not_found};
use crate::Result;
use crate::db::{bigint, count};

/// What lists show of a server's run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// The id of its pipeline.
    pub pipeline: String,
    /// What the pipeline was called.
    pub name: String,
    /// Its number among the pipeline's runs, from 1.
    pub number: u64,
    /// Where it stands.
    pub status: RunStatus,
    /// Number of its last event, from 1.
    pub seq: u64,
    /// The version of the pipeline's text that it runs.
    pub version: Option<u64>,
    /// What started it.
    pub cause: String,
    /// Who started it.
    pub by: String,
    /// The branch that it is about.
    pub branch: Option<String>,
    /// The commit that it is about.
    pub commit: Option<String>,
    /// The run that it repeats.
    pub retry_of: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub started_at: Option<i64>,
    /// Milliseconds since 1970.
    pub ended_at: Option<i64>,
}

/// Which runs are asked for; what is `None` or empty is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this pipeline, by id.
    pub pipeline: Option<String>,
    /// In one of these states.
    pub statuses: Vec<RunStatus>,
    /// About this branch.
    pub branch: Option<String>,
    /// Started by this person.
    pub by: Option<String>,
    /// Started by this cause.
    pub cause: Option<String>,
    /// Part of the pipeline's name or of the branch, the number, or the beginning of the commit.
    pub search: Option<String>,
    /// Created then or later, in milliseconds since 1970.
    pub since: Option<i64>,
    /// Created before, in milliseconds since 1970.
    pub until: Option<i64>,
    /// Behind this one: its time of creation, and its id.
    pub before: Option<(i64, String)>,
}

impl Runs<'_> {
    /// At most `limit` runs of a server, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn search(&self, filter: &Filter, limit: u64) -> Result<Vec<Listed>> {
        let sources = match &filter.search {
            Some(search) => self.found(search).await?,
            None => sources(filter, self.branch_leads(filter).await?),
        };
        if sources.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = Statement::default();
        for (at, source) in sources.iter().enumerate() {
            statement.push(if at == 0 { "SELECT * FROM (" } else { " UNION SELECT * FROM (" }, []);
            newest(&mut statement, source, filter, limit);
            statement.push(") AS found", []);
        }
        statement.push(" ORDER BY created_at DESC, id DESC LIMIT {}", [Value::Number(bigint(limit))]);
        statement.fetch(self.db.read()).await
    }

    /// What lists show of one run of a server.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn listed(&self, run: &str) -> Result<Listed> {
        let mut statement = Statement::default();
        statement.push("SELECT ", []);
        statement.push(COLUMNS, []);
        statement.push(
            " FROM run JOIN run_detail AS detail ON detail.run = run.id WHERE run.id = {}",
            [Value::Text(run.to_owned())],
        );
        statement.fetch(self.db.read()).await?.pop().ok_or_else(|| not_found(run))
    }

    /// How many queued runs came before this one.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn queued_before(&self, created_at: i64, run: &str) -> Result<u64> {
        let before: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM run WHERE status = 'queued' AND (created_at, id) < ($1, $2)")
                .bind(created_at)
                .bind(run)
                .fetch_one(self.db.read())
                .await?;
        Ok(count(before))
    }
}

/// Which table leads: rows come newest first in one of its indices.
#[derive(Debug, Clone, Copy)]
enum Lead {
    Run,
    Detail,
}

/// One way to runs.
#[derive(Debug, Clone)]
struct Source {
    lead: Lead,
    /// What must hold besides the filter.
    key: Option<(&'static str, Vec<Value>)>,
    /// This status instead of those of the filter.
    status: Option<RunStatus>,
}

/// The ways to the runs that are asked for, without a search.
fn sources(filter: &Filter, branch_leads: bool) -> Vec<Source> {
    let source = |lead, status| Source { lead, key: None, status };
    if branch_leads {
        return vec![source(Lead::Detail, None)];
    }
    if !filter.statuses.is_empty() {
        // Several statuses are several places in an index, each with its own newest.
        return filter.statuses.iter().map(|status| source(Lead::Run, Some(*status))).collect();
    }
    // People and causes are few, and each has many runs: a pipeline's own index leaves less to look at.
    let by_detail = filter.pipeline.is_none() && (filter.by.is_some() || filter.cause.is_some());
    vec![source(if by_detail { Lead::Detail } else { Lead::Run }, None)]
}

/// The newest of one source that have all that is asked for.
fn newest(statement: &mut Statement, source: &Source, filter: &Filter, limit: u64) {
    statement.push("SELECT ", []);
    statement.push(COLUMNS, []);
    // CROSS: SQLite takes the tables in this order then, and needs no statistics to do so.
    let (tables, since, until, behind, order) = match source.lead {
        Lead::Run => (
            " FROM run CROSS JOIN run_detail AS detail WHERE detail.run = run.id",
            "run.created_at >= {}",
            "run.created_at < {}",
            "(run.created_at, run.id) < ({}, {})",
            " ORDER BY run.created_at DESC, run.id DESC LIMIT {}",
        ),
        Lead::Detail => (
            " FROM run_detail AS detail CROSS JOIN run WHERE run.id = detail.run",
            "detail.created_at >= {}",
            "detail.created_at < {}",
            "(detail.created_at, detail.run) < ({}, {})",
            " ORDER BY detail.created_at DESC, detail.run DESC LIMIT {}",
        ),
    };
    statement.push(tables, []);
    let mut and = |condition: &'static str, values: &[Value]| {
        statement.push(" AND ", []);
        statement.push(condition, values.iter().cloned());
    };
    let text = |value: &String| Value::Text(value.clone());
    if let Some((condition, values)) = &source.key {
        and(condition, values);
    }
    // A branch has fewer runs than these; what is no plain column keeps the planner from the index of another.
    let (by, cause) = match filter.branch {
        Some(_) => ("detail.started_by || '' = {}", "detail.cause || '' = {}"),
        None => ("detail.started_by = {}", "detail.cause = {}"),
    };
    let equal = [
        ("run.pipeline = {}", &filter.pipeline),
        ("detail.branch = {} AND detail.branch <> ''", &filter.branch),
        (by, &filter.by),
        (cause, &filter.cause),
    ];
    for (condition, value) in equal {
        if let Some(value) = value {
            and(condition, &[text(value)]);
        }
    }
    let word = |status: &RunStatus| Value::Text(status.as_str().to_owned());
    match (&source.status, filter.statuses.as_slice()) {
        (Some(status), _) => and("run.status = {}", &[word(status)]),
        (None, []) => {}
        (None, some) => {
            // A constant text has places for all that there are; the first is said again where there are fewer.
            let words: Vec<Value> = some.iter().chain(std::iter::repeat(&some[0])).map(word).take(7).collect();
            and("run.status IN ({}, {}, {}, {}, {}, {}, {})", &words);
        }
    }
    for (condition, bound) in [(since, filter.since), (until, filter.until)] {
        if let Some(bound) = bound {
            and(condition, &[Value::Number(bound)]);
        }
    }
    if let Some((at, id)) = &filter.before {
        and(behind, &[Value::Number(*at), text(id)]);
    }
    statement.push(order, [Value::Number(bigint(limit))]);
}
