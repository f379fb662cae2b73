//! WeCom's robots: a plain text of at most 2,048 bytes; in their Markdown `<@name>` calls people.

use reqwest::Url;
use serde_json::json;

use super::Message;
use super::request::Request;

const MOST: usize = 2_048;

pub(super) fn request(url: Url, message: &Message) -> Request {
    Request::of(url, &json!({ "msgtype": "text", "text": { "content": message.plain(MOST) } }))
}
