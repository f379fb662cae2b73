//! Whether a delivery is signed by somebody who knows the secret: over the bytes as they came, in constant time.

use ansflow_core::webhook::Source;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::sender::header;

/// Standard Webhooks: what was signed longer ago, or is signed for later, is somebody's copy.
const STANDARD_WINDOW_S: i64 = 5 * 60;
/// Gitee: its queue is slower.
const GITEE_WINDOW_MS: i64 = 60 * 60 * 1_000;

/// Whether this secret signed it. An empty secret signs nothing.
pub(super) fn is_signed(source: Source, headers: &HeaderMap, body: &[u8], secret: &str, now: Timestamp) -> bool {
    if secret.is_empty() {
        return false;
    }
    let hex = |name: &str, prefix: &str| {
        let signature = header(headers, name).and_then(|text| unhex(text.strip_prefix(prefix)?));
        signature.is_some_and(|signature| mac(secret.as_bytes(), &[body]).verify_slice(&signature).is_ok())
    };
    match source {
        Source::Github => hex("x-hub-signature-256", "sha256="),
        // The one of its own where it is there; what stands beside it does not help.
        Source::Gitea if headers.contains_key("x-gitea-signature") => hex("x-gitea-signature", ""),
        Source::Gitea if headers.contains_key("x-forgejo-signature") => hex("x-forgejo-signature", ""),
        Source::Gitea => hex("x-hub-signature-256", "sha256="),
        Source::Gitlab if headers.contains_key("webhook-signature") => standard(headers, body, secret, now),
        Source::Gitlab => header(headers, "x-gitlab-token").is_some_and(|token| same(token, secret)),
        Source::Gitee => gitee(headers, secret, now),
        Source::Generic if headers.contains_key("webhook-signature") => standard(headers, body, secret, now),
        Source::Generic => hex("x-ansflow-signature", "sha256="),
    }
}

/// Standard Webhooks: `v1,BASE64 …` over `id.timestamp.body`.
fn standard(headers: &HeaderMap, body: &[u8], secret: &str, now: Timestamp) -> bool {
    let (Some(id), Some(at), Some(signatures)) =
        (header(headers, "webhook-id"), header(headers, "webhook-timestamp"), header(headers, "webhook-signature"))
    else {
        return false;
    };
    let is_fresh = at.parse().is_ok_and(|at: i64| at.abs_diff(now.as_second()) <= STANDARD_WINDOW_S.unsigned_abs());
    let signed: Vec<Vec<u8>> = signatures
        .split_whitespace()
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
        .take(8) // Two while a secret changes; nobody needs more.
        .collect();
    // The key is what the secret says in Base64; a secret that says nothing in it is itself the key.
    let key = secret.strip_prefix("whsec_").unwrap_or(secret);
    let key = STANDARD.decode(key).ok().filter(|key| !key.is_empty()).unwrap_or_else(|| secret.as_bytes().to_vec());
    let expected = mac(&key, &[id.as_bytes(), b".", at.as_bytes(), b".", body]);
    is_fresh && signed.iter().any(|signature| expected.clone().verify_slice(signature).is_ok())
}

/// The password itself, or Base64 of what it signs: the time, and not the body.
fn gitee(headers: &HeaderMap, secret: &str, now: Timestamp) -> bool {
    let Some(token) = header(headers, "x-gitee-token") else { return false };
    if same(token, secret) {
        return true;
    }
    let Some(at) = header(headers, "x-gitee-timestamp") else { return false };
    let is_fresh = at.parse().is_ok_and(|ms: i64| ms.abs_diff(now.as_millisecond()) <= GITEE_WINDOW_MS.unsigned_abs());
    let expected = mac(secret.as_bytes(), &[at.as_bytes(), b"\n", secret.as_bytes()]).finalize().into_bytes();
    let plain = STANDARD.encode(expected);
    // Its manual escapes the signature for an address, and it has been seen to do so.
    let escaped = plain.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    is_fresh && (same(token, &plain) | same(token, &escaped))
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    parts.iter().fold(mac, |mac, part| mac.chain_update(part))
}

fn same(given: &str, expected: &str) -> bool {
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}
