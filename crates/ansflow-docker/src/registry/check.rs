//! Whether a registry is there, is one, and lets us in.

use reqwest::StatusCode;

use super::Registry;
use crate::cause::Cause;
use crate::error::Result;

/// A registry that answered as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Whether it took the login; not where it was asked without, or asked for none.
    pub logged_in: bool,
}

impl Registry {
    /// Asks as Docker does before anything else. An error names the cause.
    pub async fn check(&self) -> Result<Checked> {
        let answer = self.get("/v2/", "application/json", "").await.map_err(|cause| self.failed(cause))?;
        let is_named = answer.headers.contains_key("docker-distribution-api-version");
        let is_object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&answer.body).is_ok();
        match answer.status {
            StatusCode::OK if is_named || is_object || answer.body.is_empty() => {
                Ok(Checked { logged_in: answer.logged_in })
            }
            StatusCode::OK => Err(self.failed(Cause::NotARegistry("it answers, but not as one".to_owned()))),
            StatusCode::NOT_FOUND => Err(self.failed(Cause::NotARegistry("it knows nothing of /v2/ (404)".to_owned()))),
            _ => Err(self.failed(answer.cause(self.login.is_some()))),
        }
    }
}
