//! Steps that this version cannot run, by name and reason, before anything starts.

use super::by_now::ByNow;
use super::{PlanFacts, clusters, registries};
use crate::catalog::{self, Category};
use crate::plan::{PipelineKind, Plan, PlannedStep, StepIndex};

/// A step that cannot run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its name.
    pub step: String,
    /// Its type.
    pub kind: String,
    /// Why, as a fragment.
    pub why: String,
}

/// The steps that cannot run and that no condition skips whose value is known by now.
#[must_use]
pub fn cannot_run(plan: &Plan, facts: &PlanFacts) -> Vec<Refused> {
    let by_now = ByNow::of(plan, facts);
    let refused = plan.steps.iter().filter_map(|step| {
        let why = why(plan, step).or_else(|| registries::unknown(step, facts));
        Some((step, why.or_else(|| clusters::unknown(plan.kind, step, facts))?))
    });
    refused
        .filter(|(step, _)| !by_now.skips(step))
        .map(|(step, why)| Refused { step: step.name.clone(), kind: step.kind.clone(), why })
        .collect()
}

/// Steps that send mail and that no condition skips whose value is known by now: somebody must say how.
#[must_use]
pub fn sends_mail(plan: &Plan, facts: &PlanFacts) -> Vec<StepIndex> {
    let by_now = ByNow::of(plan, facts);
    let mails = |step: &PlannedStep| {
        step.kind == "notify" && step.params.get("channel").is_some_and(|channel| channel.as_str() == Some("email"))
    };
    let steps = plan.steps.iter().enumerate().filter(|(_, step)| mails(step) && !by_now.skips(step));
    steps.map(|(index, _)| index).collect()
}

/// Whether a condition skips the step whose value is known by now.
pub(crate) fn is_skipped(plan: &Plan, facts: &PlanFacts, step: &PlannedStep) -> bool {
    ByNow::of(plan, facts).skips(step)
}

/// Whether it says that it deploys with Helm; a chart that only lies in its directory is found when it runs.
fn is_helm(step: &PlannedStep) -> bool {
    let given = |key: &str| step.params.get(key).and_then(serde_json::Value::as_str);
    step.kind == "k8s_deploy"
        && given("deploy_type").map_or(step.params.contains_key("chart_name"), |with| with == "helm")
}

fn why(plan: &Plan, step: &PlannedStep) -> Option<String> {
    let Some(kind) = catalog::find(&step.kind) else { return Some("there is no such step type".to_owned()) };
    if let Some(unavailable) = kind.unavailable {
        return Some(unavailable.to_owned());
    }
    if is_helm(step) {
        return Some(catalog::NO_HELM.to_owned());
    }
    let here = match kind.category {
        Category::Shell | Category::Source | Category::Configuration => true,
        Category::Approval | Category::Notification | Category::Docker | Category::Kubernetes => false,
    };
    let elsewhere = match plan.kind {
        PipelineKind::Remote => here,
        // A checkout is made on the server, whose workspace the steps are given.
        PipelineKind::Kubernetes => kind.category == Category::Configuration,
        PipelineKind::Local | PipelineKind::Hybrid | PipelineKind::Docker => false,
    };
    if elsewhere {
        return Some(format!(
            "a pipeline of type `{}` would run it elsewhere, which it cannot yet; use type `local`",
            plan.kind.as_str()
        ));
    }
    (!step.cache.is_empty()).then(|| "`cache` cannot be kept yet; take it away to run the step without".to_owned())
}
