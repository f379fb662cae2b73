//! A JSON body that may be left out, where every field of it may be.

use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};

use crate::error::ApiError;
use crate::extract::Json;

/// What was sent, or what nothing means.
#[derive(Debug, Clone, Copy)]
pub(super) struct MayBe<T>(pub(super) T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Default> FromRequest<S> for MayBe<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let headers = request.headers();
        let is_empty = headers.get(CONTENT_LENGTH).is_none_or(|length| length == "0")
            && !headers.contains_key(TRANSFER_ENCODING)
            && !headers.contains_key(CONTENT_TYPE);
        if is_empty {
            return Ok(MayBe(T::default()));
        }
        let Json(body) = Json::from_request(request, state).await?;
        Ok(MayBe(body))
    }
}
