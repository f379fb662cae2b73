//! Who knocks, by the headers of the knock. None of them is signed: they say how to read and to check, and no more.

use ansflow_core::webhook::Source;
use axum::http::HeaderMap;
use sha2::{Digest as _, Sha256};

/// Longer names of deliveries are kept by their hash.
const LONGEST: usize = 120;

/// What the headers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sender {
    /// Who sends.
    pub(super) source: Source,
    /// What happened; empty where the headers do not say.
    pub(super) event: String,
    /// What this delivery is called, the same when it is sent again; empty where nothing tells it from others.
    pub(super) delivery: String,
}

impl Sender {
    /// Of a forge, or of whoever the headers say it is.
    pub(super) fn of(forge: Option<Source>, headers: &HeaderMap, body: &[u8]) -> Sender {
        let source = forge.unwrap_or_else(|| recognised(headers));
        let (event, delivery) = match source {
            Source::Github => (header(headers, "x-github-event"), header(headers, "x-github-delivery")),
            Source::Gitea => (
                header(headers, "x-gitea-event").or_else(|| header(headers, "x-forgejo-event")),
                header(headers, "x-gitea-delivery").or_else(|| header(headers, "x-forgejo-delivery")),
            ),
            // `X-Gitlab-Event-UUID` names a whole chain of events that follow from each other, not a delivery.
            Source::Gitlab => (
                header(headers, "x-gitlab-event"),
                header(headers, "webhook-id").or_else(|| header(headers, "idempotency-key")),
            ),
            Source::Gitee => (header(headers, "x-gitee-event"), None),
            Source::Generic => (None, header(headers, "webhook-id").or_else(|| header(headers, "x-ansflow-delivery"))),
        };
        let delivery = match (delivery, source) {
            (Some(id), _) if id.len() <= LONGEST && id.bytes().all(|b| b.is_ascii_graphic()) => id.to_owned(),
            (Some(id), _) => hash(&[id.as_bytes()]),
            // A program that does not number its deliveries means each of them.
            (None, Source::Generic) => String::new(),
            // A forge says in the body, or beside it, when it was.
            (None, Source::Github | Source::Gitlab | Source::Gitea | Source::Gitee) => {
                let beside = ["x-gitee-timestamp", "x-gitlab-event-uuid"].map(|name| header(headers, name));
                hash(&[beside.into_iter().flatten().collect::<Vec<_>>().join("\n").as_bytes(), b"\n", body])
            }
        };
        let event = event.unwrap_or_default().chars().filter(|c| !c.is_control()).take(60).collect();
        Sender { source, event, delivery }
    }
}

/// Gitea first, because it sends the headers of GitHub too.
fn recognised(headers: &HeaderMap) -> Source {
    let marks = [
        ("x-gitea-event", Source::Gitea),
        ("x-forgejo-event", Source::Gitea),
        ("x-gitee-event", Source::Gitee),
        ("x-gitlab-event", Source::Gitlab),
        ("x-github-event", Source::Github),
    ];
    let found = marks.into_iter().find(|(name, _)| headers.contains_key(*name));
    found.map_or(Source::Generic, |(_, source)| source)
}

/// A header that is there once, as text.
pub(super) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?;
    // Two of them are a riddle: which one did whoever is before us look at?
    if all.next().is_some() { None } else { first.to_str().ok().map(str::trim).filter(|text| !text.is_empty()) }
}

fn hash(parts: &[&[u8]]) -> String {
    let digest = parts.iter().fold(Sha256::new(), |digest, part| digest.chain_update(part)).finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
