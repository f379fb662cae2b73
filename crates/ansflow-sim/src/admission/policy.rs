//! Rules in CEL that people write: ValidatingAdmissionPolicy and its bindings.

use serde_json::Value;

use super::rules::{self, Facts};
use super::{Admission, Review};
use crate::cel::{CelError, Program, Val};
use crate::object::{Object, ObjectExt};
use crate::status::{Cause, Status};

const GROUP: &str = "admissionregistration.k8s.io";

pub(super) struct Policies;

/// What a policy says of a write.
enum Verdict {
    Fine,
    /// Why not, and with which reason.
    Wrong(String, &'static str),
}

impl Admission for Policies {
    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        if &*review.kind.group == GROUP {
            return Ok(());
        }
        let bindings = review.everywhere(GROUP, "ValidatingAdmissionPolicyBinding");
        if bindings.is_empty() {
            return Ok(());
        }
        let mut facts = None;
        for binding in &bindings {
            let Some(policy) = review.found(GROUP, "ValidatingAdmissionPolicy", "", binding.text("/spec/policyName"))
            else {
                continue;
            };
            if !concerns(&policy, binding, review) {
                continue;
            }
            let facts = facts.get_or_insert_with(|| Facts::of(review));
            for verdict in judged(&policy, binding, review, facts) {
                let Verdict::Wrong(why, reason) = verdict else { continue };
                act(review, &policy, binding, &why, reason)?;
            }
        }
        Ok(())
    }
}

/// Whether the policy, through this binding, has a say about a write.
fn concerns(policy: &Object, binding: &Object, review: &Review<'_, '_>) -> bool {
    let fits = |constraints: Option<&Value>, must: bool| {
        let Some(constraints) = constraints else { return !must };
        let equivalent = constraints["matchPolicy"] != "Exact";
        let listed = &constraints["resourceRules"];
        let is_open = listed.as_array().is_none_or(Vec::is_empty);
        ((is_open && !must) || rules::named(listed, review, equivalent))
            && !rules::named(&constraints["excludeResourceRules"], review, equivalent)
            && rules::selected(constraints, review)
    };
    fits(policy.at("/spec/matchConstraints"), true) && fits(binding.at("/spec/matchResources"), false)
}

fn judged(policy: &Object, binding: &Object, review: &Review<'_, '_>, facts: &Facts) -> Vec<Verdict> {
    let fails = policy.text("/spec/failurePolicy") != "Ignore";
    let (params, is_missing) = params(policy, binding, review);
    if is_missing {
        let allowed = binding.text("/spec/paramRef/parameterNotFoundAction") == "Allow";
        let why = "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction";
        return if allowed { Vec::new() } else { vec![Verdict::Wrong(why.to_owned(), "Invalid")] };
    }
    let mut computed = Value::Object(Object::new());
    for variable in policy.items("/spec/variables") {
        let (name, expression) = (variable["name"].as_str().unwrap_or_default(), text(variable, "expression"));
        let found = Program::parse(expression).and_then(|program| {
            let known = with(facts, &params, &computed);
            program.evaluate(&known).map(|value| match value {
                Val::Json(value) => value.into_owned(),
                Val::Quantity(_) | Val::Duration(_) | Val::Time(_) | Val::Type(_) => Value::Null,
            })
        });
        if let Ok(value) = found {
            computed[name] = value;
        }
    }
    let known = with(facts, &params, &computed);
    for condition in policy.items("/spec/matchConditions") {
        match asked(text(condition, "expression"), &known) {
            Ok(false) => return Vec::new(),
            Ok(true) => {}
            Err(why) if fails => {
                let name = condition["name"].as_str().unwrap_or_default();
                return vec![Verdict::Wrong(format!("match condition '{name}' resulted in error: {why}"), "Invalid")];
            }
            Err(_) => return Vec::new(),
        }
    }
    let one = |validation: &Value| {
        let expression = text(validation, "expression").trim();
        let reason = match validation["reason"].as_str() {
            Some("Unauthorized") => "Unauthorized",
            Some("Forbidden") => "Forbidden",
            Some("RequestEntityTooLarge") => "RequestEntityTooLarge",
            _ => "Invalid",
        };
        match asked(expression, &known) {
            Ok(true) => Verdict::Fine,
            Ok(false) => Verdict::Wrong(message(validation, expression, &known), reason),
            Err(why) if fails => {
                Verdict::Wrong(format!("expression '{expression}' resulted in error: {why}"), "Invalid")
            }
            Err(_) => Verdict::Fine,
        }
    };
    policy.items("/spec/validations").iter().map(one).collect()
}

