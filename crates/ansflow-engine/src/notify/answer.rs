//! What an answer means. Three of the channels say 200 and no in the same breath.
//!
//! Of the body only what the channel's own protocol has for people is repeated: a message is no way to read what some
//! other service of the network says.

use ansflow_core::spec::HookKind;
use serde_json::Value as Json;

use super::cut;

/// Whether the message was taken, or what is said of it: `answered …`.
pub(super) fn judge(kind: HookKind, status: u16, body: &[u8]) -> Result<(), String> {
    let refused = |said: Option<String>| {
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        Err(format!("answered {status}{said}"))
    };
    let is_ok = (200..300).contains(&status);
    match kind {
        HookKind::Webhook if is_ok => Ok(()),
        HookKind::Slack if is_ok => Ok(()),
        HookKind::Webhook => refused(None),
        HookKind::Slack => refused(slack_word(body)),
        HookKind::Dingtalk | HookKind::Wecom => coded(status, is_ok, body, &[("errcode", "errmsg")]),
        HookKind::Feishu => coded(status, is_ok, body, &[("code", "msg"), ("StatusCode", "StatusMessage")]),
    }
}

/// Slack says one word, such as `invalid_token`.
fn slack_word(body: &[u8]) -> Option<String> {
    let word = std::str::from_utf8(body).ok()?.trim();
    let is_word = (1..=40).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_word.then(|| word.to_owned())
}

/// A number that is 0 when all is well, and a text beside it.
fn coded(status: u16, is_ok: bool, body: &[u8], fields: &[(&str, &str)]) -> Result<(), String> {
    let body: Json = serde_json::from_slice(body).unwrap_or_default();
    let found = fields.iter().find_map(|(code, text)| Some((body.get(code)?.as_i64()?, body.get(text))));
    match found {
        Some((0, _)) if is_ok => Ok(()),
        Some((code, text)) => {
            let text = text.and_then(Json::as_str).unwrap_or_default();
            let clean: String = text.chars().filter(|c| !c.is_control()).collect();
            Err(format!("answered {status}, code {code}: {}", cut(&clean, 200)))
        }
        None if is_ok => Err(format!("answered {status} and not as such a robot does: is the address right?")),
        None => Err(format!("answered {status}")),
    }
}
