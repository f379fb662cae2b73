//! Whether a cluster is connected: before it is stored, and afterwards. That it is not is an answer, with the cause.

use ansflow_kube::{Access, Cluster};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::clusters::stored;
use super::input::ClusterInput;
use super::view::ClusterCheck;
use crate::App;
use crate::clusters::{access, look, look_at, sealed_otherwise};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path};

pub(super) const VALIDATE: &str = "/api/v1/kubernetes/clusters/validate-connection";
pub(super) const CHECK: &str = "/api/v1/kubernetes/clusters/{id}/check-connection";
pub(super) const SYNC: &str = "/api/v1/kubernetes/clusters/{id}/sync-resources";

/// What was begun.
#[derive(Serialize, ToSchema)]
pub(super) struct ClusterSync {
    /// In one sentence.
    message: String,
}

/// Asks a cluster that is not stored, or not as it is entered: who we are there, what we may do, its version, how many nodes and
/// pods it has. Nothing is stored. The name is not looked at.
#[utoipa::path(post, path = VALIDATE, operation_id = "validate_cluster", tag = "clusters", request_body = ClusterInput, responses(
    (status = 200, body = ClusterCheck, description = "whether it is connected, and why not"),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem, description = "its credential was sealed with another key"),
    (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem, description = "a field is not well, or the credential is needed again"),
    (status = 429, body = Problem), (status = 500, body = Problem),
))]
pub(super) async fn validate(
    State(app): State<App>,
    Json(input): Json<ClusterInput>,
) -> ApiResult<axum::Json<ClusterCheck>> {
    let access = entered(&app, input).await?;
    let found = look_at(&app, async || match Cluster::connect(&access, &app.config().clusters) {
        Ok(cluster) => ansflow_kube::check::check(&cluster).await,
        Err(error) => Err(error),
    });
    Ok(axum::Json(ClusterCheck::of(&found.await?)))
}

/// What it would be reached with.
async fn entered(app: &App, input: ClusterInput) -> ApiResult<Access> {
    let (id, input) = input.tried();
    let Some(id) = id else {
        return Ok(input.check(app, None)?.access);
    };
    if input.credential.is_some() {
        return Ok(input.keeping(&stored(app).get(&id).await?).check(app, None)?.access);
    }
    let opened = stored(app).open(&id).await.map_err(sealed_otherwise)?;
    let known = access(&opened).map_err(sealed_otherwise)?;
    let checked = input.check(app, Some((&opened.about, &known)))?;
    // What is stored for one server is sent to no other, for a trial neither.
    if checked.input().leads_elsewhere(&opened.about) {
        let why = "another server, another proxy, or no look at the certificate needs the credential again";
        return Err(ApiError::invalid("credential", why).help("enter the credential once more"));
    }
    Ok(checked.access)
}

/// Asks a cluster whether it is connected. That it is not is an answer, with the cause; it is remembered.
#[utoipa::path(post, path = CHECK, operation_id = "check_cluster", tag = "clusters", params(("id" = String, Path)), responses(
    (status = 200, body = ClusterCheck, description = "whether it is connected, and why not"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "its credential was sealed with another key"),
    (status = 429, body = Problem), (status = 500, body = Problem),
))]
pub(super) async fn check(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<ClusterCheck>> {
    let looked = look(&app, &id).await?;
    looked.keep(&app, looked.standing()).await?;
    Ok(axum::Json((&looked).into()))
}

/// Forgets what is remembered of a cluster's kinds and connections, and looks at it again; this does not wait for it.
#[utoipa::path(post, path = SYNC, operation_id = "sync_cluster", tag = "clusters", params(("id" = String, Path)), responses(
    (status = 200, body = ClusterSync, description = "it was begun"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 500, body = Problem),
))]
pub(super) async fn sync(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<ClusterSync>> {
    let about = stored(&app).get(&id).await?;
    app.reach().forget(&id);
    tokio::spawn(async move {
        match look(&app, &id).await {
            Ok(looked) => {
                if let Err(error) = looked.keep(&app, looked.standing()).await {
                    tracing::warn!("what was found of cluster `{id}` cannot be written down: {error}");
                }
            }
            Err(error) => tracing::warn!("cluster `{id}` cannot be looked at: {}", error.detail()),
        }
    });
    Ok(axum::Json(ClusterSync { message: format!("cluster `{}` is looked at again", about.name) }))
}
