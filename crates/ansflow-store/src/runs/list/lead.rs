//! Whether the runs of a branch, or those of a pipeline and of some states, are fewer to look at.

use super::statement::{Statement, Value};
use super::{Filter, Runs};
use crate::Result;

/// A branch with fewer runs leads without a second question: looking at all of them takes a few milliseconds.
const FEW: i64 = 1_000;

/// So many are counted of what might lead instead; with more of both, the branch is as good.
const MANY: i64 = 5_000;

impl Runs<'_> {
    /// Whether the index of branches is the way to what is asked for. Counts no further than it must, in indices only.
    pub(super) async fn branch_leads(&self, filter: &Filter) -> Result<bool> {
        let Some(branch) = &filter.branch else { return Ok(false) };
        if filter.pipeline.is_none() && filter.statuses.is_empty() {
            return Ok(true);
        }
        let mut of_branch = Statement::default();
        of_branch.push(
            "SELECT COUNT(*) FROM (SELECT 1 FROM run_detail WHERE branch = {} AND branch <> '' LIMIT {}) AS found",
            [Value::Text(branch.clone()), Value::Number(FEW)],
        );
        if of_branch.count(self.db.read()).await? < FEW {
            return Ok(true);
        }
        let mut others = Statement::default();
        others.push("SELECT COUNT(*) FROM (SELECT 1 FROM run WHERE 1 = 1", []);
        if let Some(pipeline) = &filter.pipeline {
            others.push(" AND pipeline = {}", [Value::Text(pipeline.clone())]);
        }
        for (at, status) in filter.statuses.iter().enumerate() {
            let word = Value::Text(status.as_str().to_owned());
            others.push(if at == 0 { " AND status IN ({}" } else { ", {}" }, [word]);
        }
        if !filter.statuses.is_empty() {
            others.push(")", []);
        }
        others.push(" LIMIT {}) AS found", [Value::Number(MANY)]);
        Ok(others.count(self.db.read()).await? >= MANY)
    }
}
