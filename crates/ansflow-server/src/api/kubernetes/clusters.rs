//! Clusters: where they are and who we are there. A credential goes in and never comes out.

use ansflow_store::Error as StoreError;
use ansflow_store::clusters::{Cluster, Clusters};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::ClusterInput;
use super::view::ClusterView;
use super::{check, namespaces, token};
use crate::App;
use crate::access::Access::May;
use crate::access::{Action, Actor, Route};
use crate::api::page::{Page, Paging};
use crate::api::revision::{IfMatch, etag};
use crate::clusters::{access, sealed_otherwise};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path, Query};

const LIST: &str = "/api/v1/kubernetes/clusters";
const ONE: &str = "/api/v1/kubernetes/clusters/{id}";

/// What its routes ask. Who may look may see how a cluster is; which cluster that is, an administrator says.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", LIST, May(Action::View)),
    ("POST", LIST, May(Action::Administer)),
    ("GET", ONE, May(Action::View)),
    ("PUT", ONE, May(Action::Administer)),
    ("DELETE", ONE, May(Action::Administer)),
    ("POST", check::VALIDATE, May(Action::Administer)),
    ("POST", check::CHECK, May(Action::Operate)),
    ("POST", check::SYNC, May(Action::Operate)),
    ("GET", namespaces::LIST, May(Action::View)),
    ("GET", token::STATUS, May(Action::View)),
    ("GET", token::STRATEGY, May(Action::View)),
    ("GET", token::GUIDE, May(Action::View)),
    ("POST", token::VALIDATE, May(Action::Operate)),
    ("POST", token::ROTATE, May(Action::Administer)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, update, remove))
        .routes(routes!(check::validate))
        .routes(routes!(check::check))
        .routes(routes!(check::sync))
        .routes(routes!(namespaces::list))
        .routes(routes!(token::status))
        .routes(routes!(token::strategy))
        .routes(routes!(token::guide))
        .routes(routes!(token::validate))
        .routes(routes!(token::rotate))
}

/// Every cluster, by name.
#[utoipa::path(get, path = LIST, operation_id = "list_clusters", tag = "clusters", params(Paging), responses(
    (status = 200, body = Page<ClusterView>),
    (status = 401, body = Problem), (status = 422, body = Problem), (status = 500, body = Problem),
))]
async fn list(State(app): State<App>, Query(paging): Query<Paging>) -> ApiResult<axum::Json<Page<ClusterView>>> {
    let limit = paging.limit()?;
    let found = stored(&app).list(paging.cursor.as_deref().unwrap_or_default(), limit + 1).await?;
    let views = found.into_iter().map(ClusterView::from).collect();
    Ok(axum::Json(Page::of(views, limit, |view| view.name.clone())))
}

/// A new one. Its credential is stored sealed and never shown again; nothing is asked of the cluster by this.
#[utoipa::path(post, path = LIST, operation_id = "create_cluster", tag = "clusters", request_body = ClusterInput, responses(
    (status = 201, body = ClusterView, headers(("ETag" = String))),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem, description = "a field is not well, or the name is taken"),
    (status = 500, body = Problem),
))]
async fn add(actor: Actor, State(app): State<App>, Json(input): Json<ClusterInput>) -> ApiResult<Response> {
    let checked = input.check(&app, None)?;
    let id = format!("clu_{}", uuid::Uuid::now_v7().simple());
    let added = stored(&app).add(&id, &checked.input(), actor.by(), app.now()).await?;
    Ok((StatusCode::CREATED, shown(added)).into_response())
}

/// One of them.
#[utoipa::path(get, path = ONE, operation_id = "get_cluster", tag = "clusters", params(("id" = String, Path)), responses(
    (status = 200, body = ClusterView, headers(("ETag" = String))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 500, body = Problem),
))]
async fn get(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Response> {
    Ok(shown(stored(&app).get(&id).await?))
}

/// Changes one; `credential: null` keeps what is stored. Another server, another proxy, or no look at the certificate needs the
/// credential again.
#[utoipa::path(put, path = ONE, operation_id = "update_cluster", tag = "clusters", request_body = ClusterInput,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "the `ETag` that was read")),
    responses(
        (status = 200, body = ClusterView, headers(("ETag" = String))),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`sealed_otherwise`: its credential was sealed with another key"),
        (status = 412, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem, description = "a field is not well, the name is taken, or the credential is needed again"),
        (status = 428, body = Problem), (status = 500, body = Problem),
))]
async fn update(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
    known: IfMatch,
    Json(input): Json<ClusterInput>,
) -> ApiResult<Response> {
    let about = stored(&app).get(&id).await?;
    let revision = known.check(about.revision, format_args!("cluster `{}`", about.name))?;
    let checked = match input.credential {
        Some(_) => input.keeping(&about).check(&app, None)?,
        None => {
            let opened = stored(&app).open(&id).await.map_err(sealed_otherwise)?;
            let access = access(&opened).map_err(sealed_otherwise)?;
            input.check(&app, Some((&opened.about, &access)))?
        }
    };
    let changed = stored(&app).update(&id, revision, &checked.input(), actor.by(), app.now()).await;
    let changed = changed.map_err(|error| match error {
        StoreError::Refused(why) => ApiError::invalid("credential", why).help("enter the credential once more"),
        other => sealed_otherwise(other),
    })?;
    app.reach().forget(&id);
    Ok(shown(changed))
}

/// Forgets one. Pipelines that name it cannot be started any more; nothing is changed in the cluster.
#[utoipa::path(delete, path = ONE, operation_id = "delete_cluster", tag = "clusters", params(("id" = String, Path)), responses(
    (status = 204),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 500, body = Problem),
))]
async fn remove(actor: Actor, State(app): State<App>, Path(id): Path<String>) -> ApiResult<StatusCode> {
    stored(&app).remove(&id, actor.by(), app.now()).await?;
    app.reach().forget(&id);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn stored(app: &App) -> Clusters<'_> {
    app.store().clusters(app.keyring())
}

fn shown(cluster: Cluster) -> Response {
    (etag(cluster.revision), axum::Json(ClusterView::from(cluster))).into_response()
}
