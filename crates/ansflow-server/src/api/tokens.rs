//! One's own API tokens: programs that may act for somebody. A token is shown once and stored nowhere.

use ansflow_store::people::{NewToken as StoredToken, Token};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{Access, Action, Actor, Route, Via};
use crate::api::page::{Page, Paging};
use crate::api::times::time;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path, Query};
use crate::{App, random};

const DAY_MS: i64 = 24 * 3_600_000;
/// `ansf_` and four characters: enough to tell one's tokens apart, and far from enough to guess the rest.
const HINT_CHARS: usize = 9;

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/tokens", Access::May(Action::View)),
    ("POST", "/api/v1/tokens", Access::May(Action::Own)),
    ("DELETE", "/api/v1/tokens/{id}", Access::May(Action::Own)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(remove))
}

/// An API token, without what makes it one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenView {
    id: String,
    name: String,
    /// Its first characters.
    hint: String,
    /// It may look and nothing else.
    read_only: bool,
    created_at: String,
    /// To the minute.
    #[schema(required)]
    used_at: Option<String>,
    #[schema(required)]
    expires_at: Option<String>,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTokenRequest {
    /// What it is for, 1 to 100 characters.
    name: String,
    /// 1 to 3650; null: it does not expire, or ends with the token that asks for it.
    #[schema(required)]
    expires_in_days: Option<u32>,
    /// It may look and nothing else.
    read_only: bool,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
struct NewToken {
    /// Shown this once.
    token: String,
    view: TokenView,
}

/// One's tokens, the newest first.
#[utoipa::path(get, path = "/api/v1/tokens", operation_id = "list_tokens", tag = "tokens", params(Paging),
    responses(
        (status = 200, body = Page<TokenView>),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(paging): Query<Paging>,
) -> ApiResult<axum::Json<Page<TokenView>>> {
    let (limit, before) = (paging.limit()?, paging.cursor.unwrap_or_default());
    let found = app.store().people().tokens(&actor.id, &before, limit + 1).await?;
    let page = Page::of(found, limit, |last| last.id.clone());
    let items = page.items.into_iter().map(TokenView::from).collect();
    Ok(axum::Json(Page { items, next: page.next, total: page.total }))
}

/// Makes a token. One that was made with a token lives no longer than that.
#[utoipa::path(post, path = "/api/v1/tokens", operation_id = "create_token", tag = "tokens",
    request_body = NewTokenRequest,
    responses(
        (status = 201, body = NewToken),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
async fn create(
    State(app): State<App>,
    actor: Actor,
    Json(asked): Json<NewTokenRequest>,
) -> ApiResult<(StatusCode, axum::Json<NewToken>)> {
    if !(1..=100).contains(&asked.name.trim().chars().count()) || asked.name.contains(char::is_control) {
        return Err(ApiError::invalid("name", "a token's name has 1 to 100 characters"));
    }
    let now = app.now();
    let last = match &actor.via {
        Via::Token { expires_at, .. } => expires_at.map(|end| end.as_millisecond()),
        Via::Session(_) => None,
    };
    let expires_at = match asked.expires_in_days {
        None => last,
        Some(days @ 1..=3_650) => Some(now.as_millisecond() + i64::from(days) * DAY_MS),
        Some(_) => return Err(ApiError::invalid("expires_in_days", "`expires_in_days` must be from 1 to 3650")),
    };
    if last.is_some_and(|last| expires_at.is_none_or(|asked| asked > last)) {
        let help = "ask for fewer days, leave them out so that both end together, or make it in the browser";
        return Err(ApiError::forbidden("a token cannot make one that outlives it").help(help));
    }
    let token = random::token();
    let id = format!("tok_{}", uuid::Uuid::now_v7().simple());
    let (name, hint) = (asked.name.trim(), &token[..HINT_CHARS]);
    let hash = random::fingerprint(&token);
    let stored =
        StoredToken { id: &id, person: &actor.id, name, hash: &hash, hint, read_only: asked.read_only, expires_at };
    app.store().people().add_token(&stored, now).await?;
    let view = TokenView {
        name: name.to_owned(),
        hint: hint.to_owned(),
        read_only: asked.read_only,
        created_at: time(now.as_millisecond()),
        used_at: None,
        expires_at: expires_at.map(time),
        id,
    };
    Ok((StatusCode::CREATED, axum::Json(NewToken { token, view })))
}

/// Takes a token's rights away, at once.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", operation_id = "delete_token", tag = "tokens",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn remove(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> ApiResult<StatusCode> {
    app.store().people().remove_token(&actor.id, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Token> for TokenView {
    fn from(token: Token) -> TokenView {
        TokenView {
            id: token.id,
            name: token.name,
            hint: token.hint,
            read_only: token.read_only,
            created_at: time(token.created_at),
            used_at: token.used_at.map(time),
            expires_at: token.expires_at.map(time),
        }
    }
}
