//! A request by HTTP before it is sent, and what the channels' requests are made of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Url;
use serde_json::Value as Json;
use sha2::Sha256;

/// A POST of JSON.
#[derive(Clone, PartialEq)]
pub(super) struct Request {
    pub(super) url: Url,
    /// Besides the type of the content.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl Request {
    pub(super) fn of(url: Url, body: &Json) -> Request {
        Request { url, headers: Vec::new(), body: body.to_string() }
    }
}

/// An address that can be sent to. The error does not repeat it.
pub(super) fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|why| format!("the address is no URL: {why}"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err("the address must begin with https:// or http://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address must not have a user name or password in it".to_owned());
    }
    Ok(url)
}

/// HMAC-SHA256 in Base64.
pub(super) fn sign(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}
