//! Image registries: where they are, who signs in there, and what they have. A password goes in and never comes out.

mod ask;
mod contents;
mod input;
mod view;

use ansflow_store::Error as StoreError;
use ansflow_store::registries::{Registries, Registry};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::ask::Places;
use self::input::RegistryInput;
use self::view::RegistryView;
use super::page::{Page, Paging};
use super::revision::{IfMatch, etag};
use crate::App;
use crate::access::Access::May;
use crate::access::{Action, Actor, Route};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path, Query};

const LIST: &str = "/api/v1/docker/registries";
const ONE: &str = "/api/v1/docker/registries/{id}";
const DEFAULT: &str = "/api/v1/docker/registries/{id}/set-default";

/// What its routes ask. Who may look may have a registry asked what it has; which registry that is, an administrator says.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", LIST, May(Action::View)),
    ("POST", LIST, May(Action::Administer)),
    ("GET", ONE, May(Action::View)),
    ("PUT", ONE, May(Action::Administer)),
    ("DELETE", ONE, May(Action::Administer)),
    ("POST", DEFAULT, May(Action::Administer)),
    ("POST", ask::TEST, May(Action::Administer)),
    ("GET", contents::REPOSITORIES, May(Action::View)),
    ("GET", contents::TAGS, May(Action::View)),
    ("GET", contents::IMAGE, May(Action::View)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, update, remove))
        .routes(routes!(set_default))
        .routes(routes!(ask::test))
        .routes(routes!(contents::repositories))
        .routes(routes!(contents::tags))
        .routes(routes!(contents::image))
}

/// Every registry, by name.
#[utoipa::path(get, path = LIST, operation_id = "list_registries", tag = "registries", params(Paging), responses(
    (status = 200, body = Page<RegistryView>),
    (status = 401, body = Problem), (status = 422, body = Problem), (status = 500, body = Problem),
))]
async fn list(State(app): State<App>, Query(paging): Query<Paging>) -> ApiResult<axum::Json<Page<RegistryView>>> {
    let limit = paging.limit()?;
    let found = stored(&app).list(paging.cursor.as_deref().unwrap_or_default(), limit + 1).await?;
    let views = found.into_iter().map(RegistryView::from).collect();
    Ok(axum::Json(Page::of(views, limit, |view| view.name.clone())))
}

/// A new one. Its password is stored sealed and never shown again.
#[utoipa::path(post, path = LIST, operation_id = "create_registry", tag = "registries", request_body = RegistryInput, responses(
    (status = 201, body = RegistryView, headers(("ETag" = String))),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem, description = "a field is not well, or the name is taken"),
    (status = 500, body = Problem),
))]
async fn add(actor: Actor, State(app): State<App>, Json(input): Json<RegistryInput>) -> ApiResult<Response> {
    let checked = input.check(false)?;
    let id = format!("reg_{}", uuid::Uuid::now_v7().simple());
    let added = stored(&app).add(&id, &checked.input(), &actor.name, app.now()).await?;
    Ok((StatusCode::CREATED, shown(added)).into_response())
}

/// One of them.
#[utoipa::path(get, path = ONE, operation_id = "get_registry", tag = "registries", params(("id" = String, Path)), responses(
    (status = 200, body = RegistryView, headers(("ETag" = String))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 500, body = Problem),
))]
async fn get(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Response> {
    Ok(shown(stored(&app).get(&id).await?))
}

/// Changes one; `password: null` keeps what is stored. Another host, or doing without TLS, needs the password again.
#[utoipa::path(put, path = ONE, operation_id = "update_registry", tag = "registries", request_body = RegistryInput,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "the `ETag` that was read")),
    responses(
        (status = 200, body = RegistryView, headers(("ETag" = String))),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`sealed_otherwise`: its password was sealed with another key"),
        (status = 412, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem, description = "a field is not well, the name is taken, or the password is needed again"),
        (status = 428, body = Problem), (status = 500, body = Problem),
))]
async fn update(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
    known: IfMatch,
    Json(input): Json<RegistryInput>,
) -> ApiResult<Response> {
    let before = stored(&app).get(&id).await?;
    let revision = known.check(before.revision, format_args!("registry `{}`", before.name))?;
    let checked = input.check(before.has_password)?;
    let changed = stored(&app).update(&id, revision, &checked.input(), &actor.name, app.now()).await;
    let changed = changed.map_err(|error| match error {
        StoreError::Refused(why) => ApiError::invalid("password", why).help("enter the password once more"),
        other => sealed_otherwise(other),
    })?;
    Ok(shown(changed))
}

/// Forgets one. Pipelines that name it cannot be started any more.
#[utoipa::path(delete, path = ONE, operation_id = "delete_registry", tag = "registries", params(("id" = String, Path)), responses(
    (status = 204),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 500, body = Problem),
))]
async fn remove(State(app): State<App>, Path(id): Path<String>) -> ApiResult<StatusCode> {
    stored(&app).remove(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes one the default: steps call it `default`, and pushes that name none go there. The one that was is an ordinary one from now on.
#[utoipa::path(post, path = DEFAULT, operation_id = "set_default_registry", tag = "registries", params(("id" = String, Path)),
    responses(
        (status = 200, body = RegistryView, headers(("ETag" = String))),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 412, body = Problem, description = "another was made the default at the same moment"),
        (status = 500, body = Problem),
))]
async fn set_default(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Response> {
    Ok(shown(stored(&app).set_default(&id).await?))
}

fn stored(app: &App) -> Registries<'_> {
    app.store().registries(app.keyring())
}

fn shown(registry: Registry) -> Response {
    (etag(registry.revision), axum::Json(RegistryView::from(registry))).into_response()
}

/// Of a password that cannot be opened, whoever can mend it is told how.
fn sealed_otherwise(error: StoreError) -> ApiError {
    match error {
        StoreError::Corrupt(_) => {
            let why = "the registry's password was sealed with another key, or its row was changed by hand";
            ApiError::conflict("sealed_otherwise", why).help("enter the registry's address and password once more")
        }
        other => other.into(),
    }
}
