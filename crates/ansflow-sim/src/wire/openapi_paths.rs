//! The paths of an OpenAPI document, made of the kinds of a group version: what can be done where, and with which parameters.

mod pieces;
mod sub;

use pieces::{
    COLLECTION, DELETE_OPTIONS, DELETED, LISTED, MEDIA, Operation, STATUS, STREAMED, WATCH_EVENT, answer, article,
    capital, patch_body, reference, together, written,
};
use serde_json::{Map, Value, json};

use super::embedded;
use crate::kind::Kind;

/// Where a document stands: its path, and the names that its operations are made of.
pub(super) struct Place<'a> {
    /// `/api/v1`, `/apis/apps/v1`.
    base: String,
    /// `core_v1`, `rbacAuthorization_v1`.
    tag: String,
    /// `CoreV1`, `RbacAuthorizationV1`.
    title: String,
    group: &'a str,
    version: &'a str,
    parameters: Map<String, Value>,
}

impl<'a> Place<'a> {
    pub(super) fn new(group: &'a str, version: &'a str) -> Place<'a> {
        let base = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
        let words: Vec<&str> = match group.strip_suffix(".k8s.io").unwrap_or(group) {
            "" => vec!["core"],
            group => group.split('.').collect(),
        };
        let title: String = words.iter().map(|word| capital(word)).collect();
        let tag = format!("{}{}", words[0], &title[words[0].len()..]);
        Place {
            base,
            tag: format!("{tag}_{version}"),
            title: format!("{title}{}", capital(version)),
            group,
            version,
            parameters: embedded::parameters(),
        }
    }

    /// All paths of the group version. `schema` names the schema of a kind.
    pub(super) fn paths<'k>(&self, kinds: impl Iterator<Item = &'k Kind>) -> Map<String, Value> {
        let mut paths = Map::new();
        paths.insert(format!("{}/", self.base), self.discovery());
        for kind in kinds {
            self.resource(&mut paths, kind);
        }
        paths.sort_keys();
        paths
    }

    fn discovery(&self) -> Value {
        let list = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList";
        json!({"get": {
            "tags": [self.tag], "description": "get available resources", "operationId": format!("get{}APIResources", self.title),
            "responses": {"200": answer("OK", list, MEDIA), "401": {"description": "Unauthorized"}},
        }})
    }

    fn resource(&self, paths: &mut Map<String, Value>, kind: &Kind) {
        let scope = if kind.namespaced { "/namespaces/{namespace}" } else { "" };
        let all = format!("{}{scope}/{}", self.base, kind.plural);
        let one = format!("{all}/{{name}}");
        let scoped = Scoped { place: self, kind, all_namespaces: false };
        scoped.path(paths, &all, &[("get", "list"), ("post", "create"), ("delete", "deletecollection")]);
        scoped.path(paths, &one, &[("get", "get"), ("put", "update"), ("delete", "delete"), ("patch", "patch")]);
        for sub in &kind.subresources {
            scoped.sub(paths, &format!("{one}/{}", sub.name), sub);
        }
        let watched = format!("{}/watch{scope}/{}", self.base, kind.plural);
        scoped.path(paths, &watched, &[("get", "watchlist")]);
        scoped.path(paths, &format!("{watched}/{{name}}"), &[("get", "watch")]);
        if kind.namespaced {
            let everywhere = Scoped { all_namespaces: true, ..scoped };
            everywhere.path(paths, &format!("{}/{}", self.base, kind.plural), &[("get", "list")]);
            everywhere.path(paths, &format!("{}/watch/{}", self.base, kind.plural), &[("get", "watchlist")]);
        }
    }
}

/// A kind in its namespace, in the cluster, or in all namespaces at once.
struct Scoped<'a> {
    place: &'a Place<'a>,
    kind: &'a Kind,
    all_namespaces: bool,
}

