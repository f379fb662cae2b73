//! Certificates: who a client is, and whom a server's may be signed by.

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use super::refused::Refused;
use crate::access::Auth;

/// The longest of each, in bytes.
const LONGEST: usize = 256 * 1024;

/// A client certificate with its key, both PEM.
///
/// # Errors
/// When either is none, or they do not belong together.
pub fn certificate(cert: &str, key: &str) -> Result<Auth, Refused> {
    let (cert, key) = (cert.trim(), key.trim());
    let chain = chain("certificate", cert)?;
    if key.contains("BEGIN ENCRYPTED PRIVATE KEY") || key.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(Refused::new("key", "the key needs a passphrase, and nobody is there to type it")
            .help("take it off: `openssl pkey -in FILE -out NEW`"));
    }
    if key.len() > LONGEST {
        return Err(Refused::new("key", "the key is longer than 256 KiB"));
    }
    let no_key = || {
        let error = Refused::new("key", "the key is no private key in PEM");
        match key.contains("BEGIN CERTIFICATE") {
            true => error.help("this is a certificate: give the key, which begins with `-----BEGIN PRIVATE KEY-----`"),
            false => error.help("it begins with `-----BEGIN PRIVATE KEY-----`, `EC PRIVATE KEY` or `RSA PRIVATE KEY`"),
        }
    };
    let read = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| no_key())?;
    let signing = any_supported_type(&read).map_err(|_| {
        Refused::new("key", "the key is of a kind that TLS does not use").help("make one of RSA or P-256")
    })?;
    // A key whose public half cannot be told is let through: the cluster will say.
    if matches!(
        CertifiedKey::new(chain, signing).keys_match(),
        Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch))
    ) {
        return Err(Refused::new("key", "the key does not belong to the certificate")
            .help("give the key that the certificate was asked for with"));
    }
    Ok(Auth::Certificate { cert: cert.to_owned(), key: Zeroizing::new(key.to_owned()) })
}

/// Certificates of authorities, PEM; empty is none.
///
/// # Errors
/// When it holds something else.
pub fn authorities(ca: &str) -> Result<String, Refused> {
    let ca = ca.trim();
    if ca.is_empty() {
        return Ok(String::new());
    }
    chain("ca", ca)?;
    Ok(ca.to_owned())
}

fn chain(field: &'static str, pem: &str) -> Result<Vec<CertificateDer<'static>>, Refused> {
    let what = if field == "ca" { "the CA" } else { "the certificate" };
    if pem.len() > LONGEST {
        return Err(Refused::new(field, format!("{what} is longer than 256 KiB")));
    }
    if pem.contains("PRIVATE KEY") {
        return Err(Refused::new(field, format!("{what} holds a private key"))
            .help("give the certificate alone, from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`"));
    }
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let chain = read.ok().filter(|chain| {
        let is_one = |der: &CertificateDer<'_>| x509_parser::parse_x509_certificate(der).is_ok();
        !chain.is_empty() && chain.iter().all(is_one)
    });
    chain.ok_or_else(|| {
        Refused::new(field, format!("{what} is no certificate in PEM"))
            .help("it begins with `-----BEGIN CERTIFICATE-----`; what a kubeconfig has is Base64 of that: `base64 -d`")
    })
}
