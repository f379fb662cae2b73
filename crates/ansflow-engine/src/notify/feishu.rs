//! Feishu's robots: a post made of parts, because in its `text` messages a name in angle brackets calls people. Where
//! the robot checks signatures, the body has `timestamp` (seconds) and `sign`, whose key is both and whose text is empty.

use jiff::Timestamp;
use reqwest::Url;
use serde_json::{Value as Json, json};

use super::request::{Request, sign};
use super::{Message, cut};

/// A request may have 20 KB, and what is not ASCII is longer in JSON.
const MOST: usize = 8_000;

pub(super) fn request(url: Url, secret: Option<&str>, message: &Message, now: Timestamp) -> Request {
    let text = cut(&message.text, MOST);
    let mut lines: Vec<Json> = text.lines().map(|line| json!([{ "tag": "text", "text": line }])).collect();
    lines.extend(message.link.iter().map(|link| json!([{ "tag": "a", "text": link, "href": link }])));
    let title = message.heading.as_deref().unwrap_or_default();
    let mut body =
        json!({ "msg_type": "post", "content": { "post": { "zh_cn": { "title": title, "content": lines } } } });
    if let Some(secret) = secret {
        let timestamp = now.as_second().to_string();
        body["sign"] = sign(format!("{timestamp}\n{secret}").as_bytes(), b"").into();
        body["timestamp"] = timestamp.into();
    }
    Request::of(url, &body)
}
