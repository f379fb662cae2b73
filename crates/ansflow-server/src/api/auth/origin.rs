//! Whether a page of ours sent this. A browser sends its cookie along with every page's requests; so those that change
//! something must come from here.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};

use crate::error::{ApiError, ApiResult};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets through what the browser says is ours.
///
/// # Errors
/// 403 when it says something else, or nothing.
pub(crate) fn must_be_ours(headers: &HeaderMap) -> ApiResult<()> {
    match says_ours(headers) {
        Some(true) => Ok(()),
        Some(false) | None => Err(refused()),
    }
}

/// The same where no cookie is needed and programs may ask: they say nothing of where they are.
///
/// # Errors
/// 403 when the browser says that it is another's page.
pub(crate) fn must_not_be_anothers(headers: &HeaderMap) -> ApiResult<()> {
    match says_ours(headers) {
        Some(true) | None => Ok(()),
        Some(false) => Err(refused()),
    }
}

fn says_ours(headers: &HeaderMap) -> Option<bool> {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return Some(site == "same-origin" || site == "none");
    }
    let origin = headers.get(ORIGIN)?;
    let is_ours = || {
        let (scheme, authority) = origin.to_str().ok()?.split_once("://")?;
        let own_port = match scheme {
            "https" => ":443",
            "http" => ":80",
            _ => return None,
        };
        let host = headers.get(HOST)?.to_str().ok()?;
        let bare = |text: &str| text.strip_suffix(own_port).unwrap_or(text).to_ascii_lowercase();
        Some(bare(authority) == bare(host))
    };
    Some(is_ours().unwrap_or(false))
}

fn refused() -> ApiError {
    ApiError::forbidden("a page of another site may not do this with your session")
        .help("use AnsFlow's own page, or an API token")
}
