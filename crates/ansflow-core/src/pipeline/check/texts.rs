//! Every text with `{{ }}`, every expression and every shell text of a file.

use std::ops::Range;

use crate::catalog::ParamKind;
use crate::diagnostic::{Diagnostic, Span};
use crate::expr::{Expr, ExprError, NameUse};
use crate::pipeline::read::problems::Problems;
use crate::pipeline::variables::each_text;
use crate::pipeline::{Condition, Context, EnvVar, Names, Pipeline, Sequence, Setting, Step, Text};
use crate::shell;
use crate::spec::Dialect;
use crate::template::Template;
use crate::yaml::Node;

pub(super) fn check(pipeline: &Pipeline, sequence: &Sequence, names: &mut Names<'_>, problems: &mut Problems) {
    let mut checker = Checker { names, problems };
    for variable in &pipeline.variables {
        checker.tree(&variable.value, Context::Anywhere);
    }
    if let Some(image) = &pipeline.image {
        checker.text(image, Context::Anywhere);
    }
    for place in 0..sequence.shown.len() {
        checker.step(&pipeline.steps[sequence.shown[place]], place);
        // Each step has the pipeline's environment; saying what is wrong with it once is enough.
        if place == 0 {
            checker.env(&pipeline.env, Context::Anywhere);
        }
    }
}

struct Checker<'c, 'p> {
    names: &'c mut Names<'p>,
    problems: &'c mut Problems,
}

impl Checker<'_, '_> {
    fn step(&mut self, step: &Step, place: usize) {
        let text = Context::Text(place);
        self.env(&step.env, text);
        let message = step.approval.as_ref().and_then(|approval| approval.message.as_ref());
        for written in step.artifacts.iter().chain(&step.working_directory).chain(message) {
            self.text(written, text);
        }
        for setting in &step.params.settings {
            // The message of an approval has just been read.
            if step.approval.is_some()
                && setting.param.key == "message"
                && message.is_some_and(|m| m.node.span == setting.written.span)
            {
                continue;
            }
            self.setting(setting, step, text);
        }
        if let Some(when) = &step.when {
            self.condition(&when.node, &when.text, place);
        }
        for condition in &step.conditions {
            match &condition.condition {
                Condition::Expression(text) => self.condition(&condition.node, text, place),
                Condition::BranchEquals(text) | Condition::BranchMatches(text) | Condition::EnvironmentEquals(text) => {
                    if text.contains("{{") {
                        let problem = Diagnostic::error(
                            "no-template",
                            condition.node.span,
                            "a condition's value is taken as it is",
                        );
                        self.problems.add(
                            problem.help("write a condition of type `expression`, such as `git_branch == main_branch`"),
                        );
                    }
                }
                Condition::OnSuccess | Condition::OnFailure | Condition::Always => {}
            }
        }
    }

    fn env(&mut self, env: &[EnvVar], context: Context) {
        for variable in env {
            self.text(&variable.value, context);
        }
    }

    fn setting(&mut self, setting: &Setting, step: &Step, context: Context) {
        if setting.param.templated {
            self.tree(&setting.written, context);
        }
        if matches!(setting.param.kind, ParamKind::Code)
            && let Some(text) = setting.written.text()
            && let Ok(template) = Template::parse(text)
        {
            let holes: Vec<Range<usize>> = template.holes().map(|(range, _)| range).collect();
            if holes.is_empty() {
                return;
            }
            let dialect = Dialect::of(step.params.get("shell").and_then(|shell| shell.value.text()));
            self.splice(text, &holes, dialect, &setting.written);
        }
    }

    fn splice(&mut self, text: &str, holes: &[Range<usize>], dialect: Dialect, node: &Node) {
        if let Err(refusals) = shell::splice(text, holes, dialect, &shell::value_names(holes.len())) {
            for refusal in refusals {
                let span = self.problems.locate(node, holes[refusal.hole].clone());
                self.problems.add(Diagnostic::error("shell-hole", span, refusal.message).help(refusal.help));
            }
        }
    }

    fn tree(&mut self, node: &Node, context: Context) {
        each_text(node, &mut |node, text| self.template(node, text, 0, context));
    }

    fn text(&mut self, text: &Text, context: Context) {
        if text.text.contains("{{") {
            self.template(&text.node, &text.text, text.offset, context);
        }
    }

    fn template(&mut self, node: &Node, text: &str, offset: usize, context: Context) {
        match Template::parse(text) {
            Ok(template) => {
                for (_, expr) in template.holes() {
                    self.names(node, offset, &expr.names(), context);
                }
            }
            Err(errors) => errors.into_iter().for_each(|error| self.bad("bad-template", node, offset, error)),
        }
    }

    fn condition(&mut self, node: &Node, text: &str, place: usize) {
        match Expr::parse(text) {
            Ok(expr) => self.names(node, 0, &expr.names(), Context::Condition(place)),
            Err(mut error) => {
                if text.trim_start().starts_with("{{") || text.trim_start().starts_with("${{") {
                    error.help = Some("a condition is an expression by itself; write it without `{{ }}`".to_owned());
                }
                self.bad("bad-expression", node, 0, error);
            }
        }
    }

    fn names(&mut self, node: &Node, offset: usize, names: &[NameUse], context: Context) {
        for name in names {
            if let Err(bad) = self.names.check(name, context) {
                let mut problem =
                    Diagnostic::error("unknown-name", self.place(node, offset, name.range.clone()), bad.message);
                problem.help = bad.help;
                self.problems.add(problem);
            }
        }
    }

    fn bad(&mut self, code: &'static str, node: &Node, offset: usize, error: ExprError) {
        let mut problem = Diagnostic::error(code, self.place(node, offset, error.range), error.message);
        problem.help = error.help;
        self.problems.add(problem);
    }

    fn place(&self, node: &Node, offset: usize, range: Range<usize>) -> Span {
        match node.text() {
            Some(_) => self.problems.locate(node, range.start + offset..range.end + offset),
            None => node.span,
        }
    }
}
