//! The parameters of a step: collected from every place where they may stand, under their canonical names.

use crate::catalog::{self, Param, StepType};
use crate::diagnostic::{Diagnostic, Span};
use crate::yaml::{Entry, Node, Value};

use super::fields::{Fields, given_twice, unknown_key};
use super::problems::Problems;
use super::values;

/// The parameters that a step gives, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Params {
    /// Each at most once.
    pub settings: Vec<Setting>,
}

/// In whatever order they are given.
impl PartialEq for Params {
    fn eq(&self, other: &Self) -> bool {
        self.settings.len() == other.settings.len()
            && self.settings.iter().all(|setting| other.get(setting.param.key) == Some(setting))
    }
}

impl Params {
    /// The parameter with this canonical key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.param.key == key)
    }
}

/// One parameter that is given.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Which.
    pub param: &'static Param,
    /// Where its key stands.
    pub key: Span,
    /// Its value as it stands in the file, for places.
    pub written: Node,
    /// Its value in the one shape that its kind has.
    pub value: Node,
}

impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        self.param.key == other.param.key && self.value.to_json() == other.value.to_json()
    }
}

/// The keys that hold parameters.
pub(super) const CONTAINERS: &[&str] = &["config", "parameters", "docker_config", "k8s_config"];

/// Everything that is a parameter of this step: in `config` and its other spellings, and on the step itself.
pub(super) fn read(fields: &mut Fields<'_>, kind: &'static StepType, what: &str, problems: &mut Problems) -> Params {
    let mut entries = Vec::new();
    for container in CONTAINERS {
        let fits = matches!(*container, "config" | "parameters") || kind.category.config_key() == Some(container);
        if !fits {
            for entry in fields.take_all(|key| key == *container) {
                let message = format!("a step of type `{}` has no `{container}`", kind.word);
                problems.add(Diagnostic::error("unknown-key", entry.key.span, message).help("did you mean `config`?"));
            }
        } else if let Some(entry) = fields.take(&[container], problems) {
            contents(entry, kind, &mut entries, problems);
        }
    }
    for key in catalog::ON_STEP.iter().copied() {
        if kind.param(key).is_some() {
            entries.extend(fields.take(&[key], problems));
        } else {
            for entry in fields.take_all(|on_step| on_step == key) {
                problems.add(unfit(kind, entry));
            }
        }
    }
    for entry in fields.take_all(|key| kind.param(key).is_some()) {
        let message = format!("`{}` is a parameter of `{}`, and stands on the step itself", entry.key.text, kind.word);
        problems.add(Diagnostic::error("unknown-key", entry.key.span, message).help("move it under `config:`"));
        entries.push(entry);
    }
    let unknown = |entry: &Entry| unknown_param(kind, entry, what);
    Params { settings: settings(kind.params, &entries, &unknown, problems) }
}

fn contents<'n>(container: &'n Entry, kind: &StepType, entries: &mut Vec<&'n Entry>, problems: &mut Problems) {
    match &container.value.value {
        Value::Map(inner) => {
            for entry in inner {
                if kind.category.config_key() == Some(entry.key.text.as_str())
                    && matches!(entry.value.value, Value::Map(_) | Value::Null)
                    && container.key.text != entry.key.text
                {
                    contents(entry, kind, entries, problems);
                } else {
                    entries.push(entry);
                }
            }
        }
        Value::Null => {}
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => {
            problems.wrong_type(&container.value, &format!("`{}`", container.key.text), "a map");
        }
    }
}

/// The given ones of these parameters, each in its canonical shape. One that is null is left out.
pub(super) fn settings(
    params: &'static [Param],
    entries: &[&Entry],
    unknown: &dyn Fn(&Entry) -> Diagnostic,
    problems: &mut Problems,
) -> Vec<Setting> {
    let mut settings: Vec<(Setting, &Entry)> = Vec::new();
    for entry in entries {
        let Some(param) = catalog::named(params, &entry.key.text) else {
            problems.add(unknown(entry));
            continue;
        };
        if let Some((_, first)) = settings.iter().find(|(setting, _)| setting.param.key == param.key) {
            let (first, second) = if first.key.span <= entry.key.span { (*first, *entry) } else { (*entry, *first) };
            if first.key.span != second.key.span {
                given_twice(&first.key, &second.key, problems);
            }
            continue;
        }
        if matches!(entry.value.value, Value::Null) {
            continue;
        }
        // A wrong value stays, so that the parameter is not called missing too.
        let value =
            values::canonical(param, &entry.key.text, &entry.value, problems).unwrap_or_else(|| entry.value.clone());
        let setting = Setting { param, key: entry.key.span, written: entry.value.clone(), value };
        settings.push((setting, entry));
    }
    settings.into_iter().map(|(setting, _)| setting).collect()
}

fn unfit(kind: &StepType, entry: &Entry) -> Diagnostic {
    let problem = Diagnostic::error(
        "unknown-key",
        entry.key.span,
        format!("a step of type `{}` takes no `{}`", kind.word, entry.key.text),
    );
    match kind.refusal(&entry.key.text) {
        Some(instead) => problem.help(instead),
        None => problem,
    }
}

fn unknown_param(kind: &StepType, entry: &Entry, what: &str) -> Diagnostic {
    if let Some(instead) = kind.refusal(&entry.key.text) {
        return unfit(kind, entry).help(instead);
    }
    if super::step::KEYS.contains(&entry.key.text.as_str()) {
        let message = format!("`{}` is no parameter of `{}`", entry.key.text, kind.word);
        return Diagnostic::error("unknown-key", entry.key.span, message).help("it stands on the step itself");
    }
    let known: Vec<&'static str> =
        kind.params.iter().flat_map(|param| std::iter::once(param.key).chain(param.aliases.iter().copied())).collect();
    unknown_key(&entry.key, &format!("{what} (`{}`)", kind.word), &known)
}
