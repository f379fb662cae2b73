//! How mail leaves on a laptop: `ANSFLOW_SMTP_URL`, which holds a password and is never shown.

use ansflow_engine::notify::MailServer;
use anyhow::Result;

use crate::exit::Refused;

const VARIABLE: &str = "ANSFLOW_SMTP_URL";
const EXAMPLE: &str = "smtps://user:password@mail.example.com?from=ci@example.com";

/// The mail server of the environment, if one is named there.
pub(crate) fn server() -> Result<Option<MailServer>> {
    let Some(url) = std::env::var(VARIABLE).ok().filter(|url| !url.trim().is_empty()) else { return Ok(None) };
    let server = MailServer::from_url(&url).map_err(|why| {
        Refused::invalid(format!("{VARIABLE} names no mail server: {why}")).help(format!("write {EXAMPLE}"))
    })?;
    Ok(Some(server))
}

/// A step sends mail, and nobody has said how.
pub(crate) fn not_known(step: &str) -> Refused {
    Refused::invalid(format!("step `{step}` sends mail, and no mail server is known; nothing was started"))
        .help(format!("name one in the environment: {VARIABLE}={EXAMPLE}"))
}
