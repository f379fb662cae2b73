//! What an access shows, and what it does not.

use super::{Access, ActsAs, Auth, Program};
use serde_json::Value as Json;
use zeroize::Zeroizing;

fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

fn all() -> Vec<Access> {
    let auths = [
        Auth::Token(secret("hunter2")),
        Auth::Certificate {
            cert: "-----BEGIN CERTIFICATE-----\nAAAA\n".to_owned(),
            key: secret("-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"),
        },
        Auth::Exec(Program {
            path: "/usr/bin/aws".into(),
            args: Vec::new(),
            env: vec![("KEY".to_owned(), secret("hunter2"))],
        }),
    ];
    let with = |auth| Access {
        auth,
        proxy: Some(secret("http://me:hunter2@proxy:3128")),
        acts_as: Some(ActsAs { user: "jane".to_owned(), uid: None, groups: vec!["dev".to_owned()] }),
        namespace: Some("shop".to_owned()),
        ..Access::new("https://user:hunter2@10.0.0.5:6443/k8s")
    };
    auths.into_iter().map(with).collect()
}

#[test]
fn no_debug_of_an_access_tells_its_credential() {
    for access in all() {
        let shown = format!("{access:?} {:?} {:?} {:?}", access.auth, access.tls, access.acts_as);
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.starts_with("Access(10.0.0.5:6443, [hidden])"), "{shown}");
        assert!(access.secrets().iter().any(|secret| secret.as_str() == "hunter2"), "{shown}");
    }
}

#[test]
fn an_access_survives_the_pipe_of_an_order() {
    for access in all() {
        let sent = serde_json::to_string(&access).unwrap();
        assert!(serde_json::from_str::<Access>(&sent).unwrap() == access, "{sent}");
    }
}

#[test]
fn a_kubeconfig_has_one_context_with_everything_inside() {
    for access in all() {
        let config: Json = serde_json::from_str(&access.kubeconfig()).unwrap();
        assert_eq!(config["contexts"][0]["context"]["namespace"], "shop");
        assert_eq!(config["users"][0]["user"]["as"], "jane");
        assert_eq!(config["current-context"], config["contexts"][0]["name"]);
        assert!(config["clusters"][0]["cluster"].get("insecure-skip-tls-verify").is_none());
    }
}
