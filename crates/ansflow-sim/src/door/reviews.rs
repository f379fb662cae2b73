//! Questions about who somebody is and what they may: the `create` of kinds that are never stored.

use serde_json::{Value, json};

use super::authorize::everything;
use super::{Actor, Book, Decision, Question, bearer, decide};
use crate::kind::Kind;
use crate::object::{Object, ObjectExt, Str};
use crate::sim::Sim;
use crate::status::{Cause, Status};

/// The question with its answer as status.
pub(crate) fn answer(sim: &Sim, actor: &Actor, kind: &Kind, question: &Object) -> Result<Object, Status> {
    let mut metadata = question.get("metadata").cloned().unwrap_or_else(|| json!({}));
    let spec = || question.get("spec").cloned().unwrap_or_else(|| json!({}));
    let (spec, status) = match &*kind.kind {
        "SelfSubjectReview" => {
            metadata["creationTimestamp"] = sim.now_micros().rfc3339().into();
            (None, json!({"userInfo": user(actor)}))
        }
        "SelfSubjectAccessReview" => (Some(spec()), access(sim, actor, kind, question)?),
        "SubjectAccessReview" | "LocalSubjectAccessReview" => {
            let meant = subject(question);
            (Some(spec()), access(sim, &meant, kind, question)?)
        }
        // The namespace that was asked about is not told again.
        "SelfSubjectRulesReview" => (Some(json!({})), rules(sim, actor, question.text("/spec/namespace"))?),
        "TokenReview" => (Some(spec()), token(sim, question)),
        _ => return Err(Status::method_not_allowed()),
    };
    let mut answer = Object::new();
    answer.insert("kind".to_owned(), (*kind.kind).into());
    answer.insert("apiVersion".to_owned(), kind.api_version().into());
    answer.insert("metadata".to_owned(), metadata);
    answer.extend(spec.map(|spec| ("spec".to_owned(), spec)));
    answer.insert("status".to_owned(), status);
    Ok(answer)
}

/// Somebody, as the API shows them.
pub(crate) fn user(actor: &Actor) -> Value {
    let mut user = json!({"username": &*actor.user});
    if !actor.uid.is_empty() {
        user["uid"] = (*actor.uid).into();
    }
    user["groups"] = actor.groups.iter().map(|group| Value::from(&**group)).collect();
    if !actor.extra.is_empty() {
        let pair = |(name, values): &(Str, Vec<Str>)| {
            (name.to_string(), values.iter().map(|value| Value::from(&**value)).collect::<Value>())
        };
        user["extra"] = Value::Object(actor.extra.iter().map(pair).collect());
    }
    user
}

fn access(sim: &Sim, actor: &Actor, kind: &Kind, question: &Object) -> Result<Value, Status> {
    let asked = |field: &str| question.text(&format!("/spec/resourceAttributes/{field}"));
    let attributes = match (question.at("/spec/resourceAttributes"), question.at("/spec/nonResourceAttributes")) {
        (Some(_), None) => Question::Resource {
            verb: asked("verb"),
            group: asked("group"),
            resource: asked("resource"),
            sub: asked("subresource"),
            namespace: asked("namespace"),
            name: asked("name"),
        },
        (None, Some(_)) => Question::Path {
            verb: question.text("/spec/nonResourceAttributes/verb"),
            path: question.text("/spec/nonResourceAttributes/path"),
        },
        _ => {
            let spec = question.get("spec").cloned().unwrap_or_else(|| json!({}));
            let why = format!(
                "Invalid value: {spec}: exactly one of nonResourceAttributes or resourceAttributes must be specified"
            );
            return Err(Status::invalid(
                kind,
                "",
                vec![Cause::new("FieldValueInvalid", "spec.resourceAttributes", why)],
            ));
        }
    };
    Ok(match decide(sim, actor, &attributes) {
        Decision::Allowed { reason } if reason.is_empty() => json!({"allowed": true}),
        Decision::Allowed { reason } => json!({"allowed": true, "reason": reason}),
        Decision::Denied { .. } => json!({"allowed": false}),
    })
}

/// Whom a question about somebody else means.
fn subject(question: &Object) -> Actor {
    let groups = question.items("/spec/groups").iter().filter_map(Value::as_str).map(Str::from).collect();
    Actor {
        user: question.text("/spec/user").into(),
        uid: question.text("/spec/uid").into(),
        groups,
        extra: Vec::new(),
    }
}

fn rules(sim: &Sim, actor: &Actor, namespace: &str) -> Result<Value, Status> {
    if namespace.is_empty() {
        return Err(Status::bad_request("no namespace on request"));
    }
    let held = Book::of(sim).rules_of(actor, namespace);
    let (paths, resources): (Vec<_>, Vec<_>) = held.iter().partition(|rule| !rule.urls.is_empty());
    let mut resources: Vec<Value> = resources.into_iter().map(super::roles::Rule::to_value).collect();
    let mut paths: Vec<Value> = paths.into_iter().map(super::roles::Rule::to_value).collect();
    if everything(sim, actor) && !actor.is_in("system:masters") {
        resources.insert(0, json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}));
        paths.insert(0, json!({"verbs": ["*"], "nonResourceURLs": ["*"]}));
    }
    Ok(json!({"resourceRules": resources, "nonResourceRules": paths, "incomplete": false}))
}

fn token(sim: &Sim, question: &Object) -> Value {
    let audiences: Vec<&str> = question.items("/spec/audiences").iter().filter_map(Value::as_str).collect();
    match bearer(sim, question.text("/spec/token"), &audiences) {
        Some(actor) if audiences.is_empty() => {
            json!({"authenticated": true, "user": user(&actor), "audiences": [super::token::ISSUER]})
        }
        Some(actor) => json!({"authenticated": true, "user": user(&actor), "audiences": audiences}),
        None => json!({"user": {}, "error": "[invalid bearer token, token lookup failed]"}),
    }
}
