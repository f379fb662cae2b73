//! Making, renewing and removing the hook of a pipeline.

use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use super::path;
use crate::App;
use crate::error::{ApiResult, Problem};
use crate::extract::Path;

/// A new hook. The secret is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct HookSecret {
    /// Its address, below the server's.
    path: String,
    /// What deliveries are signed with.
    secret: String,
}

/// Makes the hook of a pipeline, or gives it a new address and secret: the old ones are worth nothing from then on.
#[utoipa::path(post, path = "/api/v1/pipelines/{id}/hook", operation_id = "renew_hook", tag = "triggers",
    params(("id" = String, Path, description = "the pipeline")),
    responses((status = 201, body = HookSecret), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem)))]
pub(super) async fn renew(
    State(app): State<App>,
    Path(pipeline): Path<String>,
) -> ApiResult<(StatusCode, axum::Json<HookSecret>)> {
    let (token, secret) = (new_token(), new_secret());
    app.store().hooks().renew(app.keyring(), &pipeline, &token, &secret, app.now()).await?;
    Ok((StatusCode::CREATED, axum::Json(HookSecret { path: path(&token), secret })))
}

/// Removes the hook of a pipeline. Removing none is well too.
#[utoipa::path(delete, path = "/api/v1/pipelines/{id}/hook", operation_id = "remove_hook", tag = "triggers",
    params(("id" = String, Path, description = "the pipeline")),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem)))]
pub(super) async fn remove(State(app): State<App>, Path(pipeline): Path<String>) -> ApiResult<StatusCode> {
    app.store().pipelines().get(&pipeline).await?;
    app.store().hooks().remove(&pipeline).await?;
    Ok(StatusCode::NO_CONTENT)
}

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 32 random bytes in 43 letters and digits.
fn new_token() -> String {
    let mut number = random();
    let mut digits = [0; 43];
    for digit in &mut digits {
        // Division by 62, by hand and from the top.
        let remainder = number.iter_mut().fold(0_u32, |carry, byte| {
            let part = carry << 8 | u32::from(*byte);
            *byte = u8::try_from(part / 62).expect("the carry is below 62, so that the quotient fits a byte");
            part % 62
        });
        *digit = DIGITS[usize::try_from(remainder).expect("it is below 62")];
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// In the form of Standard Webhooks, whose libraries want it so; to all others it is a text like any other.
fn new_secret() -> String {
    format!("whsec_{}", STANDARD.encode(random()))
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system gives randomness");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_43_letters_and_digits_and_never_the_same() {
        let tokens: std::collections::BTreeSet<String> = (0..1_000).map(|_| new_token()).collect();
        assert_eq!(tokens.len(), 1_000);
        assert!(tokens.iter().all(|token| token.len() == 43 && token.bytes().all(|b| b.is_ascii_alphanumeric())));
        // Every digit but the last says nothing of the others: each occurs everywhere.
        let first: std::collections::BTreeSet<u8> = tokens.iter().map(|token| token.as_bytes()[0]).collect();
        assert_eq!(first.len(), 62);
    }
}