fn with<'a>(facts: &'a Facts, params: &'a Value, computed: &'a Value) -> Vec<(&'a str, &'a Value)> {
    let mut all = facts.variables().to_vec();
    all.extend([("params", params), ("variables", computed)]);
    all
}

/// The answer of an expression. One that we cannot read is told once and holds.
pub(super) fn asked(expression: &str, known: &[(&str, &Value)]) -> Result<bool, String> {
    match Program::parse(expression).and_then(|program| program.holds(known)) {
        Ok(answer) => Ok(answer),
        Err(CelError::Unknown(why)) => {
            tracing::warn!("an expression is beyond the simulator and counts as true: `{expression}`: {why}");
            Ok(true)
        }
        Err(why) => Err(why.to_string()),
    }
}

fn message(validation: &Value, expression: &str, known: &[(&str, &Value)]) -> String {
    let computed = validation["messageExpression"].as_str().and_then(|expression| {
        let told = Program::parse(expression).ok()?.text(known).ok()?;
        Some(told).filter(|told| !told.trim().is_empty())
    });
    let written = validation["message"].as_str().map(|message| message.trim().to_owned());
    let written = written.filter(|message| !message.is_empty());
    computed.or(written).unwrap_or_else(|| format!("failed expression: {expression}"))
}

/// The object of parameters that a binding names; whether it should be there and is not.
fn params(policy: &Object, binding: &Object, review: &Review<'_, '_>) -> (Value, bool) {
    let (version, kind) = (policy.text("/spec/paramKind/apiVersion"), policy.text("/spec/paramKind/kind"));
    let name = binding.text("/spec/paramRef/name");
    if kind.is_empty() || name.is_empty() {
        return (Value::Null, false);
    }
    let found = review.sim.kinds().of(version, kind).and_then(|kind| {
        let given = binding.text("/spec/paramRef/namespace");
        let namespace = match () {
            () if !kind.namespaced => "",
            () if given.is_empty() => &*review.key.namespace,
            () => given,
        };
        let stored = review.txn.get(&crate::store::Key::new(kind.id, namespace, name))?;
        Some(Value::Object(stored.thaw(&kind)))
    });
    let is_missing = found.is_none();
    (found.unwrap_or(Value::Null), is_missing)
}

/// Refuses, or warns, as the binding says.
fn act(
    review: &mut Review<'_, '_>,
    policy: &Object,
    binding: &Object,
    why: &str,
    reason: &'static str,
) -> Result<(), Status> {
    let (policy, by) = (policy.name(), binding.name());
    let wants = |action: &str| binding.items("/spec/validationActions").iter().any(|known| known == action);
    if wants("Warn") {
        let told = format!("Validation failed for ValidatingAdmissionPolicy '{policy}' with binding '{by}': {why}");
        review.warnings.push(told);
    }
    if !wants("Deny") {
        return Ok(());
    }
    let told = format!("ValidatingAdmissionPolicy '{policy}' with binding '{by}' denied request: {why}");
    let mut status = review.refuse(&told).with_causes(vec![Cause::new("", "", told.clone())]);
    status.reason = reason;
    status.code = match reason {
        "Unauthorized" => 401,
        "Forbidden" => 403,
        "RequestEntityTooLarge" => 413,
        _ => 422,
    };
    Err(status)
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}
