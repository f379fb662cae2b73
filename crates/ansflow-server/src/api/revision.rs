//! `ETag` and `If-Match`: who changes a thing says which one it has read.

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};

use crate::error::{ApiError, ApiResult};

/// The header that says which revision this is.
pub(crate) fn etag(revision: u64) -> [(HeaderName, HeaderValue); 1] {
    let value = HeaderValue::try_from(format!("\"{revision}\"")).expect("a number in quotes is plain ASCII");
    [(ETAG, value)]
}

/// What `If-Match` names. Without the header a request is refused, 428.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// `*`: whichever there is.
    Any,
    /// One of these; what is no revision of ours is none of them.
    Revisions(Vec<u64>),
}

impl IfMatch {
    /// The revision to be changed, where `present` is the one that there is.
    pub(crate) fn check(&self, present: u64, what: impl std::fmt::Display) -> ApiResult<u64> {
        match self {
            IfMatch::Any => Ok(present),
            IfMatch::Revisions(known) if known.contains(&present) => Ok(present),
            IfMatch::Revisions(_) => Err(ApiError::stale(what)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut given = parts.headers.get_all(IF_MATCH).iter().peekable();
        if given.peek().is_none() {
            let why = "`If-Match` is missing: a change says what it was made from";
            return Err(ApiError::with_status(StatusCode::PRECONDITION_REQUIRED, "precondition_required", why)
                .help("read the thing first, and send its `ETag` in `If-Match`"));
        }
        let tags: Vec<&str> = given.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')).collect();
        if tags.iter().any(|tag| tag.trim() == "*") {
            return Ok(IfMatch::Any);
        }
        // A weak one (`W/"3"`) never matches here, as RFC 9110 has it.
        let revision = |tag: &&str| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok();
        Ok(IfMatch::Revisions(tags.iter().filter_map(revision).collect()))
    }
}
