//! Roles and bindings as they are stored, read for deciding: what each rule allows, and to whom.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Actor, Question};
use crate::kind::KindId;
use crate::kinds;
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::sim::Sim;
use crate::store::Stored;

const GROUP: &str = "rbac.authorization.k8s.io";

/// Reads all objects of a kind: from the store, or from a transaction that holds it.
pub(crate) type All<'a> = &'a dyn Fn(KindId) -> Vec<Arc<Stored>>;

/// All that roles say.
pub(crate) struct Book {
    bindings: Vec<Binding>,
    roles: Vec<Role>,
}

struct Role {
    /// "" for cluster roles.
    namespace: String,
    name: String,
    labels: Option<Object>,
    gathers: Vec<Selector>,
    rules: Vec<Rule>,
}

pub(super) struct Binding {
    kind: &'static str,
    namespace: String,
    name: String,
    role: (String, String),
    subjects: Vec<(String, String, String)>,
}

/// What may be done to what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(super) verbs: Vec<String>,
    pub(super) groups: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) urls: Vec<String>,
}

/// The kinds that a book is made of.
pub(super) fn kinds() -> [KindId; 4] {
    ["ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding"].map(|kind| kinds::id(GROUP, kind))
}

impl Book {
    pub(crate) fn of(sim: &Sim) -> Arc<Book> {
        sim.door().book(sim)
    }

    /// Bindings are in the order in which they were written.
    pub(crate) fn read(sim: &Sim, all: All<'_>) -> Book {
        let mut book = Book { bindings: Vec::new(), roles: Vec::new() };
        for name in ["ClusterRole", "Role"] {
            for (_, object) in objects(sim, all, name) {
                book.roles.push(Role::read(&object));
            }
        }
        for kind in ["ClusterRoleBinding", "RoleBinding"] {
            let mut found = objects(sim, all, kind);
            found.sort_by_key(|(revision, _)| *revision);
            book.bindings.extend(found.iter().map(|(_, object)| Binding::read(kind, object)));
        }
        book
    }

    /// Why somebody may, where they may.
    pub(crate) fn allows(&self, actor: &Actor, asked: &Question<'_>) -> Option<String> {
        let within = match asked {
            Question::Resource { namespace, .. } => *namespace,
            Question::Path { .. } => "",
        };
        self.bindings.iter().filter(|binding| binding.counts_in(within)).find_map(|binding| {
            let to = binding.subject(actor)?;
            let rules = self.rules(&binding.role.0, &binding.role.1, &binding.namespace)?;
            rules.iter().any(|rule| rule.allows(asked)).then(|| binding.reason(&to))
        })
    }

    /// The rules that hold for somebody in a namespace.
    pub(crate) fn rules_of(&self, actor: &Actor, namespace: &str) -> Vec<Rule> {
        let bound = self.bindings.iter().filter(|binding| binding.counts_in(namespace));
        let bound = bound.filter(|binding| binding.subject(actor).is_some());
        bound.filter_map(|binding| self.rules(&binding.role.0, &binding.role.1, &binding.namespace)).flatten().collect()
    }

    /// The rules of a role; of one that gathers, those of all roles it gathers.
    pub(crate) fn rules(&self, kind: &str, name: &str, namespace: &str) -> Option<Vec<Rule>> {
        let namespace = if kind == "ClusterRole" { "" } else { namespace };
        let role = self.roles.iter().find(|role| role.name == name && role.namespace == namespace)?;
        Some(self.gathered(role, 0))
    }

    fn gathered(&self, role: &Role, depth: usize) -> Vec<Rule> {
        if role.gathers.is_empty() || depth > 4 {
            return role.rules.clone();
        }
        let mut rules: Vec<Rule> = Vec::new();
        for other in self.roles.iter().filter(|other| other.namespace.is_empty() && other.name != role.name) {
            if role.gathers.iter().any(|selector| selector.matches_map(other.labels.as_ref())) {
                for rule in self.gathered(other, depth + 1) {
                    if !rules.contains(&rule) {
                        rules.push(rule);
                    }
                }
            }
        }
        rules
    }
}

impl Role {
    fn read(object: &Object) -> Role {
        let gathers = object.items("/aggregationRule/clusterRoleSelectors");
        Role {
            namespace: object.namespace().to_owned(),
            name: object.name().to_owned(),
            labels: object.at("/metadata/labels").and_then(Value::as_object).cloned(),
            gathers: gathers.iter().filter_map(|selector| Selector::of(selector).ok()).collect(),
            rules: object.items("/rules").iter().map(Rule::read).collect(),
        }
    }
}

