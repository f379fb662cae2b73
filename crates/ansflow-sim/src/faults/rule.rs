//! What a rule does. The words of the JSON are those of these types.

use std::fmt;
use std::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::http::HttpFault;
use super::matching::Match;

/// Something that goes wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(default)]
    pub(crate) on: Match,
    pub(crate) what: What,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum What {
    Image(ImageFault),
    Exit(ExitFault),
    /// The program neither says nor ends anything, not even on SIGTERM.
    Hang,
    Probe(ProbeFault),
    Mount(MountFault),
    /// The runtime makes no sandbox: this is why.
    Sandbox(String),
    /// A claim that never binds.
    Bind(String),
    NodeLost,
    Evict(EvictFault),
    /// What becomes of requests to the API.
    Http(HttpFault),
    /// What an admission webhook answers.
    Webhook(WebhookFault),
}

/// What a webhook answers that nobody calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WebhookFault {
    Allow,
    Refused,
    BadCertificate,
    Timeout,
    Deny {
        #[serde(default = "forbidden")]
        code: u16,
        #[serde(default)]
        message: String,
    },
}

fn forbidden() -> u16 {
    403
}

/// What a registry answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ImageFault {
    NotFound,
    Denied,
    RateLimited,
    UnknownHost,
    Slow { after: Span, size: Option<u64> },
    Present,
}

/// How a program ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ExitFault {
    pub(crate) code: i32,
    pub(crate) after: Span,
    /// What it says before.
    pub(crate) log: String,
    pub(crate) oom: bool,
    /// Only the first so many starts; 0 is always.
    pub(crate) times: u32,
}

/// What a container is made to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ContainerFault {
    Exit(ExitFault),
    Hang,
}

/// What a probe is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ProbeFault {
    /// `readiness`, `liveness`, `startup`; every one where nothing is said.
    pub(crate) which: String,
    /// It goes wrong so long after the container started.
    pub(crate) from: Span,
    /// It goes right again so long after; 0 is never.
    pub(crate) until: Span,
    /// The status code that an HTTP probe gets; 0 is a refused connection.
    pub(crate) status: u16,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct MountFault {
    pub(crate) volume: String,
    pub(crate) message: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct EvictFault {
    pub(crate) after: Span,
    pub(crate) message: String,
}

/// A span of time, written `10s`, `1m30s`, `250ms`.
#[derive(Debug, Copy, Clone, Default, PartialEq, Eq, PartialOrd)]
pub(crate) struct Span(pub(crate) Duration);

impl Span {
    pub(crate) fn parse(text: &str) -> Option<Span> {
        let (mut rest, mut sum) = (text, Duration::ZERO);
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let digits = rest.find(|at: char| !at.is_ascii_digit())?;
            let number: u64 = rest[..digits].parse().ok()?;
            let unit_end = rest[digits..].find(|at: char| at.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
            let millis = match &rest[digits..unit_end] {
                "ms" => 1,
                "s" => 1_000,
                "m" => 60_000,
                "h" => 3_600_000,
                _ => return None,
            };
            sum = sum.checked_add(Duration::from_millis(number.checked_mul(millis)?))?;
            rest = &rest[unit_end..];
        }
        Some(Span(sum))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{}ms", self.0.as_millis()))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Span, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Span;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a span of time as `10s`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Span, E> {
                Span::parse(text).ok_or_else(|| E::custom(format!("`{text}` is no span of time; `10s` is one")))
            }
        }
        from.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_in_its_units() {
        for (text, millis) in
            [("10s", Some(10_000)), ("1m30s", Some(90_000)), ("250ms", Some(250)), ("10", None), ("", None)]
        {
            assert_eq!(Span::parse(text).map(|span| span.0.as_millis()), millis, "{text}");
        }
    }
}
