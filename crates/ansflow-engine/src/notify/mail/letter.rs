//! A mail as it is written. Nothing that comes from a pipeline or a person begins a header line of its own.

use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::{Address, Message as Letter};

use super::Message;

/// A text has at most so many bytes.
const MOST: usize = 256 * 1024;

/// The mail; what cannot be written is named.
pub(in crate::notify) fn write(message: &Message, from: &str, to: &[String], now: Timestamp) -> Result<Letter, String> {
    let from: Mailbox = plain(from)?.parse().map_err(|why| format!("the sender `{from}` is no mail address: {why}"))?;
    let host = from.email.domain().to_owned();
    let mut builder = Letter::builder()
        .from(from)
        .date(now.into())
        // The same when it is sent again: mail programs then show it once.
        .message_id(Some(format!("<{}@{host}>", message.id)))
        .subject(message.subject());
    for recipient in to {
        builder = builder.to(Mailbox::new(None, address(recipient)?));
    }
    let text = super::super::cut(&message.text, MOST);
    let link = message.link.as_ref().map(|link| format!("\n\n{link}")).unwrap_or_default();
    machine_made(builder)
        .header(ContentType::TEXT_PLAIN)
        .body(format!("{text}{link}"))
        .map_err(|why| format!("the mail cannot be written: {why}"))
}

/// So that nobody's "I am on holiday" answers.
fn machine_made(builder: MessageBuilder) -> MessageBuilder {
    let header = |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
    builder.raw_header(header("Auto-Submitted", "auto-generated"))
}

fn address(text: &str) -> Result<Address, String> {
    plain(text)?.parse().map_err(|why| format!("the recipient `{text}` is no mail address: {why}"))
}

/// Text without control characters, which no address has.
fn plain(text: &str) -> Result<&str, String> {
    match text.chars().any(char::is_control) {
        true => Err(format!("the mail address {text:?} has a line break or another control character in it")),
        false => Ok(text.trim()),
    }
}
