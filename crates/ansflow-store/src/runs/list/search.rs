//! What a person types to find runs: part of a pipeline's name or of a branch, a number, the beginning of a commit.

use super::{Lead, Runs, Source, Value};
use crate::Result;

/// At most so many pipelines, and so many branches, are looked into.
const MOST: usize = 8;

/// At most so many branches are looked at by name.
const BRANCHES: i64 = 1_000;

/// Fewer digits of a commit say nothing.
const COMMIT: std::ops::RangeInclusive<usize> = 4..=64;

impl Runs<'_> {
    /// The ways to runs that have it.
    pub(super) async fn found(&self, search: &str) -> Result<Vec<Source>> {
        let mut sources = Vec::new();
        let mut add = |lead, condition: &'static str, values: Vec<Value>| {
            sources.push(Source { lead, key: Some((condition, values)), status: None });
        };
        let search = search.trim().to_lowercase();
        if let Ok(number) = search.strip_prefix('#').unwrap_or(&search).parse::<i64>() {
            add(Lead::Run, "run.number = {}", vec![Value::Number(number)]);
        }
        if COMMIT.contains(&search.len()) && search.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            // In any order of letters that a database may have, `g` comes behind all that a commit can go on with.
            let (from, to) = (Value::Text(search.clone()), Value::Text(format!("{search}g")));
            let condition = "detail.commit_id >= {} AND detail.commit_id < {} AND detail.commit_id <> ''";
            add(Lead::Detail, condition, vec![from, to]);
        }
        let pipelines: Vec<(String, String)> =
            sqlx::query_as("SELECT id, name FROM pipeline WHERE deleted_at = 0 ORDER BY updated_at DESC, id")
                .fetch_all(self.db.read())
                .await?;
        let named = pipelines.into_iter().filter(|(_, name)| name.to_lowercase().contains(&search));
        for (id, _) in named.take(MOST) {
            add(Lead::Run, "run.pipeline = {}", vec![Value::Text(id)]);
        }
        let branches = self.branches().await?.into_iter().filter(|branch| branch.to_lowercase().contains(&search));
        for branch in branches.take(MOST) {
            let condition = "detail.branch = {} AND detail.branch <> ''";
            add(Lead::Detail, condition, vec![Value::Text(branch)]);
        }
        Ok(sources)
    }

    /// Branches that runs are about: one look into the index for each, however many runs there are.
    async fn branches(&self) -> Result<Vec<String>> {
        let branches = sqlx::query_scalar(
            "WITH RECURSIVE known (branch) AS (
                 SELECT MIN(branch) FROM run_detail WHERE branch <> ''
                 UNION ALL
                 SELECT (SELECT MIN(detail.branch) FROM run_detail AS detail
                         WHERE detail.branch <> '' AND detail.branch > known.branch)
                 FROM known WHERE known.branch IS NOT NULL
             )
             SELECT branch FROM known WHERE branch IS NOT NULL LIMIT $1",
        );
        Ok(branches.bind(BRANCHES).fetch_all(self.db.read()).await?)
    }
}
