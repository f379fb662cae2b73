//! Every YAML example of the seeds validates and plans.

use super::right;
use crate::planning::{PlanFacts, cannot_run, plan};

fn facts() -> PlanFacts {
    PlanFacts { git_branch: Some("main".to_owned()), git_commit: Some("abc".to_owned()), ..PlanFacts::default() }
}

/// The steps that cannot run, by name.
fn check(text: &str) -> Vec<String> {
    let pipeline = right(text);
    let plan = plan(&pipeline, &facts()).expect("a seed plans");
    assert_eq!(super::super::print(&pipeline), super::super::print(&right(&super::super::print(&pipeline))));
    cannot_run(&plan, &facts()).into_iter().map(|refused| refused.step).collect()
}

macro_rules! seed {
    ($file:literal) => {
        include_str!(concat!("../../../tests/fixtures/seeds/", $file))
    };
}

#[test]
fn docker_steps_plan() {
    assert_eq!(check(seed!("docker-flat.yml")), Vec::<String>::new());
}

#[test]
fn kubernetes_steps_plan() {
    assert_eq!(check(seed!("kubernetes-flat.yml")), Vec::<String>::new());
}

#[test]
fn a_hybrid_pipeline_runs_its_commands_and_images() {
    assert_eq!(check(seed!("hybrid-stages.yml")), Vec::<String>::new());
}

#[test]
fn a_step_that_the_branch_skips_is_not_refused_for_its_cluster() {
    let pipeline = right(seed!("full-stack.yml"));
    let branch = |name: &str| PlanFacts {
        git_branch: Some(name.to_owned()),
        git_commit: Some("abc".to_owned()),
        clusters: Some(std::collections::BTreeSet::new()),
        ..PlanFacts::default()
    };
    let refused = |name: &str| cannot_run(&plan(&pipeline, &branch(name)).expect("it plans"), &branch(name)).len();
    assert_eq!((refused("main"), refused("topic")), (4, 3));
}
