//! Secrets that a build would leave in the image, for everybody who has it.

use crate::diagnostic::Diagnostic;
use crate::pipeline::Pipeline;
use crate::pipeline::read::problems::Problems;
use crate::pipeline::variables::each_text;
use crate::template::Template;

/// Parameters whose values are in the image.
const BAKED: [&str; 2] = ["build_args", "labels"];

pub(super) fn check(pipeline: &Pipeline, problems: &mut Problems) {
    for step in pipeline.steps.iter().filter(|step| step.kind.word == "docker_build") {
        for setting in BAKED.iter().filter_map(|key| step.params.get(key)) {
            let mut found = Vec::new();
            each_text(&setting.written, &mut |node, text| {
                // What is wrong with a text is said where it is checked.
                let Ok(template) = Template::parse(text) else { return };
                let names = template.holes().flat_map(|(_, expr)| expr.names());
                let secret = names.into_iter().find(|used| used.path.first().is_some_and(|space| space == "secrets"));
                found.extend(secret.map(|used| (node.clone(), used.range)));
            });
            for (node, range) in found {
                let (key, name) = (setting.param.key, &step.name.value);
                let message = format!("`{key}` of step `{name}` puts a secret into the image, where it stays readable");
                let problem = Diagnostic::warning("secret-in-image", problems.locate(&node, range), message);
                problems.add(problem.help("give it in `secrets`, and read it with `RUN --mount=type=secret,id=NAME`"));
            }
        }
    }
}
