//! Registries that steps name, against those that are known.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::PlanFacts;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::pipeline::{Pipeline, Sequence, Step, images};
use crate::plan::PlannedStep;
use crate::spec::{address_of, unknown_registry};

/// What steps may call the default registry, whichever that is; where there is none, no registry that is known has this name.
pub const DEFAULT_REGISTRY: &str = "default";

/// Whether a warning is about a push that needs a default registry, and is none where there is one.
#[must_use]
pub fn needs_default(warning: &Diagnostic) -> bool {
    warning.code == images::NOWHERE_TO_PUSH
}

/// Pushes that say nothing of where to, where it is known that there is no default registry.
pub(super) fn without_default(pipeline: &Pipeline, sequence: &Sequence, facts: &PlanFacts) -> Vec<Diagnostic> {
    match &facts.registries {
        Some(known) if !known.contains(DEFAULT_REGISTRY) => images::nowhere_to_push(pipeline, sequence)
            .into_iter()
            .map(|problem| Diagnostic { severity: Severity::Error, ..problem })
            .collect(),
        Some(_) | None => Vec::new(),
    }
}

/// A registry that a step names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRegistry {
    name: String,
    step: String,
    span: Span,
    /// Where `registry_url` stands beside it.
    address: Option<Span>,
}

/// The registries that a pipeline names, by name and not by address.
#[must_use]
pub fn named_registries(pipeline: &Pipeline) -> Vec<NamedRegistry> {
    let named = |step: &'_ Step| {
        let registry = step.params.get("registry")?;
        let name = registry.value.scalar().filter(|name| !name.trim().is_empty() && !name.contains("{{"))?;
        let (span, address) = (registry.written.span, step.params.get("registry_url").map(|address| address.key));
        Some(NamedRegistry { name, step: step.name.value.clone(), span, address })
    };
    pipeline.steps.iter().filter_map(named).collect()
}

impl NamedRegistry {
    /// What is to be said of it where these are known: it is none of them, or it wins over the address beside it.
    #[must_use]
    pub fn warning(&self, known: &BTreeSet<String>) -> Option<Diagnostic> {
        let name = &self.name;
        match (known.contains(name), self.address) {
            (true, Some(address)) => {
                let message = format!("registry `{name}` of step `{}` wins over its `registry_url`", self.step);
                Some(Diagnostic::warning("no-effect", address, message).help("take `registry_url` away"))
            }
            (false, None) if address_of(name).is_none() => {
                let message = format!("there is no registry `{}`", name.escape_debug());
                let warning = Diagnostic::warning("missing-registry", self.span, message);
                Some(warning.help("add it under registries before the pipeline runs"))
            }
            (true, None) | (false, _) => None,
        }
    }
}

/// What deserves a word before a run of a pipeline that has no errors: a registry that is known wins over the address
/// that stands beside it. Of one that is not known, [`super::cannot_run`] speaks.
#[must_use]
pub fn warnings(pipeline: &Pipeline, facts: &PlanFacts) -> Vec<Diagnostic> {
    let Some(known) = &facts.registries else { return Vec::new() };
    let named = named_registries(pipeline);
    named.iter().filter(|named| known.contains(&named.name)).filter_map(|named| named.warning(known)).collect()
}

/// Why a step's registry cannot be found, where that is certain by now.
pub(super) fn unknown(step: &PlannedStep, facts: &PlanFacts) -> Option<String> {
    let known = facts.registries.as_ref()?;
    let text = |key: &str| step.params.get(key).and_then(Json::as_str);
    let name = match step.params.get("registry")? {
        Json::String(name) => name.clone(),
        other => other.to_string(),
    };
    let is_found = known.contains(&name) || name.contains("{{") || address_of(&name).is_some();
    (!is_found && text("registry_url").is_none()).then(|| unknown_registry(&name))
}
