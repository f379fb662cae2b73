//! A delivery, from its bytes to its answer.

use std::time::Duration;

use ansflow_core::webhook::{self, Said, Source};
use ansflow_store::deliveries::{NewDelivery, Status};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use zeroize::Zeroizing;

use super::answer::{HookAnswer, HookResult};
use super::row::row;
use super::sender::Sender;
use super::{secrets, start, verify};
use crate::App;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;

/// GitHub sends no more.
const LARGEST: usize = 25 * 1024 * 1024;
/// So long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many deliveries that were refused are remembered of one hook in an hour.
const MOST_REFUSED: u64 = 20;

/// Takes a delivery and starts what it is for.
///
/// `token` is that of a pipeline's own hook, or `github`, `gitlab`, `gitea` or `gitee`, whose secret is the server's and
/// whose pushes start every pipeline that has a `webhook` trigger and checks that repository out.
#[utoipa::path(post, path = "/api/v1/hooks/{token}", operation_id = "receive_delivery", tag = "triggers",
    params(("token" = String, Path, description = "of a pipeline's hook, or the name of a forge")),
    request_body(content = String, content_type = "application/json", description = "what the forge sends; or \
        `{\"branch\", \"commit\", \"paths\", \"variables\"}`, each if one likes"),
    responses((status = 202, body = HookAnswer), (status = 401, body = Problem), (status = 408, body = Problem),
              (status = 413, body = Problem), (status = 422, body = Problem)),
    security(()))]
pub(super) async fn receive(
    State(app): State<App>,
    Path(token): Path<String>,
    request: Request,
) -> ApiResult<(StatusCode, axum::Json<HookAnswer>)> {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body).await?;
    let forge = Source::forge(&token);
    let sender = Sender::of(forge, &parts.headers, &body);
    let (pipeline, secret) = match forge {
        Some(forge) => (None, secrets::of_forge(&app, forge).await?),
        None if !is_token(&token) => (None, None),
        None => match app.store().hooks().by_token(&token).await? {
            Some(hook) => {
                let secret = hook.secret(app.keyring())?;
                (Some(hook.pipeline), Some(secret))
            }
            None => (None, None),
        },
    };
    let is_known = secret.as_ref().is_some_and(|secret| !secret.is_empty());
    // A hook that is not there is checked like one that is, and then refused like one that is.
    let secret = secret.filter(|_| is_known).unwrap_or_else(|| Zeroizing::new("nobody's".to_owned()));
    let is_signed = verify::is_signed(sender.source, &parts.headers, &body, &secret, app.now()) && is_known;
    if !is_signed {
        if is_known {
            refuse(&app, &sender, pipeline.as_deref(), "it is not signed with the secret of the hook").await?;
        }
        return Err(unsigned());
    }
    let items = match parse(&sender, body).await? {
        Ok(Said::Push(push)) => start::all(&app, &sender, &push, pipeline.as_deref()).await?,
        Ok(Said::Other(why)) => vec![ignore(&app, &sender, pipeline.as_deref(), &why).await?],
        Err(unreadable) => {
            refuse(&app, &sender, pipeline.as_deref(), &unreadable.to_string()).await?;
            return Err(ApiError::invalid("body", unreadable.to_string()));
        }
    };
    Ok((StatusCode::ACCEPTED, axum::Json(HookAnswer::of(items))))
}

/// Anything else is no token of ours, and nothing to ask a database for.
fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

async fn read(headers: &HeaderMap, body: Body) -> ApiResult<Bytes> {
    let too_large = || {
        let why = "a delivery has at most 25 MiB";
        ApiError::with_status(StatusCode::PAYLOAD_TOO_LARGE, "too_large", why)
    };
    let announced = headers.get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > LARGEST) {
        return Err(too_large());
    }
    match tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => {
            let why = "the delivery took too long to come";
            Err(ApiError::with_status(StatusCode::REQUEST_TIMEOUT, "too_slow", why))
        }
    }
}

fn unsigned() -> ApiError {
    let why = "there is no such hook, or the delivery is not signed with its secret";
    ApiError::with_status(StatusCode::UNAUTHORIZED, "unsigned", why)
        .help("compare address and secret with those that the pipeline's triggers were given")
}

/// Beside the threads that answer requests: 25 MiB take their time.
async fn parse(sender: &Sender, body: Bytes) -> ApiResult<Result<Said, webhook::Unreadable>> {
    let (source, event) = (sender.source, sender.event.clone());
    let read = tokio::task::spawn_blocking(move || webhook::read(source, &event, &body)).await;
    read.map_err(|panic| ApiError::internal(&panic))
}

async fn refuse(app: &App, sender: &Sender, pipeline: Option<&str>, why: &str) -> ApiResult<()> {
    // Its number is not believed: who does not know the secret must not use up those of who does.
    let delivery = NewDelivery { dedupe: "", ..row(sender, None, pipeline.unwrap_or_default(), Status::Refused, why) };
    let now = app.now();
    let since = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
    Ok(app.store().deliveries().record_some(&delivery, MOST_REFUSED, since, now).await?)
}

async fn ignore(app: &App, sender: &Sender, pipeline: Option<&str>, why: &str) -> ApiResult<HookResult> {
    let pipeline = pipeline.unwrap_or_default();
    let delivery = row(sender, None, pipeline, Status::Ignored, why);
    app.store().deliveries().record(&delivery, app.now()).await?;
    Ok(HookResult::new(pipeline, Status::Ignored, why, ""))
}
