//! Operations of subresources: objects like `status` and `scale`, and streams like `exec`.

use serde_json::{Map, Value, json};

use super::Scoped;
use super::pieces::{
    LOG, MEDIA, Operation, answer, article, capital, log_answer, patch_body, reference, together, written,
};
use crate::kind::{Kind, Sub};

impl Scoped<'_> {
    pub(super) fn sub(&self, paths: &mut Map<String, Value>, path: &str, sub: &Sub) {
        if sub.kind.ends_with("Options") {
            self.connect(paths, path, sub, "");
            if &*sub.name == "proxy" {
                self.connect(paths, &format!("{path}/{{path}}"), sub, "WithPath");
            }
            return;
        }
        let methods = [("get", "get"), ("put", "update"), ("post", "create"), ("patch", "patch")];
        let operations: Vec<Operation> = methods
            .into_iter()
            .filter(|(_, verb)| sub.verbs.iter().any(|known| &**known == *verb))
            .map(|(method, verb)| self.sub_operation(path, sub, method, verb))
            .collect();
        paths.insert(path.to_owned(), together(operations));
    }

    fn sub_operation(&self, path: &str, sub: &Sub, method: &'static str, verb: &str) -> Operation {
        let (name, kind) = (&*sub.name, &*self.kind.kind);
        let id = self.named(&capital(name));
        let (action, id, description) = match verb {
            "create" => ("post", format!("create{id}"), format!("create {name} of{}{kind}", article(kind))),
            "update" => ("put", format!("replace{id}"), format!("replace {name} of the specified {kind}")),
            "patch" => ("patch", format!("patch{id}"), format!("partially update {name} of the specified {kind}")),
            _ => ("get", format!("read{id}"), format!("read {name} of the specified {kind}")),
        };
        let schema = sub_schema(self.kind, sub);
        let is_log = name == "log";
        let responses = match verb {
            _ if is_log => vec![("200", log_answer())],
            "create" | "update" | "patch" => written(verb, &schema),
            _ => vec![("200", answer("OK", &schema, MEDIA))],
        };
        let (group, version) =
            if sub.version.is_empty() { (self.place.group, self.place.version) } else { (&*sub.group, &*sub.version) };
        let mut body = self.described(&id, &description, action, (group, version, &sub.kind), responses);
        match verb {
            "create" | "update" => {
                body["requestBody"] = json!({"content": {"*/*": {"schema": reference(&schema)}}, "required": true})
            }
            "patch" => body["requestBody"] = patch_body(self.kind),
            _ => {}
        }
        let mut parameters = self.known(match verb {
            "create" | "update" => &["dryRun", "fieldManager", "fieldValidation", "pretty"],
            "patch" => &["dryRun", "fieldManager patch", "fieldValidation", "force", "pretty"],
            _ if is_log => LOG,
            _ => &["pretty"],
        });
        parameters.extend(self.in_path(path, &sub.kind));
        Operation { method, body, parameters }
    }

    /// exec, attach, port-forward, proxy: streams, whatever the method.
    fn connect(&self, paths: &mut Map<String, Value>, path: &str, sub: &Sub, suffix: &str) {
        let methods: &[&'static str] = if &*sub.name == "proxy" {
            &["get", "put", "post", "delete", "options", "head", "patch"]
        } else {
            &["get", "post"]
        };
        let operations = methods.iter().map(|method| {
            let name = self.named(&format!("{}{suffix}", capital(&sub.name)));
            let id = name.replacen(&self.place.title, &format!("{}{}", self.place.title, capital(method)), 1);
            let description =
                format!("connect {} requests to {} of {}", method.to_uppercase(), sub.name, self.kind.kind);
            let streamed = json!({"description": "OK", "content": {"*/*": {"schema": {"type": "string"}}}});
            let own = (self.place.group, self.place.version, &*sub.kind);
            let body = self.described(&format!("connect{id}"), &description, "connect", own, vec![("200", streamed)]);
            let mut parameters = self.in_path(path, &sub.kind);
            let prefix = format!("{} ", sub.kind);
            parameters.extend(
                self.place
                    .parameters
                    .iter()
                    .filter(|(name, _)| name.starts_with(&prefix))
                    .map(|(_, known)| known.clone()),
            );
            Operation { method, body, parameters }
        });
        paths.insert(path.to_owned(), together(operations.collect()));
    }
}

fn sub_schema(kind: &Kind, sub: &Sub) -> String {
    if sub.kind == kind.kind {
        return kind.ty.name.to_string();
    }
    let (group, version) =
        if sub.version.is_empty() { (&*kind.group, &*kind.version) } else { (&*sub.group, &*sub.version) };
    let group = match group.split('.').next() {
        None | Some("") => "core",
        Some(group) => group,
    };
    format!("io.k8s.api.{group}.{version}.{}", sub.kind)
}
