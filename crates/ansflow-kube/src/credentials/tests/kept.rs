//! What is taken, what is told of it, and what a laptop's own files become.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use super::{PAIR, base64, kubeconfig, told, with};
use crate::access::Auth;
use crate::credentials::{
    Credential, Place, authorities, contexts, facts, in_cluster, inline, parse, proxy, server, token,
};

fn jwt(claims: &Json) -> String {
    let part = |part: &Json| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.c2ln", part(&json!({ "alg": "RS256" })), part(claims))
}

#[test]
fn each_good_kubeconfig_gives_its_cluster_and_who_one_is() {
    let cert = json!({ "client-certificate-data": base64(&PAIR.cert), "client-key-data": base64(&PAIR.key) });
    let ca = json!({ "certificate-authority-data": base64(&PAIR.cert), "extensions": [{ "name": "x" }] });
    let allowed = json!({ "exec": { "command": "/usr/local/bin/aws", "args": ["eks", "get-token"], "env":
        [{ "name": "AWS_PROFILE", "value": "ci" }], "interactiveMode": "Never" } });
    let token = || json!({ "token": "t0ken" });
    for (cluster, user, expected) in [
        (json!({}), token(), "https://10.0.0.5:6443 token t0ken shop"),
        (ca, cert, "https://10.0.0.5:6443 certificate ca shop"),
        (json!({ "server": "https://Example.com:443/k8s/" }), token(), "https://example.com/k8s token t0ken shop"),
        (json!({ "server": "10.0.0.5" }), token(), "https://10.0.0.5 token t0ken shop"),
        (json!({ "server": "https://[fd00::5]:6443" }), token(), "https://[fd00::5]:6443 token t0ken shop"),
        (json!({ "insecure-skip-tls-verify": true }), token(), "https://10.0.0.5:6443 token t0ken unverified shop"),
        (json!({}), allowed, "https://10.0.0.5:6443 exec /usr/local/bin/aws eks get-token shop"),
        (
            json!({}),
            json!({ "token": "t0ken", "client-key": "", "exec": null }),
            "https://10.0.0.5:6443 token t0ken shop",
        ),
    ] {
        assert_eq!(with(cluster, user), expected);
    }
}

#[test]
fn other_contexts_may_say_what_they_like() {
    let mut tree = kubeconfig(&json!({}), &json!({ "token": "t0ken" }));
    tree["users"].as_array_mut().unwrap().push(json!({ "name": "eks", "user": { "exec": { "command": "aws" } } }));
    tree["current-context"] = json!("other");
    assert_eq!(told(&tree.to_string(), Some("ci")), "https://10.0.0.5:6443 token t0ken shop");
    assert_eq!(contexts(&tree.to_string()).unwrap(), ["other", "ci"], "the current one first");
}

#[test]
fn what_a_credential_says_of_itself_is_told_without_it() {
    let claims = json!({ "sub": "system:serviceaccount:ci:deployer", "iss": "https://k8s", "exp": 1_800_000_000 });
    let token = token(&format!(" {}\n", jwt(&claims))).unwrap();
    let said = facts(&token, None);
    assert_eq!(said.subject.as_deref(), Some("system:serviceaccount:ci:deployer"));
    assert_eq!(said.expires_at.as_deref(), Some("2027-01-15T08:00:00Z"));
    let certificate = super::super::certificate(&PAIR.cert, &PAIR.key).unwrap();
    let said = facts(&certificate, None);
    assert_eq!(said.subject.as_deref(), Some("CN=mona"));
    assert!(said.expires().is_some());
    assert_eq!(facts(&Auth::Token("opaque".to_owned().into()), None), super::super::Facts::default());
}

