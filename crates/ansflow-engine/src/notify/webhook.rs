//! Any program: JSON as Standard Webhooks has it (`type`, `timestamp`, `data`), signed where there is a secret. A message
//! may come twice; `webhook-id` is the same then.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::Url;
use serde_json::json;

use super::Message;
use super::request::{Request, sign};

/// How a secret begins that is Base64 of the key; any other is the key.
const BASE64: &str = "whsec_";

pub(super) fn request(url: Url, secret: Option<&str>, message: &Message, now: Timestamp) -> Request {
    let mut data = message.facts.clone();
    data.insert("title".to_owned(), message.heading.clone().into());
    data.insert("text".to_owned(), message.text.clone().into());
    data.insert("link".to_owned(), message.link.clone().into());
    let at = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let mut request = Request::of(url, &json!({ "type": message.kind, "timestamp": at, "data": data }));
    let timestamp = now.as_second().to_string();
    if let Some(secret) = secret {
        let decoded = secret.strip_prefix(BASE64).and_then(|text| STANDARD.decode(text).ok());
        let key = decoded.unwrap_or_else(|| secret.as_bytes().to_vec());
        let signature = sign(&key, format!("{}.{timestamp}.{}", message.id, request.body).as_bytes());
        request.headers.push(("webhook-signature", format!("v1,{signature}")));
    }
    request.headers.push(("webhook-id", message.id.clone()));
    request.headers.push(("webhook-timestamp", timestamp));
    request
}
