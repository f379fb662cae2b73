//! Nobody hands out more than they may do themselves: roles and bindings are held against what their writer has.

use serde_json::Value;

use super::authorize::everything;
use super::roles::{Book, Rule};
use super::{Actor, Question};
use crate::admission::{Admission, Operation, Review};
use crate::object::ObjectExt;
use crate::status::Status;

const GROUP: &str = "rbac.authorization.k8s.io";

/// The check of roles and of bindings.
pub(crate) struct Escalation;

impl Admission for Escalation {
    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        if &*review.kind.group != GROUP || everything(review.sim, review.actor) || review.operation == Operation::Delete
        {
            return Ok(());
        }
        let book = Book::read(review.sim, &|kind| review.txn.all(kind, None));
        let namespace = review.object.namespace();
        let is_role = review.object.at("/roleRef").is_none();
        let (granted, bypass) = match is_role {
            true => {
                let same = review.old.is_some_and(|old| old.get("rules") == review.object.get("rules"));
                let rules =
                    if same { Vec::new() } else { review.object.items("/rules").iter().map(Rule::read).collect() };
                (rules, asks(review, "escalate", &review.kind.plural.clone(), review.object.name()))
            }
            false => {
                let (kind, name) = (review.object.text("/roleRef/kind"), review.object.text("/roleRef/name"));
                let plural = format!("{}s", kind.to_ascii_lowercase());
                let granted = book.rules(kind, name, namespace);
                let missing = || match review.sim.kinds().named(GROUP, kind) {
                    Some(kind) => Status::not_found(&kind, name),
                    None => Status::unknown_resource(),
                };
                let allowed = book.allows(review.actor, &bind(&plural, namespace, name)).is_some();
                (if allowed { Vec::new() } else { granted.ok_or_else(missing)? }, false)
            }
        };
        if bypass {
            return Ok(());
        }
        let held = book.rules_of(review.actor, namespace);
        let mut missing: Vec<String> = granted.iter().filter(|rule| !covered(&held, rule)).map(told).collect();
        if missing.is_empty() {
            return Ok(());
        }
        missing.sort();
        missing.dedup();
        let why = format!(
            "user {:?} (groups={}) is attempting to grant RBAC permissions not currently held:\n{}",
            &*review.actor.user,
            groups(review.actor),
            missing.join("\n")
        );
        Err(Status::forbidden(review.kind, review.object.name(), &why))
    }
}

fn bind<'a>(plural: &'a str, namespace: &'a str, name: &'a str) -> Question<'a> {
    Question::Resource { verb: "bind", group: GROUP, resource: plural, sub: "", namespace, name }
}

fn asks(review: &Review<'_, '_>, verb: &str, plural: &str, name: &str) -> bool {
    let book = Book::read(review.sim, &|kind| review.txn.all(kind, None));
    let namespace = review.object.namespace();
    let asked = Question::Resource { verb, group: GROUP, resource: plural, sub: "", namespace, name };
    book.allows(review.actor, &asked).is_some()
}

/// Whether each single thing that a rule allows is allowed by one of the others.
fn covered(held: &[Rule], rule: &Rule) -> bool {
    let named = if rule.names.is_empty() { vec![String::new()] } else { rule.names.clone() };
    let has = |all: &[String], one: &str| all.iter().any(|known| known == "*" || known == one);
    rule.verbs.iter().all(|verb| {
        let urls = rule.urls.iter().all(|url| {
            held.iter().any(|own| {
                let reaches = |known: &String| {
                    known == url || known.strip_suffix('*').is_some_and(|start| url.starts_with(start))
                };
                has(&own.verbs, verb) && own.urls.iter().any(reaches)
            })
        });
        urls && rule.groups.iter().all(|group| {
            rule.resources.iter().all(|resource| {
                named.iter().all(|name| {
                    held.iter().any(|own| {
                        has(&own.verbs, verb)
                            && has(&own.groups, group)
                            && (has(&own.resources, resource))
                            && (own.names.is_empty() || own.names.contains(name))
                    })
                })
            })
        })
    })
}

/// `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list"]}`.
fn told(rule: &Rule) -> String {
    let list =
        |all: &[String]| format!("[{}]", all.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(" "));
    let parts = [
        ("APIGroups", &rule.groups),
        ("Resources", &rule.resources),
        ("NonResourceURLs", &rule.urls),
        ("ResourceNames", &rule.names),
        ("Verbs", &rule.verbs),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(_, all)| !all.is_empty()).map(|(name, all)| format!("{name}:{}", list(all))).collect();
    format!("{{{}}}", parts.join(", "))
}

fn groups(actor: &Actor) -> String {
    let all: Vec<Value> = actor.groups.iter().map(|group| Value::from(&**group)).collect();
    format!("[{}]", all.iter().map(Value::to_string).collect::<Vec<_>>().join(" "))
}
