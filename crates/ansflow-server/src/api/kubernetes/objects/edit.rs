//! Creating, editing and deleting objects.

use ansflow_kube::browse::act;
use ansflow_kube::browse::write::{self, Edit, Made};
use ansflow_kube::cluster::{Delete, Precondition, Propagation};
use ansflow_kube::object::read_all;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::reach::{self, Where, note, within};
use crate::App;
use crate::access::{Action, Actor};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path, Query};

/// So many names of new objects are written down.
const MOST_NAMES: usize = 100;

/// Objects that are to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewObjects {
    /// One or more documents of YAML, or JSON.
    yaml: String,
    /// Whether it is only looked at what would be made.
    #[serde(default)]
    dry_run: bool,
}

/// Objects that were made, or would be.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MadeObjects {
    items: Vec<MadeObject>,
}

/// An object that was made, or would be.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MadeObject {
    kind: String,
    #[schema(required)]
    namespace: Option<String>,
    name: String,
    /// As the cluster has it, without what it writes itself.
    after: String,
    /// What the cluster warns of.
    warnings: Vec<String>,
}

/// An edited object.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditInput {
    /// The whole of it; what is `<hidden: …>` stays as it is stored.
    yaml: String,
    /// The version that was read; it must be the current one. Left out: whatever is there is replaced.
    resource_version: Option<String>,
    /// Whether it is only looked at what would change.
    #[serde(default)]
    dry_run: bool,
}

/// What an edit changes, or would change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EditResult {
    /// What people may change of it, as it was.
    before: String,
    /// The same as it is to be.
    after: String,
    /// What lies between them, in the way of `diff -u`.
    lines: String,
    /// What the cluster warns of.
    warnings: Vec<String>,
    /// The version that it has now.
    resource_version: String,
}

/// How an object is deleted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Deletion {
    /// Only the one with this uid.
    uid: Option<String>,
    /// What becomes of what it owns: it goes afterwards, first, or stays.
    #[serde(default)]
    #[param(inline)]
    propagation: Owned,
    /// So many seconds for its pods to end; left out: their own.
    grace_s: Option<u32>,
}

/// What becomes of what a deleted object owns.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Owned {
    /// It goes afterwards.
    #[default]
    Background,
    /// It goes first.
    Foreground,
    /// It stays.
    Orphan,
}

/// Makes objects. All are tried without writing first: one that is refused leaves nothing behind.
#[utoipa::path(post, path = super::LIST, operation_id = "create_objects", tag = "kubernetes",
    params(("kind" = String, Path), Where), request_body = NewObjects,
    responses(
        (status = 200, body = MadeObjects, description = "what would be made"),
        (status = 201, body = MadeObjects),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn create(
    actor: Actor,
    State(app): State<App>,
    Path(_word): Path<String>,
    Query(place): Query<Where>,
    Json(new): Json<NewObjects>,
) -> ApiResult<Response> {
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let namespace = place.namespaces();
    let tried = within(&reached, write::create(&reached.cluster, namespace, &new.yaml, true));
    if new.dry_run {
        return Ok(axum::Json(MadeObjects::of(&tried.await?)).into_response());
    }
    let objects = read_all(&new.yaml).map_err(|error| ApiError::invalid("yaml", error.to_string()))?;
    let names: Vec<String> = objects.iter().map(|object| object.object().to_string()).collect();
    let detail = json!({ "namespace": namespace, "objects": names.iter().take(MOST_NAMES).collect::<Vec<_>>() });
    let about = match names.as_slice() {
        [one] => one.clone(),
        several => format!("{} objects", several.len()),
    };
    note(&app, &actor, &reached, "object.create", about, &detail).await?;
    let made = within(&reached, write::create(&reached.cluster, namespace, &new.yaml, false)).await?;
    Ok((StatusCode::CREATED, axum::Json(MadeObjects::of(&made))).into_response())
}

/// Replaces an object by what was written of it; under `dry_run` it is only said what would change.
#[utoipa::path(put, path = super::ONE, operation_id = "edit_object", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where), request_body = EditInput,
    responses(
        (status = 200, body = EditResult),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`conflict`: it has changed since it was read"),
        (status = 422, body = Problem), (status = 429, body = Problem), (status = 502, body = Problem),
))]
pub(super) async fn edit(
    actor: Actor,
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
    Json(input): Json<EditInput>,
) -> ApiResult<axum::Json<EditResult>> {
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let kind = place.kind(&reached, &word).await?;
    let namespace = place.namespace(&reached, &kind);
    let edit = Edit { yaml: &input.yaml, resource_version: input.resource_version.as_deref(), dry_run: input.dry_run };
    if !edit.dry_run {
        let object = kind.key(namespace, &name).object();
        note(&app, &actor, &reached, "object.update", &object, &json!({ "namespace": namespace })).await?;
    }
    let edited = within(&reached, write::put(&reached.cluster, &kind, namespace, &name, edit)).await?;
    Ok(axum::Json(EditResult {
        before: edited.diff.before,
        after: edited.diff.after,
        lines: edited.diff.lines,
        warnings: edited.warnings,
        resource_version: edited.resource_version,
    }))
}

/// Deletes an object. It may be there for a while yet, until what it owns is gone and its finalizers are done.
#[utoipa::path(delete, path = super::ONE, operation_id = "delete_object", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where, Deletion),
    responses(
        (status = 204),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`conflict`: it is another object of this name"),
        (status = 422, body = Problem), (status = 429, body = Problem), (status = 502, body = Problem),
))]
pub(super) async fn delete(
    actor: Actor,
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
    Query(how): Query<Deletion>,
) -> ApiResult<StatusCode> {
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let kind = place.kind(&reached, &word).await?;
    // A pod that is deleted comes again; anything else does not.
    let is_pod = kind.group.is_empty() && kind.kind == "Pod";
    actor.may(if is_pod { Action::Operate } else { Action::Edit })?;
    let key = kind.key(place.namespace(&reached, &kind), &name);
    note(&app, &actor, &reached, "object.delete", key.object(), &json!({ "namespace": key.namespace })).await?;
    let how = Delete {
        propagation: match how.propagation {
            Owned::Background => Propagation::Background,
            Owned::Foreground => Propagation::Foreground,
            Owned::Orphan => Propagation::Orphan,
        },
        grace: how.grace_s,
        only: Precondition { uid: how.uid, version: None },
        dry_run: false,
    };
    within(&reached, act::delete(&reached.cluster, &key, &how)).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl MadeObjects {
    fn of(made: &[Made]) -> MadeObjects {
        let one = |made: &Made| MadeObject {
            kind: made.object.kind().to_owned(),
            namespace: made.object.namespace().map(str::to_owned),
            name: made.object.name().to_owned(),
            after: made.diff.after.clone(),
            warnings: made.warnings.clone(),
        };
        MadeObjects { items: made.iter().map(one).collect() }
    }
}
