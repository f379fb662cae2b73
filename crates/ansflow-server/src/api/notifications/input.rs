//! What may be entered, and what each kind needs.

use ansflow_core::spec::HookKind;
use ansflow_store::notifications::{Address, Notification, NotificationEvent as Event};
use axum::http::Uri;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{NotificationEvent, NotificationKind};
use crate::error::{ApiError, ApiResult};

const LONGEST_NAME: usize = 100;
const LONGEST_URL: usize = 2_048;
const LONGEST_SECRET: usize = 1_024;
const MOST_RECIPIENTS: usize = 50;
const MOST_PIPELINES: usize = 500;

/// A notification as it is entered.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotificationInput {
    name: String,
    kind: NotificationKind,
    enabled: bool,
    events: Vec<NotificationEvent>,
    /// Ids; empty: all of them.
    pipelines: Vec<String>,
    /// The whole address; `null` keeps what is stored, and is what an `email` has.
    #[schema(required)]
    #[serde(deserialize_with = "given")]
    url: Option<String>,
    /// `null` keeps what is stored, an empty text removes it.
    #[schema(required)]
    #[serde(deserialize_with = "given")]
    signing_secret: Option<String>,
    /// Mail addresses, of an `email`.
    to: Vec<String>,
}

/// One that can be stored.
pub(super) struct Checked {
    input: NotificationInput,
    address: Address,
    events: Vec<Event>,
    target: String,
    pub(super) pipelines: Vec<String>,
}

impl NotificationInput {
    /// What is wrong with it, by field; `stored` is what it changes, with its address.
    pub(super) fn check(mut self, stored: Option<(&Notification, &Address)>) -> ApiResult<Checked> {
        self.name = self.name.trim().to_owned();
        if self.name.is_empty() || self.name.chars().count() > LONGEST_NAME || has_control(&self.name) {
            return Err(ApiError::invalid("name", format!("a name has 1 to {LONGEST_NAME} characters, on one line")));
        }
        let mut events: Vec<Event> = self.events.iter().map(|event| (*event).into()).collect();
        events.sort_unstable();
        events.dedup();
        if events.is_empty() {
            return Err(ApiError::invalid("events", "choose at least one event"));
        }
        let mut pipelines = std::mem::take(&mut self.pipelines);
        pipelines.sort_unstable();
        pipelines.dedup();
        if pipelines.len() > MOST_PIPELINES {
            return Err(ApiError::invalid("pipelines", format!("at most {MOST_PIPELINES}; choose none to mean all")));
        }
        let (address, target) = match HookKind::of(self.kind.as_str()) {
            Some(kind) => self.hook(kind, stored)?,
            None => self.mail()?,
        };
        Ok(Checked { input: self, address, events, target, pipelines })
    }

    fn hook(&self, kind: HookKind, stored: Option<(&Notification, &Address)>) -> ApiResult<(Address, String)> {
        if !self.to.is_empty() {
            return Err(ApiError::invalid("to", "recipients are for `email`"));
        }
        // What was entered for one service is not handed to another.
        let stored = stored.filter(|(stored, _)| stored.kind == self.kind.as_str()).map(|(_, address)| address);
        let url = match (&self.url, stored) {
            (Some(url), _) => url.trim().to_owned(),
            (None, Some(stored)) if !stored.url.is_empty() => stored.url.clone(),
            (None, _) => return Err(ApiError::invalid("url", format!("enter the address that {kind:?} gave you"))),
        };
        let target = target(&url).map_err(|why| ApiError::invalid("url", why))?;
        let secret = match &self.signing_secret {
            Some(secret) => Some(secret.trim().to_owned()).filter(|secret| !secret.is_empty()),
            None => stored.and_then(|stored| stored.signing_secret.clone()),
        };
        if secret.is_some() && !kind.is_signed() {
            return Err(ApiError::invalid("signing_secret", format!("`{}` takes no signatures", kind.as_str())));
        }
        if secret.as_ref().is_some_and(|secret| secret.len() > LONGEST_SECRET || has_control(secret)) {
            let why = format!("a signing secret has at most {LONGEST_SECRET} bytes, on one line");
            return Err(ApiError::invalid("signing_secret", why));
        }
        Ok((Address { url, signing_secret: secret }, target))
    }

    fn mail(&mut self) -> ApiResult<(Address, String)> {
        if self.url.as_ref().is_some_and(|url| !url.is_empty()) {
            return Err(ApiError::invalid("url", "`email` has recipients, and no address to post to"));
        }
        if self.signing_secret.as_ref().is_some_and(|secret| !secret.is_empty()) {
            return Err(ApiError::invalid("signing_secret", "`email` takes no signatures"));
        }
        if self.to.is_empty() || self.to.len() > MOST_RECIPIENTS {
            return Err(ApiError::invalid("to", format!("enter 1 to {MOST_RECIPIENTS} mail addresses")));
        }
        for to in &mut self.to {
            *to = to.trim().to_owned();
            if !is_mail_address(to) {
                return Err(ApiError::invalid("to", format!("{to:?} is no mail address")).help("write ops@example.com"));
            }
        }
        Ok((Address::default(), self.to.join(", ")))
    }
}

impl Checked {
    /// What is sealed.
    pub(super) fn address(&self) -> String {
        serde_json::to_string(&self.address).expect("two texts are plain data")
    }

    pub(super) fn into_notification(
        self,
        id: String,
        version: u64,
        sealed: String,
        created_at: i64,
        updated_at: i64,
        updated_by: String,
    ) -> Notification {
        Notification {
            id,
            name: self.input.name,
            kind: self.input.kind.as_str().to_owned(),
            enabled: self.input.enabled,
            events: self.events,
            pipelines: self.pipelines,
            target: self.target,
            to: self.input.to,
            signed: self.address.signing_secret.is_some(),
            sealed,
            version,
            created_at,
            updated_at,
            updated_by,
        }
    }
}

/// Scheme and host of an address that can be posted to. What is wrong does not repeat it.
fn target(url: &str) -> Result<String, &'static str> {
    const FORM: &str = "an address begins with https:// or http:// and a host name";
    if url.len() > LONGEST_URL {
        return Err("the address is too long");
    }
    let uri: Uri = url.parse().map_err(|_| FORM)?;
    let (Some(scheme @ ("https" | "http")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(FORM);
    };
    if authority.as_str().contains('@') {
        return Err("an address must not have a user name or password in it");
    }
    if authority.host().is_empty() {
        return Err(FORM);
    }
    Ok(format!("{scheme}://{authority}"))
}

/// One mailbox and nothing else: no name, no list, no second line.
fn is_mail_address(text: &str) -> bool {
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
    let domain_ok = domain.split('.').all(|part| !part.is_empty() && !part.starts_with('-'));
    text.len() <= 254 && (1..=64).contains(&user.len()) && domain_ok && user.chars().chain(domain.chars()).all(plain)
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// A field that must be there, though it may be null.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(from)
}

impl std::fmt::Debug for NotificationInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NotificationInput({}, {:?}, [hidden])", self.name, self.kind)
    }
}
