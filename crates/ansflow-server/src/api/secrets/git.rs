//! How Git steps sign in to a host.

use ansflow_store::git_credentials::{self, GitCredential, Input, Kind};
use ansflow_store::secrets::check_value;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::access::Actor;
use crate::api::page::{Page, Paging};
use crate::api::times::time;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path, Query};

/// What may be told of a way to sign in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GitCredentialView {
    id: String,
    host: String,
    kind: GitCredentialKind,
    username: String,
    updated_at: String,
    updated_by: String,
}

/// With what Git signs in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GitCredentialKind {
    /// A password or an access token.
    Password,
    /// A private key.
    SshKey,
}

/// A way to sign in to be stored.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitCredentialInput {
    /// `git.example.com`, with its port where that is not the usual one; an address will do.
    host: String,
    kind: GitCredentialKind,
    username: String,
    /// The password or the private key; null keeps what is stored.
    #[schema(required)]
    secret: Option<String>,
}

/// To which hosts Git steps can sign in, by host.
#[utoipa::path(get, path = "/api/v1/git-credentials", operation_id = "list_git_credentials", tag = "secrets",
    params(Paging),
    responses(
        (status = 200, body = Page<GitCredentialView>),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn list(
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> ApiResult<axum::Json<Page<GitCredentialView>>> {
    let (limit, after) = (paging.limit()?, paging.cursor.unwrap_or_default());
    let found = app.store().git_credentials(app.keyring()).list(&after, limit + 1).await?;
    let page = Page::of(found, limit, |last| last.host.clone());
    let items = page.items.into_iter().map(GitCredentialView::from).collect();
    Ok(axum::Json(Page { items, next: page.next, total: page.total }))
}

/// Stores how to sign in to a host.
#[utoipa::path(post, path = "/api/v1/git-credentials", operation_id = "create_git_credential", tag = "secrets",
    request_body = GitCredentialInput,
    responses(
        (status = 201, body = GitCredentialView),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn create(
    State(app): State<App>,
    actor: Actor,
    Json(asked): Json<GitCredentialInput>,
) -> ApiResult<(StatusCode, axum::Json<GitCredentialView>)> {
    let host = asked.check()?;
    let Some(secret) = asked.secret.as_deref() else {
        return Err(ApiError::invalid("secret", "a new credential needs a `secret`"));
    };
    let id = format!("gc_{}", uuid::Uuid::now_v7().simple());
    let (input, now) = (asked.input(&host), app.now());
    app.store().git_credentials(app.keyring()).add(&id, secret, &input, &actor.name, now).await?;
    let view = GitCredentialView {
        id,
        kind: asked.kind,
        username: asked.username,
        updated_at: time(now.as_millisecond()),
        updated_by: actor.name,
        host,
    };
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Changes how to sign in. Another host or kind needs its own secret.
#[utoipa::path(put, path = "/api/v1/git-credentials/{id}", operation_id = "update_git_credential", tag = "secrets",
    params(("id" = String, Path)), request_body = GitCredentialInput,
    responses(
        (status = 200, body = GitCredentialView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(super) async fn update(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    Json(asked): Json<GitCredentialInput>,
) -> ApiResult<axum::Json<GitCredentialView>> {
    let host = asked.check()?;
    let store = app.store().git_credentials(app.keyring());
    let changed = store.update(&id, &asked.input(&host), &actor.name, app.now()).await;
    let changed = changed.map_err(|error| match error {
        ansflow_store::Error::Refused(why) => ApiError::invalid("secret", why),
        other => other.into(),
    })?;
    Ok(axum::Json(changed.into()))
}

/// Forgets how to sign in to a host.
#[utoipa::path(delete, path = "/api/v1/git-credentials/{id}", operation_id = "delete_git_credential", tag = "secrets",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn remove(State(app): State<App>, Path(id): Path<String>) -> ApiResult<StatusCode> {
    app.store().git_credentials(app.keyring()).remove(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl GitCredentialInput {
    /// The host as it is stored.
    fn check(&self) -> ApiResult<String> {
        let host = git_credentials::host(&self.host)?;
        if self.username.len() > 255 || self.username.contains(char::is_control) {
            return Err(ApiError::invalid("username", "`username` must be one line of at most 255 bytes"));
        }
        if let Some(secret) = &self.secret {
            check_value("secret", secret)?;
            // Git's credential protocol is lines.
            if matches!(self.kind, GitCredentialKind::Password) && secret.contains(['\n', '\r', '\0']) {
                return Err(ApiError::invalid("secret", "a password must be one line"));
            }
        }
        Ok(host)
    }

    fn input<'i>(&'i self, host: &'i str) -> Input<'i> {
        let kind = match self.kind {
            GitCredentialKind::Password => Kind::Password,
            GitCredentialKind::SshKey => Kind::SshKey,
        };
        Input { host, kind, username: &self.username, secret: self.secret.as_deref() }
    }
}

impl From<GitCredential> for GitCredentialView {
    fn from(stored: GitCredential) -> GitCredentialView {
        GitCredentialView {
            id: stored.id,
            host: stored.host,
            kind: match stored.kind {
                Kind::Password => GitCredentialKind::Password,
                Kind::SshKey => GitCredentialKind::SshKey,
            },
            username: stored.username,
            updated_at: time(stored.updated_at),
            updated_by: stored.updated_by,
        }
    }
}
