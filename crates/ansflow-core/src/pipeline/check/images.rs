//! Which image a shell step runs in, and whether a push says where to.

use super::inherit::{Inherited, own_image};
use crate::catalog::{Category, Inherit, POD};
use crate::diagnostic::Diagnostic;
use crate::image::Reference;
use crate::pipeline::read::problems::Problems;
use crate::pipeline::{Pipeline, PipelineKind, Sequence, Step};

/// The word of pushes that need a default registry.
pub(crate) const NOWHERE_TO_PUSH: &str = "nowhere-to-push";

pub(super) fn check(pipeline: &Pipeline, sequence: &Sequence, problems: &mut Problems) {
    let inherited = Inherited::of(pipeline, sequence);
    for (place, index) in sequence.shown.iter().enumerate() {
        let step = &pipeline.steps[*index];
        if step.kind.category == Category::Shell {
            shell(pipeline, step, problems);
            pod(pipeline, step, inherited.source(place, Inherit::Cluster).is_some(), problems);
        }
    }
    if let (Some(image), true) = (&pipeline.image, is_on_the_host(pipeline.kind)) {
        let kind = pipeline.kind.as_str();
        let message = format!("`image` has no effect in a pipeline of type `{kind}`");
        let problem = Diagnostic::warning("no-effect", image.node.span, message);
        problems.add(problem.help("write `type: docker`, or give the steps an `image` in a pipeline of type `hybrid`"));
    }
    nowhere_to_push(pipeline, sequence).into_iter().for_each(|problem| problems.add(problem));
}

/// Pushes that do not say where to. There may be a default registry, of which a text knows nothing: whoever plans a run does.
pub(crate) fn nowhere_to_push(pipeline: &Pipeline, sequence: &Sequence) -> Vec<Diagnostic> {
    let inherited = Inherited::of(pipeline, sequence);
    let mut found = Vec::new();
    for place in 0..sequence.shown.len() {
        let step = &pipeline.steps[sequence.shown[place]];
        if step.kind.word == "docker_push" && inherited.source(place, Inherit::Registry).is_none() {
            let source = inherited.source(place, Inherit::Image).map(|place| &pipeline.steps[sequence.shown[place]]);
            found.extend(push(step, source));
        }
    }
    found
}

fn is_on_the_host(kind: PipelineKind) -> bool {
    match kind {
        PipelineKind::Local | PipelineKind::Remote | PipelineKind::Hybrid => true,
        PipelineKind::Docker | PipelineKind::Kubernetes => false,
    }
}

fn shell(pipeline: &Pipeline, step: &Step, problems: &mut Problems) {
    let name = &step.name.value;
    match (pipeline.kind, step.params.get("image")) {
        (PipelineKind::Docker | PipelineKind::Kubernetes, None) if pipeline.image.is_none() => {
            let message = format!("step `{name}` has no `image` to run in, and the pipeline has none");
            let problem = Diagnostic::error("missing-parameter", step.name.span, message);
            problems.add(problem.help("add `image:` to the step, or to the pipeline for all its steps"));
        }
        (PipelineKind::Local | PipelineKind::Remote, Some(image)) => {
            let kind = pipeline.kind.as_str();
            let message = format!("step `{name}` has an `image`, and a pipeline of type `{kind}` runs nothing in one");
            let problem = Diagnostic::error("wrong-type", image.key, message);
            problems.add(problem.help("write `type: hybrid` or `type: docker` at the top of the pipeline"));
        }
        _ => {}
    }
}

/// Where its pod runs, and what is said of a pod where there is none.
fn pod(pipeline: &Pipeline, step: &Step, has_cluster: bool, problems: &mut Problems) {
    let name = &step.name.value;
    if pipeline.kind != PipelineKind::Kubernetes {
        for given in POD.into_iter().filter_map(|key| step.params.get(key)) {
            let message =
                format!("`{}` has no effect in step `{name}`: its pipeline runs it in no pod", given.param.key);
            let problem = Diagnostic::warning("no-effect", given.key, message);
            problems.add(problem.help("write `type: kubernetes` at the top of the pipeline"));
        }
    } else if !has_cluster && step.params.get("cluster").is_none() {
        let message = format!("step `{name}` has no `cluster` to run in, and no step before it has one");
        let problem = Diagnostic::error("missing-parameter", step.name.span, message);
        problems.add(problem.help("add `cluster:` to it; the steps after it run there too"));
    }
}

/// A push whose image names no host, with no registry to send it to. What holds `{{ }}` is known when it starts.
fn push(step: &Step, source: Option<&Step>) -> Option<Diagnostic> {
    if step.params.get("registry").is_some() || step.params.get("registry_url").is_some() {
        return None;
    }
    let image = own_image(step).or_else(|| source.and_then(own_image)).and_then(crate::yaml::Node::scalar);
    let names_a_host = |image: &String| match Reference::parse(image) {
        Ok(reference) => !reference.is_hub() || image.starts_with("docker.io/"),
        // It has holes, or has been called wrong already.
        Err(_) => true,
    };
    if image.as_ref().is_some_and(names_a_host) {
        return None;
    }
    let message =
        format!("step `{}` (`docker_push`) has no `registry`, and no step before it has one", step.name.value);
    let problem = Diagnostic::warning(NOWHERE_TO_PUSH, step.name.span, message);
    Some(problem.help("add `registry:` with its name or id, or `registry_url:`; `docker.io` is Docker Hub"))
}
