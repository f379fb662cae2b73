//! The secrets that a text names, and where.

use super::{EnvVar, Pipeline, Text, each_text};
use crate::diagnostic::Span;
use crate::template::Template;
use crate::yaml::Node;

/// Every `secrets.NAME` in the texts of a pipeline, in the order of the file. One that has a default is left out: it
/// may be missing.
#[must_use]
pub fn named_secrets(pipeline: &Pipeline) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut look = |node: &Node, offset: usize, text: &str| {
        // What is wrong with a text is said where it is checked.
        let Ok(template) = Template::parse(text) else { return };
        for used in template.holes().flat_map(|(_, expr)| expr.names()).filter(|used| !used.optional) {
            if let [space, name, ..] = used.path.as_slice()
                && space == "secrets"
            {
                let place = pipeline.origin.locate(node, used.range.start + offset..used.range.end + offset);
                found.push((name.clone(), place));
            }
        }
    };
    for variable in &pipeline.variables {
        each_text(&variable.value, &mut |node, text| look(node, 0, text));
    }
    env(&pipeline.env, &mut look);
    for step in &pipeline.steps {
        env(&step.env, &mut look);
        for Text { text, node, offset } in step.artifacts.iter().chain(&step.working_directory) {
            look(node, *offset, text);
        }
        for setting in &step.params.settings {
            each_text(&setting.written, &mut |node, text| look(node, 0, text));
        }
    }
    found.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    found
}

fn env(env: &[EnvVar], look: &mut dyn FnMut(&Node, usize, &str)) {
    env.iter().for_each(|variable| look(&variable.value.node, variable.value.offset, &variable.value.text));
}
