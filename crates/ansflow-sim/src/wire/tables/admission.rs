//! Webhook configurations and admission policies.

use serde_json::Value;

use super::column::{AGE, Column, NAME, number, text};
use super::{age, name};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) const WEBHOOKS: &[Column] =
    &[NAME, number("Webhooks", "Webhooks indicates the number of webhooks registered in this configuration"), AGE];

pub(super) fn webhooks(configuration: &Object, now: Micros) -> Vec<Value> {
    vec![name(configuration), configuration.items("/webhooks").len().into(), age::age(configuration, now)]
}

pub(super) const POLICY: &[Column] = &[
    NAME,
    number("Validations", "Validations indicates the number of validation rules defined in this configuration"),
    text("ParamKind", "ParamKind specifies the kind of resources used to parameterize this policy"),
    AGE,
];

pub(super) fn policy(policy: &Object, now: Micros) -> Vec<Value> {
    let parameters = match policy.text("/spec/paramKind/kind") {
        "" => "<unset>".to_owned(),
        kind => format!("{}/{kind}", policy.text("/spec/paramKind/apiVersion")),
    };
    vec![name(policy), policy.items("/spec/validations").len().into(), parameters.into(), age::age(policy, now)]
}

pub(super) const BINDING: &[Column] = &[
    NAME,
    text("PolicyName", "PolicyName indicates the policy definition which the policy binding binded to"),
    text("ParamRef", "ParamRef indicates the param resource which sets the configration param"),
    AGE,
];

pub(super) fn binding(binding: &Object, now: Micros) -> Vec<Value> {
    let (namespace, one) = (binding.text("/spec/paramRef/namespace"), binding.text("/spec/paramRef/name"));
    let parameters = match (binding.at("/spec/paramRef").is_some(), namespace) {
        (false, _) => "<unset>".to_owned(),
        (true, "") => format!("*/{one}"),
        (true, namespace) => format!("{namespace}/{one}"),
    };
    vec![name(binding), binding.text("/spec/policyName").into(), parameters.into(), age::age(binding, now)]
}
