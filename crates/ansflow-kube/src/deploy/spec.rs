//! A deployment in a few words, as the first implementation's pipelines have it: a Deployment, and with ports a Service.

use super::manifest::{Manifest, Origin};
use crate::object::Obj;
use serde_json::{Map, Value as Json, json};

/// Where such objects were written.
const FILE: &str = "deployment_spec";

/// The fields of `deployment_spec`, every text of them filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Short {
    /// Name of the Deployment, its container and its Service.
    pub name: String,
    /// The image.
    pub image: String,
    /// How many pods.
    pub replicas: i64,
    /// What the container listens on: port, name, protocol.
    pub ports: Vec<(u16, Option<String>, String)>,
    /// Environment variables, in their order.
    pub environment: Vec<(String, String)>,
    /// What a pod asks for.
    pub requests: Vec<(String, String)>,
    /// What a pod may use at most.
    pub limits: Vec<(String, String)>,
    /// Labels besides `app`.
    pub labels: Vec<(String, String)>,
}

impl Short {
    /// The objects that it means.
    #[must_use]
    pub fn manifests(&self) -> Vec<Manifest> {
        let mut values = vec![self.deployment()];
        values.extend((!self.ports.is_empty()).then(|| self.service()));
        let origin = Origin::new(FILE, 0);
        values.into_iter().filter_map(Obj::new).map(|object| Manifest { object, origin: origin.clone() }).collect()
    }

    fn deployment(&self) -> Json {
        let mut container = Map::new();
        container.insert("name".to_owned(), json!(self.name));
        container.insert("image".to_owned(), json!(self.image));
        if !self.ports.is_empty() {
            let ports = self.ports.iter().enumerate().map(|(at, (port, _, protocol))| {
                json!({ "name": self.port_name(at), "containerPort": port, "protocol": protocol })
            });
            container.insert("ports".to_owned(), ports.collect());
        }
        if !self.environment.is_empty() {
            let env = self.environment.iter().map(|(name, value)| json!({ "name": name, "value": value }));
            container.insert("env".to_owned(), env.collect());
        }
        let resources: Map<String, Json> = [("requests", &self.requests), ("limits", &self.limits)]
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
            "metadata": { "name": self.name, "labels": self.labels() },
            "spec": {
                "replicas": self.replicas,
                // By `app` alone: a selector never changes again, and labels do.
                "selector": { "matchLabels": { "app": self.name } },
                "template": {
                    "metadata": { "labels": self.labels() },
                    "spec": { "containers": [container] },
                },
            },
        })
    }

    fn service(&self) -> Json {
        let ports = self.ports.iter().enumerate().map(|(at, (port, _, protocol))| {
            json!({ "name": self.port_name(at), "port": port, "targetPort": port, "protocol": protocol })
        });
        json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": { "name": self.name, "labels": self.labels() },
            "spec": { "selector": { "app": self.name }, "ports": ports.collect::<Vec<_>>() },
        })
    }

    fn labels(&self) -> Json {
        let mut labels = Map::from_iter([("app".to_owned(), json!(self.name))]);
        labels.extend(self.labels.iter().filter(|(name, _)| name != "app").map(|(n, v)| (n.clone(), json!(v))));
        Json::Object(labels)
    }

    /// `http` where it was said, else `port-8080`, which is its own also where a port has two protocols.
    fn port_name(&self, at: usize) -> String {
        let Some((port, name, protocol)) = self.ports.get(at) else { return String::new() };
        let again = self.ports.iter().take(at).any(|(other, ..)| other == port);
        name.clone().unwrap_or_else(|| {
            if again { format!("port-{port}-{}", protocol.to_lowercase()) } else { format!("port-{port}") }
        })
    }
}

fn texts(pairs: &[(String, String)]) -> Json {
    pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<Map<_, _>>().into()
}
