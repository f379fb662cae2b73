//! Scale, restart, roll back, suspend.

use ansflow_core::yaml;
use ansflow_kube::browse::act;
use ansflow_kube::browse::history::Revision;
use ansflow_kube::object::Key;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::reach::{self, Reached, Where, note, within};
use crate::App;
use crate::access::Actor;
use crate::error::{ApiResult, Problem};
use crate::extract::{Json, Path, Query};

/// How many pods are wanted.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScaleInput {
    /// From now on.
    #[schema(minimum = 0)]
    replicas: i64,
    /// Only where so many are wanted now.
    current: Option<i64>,
}

/// How many pods were wanted, and are.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct ScaleResult {
    before: i64,
    after: i64,
}

/// To which revision.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RollbackInput {
    /// Its number; left out: the one before the current one.
    revision: Option<i64>,
}

/// Whether it is held back.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuspendInput {
    suspended: bool,
}

/// What there was before, the newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct History {
    items: Vec<ObjectRevision>,
}

/// A version of what keeps pods.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectRevision {
    revision: i64,
    /// The object that keeps it.
    name: String,
    #[schema(required)]
    created_at: Option<String>,
    images: Vec<String>,
    /// What whoever made it has noted.
    #[schema(required)]
    change_cause: Option<String>,
    /// Whether its template is what is wanted now.
    current: bool,
    /// Pods of it that there are, where that is known.
    #[schema(required)]
    pods: Option<i64>,
    /// Its template.
    yaml: String,
}

/// That it was done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Done {
    /// In one sentence.
    message: String,
}

struct On {
    reached: Reached,
    key: Key,
}

async fn on(app: &App, place: &Where, word: &str, name: &str) -> ApiResult<On> {
    let reached = reach::cluster(app, &place.cluster_id).await?;
    let kind = place.kind(&reached, word).await?;
    let key = kind.key(place.namespace(&reached, &kind), name);
    Ok(On { reached, key })
}

/// Wants another number of pods.
#[utoipa::path(post, path = super::SCALE, operation_id = "scale_object", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where), request_body = ScaleInput,
    responses(
        (status = 200, body = ScaleResult),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`conflict`: another number is wanted now"),
        (status = 422, body = Problem), (status = 429, body = Problem), (status = 502, body = Problem),
))]
pub(super) async fn scale(
    actor: Actor,
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
    Json(input): Json<ScaleInput>,
) -> ApiResult<axum::Json<ScaleResult>> {
    let On { reached, key } = on(&app, &place, &word, &name).await?;
    let detail = json!({ "namespace": key.namespace, "replicas": input.replicas });
    note(&app, &actor, &reached, "object.scale", key.object(), &detail).await?;
    let scaled = within(&reached, act::scale(&reached.cluster, &key, input.replicas, input.current)).await?;
    Ok(axum::Json(ScaleResult { before: scaled.before, after: scaled.after }))
}

/// Has every pod replaced by a new one of the same template.
#[utoipa::path(post, path = super::RESTART, operation_id = "restart_object", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where),
    responses(
        (status = 200, body = Done),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn restart(
    actor: Actor,
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
) -> ApiResult<axum::Json<Done>> {
    let On { reached, key } = on(&app, &place, &word, &name).await?;
    note(&app, &actor, &reached, "object.restart", key.object(), &json!({ "namespace": key.namespace })).await?;
    within(&reached, act::restart(&reached.cluster, &key, app.now())).await?;
    Ok(axum::Json(Done { message: format!("{} is being restarted", key.object()) }))
}

/// What there was before: the revisions of what keeps pods, the newest first.
#[utoipa::path(get, path = super::HISTORY, operation_id = "object_history", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where),
    responses(
        (status = 200, body = History),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn history(
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
) -> ApiResult<axum::Json<History>> {
    let On { reached, key } = on(&app, &place, &word, &name).await?;
    let revisions = within(&reached, act::history(&reached.cluster, &key)).await?;
    Ok(axum::Json(History { items: revisions.into_iter().map(ObjectRevision::from).collect() }))
}

/// Goes back to a revision, or to the one before the current one.
#[utoipa::path(post, path = super::ROLLBACK, operation_id = "rollback_object", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where), request_body = RollbackInput,
    responses(
        (status = 200, body = ObjectRevision, description = "the revision that it goes back to"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "there is no such revision, it is current, or it changed at the same moment"),
        (status = 422, body = Problem), (status = 429, body = Problem), (status = 502, body = Problem),
))]
pub(super) async fn rollback(
    actor: Actor,
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
    Json(input): Json<RollbackInput>,
) -> ApiResult<axum::Json<ObjectRevision>> {
    let On { reached, key } = on(&app, &place, &word, &name).await?;
    let detail = json!({ "namespace": key.namespace, "revision": input.revision });
    note(&app, &actor, &reached, "object.rollback", key.object(), &detail).await?;
    let revision = within(&reached, act::roll_back(&reached.cluster, &key, input.revision)).await?;
    Ok(axum::Json(revision.into()))
}

/// Holds a Job or a CronJob back, or lets it go on.
#[utoipa::path(post, path = super::SUSPEND, operation_id = "suspend_object", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where), request_body = SuspendInput,
    responses(
        (status = 200, body = Done),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn suspend(
    actor: Actor,
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
    Json(input): Json<SuspendInput>,
) -> ApiResult<axum::Json<Done>> {
    let On { reached, key } = on(&app, &place, &word, &name).await?;
    let detail = json!({ "namespace": key.namespace, "suspended": input.suspended });
    note(&app, &actor, &reached, "object.suspend", key.object(), &detail).await?;
    within(&reached, act::suspend(&reached.cluster, &key, input.suspended)).await?;
    let does = if input.suspended { "is suspended" } else { "goes on" };
    Ok(axum::Json(Done { message: format!("{} {does}", key.object()) }))
}

impl From<Revision> for ObjectRevision {
    fn from(revision: Revision) -> ObjectRevision {
        ObjectRevision {
            revision: revision.number,
            created_at: revision.created_at.as_ref().map(Timestamp::to_string),
            yaml: yaml::print(revision.template()),
            name: revision.name,
            images: revision.images,
            change_cause: revision.change_cause,
            current: revision.current,
            pods: revision.pods,
        }
    }
}