impl Scoped<'_> {
    fn path(&self, paths: &mut Map<String, Value>, path: &str, operations: &[(&'static str, &'static str)]) {
        let can = |verb: &str| self.kind.can(if verb == "watchlist" { "watch" } else { verb });
        let operations: Vec<Operation> = operations
            .iter()
            .filter(|(_, verb)| can(verb))
            .map(|(method, verb)| Operation {
                method,
                body: self.operation(verb),
                parameters: self.parameters(path, verb),
            })
            .collect();
        if !operations.is_empty() {
            paths.insert(path.to_owned(), together(operations));
        }
    }

    fn operation(&self, verb: &str) -> Value {
        let (kind, schema) = (&*self.kind.kind, self.kind.ty.name.to_string());
        let list = format!("{schema}List");
        let name = self.named("");
        let (action, id, description) = match verb {
            "list" if self.kind.can("watch") => {
                ("list", format!("list{name}"), format!("list or watch objects of kind {kind}"))
            }
            "list" => ("list", format!("list{name}"), format!("list objects of kind {kind}")),
            "create" => ("post", format!("create{name}"), format!("create{}{kind}", article(kind))),
            "deletecollection" => {
                let id = name.replacen(&self.place.title, &format!("{}Collection", self.place.title), 1);
                ("deletecollection", format!("delete{id}"), format!("delete collection of {kind}"))
            }
            "get" => ("get", format!("read{name}"), format!("read the specified {kind}")),
            "update" => ("put", format!("replace{name}"), format!("replace the specified {kind}")),
            "delete" => ("delete", format!("delete{name}"), format!("delete{}{kind}", article(kind))),
            "patch" => ("patch", format!("patch{name}"), format!("partially update the specified {kind}")),
            "watch" => (
                "watch",
                format!("watch{name}"),
                format!(
                    "watch changes to an object of kind {kind}. deprecated: use the 'watch' parameter with a list operation instead, filtered to a single item with the 'fieldSelector' parameter."
                ),
            ),
            _ => (
                "watchlist",
                format!("watch{}", self.named("List")),
                format!(
                    "watch individual changes to a list of {kind}. deprecated: use the 'watch' parameter with a list operation instead."
                ),
            ),
        };
        let responses = match verb {
            "list" => vec![("200", answer("OK", &list, STREAMED))],
            "watch" | "watchlist" => vec![("200", answer("OK", WATCH_EVENT, STREAMED))],
            "create" | "update" | "patch" => written(verb, &schema),
            "delete" => {
                let answered = if answers_object(self.kind) { schema.as_str() } else { STATUS };
                vec![("200", answer("OK", answered, MEDIA)), ("202", answer("Accepted", answered, MEDIA))]
            }
            "deletecollection" => vec![("200", answer("OK", STATUS, MEDIA))],
            _ => vec![("200", answer("OK", &schema, MEDIA))],
        };
        let own = (self.place.group, self.place.version, kind);
        let mut operation = self.described(&id, &description, action, own, responses);
        match verb {
            "create" | "update" => {
                operation["requestBody"] = json!({"content": {"*/*": {"schema": reference(&schema)}}, "required": true})
            }
            "delete" | "deletecollection" => {
                operation["requestBody"] = json!({"content": {"*/*": {"schema": reference(DELETE_OPTIONS)}}})
            }
            "patch" => operation["requestBody"] = patch_body(self.kind),
            _ => {}
        }
        operation
    }

    fn described(
        &self,
        id: &str,
        description: &str,
        action: &str,
        of: (&str, &str, &str),
        responses: Vec<(&str, Value)>,
    ) -> Value {
        let mut all: Map<String, Value> =
            responses.into_iter().map(|(code, answer)| (code.to_owned(), answer)).collect();
        all.insert("401".to_owned(), json!({"description": "Unauthorized"}));
        json!({
            "tags": [self.place.tag], "description": description, "operationId": id, "responses": all,
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": {"group": of.0, "version": of.1, "kind": of.2},
        })
    }

    /// `AppsV1NamespacedDeployment`, `AppsV1DeploymentListForAllNamespaces`.
    fn named(&self, suffix: &str) -> String {
        let (title, kind) = (&self.place.title, &self.kind.kind);
        match (self.kind.namespaced, self.all_namespaces) {
            (true, true) => format!("{title}{kind}{suffix}ForAllNamespaces"),
            (true, false) => format!("{title}Namespaced{kind}{suffix}"),
            (false, _) => format!("{title}{kind}{suffix}"),
        }
    }

    fn parameters(&self, path: &str, verb: &str) -> Vec<Value> {
        let names: &[&str] = match verb {
            "list" | "watch" | "watchlist" => LISTED,
            "create" | "update" => &["dryRun", "fieldManager", "fieldValidation", "pretty"],
            "patch" => &["dryRun", "fieldManager patch", "fieldValidation", "force", "pretty"],
            "delete" => DELETED,
            "deletecollection" => COLLECTION,
            _ => &["pretty"],
        };
        let mut found = self.known(names);
        found.extend(self.in_path(path, &self.kind.kind));
        found
    }

    fn known(&self, names: &[&str]) -> Vec<Value> {
        names.iter().filter_map(|name| self.place.parameters.get(*name).cloned()).collect()
    }

    /// The parameters of the path itself. The name is that of `what`.
    fn in_path(&self, path: &str, what: &str) -> Vec<Value> {
        let mut found = Vec::new();
        if path.contains("{name}") {
            found.push(json!({
                "name": "name", "in": "path", "description": format!("name of the {what}"), "required": true,
                "schema": {"type": "string", "uniqueItems": true},
            }));
        }
        if path.contains("{namespace}") {
            found.extend(self.known(&["namespace"]));
        }
        if path.contains("{path}") {
            found.extend(self.known(&["path in path"]));
        }
        found
    }
}

/// Kinds whose deletion answers the object that was deleted.
fn answers_object(kind: &Kind) -> bool {
    let kinds = [
        "Pod",
        "PersistentVolumeClaim",
        "PersistentVolume",
        "PodTemplate",
        "ResourceQuota",
        "Service",
        "ServiceAccount",
    ];
    kind.group.is_empty() && kinds.contains(&&*kind.kind)
}
