//! Slack's incoming webhooks, and what takes the same: `text` in mrkdwn, with `&`, `<` and `>` escaped, so that no text
//! calls a channel together (`<!channel>`) or hides where a link leads.

use reqwest::Url;
use serde_json::json;

use super::request::Request;
use super::{Message, cut};

/// Slack cuts off at 40,000 characters.
const MOST: usize = 30_000;

pub(super) fn request(url: Url, message: &Message) -> Request {
    let heading = message.heading.as_ref().map(|heading| format!("*{}*\n", escape(heading))).unwrap_or_default();
    let link = message.link.as_ref().map(|link| format!("\n<{}>", escape(link))).unwrap_or_default();
    let text = format!("{heading}{}{link}", escape(&cut(&message.text, MOST)));
    Request::of(url, &json!({ "text": text, "unfurl_links": false }))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
