//! The parameters of each step against the rules of its type.

use super::inherit::Inherited;
use crate::catalog::{Param, ParamKind, Rule};
use crate::diagnostic::Diagnostic;
use crate::pipeline::read::problems::Problems;
use crate::pipeline::{Pipeline, Sequence, Setting, Step};
use crate::yaml::{Node, Value};

pub(super) fn check(pipeline: &Pipeline, sequence: &Sequence, problems: &mut Problems) {
    let inherited = Inherited::of(pipeline, sequence);
    for place in 0..sequence.shown.len() {
        let step = &pipeline.steps[sequence.shown[place]];
        let arrives = |param: &Param| param.inherits.is_some_and(|kind| inherited.source(place, kind).is_some());
        for param in step.kind.params {
            let given = step.params.get(param.key);
            match given {
                Some(given) if !shown(param, step) => no_effect(given, step, problems),
                Some(given) => inner(param, &given.value, step, &arrives, problems),
                None if param.required && shown(param, step) && !arrives(param) => missing(param, step, problems),
                None => {}
            }
        }
        for rule in step.kind.rules {
            check_rule(*rule, step, &arrives, problems);
        }
    }
}

/// Whether forms show it: the parameter that it depends on has one of the right values, or none at all.
fn shown(param: &Param, step: &Step) -> bool {
    let Some((other, values)) = param.show_when else { return true };
    let given = step.params.get(other).and_then(|setting| setting.value.scalar());
    let default = || step.kind.param(other).and_then(|param| param.default).map(str::to_owned);
    given.or_else(default).is_none_or(|value| values.contains(&value.as_str()))
}

fn missing(param: &Param, step: &Step, problems: &mut Problems) {
    let (name, kind) = (&step.name.value, step.kind.word);
    let (message, help) = match param.inherits {
        Some(_) => (
            format!("step `{name}` (`{kind}`) has no `{}`, and no step before it has one", param.key),
            format!("add `{}`: {}", param.key, param.help),
        ),
        None => {
            (format!("step `{name}` (`{kind}`) has no `{}`", param.key), format!("add `{}`: {}", param.key, param.help))
        }
    };
    problems.add(Diagnostic::error("missing-parameter", step.name.span, message).help(help));
}

fn no_effect(given: &Setting, step: &Step, problems: &mut Problems) {
    let Some((other, values)) = given.param.show_when else { return };
    let message = format!("`{}` has no effect in step `{}`", given.param.key, step.name.value);
    let values = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" or ");
    problems
        .add(Diagnostic::warning("no-effect", given.key, message).help(format!("it belongs to `{other}: {values}`")));
}

/// What maps inside a parameter lack.
fn inner(param: &Param, value: &Node, step: &Step, arrives: &dyn Fn(&Param) -> bool, problems: &mut Problems) {
    let (params, maps): (&[Param], Vec<&Node>) = match (param.kind, &value.value) {
        (ParamKind::Object(params), _) => (params, vec![value]),
        (ParamKind::Objects(params), Value::List(items)) => (params, items.iter().collect()),
        _ => return,
    };
    for map in maps {
        let Value::Map(entries) = &map.value else { continue };
        for inner_param in params {
            match entries.iter().find(|entry| entry.key.text == inner_param.key) {
                Some(entry) => inner(inner_param, &entry.value, step, arrives, problems),
                None if inner_param.required && !arrives(inner_param) => {
                    let message = format!("`{}` of step `{}` has no `{}`", param.key, step.name.value, inner_param.key);
                    let problem = Diagnostic::error("missing-parameter", map.span, message);
                    problems.add(problem.help(format!("add `{}`: {}", inner_param.key, inner_param.help)));
                }
                None => {}
            }
        }
    }
}

fn check_rule(rule: Rule, step: &Step, arrives: &dyn Fn(&Param) -> bool, problems: &mut Problems) {
    let looked_at = |key: &str| step.kind.param(key).filter(|param| shown(param, step));
    let given = |key: &str| looked_at(key).and_then(|param| step.params.get(param.key));
    let name = &step.name.value;
    let words = |keys: &[&str]| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    match rule {
        Rule::OneOf(keys) => {
            let found: Vec<&Setting> = keys.iter().filter_map(|key| given(key)).collect();
            match found.as_slice() {
                [_] => {}
                [] => {
                    let message = format!("step `{name}` (`{}`) needs one of {}", step.kind.word, words(keys));
                    problems
                        .add(Diagnostic::error("missing-parameter", step.name.span, message).help("give one of them"));
                }
                [first, second, ..] => problems.add(both(first, second, step)),
            }
        }
        Rule::AnyOf(keys) => {
            let any = keys.iter().any(|key| given(key).is_some() || looked_at(key).is_some_and(arrives));
            if !any && keys.iter().any(|key| looked_at(key).is_some()) {
                let message = format!("step `{name}` (`{}`) needs one of {}", step.kind.word, words(keys));
                problems.add(Diagnostic::error("missing-parameter", step.name.span, message).help("give one of them"));
            }
        }
        Rule::NotBoth(a, b) => {
            if let (Some(first), Some(second)) = (given(a), given(b)) {
                problems.add(both(first, second, step));
            }
        }
        Rule::Wins(a, b) => {
            if let (Some(first), Some(second)) = (given(a), given(b)) {
                let message = format!("`{}` of step `{name}` wins over `{}`", first.param.key, second.param.key);
                let problem = Diagnostic::warning("no-effect", second.key, message);
                problems.add(problem.help(format!("take `{}` away", second.param.key)));
            }
        }
        Rule::OnlyWith(a, b) => {
            if let (Some(first), None) = (given(a), given(b)) {
                let message = format!("`{}` of step `{name}` makes sense only with `{b}`", first.param.key);
                problems.add(Diagnostic::error("lone-parameter", first.key, message).help(format!("add `{b}`")));
            }
        }
    }
}

fn both(first: &Setting, second: &Setting, step: &Step) -> Diagnostic {
    let (first, second) = if first.key <= second.key { (first, second) } else { (second, first) };
    let message = format!(
        "step `{}` has both `{}` (line {}) and `{}`",
        step.name.value, first.param.key, first.key.start.line, second.param.key
    );
    Diagnostic::error("exclusive-parameters", second.key, message).help("keep one of the two")
}
