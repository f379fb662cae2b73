//! What a cluster refuses, or why it does not answer, as ours. Its message is passed on, never the object that it is about.

use ansflow_kube::Error;
use axum::http::StatusCode;

use crate::clusters::help;
use crate::error::ApiError;

/// As long as a message of a cluster may be, in characters.
const LONGEST: usize = 1_000;

/// Why a cluster did not do it: 502 where it was not reached, else what it said.
pub(crate) fn refusal(error: &Error) -> ApiError {
    let why = error.to_string();
    let Error::Refused(refused) = error else {
        return match error {
            Error::UnknownKind { .. } => ApiError::with_status(StatusCode::NOT_FOUND, "not_found", why),
            _ => unreachable_cluster(error, why),
        };
    };
    let message: String = match refused.answer.message.as_str() {
        "" => why,
        message => message.chars().filter(|c| !c.is_control() || *c == '\n').take(LONGEST).collect(),
    };
    let (status, code) = match refused.answer.code {
        400 | 422 => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        403 => (StatusCode::FORBIDDEN, "forbidden_in_cluster"),
        404 | 410 => (StatusCode::NOT_FOUND, "not_found"),
        405 => (StatusCode::UNPROCESSABLE_ENTITY, "not_possible"),
        409 => (StatusCode::CONFLICT, "conflict"),
        429 => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
        _ => (StatusCode::BAD_GATEWAY, "cluster_failed"),
    };
    ApiError::with_status(status, code, message)
}

fn unreachable_cluster(error: &Error, why: String) -> ApiError {
    let refused = ApiError::with_status(StatusCode::BAD_GATEWAY, "cluster_unreachable", why);
    match help(error) {
        Some(help) => refused.help(help),
        None => refused,
    }
}
