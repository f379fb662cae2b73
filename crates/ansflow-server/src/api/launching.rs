//! Starting runs from the API: who asks, and what a refusal looks like.

use ansflow_store::launch::LaunchError;
use axum::http::StatusCode;

use crate::access::{Actor, Via};
use crate::error::ApiError;

/// Steps of a run at once, where nobody has set another number.
pub(crate) const STEPS_AT_ONCE: u32 = 4;

/// What a run says that this person or program started.
pub(crate) fn cause(actor: &Actor) -> &'static str {
    match actor.via {
        Via::Session(_) => "manual",
        Via::Token { .. } => "api",
    }
}

impl From<LaunchError> for ApiError {
    fn from(error: LaunchError) -> ApiError {
        let why = error.to_string();
        match error {
            LaunchError::Store(error) => error.into(),
            LaunchError::Disabled(_) => ApiError::conflict("disabled", why).help("enable the pipeline first"),
            LaunchError::Invalid(found) => ApiError::invalid("text", why).diagnostics(&found),
            LaunchError::CannotRun(refused) => {
                let others = refused.len().saturating_sub(1);
                let error = ApiError::with_status(StatusCode::UNPROCESSABLE_ENTITY, "cannot_run", why);
                if others > 0 { error.help(format!("so it is with {others} more of its steps")) } else { error }
            }
            LaunchError::MissingSecrets(_) => {
                let error = ApiError::with_status(StatusCode::UNPROCESSABLE_ENTITY, "missing_secret", why);
                error.help("add it under secrets, or take it out of the pipeline")
            }
            LaunchError::ReservedVariable(_) => ApiError::invalid("variables", why),
            LaunchError::UnknownStep { near, .. } => {
                let error = ApiError::invalid("from", why);
                match near {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                }
            }
        }
    }
}
