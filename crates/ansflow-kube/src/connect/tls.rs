//! TLS to a cluster: whom we trust, who we are, and what the certificate said that was not accepted.

use super::cause::{Trouble, Why};
use super::peer::Presented;
use crate::access::{Access, Auth};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How a cluster is spoken to.
#[derive(Clone)]
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    verifier: Arc<dyn ServerCertVerifier>,
    name: Option<String>,
}

impl Tls {
    /// Of an access; an error says which part of it is no certificate, or no key.
    pub(super) fn new(access: &Access, roots: Option<&str>) -> Result<Tls, Why> {
        let provider = Arc::new(ring::default_provider());
        let verifier = verifier(access, roots, &provider)?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Why::Other(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone());
        let mut config = match &access.auth {
            Auth::Certificate { cert, key } => {
                let chain = certificates(cert, "the client's certificate")?;
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
                    .map_err(|_| Why::Credential("the client's key is no private key in PEM".to_owned()))?;
                builder
                    .with_client_auth_cert(chain, key)
                    .map_err(|error| Why::Credential(format!("the client's certificate and key: {error}")))?
            }
            Auth::Nobody | Auth::Token(_) | Auth::InCluster | Auth::Exec(_) => builder.with_no_client_auth(),
        };
        // Streams of commands are upgrades, which HTTP/2 has in another way.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls { config: Arc::new(config), verifier, name: access.tls.server_name.clone() })
    }

    /// The handshake; a certificate that is not accepted is told of.
    pub(super) async fn shake<S>(&self, at: &str, host: &str, stream: S) -> Result<TlsStream<S>, Trouble>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let name = self.name.as_deref().unwrap_or(host);
        let bare = name.trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = |why: String, presented| Trouble::new(at, Why::Tls { why, presented });
        let server = ServerName::try_from(bare).map_err(|_| tls(format!("`{name}` is no name of a server"), None))?;
        let witness = Arc::new(Witness { verifier: self.verifier.clone(), shown: Mutex::new(None) });
        let mut config = ClientConfig::clone(&self.config);
        config.dangerous().set_certificate_verifier(witness.clone());
        let shaken = TlsConnector::from(Arc::new(config)).connect(server, stream).await;
        shaken.map_err(|error| match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(rustls) => tls(in_words(rustls, name), witness.presented()),
            None if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                // Of a balancer whose backend starts again, most of the time: no certificate was shown that could be wrong.
                Trouble::new(at, Why::Broken("it was closed during the TLS handshake".to_owned()))
            }
            None => Trouble::new(at, super::cause::of_io(at, &error)),
        })
    }
}

fn verifier(
    access: &Access,
    roots: Option<&str>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Why> {
    if !access.tls.verify {
        return Ok(Arc::new(Anybody(provider.clone())));
    }
    let Some(roots) = roots else {
        let machine = rustls_platform_verifier::Verifier::new(provider.clone());
        return Ok(Arc::new(machine.map_err(|error| Why::Other(format!("this machine's authorities: {error}")))?));
    };
    let mut store = RootCertStore::empty();
    for root in certificates(roots, "the authority's certificate (CA)")? {
        store.add(root).map_err(|error| Why::Credential(format!("the authority's certificate (CA): {error}")))?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
    Ok(verifier.map_err(|error| Why::Credential(format!("the authority's certificate (CA): {error}")))?)
}

fn certificates(pem: &str, what: &str) -> Result<Vec<CertificateDer<'static>>, Why> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match read {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(Why::Credential(format!("{what} is no certificate in PEM (`-----BEGIN CERTIFICATE-----`)"))),
    }
}

fn in_words(error: &Error, name: &str) -> String {
    match error {
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => {
            format!(
                "the server's certificate is not for `{name}`; give the name that it is for (`tls-server-name`), or use that"
            )
        }
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "the server's certificate has expired; it must be renewed there".to_owned()
        }
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            "the server's certificate is not good yet; check this machine's clock".to_owned()
        }
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "the server's certificate is from an authority that is not trusted; give the right CA".to_owned()
        }
        // Every cluster's authority is called `kubernetes`.
        Error::InvalidCertificate(CertificateError::BadSignature) => {
            "the server's certificate is from another authority than the one that is trusted, though both have the same name; \
             give the right CA (was the cluster made anew?)"
                .to_owned()
        }
        Error::InvalidCertificate(other) => format!("the server's certificate is not accepted: {other}"),
        Error::InvalidMessage(_) => "it does not speak TLS; is this the port of the API server?".to_owned(),
        Error::AlertReceived(alert) => format!("the server refused our certificate, or how we speak ({alert:?})"),
        other => other.to_string(),
    }
}

/// Asks another, and remembers what was shown.
#[derive(Debug)]
struct Witness {
    verifier: Arc<dyn ServerCertVerifier>,
    shown: Mutex<Option<CertificateDer<'static>>>,
}

impl Witness {
    fn presented(&self) -> Option<Box<Presented>> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.as_ref().and_then(|der| Presented::read(der)).map(Box::new)
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let looked = self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        if looked.is_err() {
            let shown = Some(end_entity.clone().into_owned());
            *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown;
        }
        looked
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// Believes everybody: what `verify: false` asks for.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
