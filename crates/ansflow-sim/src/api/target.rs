//! What a path means: a resource with its scope, a document of the API itself, or nothing.

use std::sync::Arc;

use hyper::Method;

use super::options::Options;
use crate::kind::Kind;
use crate::kinds::Kinds;

/// What a path names.
#[derive(Debug)]
pub(crate) enum Target {
    Resource(Route),
    /// A group and version that are served, but no such resource in them.
    UnknownResource,
    /// `/`, `/version`, `/readyz`, `/api…`, `/apis…`, `/openapi…`: what `show::document` knows, by its parts.
    Document(Vec<String>),
}

/// A resource, or one object of it.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) kind: Arc<Kind>,
    pub(crate) namespace: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) sub: Option<String>,
}

impl Target {
    pub(crate) fn of(kinds: &Kinds, path: &str) -> Target {
        let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
        let words: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (group, version, rest) = match words.as_slice() {
            ["api", version, rest @ ..] if !rest.is_empty() => ("", *version, rest),
            ["apis", group, version, rest @ ..] if !rest.is_empty() => (*group, *version, rest),
            _ => return Target::Document(parts),
        };
        let find = |plural: &str| kinds.find(group, version, plural);
        let (namespace, plural, rest) = match rest {
            ["namespaces", namespace, plural, rest @ ..]
                if find(plural).is_some_and(|kind| kind.namespaced)
                    || find("namespaces").is_none_or(|kind| kind.sub(plural).is_none()) =>
            {
                (Some((*namespace).to_owned()), *plural, rest)
            }
            [plural, rest @ ..] => (None, *plural, rest),
            [] => return Target::Document(parts),
        };
        let Some(kind) = find(plural) else {
            let served = kinds.served().resources(group, version).next().is_some();
            return if served { Target::UnknownResource } else { Target::Document(parts) };
        };
        let mut rest = rest.iter().map(|part| (*part).to_owned());
        let route = Route { kind, namespace, name: rest.next(), sub: rest.next() };
        match route.is_served() {
            true => Target::Resource(route),
            false => Target::UnknownResource,
        }
    }
}

impl Route {
    /// The verb, as roles name it.
    pub(crate) fn verb(&self, method: &Method, options: &Options) -> &'static str {
        let one = self.name.is_some();
        match *method {
            Method::GET | Method::HEAD if options.flag("watch") && self.sub.is_none() => "watch",
            Method::GET | Method::HEAD if one => "get",
            Method::GET | Method::HEAD => "list",
            Method::POST => "create",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE if one => "delete",
            Method::DELETE => "deletecollection",
            _ => "",
        }
    }

    /// Whether the resource or its subresource does that, at this path.
    pub(crate) fn can(&self, verb: &str) -> bool {
        let one = self.name.is_some();
        let known = match self.sub.as_deref().map(|sub| self.kind.sub(sub)) {
            Some(sub) => return sub.is_some_and(|sub| sub.verbs.iter().any(|known| &**known == verb)),
            None => self.kind.can(verb),
        };
        let placed = match verb {
            "create" => !one && (self.namespace.is_some() || !self.kind.namespaced),
            "update" | "patch" | "delete" => one,
            _ => true,
        };
        known && placed
    }

    fn is_served(&self) -> bool {
        let sub = self.sub.as_deref().is_none_or(|sub| self.kind.sub(sub).is_some());
        let scoped = match (&self.namespace, &self.name) {
            (Some(_), _) => self.kind.namespaced,
            (None, Some(_)) => !self.kind.namespaced,
            (None, None) => true,
        };
        sub && scoped
    }
}

/// A part of a path or query, with `%41` read.
pub(crate) fn decoded(part: &str) -> String {
    let mut out = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        match after {
            [high, low, after @ ..] if *byte == b'%' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                out.push(digit(*high).unwrap_or_default() * 16 + digit(*low).unwrap_or_default());
                rest = after;
            }
            _ => out.push(*byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expect: &str) {
        let told = match Target::of(&Kinds::new(), path) {
            Target::Document(parts) => format!("document {}", parts.join(" ")),
            Target::UnknownResource => "unknown resource".to_owned(),
            Target::Resource(route) => format!(
                "{} {} {} {}",
                route.kind.resource(),
                route.namespace.as_deref().unwrap_or("-"),
                route.name.as_deref().unwrap_or("-"),
                route.sub.as_deref().unwrap_or("-"),
            ),
        };
        assert_eq!(told, expect, "{path}");
    }

    #[test]
    fn a_path_names_a_resource_with_its_scope() {
        check("/api/v1/namespaces/demo/pods/web/log", "pods demo web log");
        check("/apis/apps/v1/deployments", "deployments.apps - - -");
        check("/api/v1/namespaces", "namespaces - - -");
        check("/api/v1/namespaces/demo", "namespaces - demo -");
        check("/api/v1/namespaces/demo/status", "namespaces - demo status");
        check("/api/v1/nodes/node%2D1", "nodes - node-1 -");
    }

    #[test]
    fn what_is_not_served_is_unknown_and_unknown_groups_are_documents() {
        check("/apis/apps/v1/namespaces/demo/deploymentz", "unknown resource");
        check("/apis/cert-manager.io/v1/things", "document apis cert-manager.io v1 things");
        check("/apis/cert-manager.io/v1", "document apis cert-manager.io v1");
        check("/version", "document version");
    }
}
