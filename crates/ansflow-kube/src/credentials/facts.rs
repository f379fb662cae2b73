//! What a credential says of itself. Nothing of it is believed: it is shown, and the cluster decides.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::access::{ActsAs, Auth};

/// What may be told of a credential.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Who it says that it is.
    pub subject: Option<String>,
    /// Who made it.
    pub issuer: Option<String>,
    /// When it ends, as RFC 3339; none: it does not say.
    pub expires_at: Option<String>,
    /// The context of the kubeconfig that it was taken from.
    pub context: Option<String>,
    /// Whom it acts for.
    pub acts_as: Option<String>,
    /// The allowed program that makes it.
    pub program: Option<String>,
}

impl Facts {
    /// When it ends, if it says so.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires_at.as_deref()?.parse().ok()
    }
}

/// What a credential says of itself.
#[must_use]
pub fn facts(auth: &Auth, acts_as: Option<&ActsAs>) -> Facts {
    let mut facts = match auth {
        Auth::Nobody | Auth::InCluster => Facts::default(),
        Auth::Token(token) => of_token(token).unwrap_or_default(),
        Auth::Certificate { cert, .. } => of_certificate(cert).unwrap_or_default(),
        Auth::Exec(program) => Facts { program: Some(program.path.display().to_string()), ..Facts::default() },
    };
    facts.acts_as = acts_as.map(|acts_as| acts_as.user.clone());
    facts
}

/// A JWT's claims, unverified.
fn of_token(token: &str) -> Option<Facts> {
    let claims = token.split('.').nth(1)?;
    let claims: Json = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?).ok()?;
    let text = |name: &str| claims.get(name).and_then(Json::as_str).map(clean);
    let ends = claims.get("exp").and_then(Json::as_i64).and_then(|exp| Timestamp::from_second(exp).ok());
    Some(Facts {
        subject: text("sub"),
        issuer: text("iss"),
        expires_at: ends.map(|ends| ends.to_string()),
        ..Facts::default()
    })
}

fn of_certificate(pem: &str) -> Option<Facts> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
    let (_, certificate) = x509_parser::parse_x509_certificate(&der).ok()?;
    let ends = Timestamp::from_second(certificate.validity().not_after.timestamp()).ok();
    let name = |name: &x509_parser::x509::X509Name<'_>| Some(clean(&name.to_string())).filter(|name| !name.is_empty());
    Some(Facts {
        subject: name(certificate.subject()),
        issuer: name(certificate.issuer()),
        expires_at: ends.map(|ends| ends.to_string()),
        ..Facts::default()
    })
}

/// One line, not too long.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