#[test]
fn what_is_sealed_and_what_is_told_make_the_same_access_again() {
    let user = json!({ "token": "t0ken", "as": "mona", "as-groups": ["ops"] });
    let text = kubeconfig(&json!({ "proxy-url": "http://p:s3cr3t@proxy:3128", "tls-server-name": "k8s" }), &user);
    let given = parse(&text.to_string(), None, &[]).unwrap();
    let shown = Credential::proxy_of(&given.access);
    assert_eq!(shown, "http://proxy:3128");
    let sealed = Credential::of(&given.access).text();
    let kept = Credential::read(&sealed).unwrap();
    assert!(!format!("{kept:?} {given:?}").contains("s3cr3t"));
    let mut place = Place {
        server: &given.access.server,
        ca: "",
        verify_tls: true,
        tls_server_name: "k8s",
        proxy: &shown,
        namespace: "shop",
    };
    assert_eq!(kept.access(&place), given.access);
    place.proxy = "http://elsewhere:3128";
    assert_eq!(kept.access(&place).proxy.as_ref().unwrap().as_str(), "http://elsewhere:3128", "its login stays");
}

#[test]
fn addresses_are_kept_in_one_form() {
    assert_eq!(server(" https://A.Example/ ").unwrap(), "https://a.example");
    for bad in ["", "https://", "https://:6443", "https://a b", "ftp://a", "https://a:0", "https://a\r\nb"] {
        assert_eq!(server(bad).unwrap_err().field, "server", "{bad:?}");
    }
    assert_eq!(proxy("socks5://10.0.0.1:1080").unwrap(), "socks5://10.0.0.1:1080");
    assert!(proxy("10.0.0.1:1080").is_err());
    assert_eq!(authorities(" ").unwrap(), "");
    assert_eq!(authorities("x").unwrap_err().field, "ca");
    assert_eq!(in_cluster().unwrap_err().field, "method", "tests run in no pod");
}

#[test]
fn a_pods_own_account_leads_to_its_cluster() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("ca.crt", PAIR.cert.as_str()), ("token", "t0ken"), ("namespace", "ansflow\n")] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let found = super::super::in_cluster::of(dir.path(), Some("fd00::1"), Some("443")).unwrap();
    assert_eq!((found.server.as_str(), found.namespace.as_str()), ("https://[fd00::1]", "ansflow"));
    assert!(found.ca.starts_with("-----BEGIN"));
    assert!(super::super::in_cluster::of(dir.path(), None, None).is_err());
}

#[tokio::test]
async fn on_a_laptop_the_users_own_files_are_read_and_programs_only_when_named() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write("ca.pem", &PAIR.cert);
    write("token", "fr0m-file\n");
    let ca = json!({ "certificate-authority": "ca.pem" });
    write("config", &kubeconfig(&ca, &json!({ "tokenFile": "token" })).to_string());
    let given = inline(&dir.path().join("config"), None, &[]).await.unwrap();
    assert!(given.access.tls.roots.as_deref().unwrap().contains("BEGIN CERTIFICATE"));
    assert!(matches!(&given.access.auth, Auth::Token(token) if token.as_str() == "fr0m-file"));

    let mark = dir.path().join("ran");
    let credential = json!({ "kind": "ExecCredential", "status":
        { "token": "fr0m-pr0gram", "expirationTimestamp": "2030-01-01T00:00:00Z" } });
    let script = dir.path().join("plugin");
    write("plugin", &format!("#!/bin/sh\ntouch {}\necho '{credential}'\n", mark.display()));
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    write("config", &kubeconfig(&ca, &json!({ "exec": { "command": "./plugin" } })).to_string());
    let refused = inline(&dir.path().join("config"), None, &[]).await.unwrap_err();
    assert!(refused.to_string().contains("--allow-exec ./plugin") && !mark.exists(), "{refused}");
    let given = inline(&dir.path().join("config"), None, &[PathBuf::from("./plugin")]).await.unwrap();
    assert!(matches!(&given.access.auth, Auth::Token(token) if token.as_str() == "fr0m-pr0gram"));
    assert_eq!(given.facts.expires_at.as_deref(), Some("2030-01-01T00:00:00Z"));
    assert!(mark.exists());

    write("plugin", "#!/bin/sh\necho s3cr3t\necho 'no account' >&2\nexit 3\n");
    let failed = inline(&dir.path().join("config"), None, &[script]).await.unwrap_err().to_string();
    assert!(failed.contains("it failed") && !failed.contains("s3cr3t"), "{failed}");
}
