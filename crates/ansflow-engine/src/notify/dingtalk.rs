//! DingTalk's robots: a plain text, because in their Markdown a branch name could be a link. Where the robot checks
//! signatures, the address gets `timestamp` (milliseconds) and `sign`.

use jiff::Timestamp;
use reqwest::Url;
use serde_json::json;

use super::Message;
use super::request::{Request, sign};

/// A message may have 20,000 bytes.
const MOST: usize = 16_000;

pub(super) fn request(mut url: Url, secret: Option<&str>, message: &Message, now: Timestamp) -> Request {
    if let Some(secret) = secret {
        let timestamp = now.as_millisecond().to_string();
        let sign = sign(secret.as_bytes(), format!("{timestamp}\n{secret}").as_bytes());
        url.query_pairs_mut().append_pair("timestamp", &timestamp).append_pair("sign", &sign);
    }
    Request::of(url, &json!({ "msgtype": "text", "text": { "content": message.plain(MOST) } }))
}
