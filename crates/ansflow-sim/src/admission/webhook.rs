//! Webhooks. They never leave the process: what one answers is said by its configuration's annotation, and one of which
//! nothing is said is not there to be reached.
//!
//! `sim.ansflow.io/fault: {"images.example.com": {"deny": {"code": 403, "message": "not signed"}}}`; or `"allow"`, `"refused"`,
//! `"badCertificate"`, `"timeout"`. A rule of the faults' table (`{"on": {"webhook": "images.*"}, "what": {"webhook": "timeout"}}`)
//! is asked first.

use serde_json::Value;

use super::rules::{self, Facts};
use super::{Admission, Review, policy};
use crate::faults::rule::WebhookFault;
use crate::object::{Object, ObjectExt};
use crate::status::Status;

const GROUP: &str = "admissionregistration.k8s.io";
const ANNOTATION: &str = "sim.ansflow.io/fault";

pub(super) struct Webhooks;

/// What comes of calling one.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Allow,
    Deny {
        code: u16,
        message: String,
    },
    /// It could not be asked.
    Failed(String),
}

impl Admission for Webhooks {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        called(review, "MutatingWebhookConfiguration")
    }

    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        called(review, "ValidatingWebhookConfiguration")
    }
}

fn called(review: &Review<'_, '_>, kind: &str) -> Result<(), Status> {
    if &*review.kind.group == GROUP {
        return Ok(());
    }
    let configurations = review.everywhere(GROUP, kind);
    let mut facts = None;
    for configuration in &configurations {
        for webhook in configuration.items("/webhooks") {
            let equivalent = webhook["matchPolicy"] != "Exact";
            if !rules::named(&webhook["rules"], review, equivalent) || !rules::selected(webhook, review) {
                continue;
            }
            let conditions: Vec<&Value> = webhook["matchConditions"].as_array().into_iter().flatten().collect();
            if !conditions.is_empty() {
                let facts = facts.get_or_insert_with(|| Facts::of(review));
                let holds = |condition: &&Value| {
                    policy::asked(condition["expression"].as_str().unwrap_or_default(), &facts.variables())
                };
                if conditions.iter().map(holds).any(|answer| answer != Ok(true)) {
                    continue;
                }
            }
            settle(webhook, answer(configuration, webhook, review))?;
        }
    }
    Ok(())
}

/// What an answer means for the write.
fn settle(webhook: &Value, answer: Answer) -> Result<(), Status> {
    let name = webhook["name"].as_str().unwrap_or_default();
    match answer {
        Answer::Allow => Ok(()),
        Answer::Deny { code, message } => {
            let why = match message.as_str() {
                "" => " without explanation".to_owned(),
                message => format!(": {message}"),
            };
            Err(Status::new(code, "", format!("admission webhook \"{name}\" denied the request{why}")))
        }
        Answer::Failed(_) if webhook["failurePolicy"] == "Ignore" => Ok(()),
        Answer::Failed(why) => {
            Err(Status::internal(format!("failed calling webhook \"{name}\": failed to call webhook: {why}")))
        }
    }
}

fn answer(configuration: &Object, webhook: &Value, review: &Review<'_, '_>) -> Answer {
    let seconds = webhook["timeoutSeconds"].as_i64().unwrap_or(10);
    let service = &webhook["clientConfig"]["service"];
    let text = |field: &str| service[field].as_str().unwrap_or_default();
    let (name, namespace) = (text("name"), text("namespace"));
    let (url, far) = match webhook["clientConfig"]["url"].as_str() {
        Some(url) => (url.to_owned(), far_of(url)),
        None => {
            let port = service["port"].as_i64().unwrap_or(443);
            let found = review.found("", "Service", namespace, name);
            let address = found.as_ref().map(|found| found.text("/spec/clusterIP").to_owned());
            let path = text("path");
            let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
            let far = address.map(|address| format!("dial tcp {address}:{port}: connect: connection refused"));
            let far = far.unwrap_or_else(|| format!("service \"{name}\" not found"));
            (format!("https://{name}.{namespace}.svc:{port}{slash}{path}"), far)
        }
    };
    let is_there = service.is_null() || !far.ends_with("not found");
    let sign = if url.contains('?') { '&' } else { '?' };
    let post = |why: &str| Answer::Failed(format!("Post \"{url}{sign}timeout={seconds}s\": {why}"));
    let of_rule = || review.sim.faults().webhook(webhook["name"].as_str().unwrap_or_default());
    match of_rule().or_else(|| said(configuration, webhook)).filter(|_| is_there) {
        Some(WebhookFault::Allow) => Answer::Allow,
        Some(WebhookFault::BadCertificate) => {
            post("tls: failed to verify certificate: x509: certificate signed by unknown authority")
        }
        Some(WebhookFault::Timeout) => post("context deadline exceeded"),
        Some(WebhookFault::Deny { code, message }) => Answer::Deny { code, message },
        Some(WebhookFault::Refused) | None => post(&far),
    }
}

/// What is said of this webhook: by its name, or of all in the configuration. What cannot be read says nothing.
fn said(configuration: &Object, webhook: &Value) -> Option<WebhookFault> {
    let text = configuration.annotations().get(ANNOTATION)?;
    let all: Value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
    let own = &all[webhook["name"].as_str().unwrap_or_default()];
    let said = if own.is_null() { all } else { own.clone() };
    serde_json::from_value(said).map_err(|why| tracing::warn!("the annotation {ANNOTATION} cannot be read: {why}")).ok()
}

/// How an address refuses: by its port, or because nobody knows the name.
fn far_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => (name, port),
        _ => (host, "443"),
    };
    let is_address = name == "localhost" || name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    match is_address {
        true => format!("dial tcp {name}:{port}: connect: connection refused"),
        false => format!("dial tcp: lookup {name}: no such host"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_is_told_as_recorded() {
        let webhook = json!({"name": "images2.policy.example.com", "failurePolicy": "Fail"});
        let message = "image busybox:1.36 is not signed by a trusted key (policy require-signed-images)".to_owned();
        let status = settle(&webhook, Answer::Deny { code: 403, message }).unwrap_err();
        assert_eq!(
            status.to_value(),
            json!({
                "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                "message": "admission webhook \"images2.policy.example.com\" denied the request: image busybox:1.36 is not \
                            signed by a trusted key (policy require-signed-images)",
                "code": 403,
            })
        );
    }

    #[test]
    fn who_cannot_be_asked_refuses_unless_that_is_ignored() {
        let failed = || Answer::Failed("Post \"https://a?timeout=3s\": context deadline exceeded".to_owned());
        let status = settle(&json!({"name": "a", "failurePolicy": "Fail"}), failed()).unwrap_err();
        assert_eq!(
            status.message,
            "Internal error occurred: failed calling webhook \"a\": failed to call webhook: \
             Post \"https://a?timeout=3s\": context deadline exceeded"
        );
        assert_eq!(settle(&json!({"name": "a", "failurePolicy": "Ignore"}), failed()), Ok(()));
    }

    #[test]
    fn an_address_refuses_and_a_name_is_not_known() {
        assert_eq!(far_of("https://127.0.0.1:5998/deny"), "dial tcp 127.0.0.1:5998: connect: connection refused");
        assert_eq!(far_of("https://policy.invalid/x"), "dial tcp: lookup policy.invalid: no such host");
    }
}
