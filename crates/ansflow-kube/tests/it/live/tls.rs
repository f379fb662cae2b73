//! Why a cluster was not reached, in a sentence: names, issuers and times of certificates, and what is no TLS at all.

use super::access;
use ansflow_kube::access::{Auth, Tls};
use ansflow_kube::connect::{Trouble, Why};
use ansflow_kube::{Access, Cluster, Error, Limits};
use base64::Engine as _;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

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
        let der = base64::engine::general_purpose::STANDARD.encode(params.self_signed(&key).unwrap().der());
        let pem = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n");
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// A server with a certificate for a name, which ends in some year; it answers `{}` to everything.
    async fn serve(&self, name: &str, until: i32) -> u16 {
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
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = TlsAcceptor::from(Arc::new(config.clone())).accept(stream).await else { continue };
                let mut read = [0_u8; 4096];
                let _request = stream.read(&mut read).await;
                let words = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                let _written = stream.write_all(words.as_bytes()).await;
            }
        });
        port
    }

    fn trusted(&self, port: u16) -> Access {
        Access {
            tls: Tls { roots: Some(self.pem.clone()), ..Tls::default() },
            ..Access::new(format!("https://localhost:{port}"))
        }
    }
}

async fn asked(access: &Access) -> Result<(), Trouble> {
    let cluster = Cluster::connect(access, &Limits::with_loopback()).map_err(trouble)?;
    cluster.ask("/version").await.map(drop).map_err(trouble)
}

fn trouble(error: Error) -> Trouble {
    match error {
        Error::Trouble(trouble) => trouble,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_says_for_which() {
    let authority = Authority::new("Old CA");
    let port = authority.serve("*.old.example.com", 2099).await;
    let mut access = authority.trusted(port);
    let found = asked(&access).await.unwrap_err();
    assert_eq!(
        found.to_string(),
        format!(
            "localhost:{port}: TLS: the server's certificate is not for `localhost`; give the name that it is for \
             (`tls-server-name`), or use that; it is for `*.old.example.com`, issued by `Old CA`, good until 2099-11-01"
        )
    );
    access.tls.server_name = Some("api.old.example.com".to_owned());
    asked(&access).await.unwrap();
    access.tls = Tls { verify: false, ..Tls::default() };
    asked(&access).await.unwrap();
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_is_named() {
    let (theirs, ours) = (Authority::new("Their CA"), Authority::new("Our CA"));
    let port = theirs.serve("localhost", 2099).await;
    let found = asked(&ours.trusted(port)).await.unwrap_err();
    let Why::Tls { why, presented } = &found.why else { panic!("{found}") };
    assert!(why.contains("not trusted; give the right CA"), "{why}");
    let presented = presented.as_deref().unwrap();
    assert_eq!(
        (presented.issuer.as_str(), presented.names.as_slice()),
        ("Their CA", ["localhost".to_owned()].as_slice())
    );
    // The machine's own authorities do not know it, either.
    let found = asked(&Access::new(format!("https://localhost:{port}"))).await.unwrap_err();
    assert_eq!(found.code(), "tls", "{found}");
    asked(&theirs.trusted(port)).await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_has_expired_says_when() {
    let authority = Authority::new("CA");
    let port = authority.serve("localhost", 2024).await;
    let found = asked(&authority.trusted(port)).await.unwrap_err().to_string();
    assert!(
        found.contains(
            "has expired; it must be renewed there; it is for `localhost`, issued by `CA`, and expired on 2024-11-01"
        ),
        "{found}"
    );
}

#[tokio::test]
async fn what_speaks_no_tls_what_refuses_and_what_has_no_address_are_told() {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let access = Access::new(format!("https://{}", plain.local_addr().unwrap()));
    let serving = async {
        let (mut stream, _) = plain.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    };
    let (found, ()) = tokio::join!(asked(&access), serving);
    assert!(found.unwrap_err().to_string().contains("it does not speak TLS; is this the port of the API server?"));

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let found = asked(&Access::new(format!("https://{closed}"))).await.unwrap_err();
    assert_eq!(found.to_string(), format!("{closed}: nobody listens at {closed} (connection refused)"));
    let found = asked(&Access::new("https://nobody.invalid:6443")).await.unwrap_err();
    assert_eq!(found.why, Why::Dns("nobody.invalid".to_owned()));

    // Takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let found = asked(&Access::new(format!("https://{}", silent.local_addr().unwrap()))).await.unwrap_err();
    assert_eq!(found.why, Why::TimedOut { doing: "connecting", seconds: 5 });
}

/// A balancer without a backend, an API server that starts again: nothing of the settings is wrong.
#[tokio::test]
async fn who_hangs_up_in_the_middle_of_the_handshake_may_take_it_the_next_time() {
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let access = Access::new(format!("https://{}", server.local_addr().unwrap()));
    let hanging_up = async {
        let (mut stream, _) = server.accept().await.unwrap();
        assert_ne!(stream.read(&mut [0; 4096]).await.unwrap(), 0);
    };
    let (found, ()) = tokio::join!(asked(&access), hanging_up);
    let found = found.unwrap_err();
    assert!(found.to_string().ends_with("the connection broke (it was closed during the TLS handshake)"), "{found}");
    assert!(found.may_pass());
}

#[tokio::test]
async fn a_credential_that_is_none_is_told_before_anybody_is_asked() {
    let good = access().await;
    let broken = |auth| Access { auth, ..good.clone() };
    let secret = || Zeroizing::new("hunter2".to_owned());
    for (access, said) in [
        (
            broken(Auth::Certificate { cert: "hunter2".to_owned(), key: secret() }),
            "the client's certificate is no certificate in PEM",
        ),
        (broken(Auth::Token(Zeroizing::new("hunter2\nx".to_owned()))), "the token has letters that no token has"),
        (
            Access { tls: Tls { roots: Some("hunter2".to_owned()), ..Tls::default() }, ..good.clone() },
            "(CA) is no certificate in PEM",
        ),
    ] {
        let found = asked(&access).await.unwrap_err();
        assert!(found.to_string().contains(said) && found.code() == "credential", "{found}");
        assert!(!format!("{found} {found:?}").contains("hunter2"), "{found:?}");
    }
    let wrong = asked(&broken(Auth::Token(secret()))).await.unwrap_err();
    assert_eq!(wrong.code(), "unauthorized", "{wrong}");
}
