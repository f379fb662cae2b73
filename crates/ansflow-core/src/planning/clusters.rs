//! Clusters that steps name, against those that are known.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::PlanFacts;
use crate::catalog::{self, Category};
use crate::diagnostic::{Diagnostic, Span};
use crate::pipeline::{Pipeline, Step};
use crate::plan::{PipelineKind, PlannedStep};
use crate::spec::unknown_cluster;

/// A cluster that a step names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCluster {
    name: String,
    span: Span,
}

/// The clusters that a pipeline names.
#[must_use]
pub fn named_clusters(pipeline: &Pipeline) -> Vec<NamedCluster> {
    let named = |step: &'_ Step| {
        let cluster = step.params.get("cluster").filter(|_| is_on_a_cluster(step.kind.category, pipeline.kind))?;
        let name = cluster.value.scalar().filter(|name| !name.trim().is_empty() && !name.contains("{{"))?;
        Some(NamedCluster { name, span: cluster.written.span })
    };
    pipeline.steps.iter().filter_map(named).collect()
}

impl NamedCluster {
    /// Its name or id, as the pipeline has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is to be said of it where these are known and it is none of them.
    #[must_use]
    pub fn warning(&self, known: &BTreeSet<String>) -> Option<Diagnostic> {
        if known.contains(&self.name) {
            return None;
        }
        let message = format!("there is no cluster `{}`", self.name.escape_debug());
        let warning = Diagnostic::warning("missing-cluster", self.span, message);
        Some(warning.help("add it under clusters before the pipeline runs"))
    }
}

/// Why a step's cluster cannot be found, where that is certain by now.
pub(super) fn unknown(kind: PipelineKind, step: &PlannedStep, facts: &PlanFacts) -> Option<String> {
    let is_it = catalog::find(&step.kind).is_some_and(|known| is_on_a_cluster(known.category, kind));
    let known = facts.clusters.as_ref().filter(|_| is_it)?;
    let name = match step.params.get("cluster")? {
        Json::String(name) => name.clone(),
        other => other.to_string(),
    };
    let is_found = known.contains(&name) || name.contains("{{");
    (!is_found).then(|| unknown_cluster(&name, known.iter().map(String::as_str)))
}

/// Whether steps of a category speak to a cluster, or run in one.
fn is_on_a_cluster(category: Category, kind: PipelineKind) -> bool {
    category == Category::Kubernetes || (category == Category::Shell && kind == PipelineKind::Kubernetes)
}
