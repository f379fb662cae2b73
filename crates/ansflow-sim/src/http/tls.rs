//! The cluster's authority: its own certificate, the server's, and those of clients.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::config::Who;

/// A certificate or a key, as text.
pub type Pem = String;

/// Who signs for the cluster.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    server: Arc<ServerConfig>,
}

impl Authority {
    /// Makes an authority, and a certificate for a server at this address.
    pub(crate) fn new(address: SocketAddr, names: &[String]) -> Result<Authority, String> {
        let told = |error: rcgen::Error| error.to_string();
        let key = KeyPair::generate().map_err(told)?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "kubernetes");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let certificate = params.self_signed(&key).map_err(told)?.der().clone();
        let issuer = Issuer::new(params, key);

        let mut all = vec![
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            "::1".to_owned(),
            "kubernetes".to_owned(),
            "kubernetes.default".to_owned(),
            "kubernetes.default.svc".to_owned(),
            "kubernetes.default.svc.cluster.local".to_owned(),
        ];
        all.extend((!address.ip().is_unspecified()).then(|| address.ip().to_string()));
        all.extend(names.iter().cloned());
        all.dedup();
        let mut params = CertificateParams::new(all).map_err(told)?;
        params.distinguished_name.push(DnType::CommonName, "kube-apiserver");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().map_err(told)?;
        let own = params.signed_by(&key, &issuer).map_err(told)?.der().clone();
        let server = server(&certificate, own, &key).map_err(|error| error.to_string())?;
        Ok(Authority { issuer, certificate, server: Arc::new(server) })
    }

    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        self.server.clone()
    }

    pub(crate) fn ca_pem(&self) -> Pem {
        pem("CERTIFICATE", &self.certificate)
    }

    /// A certificate for somebody, with its key.
    pub(crate) fn client(&self, who: &Who) -> (Pem, Pem) {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, who.name.as_str());
        for group in &who.groups {
            params.distinguished_name.push(DnType::OrganizationName, group.as_str());
        }
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().expect("a key was made when the cluster started");
        let certificate =
            params.signed_by(&key, &self.issuer).expect("certificates were signed when the cluster started");
        (pem("CERTIFICATE", certificate.der()), pem("PRIVATE KEY", &key.serialize_der()))
    }
}

fn server(
    authority: &CertificateDer<'static>,
    own: CertificateDer<'static>,
    key: &KeyPair,
) -> Result<ServerConfig, Box<dyn std::error::Error>> {
    let provider = Arc::new(default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone())?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let verifier = verifier.allow_unauthenticated().build()?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![own, authority.clone()], key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// A kubeconfig with everything inside.
pub(crate) fn kubeconfig(cluster: &str, url: &str, ca: &str, user: &str, certificate: &str, key: &str) -> String {
    let [ca, certificate, key] = [ca, certificate, key].map(|text| STANDARD.encode(text));
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: {cluster}\n  cluster:\n    server: {url}\n    \
         certificate-authority-data: {ca}\ncontexts:\n- name: {cluster}\n  context:\n    cluster: {cluster}\n    \
         user: {user}\ncurrent-context: {cluster}\nusers:\n- name: {user}\n  user:\n    \
         client-certificate-data: {certificate}\n    client-key-data: {key}\n"
    )
}

/// The bytes of a certificate that is told as text.
pub(crate) fn der(certificate: &str) -> Vec<u8> {
    let lines: String = certificate.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(lines).unwrap_or_default()
}

fn pem(label: &str, der: &[u8]) -> Pem {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}
