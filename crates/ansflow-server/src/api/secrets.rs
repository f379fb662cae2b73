//! `secrets.NAME` and how Git steps sign in. Values go in and never come out: no view here has a place for one.

mod git;

use ansflow_store::secrets::{self, Secret, UsedBy};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{Access, Action, Actor, Route};
use crate::api::page::{Page, Paging};
use crate::api::times::time;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path, Query};

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/secrets", Access::May(Action::View)),
    ("PUT", "/api/v1/secrets/{name}", Access::May(Action::Administer)),
    ("DELETE", "/api/v1/secrets/{name}", Access::May(Action::Administer)),
    ("GET", "/api/v1/git-credentials", Access::May(Action::View)),
    ("POST", "/api/v1/git-credentials", Access::May(Action::Administer)),
    ("PUT", "/api/v1/git-credentials/{id}", Access::May(Action::Administer)),
    ("DELETE", "/api/v1/git-credentials/{id}", Access::May(Action::Administer)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(set, remove))
        .routes(routes!(git::list, git::create))
        .routes(routes!(git::update, git::remove))
}

/// What may be told of a secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecretView {
    name: String,
    description: String,
    created_at: String,
    updated_at: String,
    updated_by: String,
    /// Pipelines whose text names it.
    used_by: Vec<PipelineRef>,
}

/// A pipeline by its name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PipelineRef {
    id: String,
    name: String,
}

/// A secret to be stored.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecretInput {
    /// 1 byte to 64 KiB; null keeps what is stored.
    #[schema(required)]
    value: Option<String>,
    description: String,
}

/// Which secrets there are, by name.
#[utoipa::path(get, path = "/api/v1/secrets", operation_id = "list_secrets", tag = "secrets", params(Paging),
    responses(
        (status = 200, body = Page<SecretView>),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
async fn list(State(app): State<App>, Query(paging): Query<Paging>) -> ApiResult<axum::Json<Page<SecretView>>> {
    let (limit, after) = (paging.limit()?, paging.cursor.unwrap_or_default());
    let secrets = app.store().secrets(app.keyring());
    let found = secrets.list(&after, limit + 1).await?;
    let mut users = secrets.used_by().await?;
    let page = Page::of(found, limit, |last| last.name.clone());
    let view = |secret: Secret| {
        let used_by = users.remove(&secret.name).unwrap_or_default();
        SecretView::of(secret, used_by)
    };
    let items = page.items.into_iter().map(view).collect();
    Ok(axum::Json(Page { items, next: page.next, total: page.total }))
}

/// Stores a secret, or what it is for.
#[utoipa::path(put, path = "/api/v1/secrets/{name}", operation_id = "set_secret", tag = "secrets",
    params(("name" = String, Path)), request_body = SecretInput,
    responses(
        (status = 200, body = SecretView),
        (status = 201, body = SecretView, description = "there was none of this name"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
async fn set(
    State(app): State<App>,
    actor: Actor,
    Path(name): Path<String>,
    Json(input): Json<SecretInput>,
) -> ApiResult<(StatusCode, axum::Json<SecretView>)> {
    secrets::check_name(&name)?;
    if let Some(value) = &input.value {
        secrets::check_value("value", value)?;
    }
    if input.description.len() > 1_000 || input.description.contains('\0') {
        let why = "`description` may have at most 1000 bytes, and no zero byte among them";
        return Err(ApiError::invalid("description", why));
    }
    let store = app.store().secrets(app.keyring());
    let set = store.set(&name, input.value.as_deref(), &input.description, &actor.name, app.now()).await;
    let set = set.map_err(|error| match error {
        ansflow_store::Error::NotFound(_) => ApiError::invalid("value", "a new secret needs a `value`"),
        other => other.into(),
    })?;
    let used_by = store.used_by().await?.remove(&name).unwrap_or_default();
    let status = if set.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(SecretView::of(set.secret, used_by))))
}

/// Forgets a secret.
#[utoipa::path(delete, path = "/api/v1/secrets/{name}", operation_id = "delete_secret", tag = "secrets",
    params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn remove(State(app): State<App>, Path(name): Path<String>) -> ApiResult<StatusCode> {
    app.store().secrets(app.keyring()).remove(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl SecretView {
    fn of(secret: Secret, used_by: Vec<UsedBy>) -> SecretView {
        SecretView {
            name: secret.name,
            description: secret.description,
            created_at: time(secret.created_at),
            updated_at: time(secret.updated_at),
            updated_by: secret.updated_by,
            used_by: used_by.into_iter().map(|user| PipelineRef { id: user.pipeline, name: user.name }).collect(),
        }
    }
}
