//! What is taken and what is refused, through one door: what comes of a kubeconfig, in words.

mod hostile;
mod kept;

use std::borrow::Borrow;
use std::path::PathBuf;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::{Refused, parse};
use crate::access::Auth;

/// A certificate and its key, and another key, PEM.
struct Pair {
    cert: String,
    key: String,
    other: String,
}

static PAIR: LazyLock<Pair> = LazyLock::new(|| {
    let made = |name: &str| {
        let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let key = rcgen::KeyPair::generate().unwrap();
        (pem("CERTIFICATE", params.self_signed(&key).unwrap().der()), pem("PRIVATE KEY", &key.serialize_der()))
    };
    let ((cert, key), (_, other)) = (made("mona"), made("eve"));
    Pair { cert, key, other }
});

fn pem(what: &str, der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines: Vec<&str> = encoded.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
}

fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// A kubeconfig whose one cluster and one user have these besides.
fn kubeconfig(cluster: &Json, user: &Json) -> Json {
    let mut whole = json!({ "server": "https://10.0.0.5:6443" });
    whole.as_object_mut().unwrap().extend(cluster.as_object().unwrap().clone());
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "ci",
        "clusters": [{ "name": "far", "cluster": whole }],
        "users": [{ "name": "robot", "user": user }],
        "contexts": [
            { "name": "ci", "context": { "cluster": "far", "user": "robot", "namespace": "shop" } },
            { "name": "other", "context": { "cluster": "gone", "user": "robot" } },
        ],
    })
}

/// What comes of a kubeconfig: server, who, CA or not, namespace – or why not.
fn told(text: &str, context: Option<&str>) -> String {
    match parse(text, context, &[PathBuf::from("/usr/local/bin/aws")]) {
        Ok(given) => {
            let access = given.access;
            let who = match &access.auth {
                Auth::Token(token) => format!("token {}", token.as_str()),
                Auth::Certificate { .. } => "certificate".to_owned(),
                Auth::Exec(program) => format!("exec {} {}", program.path.display(), program.args.join(" ")),
                Auth::Nobody => "nobody".to_owned(),
                Auth::InCluster => "in cluster".to_owned(),
            };
            let roots = if access.tls.roots.is_some() { " ca" } else { "" };
            let verify = if access.tls.verify { "" } else { " unverified" };
            let namespace = access.namespace.unwrap_or_default();
            format!("{} {who}{roots}{verify} {namespace}", access.server)
        }
        Err(Refused { field, why, help }) => format!("{field}: {why}; {}", help.unwrap_or_default()),
    }
}

/// The same of one with these in its cluster and its user.
fn with(cluster: impl Borrow<Json>, user: impl Borrow<Json>) -> String {
    told(&kubeconfig(cluster.borrow(), user.borrow()).to_string(), None)
}
