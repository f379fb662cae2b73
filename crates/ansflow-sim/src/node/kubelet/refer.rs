//! What a pod's manifest refers to: ConfigMaps, Secrets, and fields of the pod itself.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::node::pod::{Container, Pod};
use crate::object::Object;
use crate::sim::Sim;
use crate::store::Key;

/// Where a pod looks things up.
pub(super) struct Refer<'a> {
    pub(super) sim: &'a Sim,
    pub(super) namespace: &'a str,
    pub(super) node: &'a str,
    pub(super) host: &'a str,
    pub(super) address: &'a str,
}

impl Refer<'_> {
    /// An object of the pod's namespace.
    pub(super) fn object(&self, kind: &str, name: &str) -> Option<Object> {
        let kind = self.sim.kinds().named("", kind)?;
        let stored = self.sim.store().get(&Key::new(kind.id, self.namespace, name))?;
        Some(stored.thaw(&kind))
    }

    /// A field of the pod, as `fieldRef` names it.
    pub(super) fn field(&self, pod: &Pod, path: &str) -> String {
        let inside = |prefix: &str| path.strip_prefix(prefix)?.strip_suffix("']");
        if let Some(name) = inside("metadata.labels['") {
            return pod.metadata.labels.get(name).cloned().unwrap_or_default();
        }
        if let Some(name) = inside("metadata.annotations['") {
            return pod.metadata.annotations.get(name).cloned().unwrap_or_default();
        }
        let lines = |pairs: &std::collections::BTreeMap<String, String>| {
            pairs.iter().map(|(name, value)| format!("{name}={value:?}")).collect::<Vec<String>>().join("\n")
        };
        match path {
            "metadata.name" => pod.metadata.name.clone(),
            "metadata.namespace" => pod.metadata.namespace.clone(),
            "metadata.uid" => pod.metadata.uid.clone(),
            "metadata.labels" => lines(&pod.metadata.labels),
            "metadata.annotations" => lines(&pod.metadata.annotations),
            "spec.nodeName" => self.node.to_owned(),
            "spec.serviceAccountName" => pod.spec.service_account_name.clone(),
            "status.podIP" | "status.podIPs" => self.address.to_owned(),
            "status.hostIP" | "status.hostIPs" => self.host.to_owned(),
            _ => String::new(),
        }
    }

    /// The environment of a container, or why it cannot be made.
    pub(super) fn environment(&self, pod: &Pod, container: &Container) -> Result<Vec<(String, String)>, String> {
        let mut all: Vec<(String, String)> = Vec::new();
        for from in &container.env_from {
            let prefix = from["prefix"].as_str().unwrap_or_default();
            for (key, value) in self.everything(from)? {
                set(&mut all, format!("{prefix}{key}"), value);
            }
        }
        for variable in &container.env {
            let name = variable["name"].as_str().unwrap_or_default().to_owned();
            let value = match variable.get("valueFrom") {
                None => Some(expanded(variable["value"].as_str().unwrap_or_default(), &all)),
                Some(source) => self.value(pod, container, source)?,
            };
            if let Some(value) = value {
                set(&mut all, name, value);
            }
        }
        Ok(all)
    }

    fn everything(&self, from: &Value) -> Result<Vec<(String, String)>, String> {
        let (kind, word, source) = match from.get("configMapRef") {
            Some(source) => ("ConfigMap", "configmap", source),
            None => ("Secret", "secret", &from["secretRef"]),
        };
        let name = source["name"].as_str().unwrap_or_default();
        match self.object(kind, name) {
            Some(object) => Ok(texts(kind, &object)),
            None if source["optional"] == true => Ok(Vec::new()),
            None => Err(format!("{word} \"{name}\" not found")),
        }
    }

    fn value(&self, pod: &Pod, container: &Container, source: &Value) -> Result<Option<String>, String> {
        if let Some(field) = source.get("fieldRef") {
            return Ok(Some(self.field(pod, field["fieldPath"].as_str().unwrap_or_default())));
        }
        if let Some(resource) = source.get("resourceFieldRef") {
            let path = resource["resource"].as_str().unwrap_or_default().replacen('.', "/", 1);
            let value = container.resources.pointer(&format!("/{path}"));
            return Ok(Some(
                value.map_or_else(|| "0".to_owned(), |value| crate::node::quantity::whole(value).to_string()),
            ));
        }
        let (kind, word, chosen) = match source.get("configMapKeyRef") {
            Some(chosen) => ("ConfigMap", "configmap", chosen),
            None => ("Secret", "secret", &source["secretKeyRef"]),
        };
        let (name, key) = (chosen["name"].as_str().unwrap_or_default(), chosen["key"].as_str().unwrap_or_default());
        let optional = chosen["optional"] == true;
        let Some(object) = self.object(kind, name) else {
            return if optional { Ok(None) } else { Err(format!("{word} \"{name}\" not found")) };
        };
        match texts(kind, &object).into_iter().find(|(known, _)| known == key) {
            Some((_, value)) => Ok(Some(value)),
            None if optional => Ok(None),
            None => Err(format!("couldn't find key {key} in {kind} {}/{name}", self.namespace)),
        }
    }
}

fn set(all: &mut Vec<(String, String)>, name: String, value: String) {
    all.retain(|(known, _)| *known != name);
    all.push((name, value));
}

fn texts(kind: &str, object: &Object) -> Vec<(String, String)> {
    let data = object.get("data").and_then(Value::as_object).into_iter().flatten();
    data.map(|(key, value)| {
        let text = value.as_str().unwrap_or_default();
        let text = match kind {
            "Secret" => String::from_utf8_lossy(&STANDARD.decode(text).unwrap_or_default()).into_owned(),
            _ => text.to_owned(),
        };
        (key.clone(), text)
    })
    .collect()
}

/// Puts values for `$(NAME)`; `$$(NAME)` stays `$(NAME)`, and what nobody knows stays as it is. A later value hides an
/// earlier one of the same name.
pub(super) fn expanded(text: &str, known: &[(String, String)]) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let named = rest.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        match named {
            Some((name, after)) => {
                match known.iter().rev().find(|(known, _)| known == name) {
                    Some((_, value)) => out.push_str(value),
                    None => out.push_str(&format!("$({name})")),
                }
                rest = after;
            }
            None => out.push('$'),
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn variables_in_words_are_filled_in() {
        let known = [("A".to_owned(), "1".to_owned())];
        for (text, expected) in [("x$(A)y", "x1y"), ("$$(A)", "$(A)"), ("$(B)", "$(B)"), ("$HOME $", "$HOME $")] {
            assert_eq!(expanded(text, &known), expected, "{text}");
        }
    }
}
