//! Parameters that travel: left out, they come from the nearest earlier step that this one follows and that has them.

use crate::catalog::{Category, Inherit};
use crate::pipeline::{Pipeline, Sequence, Step};
use crate::yaml::{Node, Value};

/// For each kind of parameter that travels, the place that hands it to whoever follows.
pub(crate) struct Inherited {
    carried: Vec<[Option<usize>; KINDS.len()]>,
    arriving: Vec<[Option<usize>; KINDS.len()]>,
}

const KINDS: [Inherit; 5] =
    [Inherit::Cluster, Inherit::Namespace, Inherit::ResourceName, Inherit::Image, Inherit::Registry];

impl Inherited {
    /// One walk over the sorted graph.
    pub(crate) fn of(pipeline: &Pipeline, sequence: &Sequence) -> Self {
        let none = [None; KINDS.len()];
        let mut inherited =
            Self { carried: vec![none; sequence.shown.len()], arriving: vec![none; sequence.shown.len()] };
        for &place in &sequence.sorted {
            let step = &pipeline.steps[sequence.shown[place]];
            for (at, kind) in KINDS.into_iter().enumerate() {
                let arriving = sequence.follows[place].iter().filter_map(|other| inherited.carried[*other][at]).max();
                inherited.arriving[place][at] = arriving;
                let made = |place: usize| makes_image(&pipeline.steps[sequence.shown[place]]);
                // A test in `node:22` does not make that the image to push and to deploy.
                let is_aside = kind == Inherit::Image && step.kind.word == "docker_run" && arriving.is_some_and(made);
                let is_source = own(step, kind).is_some() && !is_aside;
                inherited.carried[place][at] = if is_source { Some(place) } else { arriving };
            }
        }
        inherited
    }

    /// The place that the step at this place has it from.
    pub(crate) fn source(&self, place: usize, kind: Inherit) -> Option<usize> {
        let at = KINDS.into_iter().position(|known| known == kind).expect("all kinds are listed");
        self.arriving[place][at]
    }
}

/// What goes with a registry: a step that takes it over takes over how to get there.
pub(crate) const WITH_REGISTRY: [&str; 4] = ["registry", "registry_url", "username", "password"];

/// The text that a step hands on.
pub(crate) fn handed_on(step: &Step, kind: Inherit) -> Option<String> {
    // What a build, push or pull makes is known by its full name, which only the run knows.
    if kind == Inherit::Image && makes_image(step) {
        return Some("{{ docker_image }}".to_owned());
    }
    let text = own(step, kind)?.scalar()?;
    let tag = match kind {
        Inherit::Image if step.kind.category == Category::Docker => text_of(step, "tag"),
        Inherit::Image | Inherit::Cluster | Inherit::Namespace | Inherit::ResourceName | Inherit::Registry => None,
    };
    Some(match tag {
        Some(tag) if !has_tag(&text) => format!("{text}:{tag}"),
        Some(_) | None => text,
    })
}

/// Whether the step leaves an image as `docker_image`.
fn makes_image(step: &Step) -> bool {
    matches!(step.kind.word, "docker_build" | "docker_push" | "docker_pull")
}

/// The image that a step itself names.
pub(super) fn own_image(step: &Step) -> Option<&Node> {
    own(step, Inherit::Image)
}

/// The node where a step itself says it.
fn own(step: &Step, kind: Inherit) -> Option<&Node> {
    // By key: a build has an image of its own and hands it on, though it takes none over.
    let key = match kind {
        Inherit::Cluster => "cluster",
        Inherit::Namespace => "namespace",
        Inherit::ResourceName => "resource_name",
        Inherit::Image => "image",
        Inherit::Registry => "registry",
    };
    // What a shell runs in is no image of the pipeline's own.
    let is_tool = kind == Inherit::Image && step.kind.category == Category::Shell;
    if let Some(given) = step.params.get(key).filter(|_| !is_tool) {
        return Some(&given.value);
    }
    match kind {
        Inherit::Registry => Some(&step.params.get("registry_url")?.value),
        Inherit::ResourceName => {
            inside(step, "deployment_spec", "name").or_else(|| Some(&step.params.get("release_name")?.value))
        }
        Inherit::Image => inside(step, "deployment_spec", "image"),
        Inherit::Cluster | Inherit::Namespace => None,
    }
}

fn inside<'s>(step: &'s Step, param: &str, key: &str) -> Option<&'s Node> {
    match &step.params.get(param)?.value.value {
        Value::Map(entries) => entries.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => None,
    }
}

fn text_of(step: &Step, key: &str) -> Option<String> {
    step.params.get(key)?.value.scalar()
}

/// Whether an image reference names its tag or digest; `host:5000/image` does not.
fn has_tag(image: &str) -> bool {
    image.contains('@') || image.rsplit('/').next().is_some_and(|last| last.contains(':'))
}
