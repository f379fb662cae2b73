//! An access as a kubeconfig, for `helm`, `kubectl` and libraries of steps.

use super::{Access, Auth, Secret, base64_of};
use crate::connect::token::{CA_FILE, TOKEN_FILE};
use serde_json::{Map, Value as Json, json};
use zeroize::Zeroizing;

pub(super) fn kubeconfig(access: &Access) -> Secret {
    let mut context = json!({"cluster": "cluster", "user": "user"});
    if let Some(namespace) = &access.namespace {
        put(&mut context, "namespace", namespace.as_str());
    }
    let config = json!({
        "apiVersion": "v1", "kind": "Config", "preferences": {}, "current-context": "context",
        "clusters": [{"name": "cluster", "cluster": cluster(access)}],
        "users": [{"name": "user", "user": user(access)}],
        "contexts": [{"name": "context", "context": context}],
    });
    Zeroizing::new(config.to_string())
}

fn cluster(access: &Access) -> Json {
    let mut cluster = json!({"server": access.server});
    match (&access.tls.roots, access.tls.verify, &access.auth) {
        (_, false, _) => put(&mut cluster, "insecure-skip-tls-verify", true),
        (Some(roots), true, _) => put(&mut cluster, "certificate-authority-data", base64_of(roots).as_str()),
        (None, true, Auth::InCluster) => put(&mut cluster, "certificate-authority", CA_FILE),
        (None, true, _) => {}
    }
    if let Some(name) = &access.tls.server_name {
        put(&mut cluster, "tls-server-name", name.as_str());
    }
    if let Some(proxy) = &access.proxy {
        put(&mut cluster, "proxy-url", proxy.as_str());
    }
    cluster
}

fn user(access: &Access) -> Json {
    let mut user = match &access.auth {
        Auth::Nobody => json!({}),
        Auth::Token(token) => json!({"token": token.as_str()}),
        Auth::Certificate { cert, key } => json!({
            "client-certificate-data": base64_of(cert).as_str(), "client-key-data": base64_of(key).as_str()
        }),
        Auth::InCluster => json!({"tokenFile": TOKEN_FILE}),
        Auth::Exec(program) => {
            let env: Vec<Json> =
                program.env.iter().map(|(name, value)| json!({"name": name, "value": value.as_str()})).collect();
            json!({"exec": {
                "apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never",
                "command": program.path, "args": program.args, "env": env,
            }})
        }
    };
    if let Some(other) = &access.acts_as {
        put(&mut user, "as", other.user.as_str());
        if let Some(uid) = &other.uid {
            put(&mut user, "as-uid", uid.as_str());
        }
        if !other.groups.is_empty() {
            put(&mut user, "as-groups", other.groups.clone());
        }
    }
    user
}

fn put(object: &mut Json, field: &str, value: impl Into<Json>) {
    let map: Option<&mut Map<String, Json>> = object.as_object_mut();
    if let Some(map) = map {
        map.insert(field.to_owned(), value.into());
    }
}
