//! Every refusal in one shape: RFC 9457, `application/problem+json`. Causes of our own failures are logged once, here,
//! and never sent.

use std::num::NonZeroU32;

use ansflow_core::run::Refusal;
use ansflow_store::runs::DecideError;
use ansflow_store::{Error as StoreError, Invalid};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::words;
use crate::requests;

/// What a handler answers.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

/// A refusal on its way to the client.
#[derive(Debug, Clone)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    help: Option<String>,
    // Small, because every answer that may be a refusal has room for one.
    field: Option<Box<str>>,
    diagnostics: Option<Box<[Diagnostic]>>,
    retry_after_s: Option<NonZeroU32>,
}

/// A problem as RFC 9457 has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `about:blank`: `code` says which problem it is.
    r#type: &'static str,
    /// The status in words.
    title: &'static str,
    status: u16,
    /// One word for programs, such as `not_found`.
    code: &'static str,
    /// One sentence for people.
    detail: String,
    /// What to do about it.
    #[schema(required)]
    help: Option<String>,
    /// The field of the request that is at fault.
    #[schema(required)]
    field: Option<String>,
    /// To be quoted when asking for help; the server's log has it too.
    request_id: String,
    /// Where the user's YAML is at fault.
    #[schema(required)]
    diagnostics: Option<Vec<Diagnostic>>,
}

/// What is wrong with a pipeline's text. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Diagnostic {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    #[schema(value_type = words::Severity)]
    severity: &'static str,
    code: String,
    message: String,
    #[schema(required)]
    help: Option<String>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> ApiError {
        let detail = detail.into();
        ApiError { status, code, detail, help: None, field: None, diagnostics: None, retry_after_s: None }
    }

    /// 401: nobody is signed in.
    pub(crate) fn unauthenticated() -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, "unauthenticated", "nobody is signed in")
            .help("sign in, or send `Authorization: Bearer` with an API token")
    }

    /// 403: who is signed in may not.
    pub(crate) fn forbidden(why: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::FORBIDDEN, "forbidden", why)
    }

    /// 404: names the thing.
    pub(crate) fn not_found(what: impl std::fmt::Display) -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, "not_found", format!("{what} was not found"))
    }

    /// 409: a rule forbids it now.
    pub(crate) fn conflict(code: &'static str, why: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::CONFLICT, code, why)
    }

    /// 412: somebody else has changed it.
    pub(crate) fn stale(what: impl std::fmt::Display) -> ApiError {
        ApiError::new(StatusCode::PRECONDITION_FAILED, "stale", format!("{what} has changed since it was read"))
            .help("read it again, and send its new `ETag` in `If-Match`")
    }

    /// 422: a field of the request is wrong.
    pub(crate) fn invalid(field: impl Into<String>, why: impl Into<String>) -> ApiError {
        let mut error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", why);
        error.field = Some(field.into().into());
        error
    }

    /// 429: too often.
    pub(crate) fn too_many(why: impl Into<String>, retry_after_s: u64) -> ApiError {
        let mut error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", why);
        error.retry_after_s = NonZeroU32::new(u32::try_from(retry_after_s.max(1)).unwrap_or(u32::MAX));
        error
    }

    /// Any other refusal.
    pub(crate) fn with_status(status: StatusCode, code: &'static str, why: impl Into<String>) -> ApiError {
        ApiError::new(status, code, why)
    }

    /// 500: our fault. The cause is logged, not told.
    pub(crate) fn internal(cause: &dyn std::error::Error) -> ApiError {
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(next) = source {
            chain = format!("{chain}: {next}");
            source = next.source();
        }
        tracing::error!(request_id = %requests::id(), "a request failed: {chain}");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "AnsFlow could not do it")
            .help("the server's log has the cause under this request id")
    }

    /// 500: our fault, and a bug. The panic itself is in the log already.
    pub(crate) fn panicked() -> ApiError {
        tracing::error!(request_id = %requests::id(), "a request failed: its handler panicked");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "AnsFlow could not do it")
            .help("the server's log has the cause under this request id")
    }

    /// Why, in one sentence, for `why_not` of what it refuses.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// With what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> ApiError {
        self.help = Some(help.into());
        self
    }

    /// With places in the user's text.
    pub(crate) fn diagnostics(mut self, found: &[ansflow_core::diagnostic::Diagnostic]) -> ApiError {
        self.diagnostics = Some(found.iter().map(Diagnostic::from).collect());
        self
    }
}

impl From<&ansflow_core::diagnostic::Diagnostic> for Diagnostic {
    fn from(found: &ansflow_core::diagnostic::Diagnostic) -> Diagnostic {
        Diagnostic {
            line: found.span.start.line,
            column: found.span.start.column,
            end_line: found.span.end.line,
            end_column: found.span.end.column,
            severity: if found.is_error() { "error" } else { "warning" },
            code: found.code.to_string(),
            message: found.message.clone(),
            help: found.help.clone(),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        match error {
            StoreError::NotFound(what) => ApiError::not_found(what),
            StoreError::Conflict(what) => ApiError::stale(what),
            StoreError::Taken(field) => ApiError::invalid(field, format!("this {field} is already taken")),
            StoreError::Refused(why) => ApiError::with_status(StatusCode::UNPROCESSABLE_ENTITY, "refused", why),
            StoreError::Unavailable(_) | StoreError::Corrupt(_) | StoreError::Io { .. } => ApiError::internal(&error),
        }
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> ApiError {
        ApiError::invalid(invalid.field, invalid.why)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        match refusal {
            Refusal::NotAnApprover { .. } => ApiError::forbidden(refusal.to_string()),
            refusal => ApiError::conflict("refused", refusal.to_string()),
        }
    }
}

impl From<DecideError> for ApiError {
    fn from(error: DecideError) -> ApiError {
        match error {
            DecideError::Refused(refusal) => refusal.into(),
            DecideError::Store(error) => error.into(),
        }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Problem {
        Problem {
            r#type: "about:blank",
            title: error.status.canonical_reason().unwrap_or("Error"),
            status: error.status.as_u16(),
            code: error.code,
            detail: error.detail,
            help: error.help,
            field: error.field.map(String::from),
            request_id: requests::id(),
            diagnostics: error.diagnostics.map(Vec::from),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, retry_after_s) = (self.status, self.retry_after_s);
        let mut response = (status, axum::Json(Problem::from(self))).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds.get()));
        }
        response
    }
}
