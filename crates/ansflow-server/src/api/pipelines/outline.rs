//! What a text means, for a picture of it.

use ansflow_core::pipeline::Pipeline;
use ansflow_core::plan::{Condition, Plan};
use serde::Serialize;
use utoipa::ToSchema;

/// What a text means, for a picture of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Outline {
    name: String,
    /// Where its steps do their work: `local`, `remote`, `docker`, `kubernetes`, `hybrid`.
    kind: String,
    stages: Vec<String>,
    pub(super) steps: Vec<OutlineStep>,
}

/// A step of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OutlineStep {
    name: String,
    /// Its type, such as `command`.
    r#type: String,
    #[schema(required)]
    stage: Option<String>,
    /// Its parallel group.
    #[schema(required)]
    group: Option<String>,
    /// Steps that end before it starts, as places in this list.
    needs: Vec<usize>,
    /// Whether people are asked before it starts.
    approval: bool,
    /// On which condition it runs.
    #[schema(required)]
    when: Option<String>,
}

impl Outline {
    /// Of a text that is well.
    pub(super) fn of(pipeline: &Pipeline, plan: &Plan) -> Outline {
        let step = |step: &ansflow_core::plan::PlannedStep| OutlineStep {
            name: step.name.clone(),
            r#type: step.kind.clone(),
            stage: step.stage.clone(),
            group: step.group.map(|group| plan.groups[group].name.clone()),
            needs: step.needs.clone(),
            approval: step.approval.is_some(),
            when: when(&step.conditions),
        };
        Outline {
            name: plan.pipeline.clone(),
            kind: plan.kind.as_str().to_owned(),
            stages: pipeline.stages.iter().map(|stage| stage.value.clone()).collect(),
            steps: plan.steps.iter().map(step).collect(),
        }
    }

    /// Of one of which nothing is known but its name.
    pub(super) fn empty(name: &str) -> Outline {
        Outline { name: name.to_owned(), kind: "local".to_owned(), stages: Vec::new(), steps: Vec::new() }
    }
}

fn when(conditions: &[Condition]) -> Option<String> {
    let text = |condition: &Condition| match condition {
        Condition::BranchEquals(branch) => format!("git_branch == {}", quoted(branch)),
        Condition::BranchMatches(glob) => format!("git_branch matches {}", quoted(glob)),
        Condition::EnvironmentEquals(name) => format!("environment == {}", quoted(name)),
        Condition::Expression(text) => text.clone(),
        Condition::OnSuccess => "on_success".to_owned(),
        Condition::OnFailure => "on_failure".to_owned(),
        Condition::Always => "always".to_owned(),
    };
    (!conditions.is_empty()).then(|| conditions.iter().map(text).collect::<Vec<_>>().join(" and "))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