impl Binding {
    fn read(kind: &'static str, object: &Object) -> Binding {
        let namespace = object.namespace();
        let subject = |subject: &Value| {
            let text = |field: &str| subject[field].as_str().unwrap_or_default().to_owned();
            let (kind, name, mut within) = (text("kind"), text("name"), text("namespace"));
            if kind == "ServiceAccount" && within.is_empty() {
                within = namespace.to_owned();
            }
            (kind, name, within)
        };
        Binding {
            kind,
            namespace: namespace.to_owned(),
            name: object.name().to_owned(),
            role: (object.text("/roleRef/kind").to_owned(), object.text("/roleRef/name").to_owned()),
            subjects: object.items("/subjects").iter().map(subject).collect(),
        }
    }

    fn counts_in(&self, namespace: &str) -> bool {
        self.namespace.is_empty() || self.namespace == namespace
    }

    /// As whom it means the actor: `Group "system:masters"`.
    fn subject(&self, actor: &Actor) -> Option<String> {
        self.subjects.iter().find_map(|(kind, name, namespace)| match kind.as_str() {
            "User" => (*name == *actor.user).then(|| format!("User \"{name}\"")),
            "Group" => actor.is_in(name).then(|| format!("Group \"{name}\"")),
            "ServiceAccount" => {
                let known = *actor.user == *format!("system:serviceaccount:{namespace}:{name}");
                known.then(|| format!("ServiceAccount \"{name}/{namespace}\""))
            }
            _ => None,
        })
    }

    fn reason(&self, to: &str) -> String {
        let (kind, role) = &self.role;
        let within = if self.namespace.is_empty() { String::new() } else { format!("/{}", self.namespace) };
        format!("RBAC: allowed by {} \"{}{within}\" of {kind} \"{role}\" to {to}", self.kind, self.name)
    }
}

impl Rule {
    pub(super) fn read(value: &Value) -> Rule {
        let texts = |field: &str| {
            let all = value[field].as_array().into_iter().flatten();
            all.filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        Rule {
            verbs: texts("verbs"),
            groups: texts("apiGroups"),
            resources: texts("resources"),
            names: texts("resourceNames"),
            urls: texts("nonResourceURLs"),
        }
    }

    pub(super) fn allows(&self, asked: &Question<'_>) -> bool {
        let has = |all: &[String], one: &str| all.iter().any(|known| known == "*" || known == one);
        match asked {
            Question::Resource { verb, group, resource, sub, name, .. } => {
                let whole = if sub.is_empty() { (*resource).to_owned() } else { format!("{resource}/{sub}") };
                let any = (!sub.is_empty()).then(|| format!("*/{sub}"));
                has(&self.verbs, verb)
                    && has(&self.groups, group)
                    && (has(&self.resources, &whole) || any.is_some_and(|any| self.resources.contains(&any)))
                    && (self.names.is_empty() || self.names.iter().any(|known| known == name))
            }
            Question::Path { verb, path } => {
                has(&self.verbs, verb)
                    && self.urls.iter().any(|url| match url.strip_suffix('*') {
                        Some(start) => path.starts_with(start),
                        None => url == path,
                    })
            }
        }
    }

    /// As a review of rules shows it.
    pub(super) fn to_value(&self) -> Value {
        if !self.urls.is_empty() {
            return json!({"verbs": self.verbs, "nonResourceURLs": self.urls});
        }
        let mut value = json!({"verbs": self.verbs, "apiGroups": self.groups, "resources": self.resources});
        if !self.names.is_empty() {
            value["resourceNames"] = self.names.clone().into();
        }
        value
    }
}

fn objects(sim: &Sim, all: All<'_>, kind: &str) -> Vec<(u64, Object)> {
    let id = kinds::id(GROUP, kind);
    let Some(kind) = sim.kinds().stored(id) else { return Vec::new() };
    all(id).iter().map(|stored| (stored.revision, stored.thaw(&kind))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &Value, verb: &str, resource: &str, sub: &str, name: &str, expect: bool) {
        let asked = Question::Resource { verb, group: "", resource, sub, namespace: "demo", name };
        assert_eq!(Rule::read(rule).allows(&asked), expect, "{rule} {verb} {resource}/{sub} {name}");
    }

    #[test]
    fn a_rule_allows_what_it_names() {
        let pods = json!({"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "*/scale"]});
        check(&pods, "get", "pods", "", "", true);
        check(&pods, "delete", "pods", "", "", false);
        check(&pods, "get", "pods", "exec", "", false);
        check(&pods, "get", "deployments", "scale", "", true);
        let one = json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "resourceNames": ["db"]});
        check(&one, "get", "secrets", "", "db", true);
        check(&one, "list", "secrets", "", "", false);
    }

    #[test]
    fn a_path_is_allowed_whole_or_by_its_beginning() {
        let rule = Rule::read(&json!({"verbs": ["get"], "nonResourceURLs": ["/api/*", "/version"]}));
        assert!(rule.allows(&Question::Path { verb: "get", path: "/api/v1" }));
        assert!(rule.allows(&Question::Path { verb: "get", path: "/version" }));
        assert!(!rule.allows(&Question::Path { verb: "get", path: "/versions" }));
    }
}
