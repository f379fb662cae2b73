//! The cookie of a session. What it holds is stored nowhere: the table has its SHA-256.

use ansflow_store::people::{NewSession, Person};
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::error::ApiResult;
use crate::{App, random};

/// A session is over then, however much it is used: 30 days.
const LONGEST_S: i64 = 30 * 24 * 3_600;

/// Begins a session of this person in place of the one that the browser has, and gives its cookie. It is always a new
/// one: what a browser brings was perhaps put there by somebody else.
pub(super) async fn begin(app: &App, headers: &HeaderMap, person: &Person) -> ApiResult<HeaderValue> {
    let secret = random::session();
    let now = app.now();
    let session = NewSession {
        id: &random::fingerprint(&secret),
        person: &person.id,
        expires_at: now.as_millisecond() + LONGEST_S * 1_000,
    };
    let before = read(app, headers).map(random::fingerprint);
    app.store().people().begin_session(&session, before.as_deref(), now).await?;
    Ok(write(app, &secret, LONGEST_S))
}

/// The cookie that takes a session's away.
pub(super) fn none(app: &App) -> HeaderValue {
    write(app, "", 0)
}

/// What the session's cookie holds.
pub(super) fn read<'h>(app: &App, headers: &'h HeaderMap) -> Option<&'h str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut named = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(key, _)| *key == name(app));
    named.next().map(|(_, value)| value)
}

/// `__Host-`: browsers take it over HTTPS from this very host only, so that no neighbour's page can set it.
fn name(app: &App) -> &'static str {
    if app.config().secure_cookies { "__Host-ansflow_session" } else { "ansflow_session" }
}

fn write(app: &App, value: &str, seconds: i64) -> HeaderValue {
    let secure = if app.config().secure_cookies { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(app));
    HeaderValue::try_from(text).expect("names, Base64 and numbers are plain ASCII")
}
