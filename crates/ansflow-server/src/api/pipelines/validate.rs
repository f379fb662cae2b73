//! `POST pipelines/validate`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::meaning::Meaning;
use super::meanings::blocking;
use super::outline::Outline;
use super::{show, write};
use crate::App;
use crate::error::{ApiResult, Diagnostic, Problem};
use crate::extract::Json;

/// A text to be looked at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ValidateRequest {
    text: String,
    /// Its name where it gives none, such as that of its file.
    #[serde(default)]
    name: Option<String>,
}

/// What is to be said of a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Validation {
    diagnostics: Vec<Diagnostic>,
    /// What it means; none where it has errors.
    #[schema(required)]
    outline: Option<Outline>,
}

/// Looks at a text and stores nothing. A text that is not well is an answer, not a refusal.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/validate",
    operation_id = "validate_pipeline",
    tag = "pipelines",
    request_body = ValidateRequest,
    responses(
        (status = 200, description = "what is to be said of it", body = Validation),
        (status = 400, description = "no JSON", body = Problem),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 413, description = "too large", body = Problem),
        (status = 415, description = "no JSON", body = Problem),
        (status = 422, description = "the request is not well", body = Problem),
    )
)]
pub(super) async fn validate(
    State(app): State<App>,
    Json(request): Json<ValidateRequest>,
) -> ApiResult<axum::Json<Validation>> {
    request.name.as_deref().map_or(Ok(()), write::check_given_name)?;
    let read = blocking(move || Meaning::read(&request.text, request.name.as_deref())).await?;
    Ok(axum::Json(match read {
        Ok(meaning) => {
            Validation { diagnostics: show::diagnostics(&app, &meaning).await?, outline: Some(meaning.outline) }
        }
        Err(found) => Validation { diagnostics: found.iter().map(Diagnostic::from).collect(), outline: None },
    }))
}
