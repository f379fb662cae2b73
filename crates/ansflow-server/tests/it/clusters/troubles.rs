//! What answers in the place of a cluster: silence, other people's certificates, a web page, a refusal. Each is called by its
//! name, and a sentence says what was seen.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value as Json, json};

use super::{LIST, staging, start, with};
use crate::world::TestApp;

/// An authority of a test.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let der = STANDARD.encode(params.self_signed(&key).unwrap().der());
        let pem = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n");
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// A server with a certificate for a name, good until some year, that answers everything alike. Its address.
    fn serve(&self, name: &str, until: i32, answer: &'static str) -> String {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(until, 11, 1);
        let key = KeyPair::generate().unwrap();
        let certificate: CertificateDer<'static> = params.signed_by(&key, &self.issuer).unwrap().into();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let config = config.clone();
                std::thread::spawn(move || {
                    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream.unwrap());
                    let mut read = [0_u8; 8192];
                    // Who does not like the certificate goes.
                    if stream.read(&mut read).is_ok_and(|length| length > 0) {
                        let _gone = stream.write_all(answer.as_bytes());
                        stream.conn.send_close_notify();
                        let _gone = stream.flush();
                    }
                });
            }
        });
        format!("https://localhost:{port}")
    }
}

const PAGE: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: 12\r\n\r\n<h1>Hi</h1>\n";
const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n\
    {\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Forbidden\",\"code\":403,\
    \"message\":\"forbidden: User \\\"ci\\\" cannot do this\"}";

/// What is said of a server, tried before it is stored.
async fn tried(app: &TestApp, server: &str, ca: &str) -> Json {
    let body = with(staging(), &json!({ "server": server, "ca": ca }));
    let answer = app.post(&format!("{LIST}/validate-connection"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_with_whose_it_is() {
    let (app, ours, theirs) = (start().await, Authority::new("Our CA"), Authority::new("Their CA"));
    for (server, words) in [
        (ours.serve("localhost", 2024, PAGE), &["has expired", "expired on 2024-11-01"]),
        (ours.serve("api.old.example.com", 2099, PAGE), &["is not for `localhost`", "it is for `api.old.example.com`"]),
        (theirs.serve("localhost", 2099, PAGE), &["an authority that is not trusted", "issued by `Their CA`"]),
    ] {
        let found = tried(&app, &server, &ours.pem).await;
        assert_eq!((&found["valid"], &found["trouble"]), (&json!(false), &json!("tls")), "{found}");
        let message = found["message"].as_str().unwrap();
        assert!(words.iter().all(|words| message.contains(words)), "{message}");
        assert!(found["help"].as_str().unwrap().contains("the CA that signed it"), "{found}");
    }
}

#[tokio::test]
async fn a_web_page_and_one_who_refuses_everything_are_told_apart() {
    let (app, ours) = (start().await, Authority::new("Our CA"));
    let page = tried(&app, &ours.serve("localhost", 2099, PAGE), &ours.pem).await;
    assert_eq!((&page["valid"], &page["trouble"]), (&json!(false), &json!("not_kubernetes")), "{page}");
    assert!(page["message"].as_str().unwrap().contains("no Kubernetes answers there"), "{page}");
    assert!(page["help"].as_str().unwrap().contains("kubectl cluster-info"), "{page}");

    let refused = tried(&app, &ours.serve("localhost", 2099, FORBIDDEN), &ours.pem).await;
    assert_eq!((&refused["valid"], &refused["trouble"]), (&json!(false), &json!("forbidden")), "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("User \"ci\" cannot do this"), "{refused}");
    assert!(refused["help"].as_str().unwrap().contains("selfsubjectreviews"), "{refused}");
}

#[tokio::test]
async fn who_takes_a_connection_and_says_nothing_is_not_waited_for() {
    let (app, silent) = (start().await, TcpListener::bind("127.0.0.1:0").unwrap());
    let server = format!("https://{}", silent.local_addr().unwrap());
    let found = tried(&app, &server, &Authority::new("Our CA").pem).await;
    assert_eq!((&found["valid"], &found["trouble"]), (&json!(false), &json!("timed_out")), "{found}");
    assert!(found["message"].as_str().unwrap().contains("no answer after 5 s while connecting"), "{found}");
    assert!(found["help"].as_str().unwrap().contains("a firewall"), "{found}");
}
