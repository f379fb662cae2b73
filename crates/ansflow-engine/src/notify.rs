//! Messages to people and programs: what is written to each channel, and the one door through which it leaves.
//!
//! Requests are made by pure functions, a file for each channel, after the channel's own documentation. Sending knows no
//! channel. An address may hold a token, so no error says more of it than scheme and host (lessons 23 and 24).

mod answer;
mod dingtalk;
mod feishu;
mod guard;
mod http;
pub mod mail;
mod request;
mod slack;
pub mod text;
mod webhook;
mod wecom;

#[cfg(test)]
mod tests;

use ansflow_core::spec::{Destination, Hook, HookKind};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

pub use self::mail::{MailServer, Security};
use self::request::Request;

/// What somebody is told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Message {
    /// The same when it is sent again, so that a program can tell.
    pub id: String,
    /// One word for programs, such as `run.failure`.
    pub kind: String,
    /// Subject of a mail, heading of a chat message.
    pub heading: Option<String>,
    /// What it says, perhaps in several lines.
    pub text: String,
    /// Where there is more.
    pub link: Option<String>,
    /// The same for programs.
    pub facts: Map<String, Json>,
}

/// Why a message was not sent. Says nothing of an address but scheme and host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It cannot be sent there, or whoever was to take it said no.
    #[error("{0}")]
    Refused(String),
    /// Nobody was there to take it.
    #[error("{0}")]
    Unreachable(String),
}

/// Sends messages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sender {
    http: http::Client,
}

impl Sender {
    /// A sender that reaches this machine's own services only where it is allowed: for tests, the demo and laptops. The
    /// process has a provider of cryptography by now.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn new(allow_loopback: bool) -> Result<Sender, SendError> {
        Ok(Sender { http: http::Client::new(guard::Guard::new(allow_loopback))? })
    }

    /// Sends one message, within about ten seconds by HTTP and thirty by mail; `mail` is how mail leaves. To whom it
    /// went, as it may be shown.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(
        &self,
        message: &Message,
        to: &Destination,
        mail: Option<&MailServer>,
        now: Timestamp,
    ) -> Result<String, SendError> {
        match to {
            Destination::Hook(hook) => self.http.post(hook, request(message, hook, now)?).await,
            Destination::Mail(to) => {
                let server = mail.ok_or_else(|| SendError::Refused(mail::NO_SERVER.to_owned()))?;
                mail::send(server, message, to, now).await
            }
        }
    }
}

/// What goes over the wire.
fn request(message: &Message, hook: &Hook, now: Timestamp) -> Result<Request, SendError> {
    let url = request::address(&hook.url).map_err(SendError::Refused)?;
    let secret = hook.signing_secret.as_deref();
    Ok(match hook.kind {
        HookKind::Webhook => webhook::request(url, secret, message, now),
        HookKind::Slack => slack::request(url, message),
        HookKind::Dingtalk => dingtalk::request(url, secret, message, now),
        HookKind::Feishu => feishu::request(url, secret, message, now),
        HookKind::Wecom => wecom::request(url, message),
    })
}

impl Message {
    /// Heading, text and link, each in lines of its own, in at most so many bytes: how chats are told.
    fn plain(&self, most: usize) -> String {
        let link = self.link.as_ref().map(|link| format!("\n{link}")).unwrap_or_default();
        let heading = self.heading.as_ref().map(|heading| format!("{heading}\n")).unwrap_or_default();
        // The link says where the rest is, so it is never what is cut off.
        let text = cut(&format!("{heading}{}", self.text), most.saturating_sub(link.len()));
        format!("{text}{link}")
    }

    /// One line that says what it is about.
    fn subject(&self) -> String {
        let line = self.heading.as_deref().unwrap_or_else(|| self.text.lines().next().unwrap_or_default());
        let plain: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        cut(plain.trim(), 240)
    }
}

/// At most so many bytes of a text, whole characters.
fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most.saturating_sub('…'.len_utf8())).rev().find(|&end| text.is_char_boundary(end));
    format!("{}…", &text[..end.unwrap_or_default()])
}
