//! A deployment in a few words, as the first implementation's pipelines have it: a Deployment, and with ports a Service.

use super::manifest::{Manifest, Origin};
use crate::object::Obj;
use ansflow_core::spec::DeploymentSpec;
use serde_json::{Map, Value as Json, json};

/// Where such objects were written.
const FILE: &str = "deployment_spec";

/// What it means, with its ports named.
struct Short<'a>(&'a DeploymentSpec);

/// The objects that it means.
pub(super) fn manifests(spec: &DeploymentSpec) -> Vec<Manifest> {
    let short = Short(spec);
    let mut values = vec![short.deployment()];
    values.extend((!spec.ports.is_empty()).then(|| short.service()));
    let origin = Origin::new(FILE, 0);
    values.into_iter().filter_map(Obj::new).map(|object| Manifest { object, origin: origin.clone() }).collect()
}

impl Short<'_> {
    fn deployment(&self) -> Json {
        let mut container = Map::new();
        container.insert("name".to_owned(), json!(self.0.name));
        container.insert("image".to_owned(), json!(self.0.image));
        if !self.0.ports.is_empty() {
            let ports = self.0.ports.iter().enumerate().map(|(at, port)| {
                json!({ "name": self.port_name(at), "containerPort": port.container_port, "protocol": port.protocol })
            });
            container.insert("ports".to_owned(), ports.collect());
        }
        if !self.0.environment.is_empty() {
            let env = self.0.environment.iter().map(|(name, value)| json!({ "name": name, "value": value }));
            container.insert("env".to_owned(), env.collect());
        }
        let resources: Map<String, Json> = [("requests", &self.0.requests), ("limits", &self.0.limits)]
            .into_iter()
            .filter(|(_, amounts)| !amounts.is_empty())
            .map(|(word, amounts)| (word.to_owned(), texts(amounts)))
            .collect();
        if !resources.is_empty() {
            container.insert("resources".to_owned(), Json::Object(resources));
        }
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": { "name": self.0.name, "labels": self.labels() },
            "spec": {
                "replicas": self.0.replicas,
                // By `app` alone: a selector never changes again, and labels do.
                "selector": { "matchLabels": { "app": self.0.name } },
                "template": {
                    "metadata": { "labels": self.labels() },
                    "spec": { "containers": [container] },
                },
            },
        })
    }

    fn service(&self) -> Json {
        let ports = self.0.ports.iter().enumerate().map(|(at, port)| {
            json!({ "name": self.port_name(at), "port": port.container_port, "targetPort": port.container_port, "protocol": port.protocol })
        });
        json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": { "name": self.0.name, "labels": self.labels() },
            "spec": { "selector": { "app": self.0.name }, "ports": ports.collect::<Vec<_>>() },
        })
    }

    fn labels(&self) -> Json {
        let mut labels = Map::from_iter([("app".to_owned(), json!(self.0.name))]);
        labels.extend(self.0.labels.iter().filter(|(name, _)| name != "app").map(|(n, v)| (n.clone(), json!(v))));
        Json::Object(labels)
    }

    /// `http` where it was said, else `port-8080`, which is its own also where a port has two protocols.
    fn port_name(&self, at: usize) -> String {
        let Some(port) = self.0.ports.get(at) else { return String::new() };
        let number = port.container_port;
        let again = self.0.ports.iter().take(at).any(|other| other.container_port == number);
        port.name.clone().unwrap_or_else(|| {
            if again { format!("port-{number}-{}", port.protocol.to_lowercase()) } else { format!("port-{number}") }
        })
    }
}

fn texts(pairs: &[(String, String)]) -> Json {
    pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<Map<_, _>>().into()
}
