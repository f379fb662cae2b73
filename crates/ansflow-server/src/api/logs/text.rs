//! `GET …/log`: the output as it was written, whole or a range of bytes.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::which::Output;
use crate::App;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};
use crate::files::{self, attachment};

/// Which output is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Left out: the latest.
    attempt: Option<u32>,
    /// As a file to be saved.
    #[serde(default)]
    download: bool,
}

/// The output of a step, with the terminal's control sequences; of a running one as far as it is.
#[utoipa::path(get, path = "/api/v1/runs/{id}/steps/{name}/log", operation_id = "log_text", tag = "logs",
    params(("id" = String, Path), ("name" = String, Path), Asked, ("Range" = Option<String>, Header)),
    responses(
        (status = 200, content_type = "text/plain", body = String),
        (status = 206, content_type = "text/plain", body = String),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 416, body = Problem), (status = 422, body = Problem),
))]
pub(super) async fn text(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let output = Output::find(&app, &id, &name, asked.attempt).await?;
    let path = output.folder.join(ansflow_store::output::LOG);
    let mut response = match tokio::fs::File::open(&path).await {
        Ok(file) => {
            let len = file.metadata().await.map_err(|error| ApiError::internal(&error))?.len();
            files::send(file, len, &headers).await?
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Response::new(Body::empty()),
        Err(error) => return Err(ApiError::internal(&error)),
    };
    if response.status().is_success() {
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        if asked.download {
            let history = app.live().run(app.store(), &id).await?;
            let (plan, number) = (history.run.plan(), history.run.created().facts.build_number);
            let file = format!("{}-{number}-{name}-{}.log", plan.pipeline, output.attempt);
            headers.insert(CONTENT_DISPOSITION, attachment(&file));
        }
    }
    Ok(response)
}
