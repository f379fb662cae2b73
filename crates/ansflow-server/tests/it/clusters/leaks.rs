//! Whatever is asked and whatever goes wrong: nothing that the server answers or writes has a credential in it, in no form.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;

use ansflow_server::guard::table;
use ansflow_sim::testing::Cluster;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::{Value as Json, json};

use super::{add, put, staging, start, with};
use crate::world::{READ_ONLY, TOKEN as MONA, TestApp};

const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.leaks-c0ffee-t0ken";
const PROXY: &str = "pr0xy-p4ss";

/// A secret in the forms that it could come out in.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), STANDARD.encode(secret), STANDARD_NO_PAD.encode(secret)];
    let url: String = secret.bytes().fold(String::new(), |mut text, byte| {
        match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            true => text.push(char::from(byte)),
            false => write!(text, "%{byte:02X}").unwrap(),
        }
        text
    });
    forms.push(url);
    let debug = format!("{secret:?}");
    forms.push(debug.trim_matches('"').to_owned());
    // Whole lines of a key are as good as the key.
    let lines = secret.lines().map(str::trim).filter(|line| line.len() > 20 && !line.starts_with("-----"));
    forms.extend(lines.map(str::to_owned));
    forms.retain(|form| form.len() > 6);
    forms
}

/// Every file below a folder, as text.
fn files(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => files(&entry.path(), into),
            false => {
                let bytes = std::fs::read(entry.path()).unwrap_or_default();
                into.push((entry.path().display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
}

/// A certificate and its key, PEM.
fn pair() -> (String, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["mona".to_owned()]).unwrap().self_signed(&key).unwrap();
    let pem = |what: &str, der: &[u8]| {
        let encoded = STANDARD.encode(der);
        let lines: Vec<&str> = encoded.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
    };
    (pem("CERTIFICATE", certificate.der()), pem("PRIVATE KEY", &key.serialize_der()))
}

/// One cluster for each way to be somebody, most of which fail, and the bodies that made them.
async fn clusters(app: &TestApp, cert: &str, key: &str) -> Vec<(String, Json)> {
    let kubeconfig = Cluster::get().await.kubeconfig();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let bodies = [
        json!({ "name": "a-token", "server": format!("https://127.0.0.1:{gone}"),
            "credential": { "method": "token", "token": TOKEN } }),
        json!({ "name": "b-proxy", "proxy": format!("http://robot:{PROXY}@127.0.0.1:{gone}"),
            "credential": { "method": "token", "token": TOKEN } }),
        json!({ "name": "c-certificate", "server": format!("https://127.0.0.1:{gone}"),
            "credential": { "method": "certificate", "certificate": cert, "key": key } }),
        json!({ "name": "d-kubeconfig", "server": "",
            "credential": { "method": "kubeconfig", "text": kubeconfig, "context": null } }),
    ];
    let mut made = Vec::new();
    for body in bodies {
        let body = with(staging(), &body);
        made.push((add(app, body.clone()).await, body));
    }
    made
}

#[tokio::test]
async fn no_answer_no_file_and_no_word_has_a_credential_in_it() {
    let app = start().await;
    let (cert, key) = pair();
    let made = clusters(&app, &cert, &key).await;
    let mut said: Vec<(String, String)> = Vec::new();
    for (path, body) in &made {
        let id = path.rsplit('/').next().unwrap();
        // Every route that there is, as somebody who may all and somebody who may look.
        for (method, route, _) in
            table().filter(|(_, route, _)| route.contains("kubernetes") || route.contains("audit"))
        {
            if method == "DELETE" {
                continue;
            }
            let target = route.replace("{id}", id);
            for token in [MONA, READ_ONLY] {
                let mut request = app.anonymous(method, &target).bearer_auth(token).header("if-match", "*");
                if method != "GET" {
                    request = request.json(&with(body.clone(), &json!({ "name": "" })));
                }
                let answer = app.send(request).await;
                assert_ne!(answer.status, 500, "{method} {target}: {}", answer.text);
                said.push((format!("{method} {target} {}", body["name"]), answer.text));
            }
        }
        // What is refused quotes nothing.
        for broken in
            [json!({ "ca": TOKEN }), json!({ "name": "a#b" }), json!({ "kind": 7 }), json!({ "more": TOKEN.len() })]
        {
            let answer = put(&app, path, "*", &with(body.clone(), &broken)).await;
            said.push((format!("PUT {broken}"), answer.text));
        }
        let opened = app.store.clusters(&app.keyring).open(id).await.unwrap();
        let access = ansflow_server::clusters::access(&opened).unwrap();
        said.push(("Debug".to_owned(), format!("{opened:?} {access:?} {:?} {:?}", access.auth, access.tls)));
        app.post(&format!("{path}/check-connection"), json!({})).await;
    }
    files(app.files.root(), &mut said);
    let mut secrets = vec![TOKEN.to_owned(), PROXY.to_owned(), key.clone()];
    for (path, _) in &made {
        let opened = app.store.clusters(&app.keyring).open(path.rsplit('/').next().unwrap()).await.unwrap();
        let access = ansflow_server::clusters::access(&opened).unwrap();
        secrets.extend(access.secrets().iter().map(|secret| secret.as_str().to_owned()));
    }
    let forms: Vec<String> = secrets.iter().flat_map(|secret| forms(secret)).collect();
    assert!(forms.len() > 15 && said.len() > 100, "{} {}", forms.len(), said.len());
    for (place, text) in &said {
        for form in &forms {
            assert!(!text.contains(form.as_str()), "{place} has a credential in it: {form:.12}…");
        }
    }
}
