//! `GET /{kind}/{name}`: one object with what belongs to it.

use std::collections::BTreeMap;

use ansflow_kube::Kind;
use ansflow_kube::browse::detail::{self, Detail, containers, ports};
use ansflow_kube::browse::yaml::{self, View};
use ansflow_kube::browse::{act, secrets};
use ansflow_kube::object::Obj;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::reach::{self, Where, within};
use super::views::{KindView, ObjectEvent, ObjectView, PortView, TreeNode};
use crate::App;
use crate::access::{Action, Actor};
use crate::error::{ApiResult, Problem};
use crate::extract::{Path, Query};

/// What is shown of it.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Shown {
    /// Whether `metadata.managedFields` are shown too.
    #[serde(default)]
    managed: bool,
}

/// What happened to an object.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectEvents {
    items: Vec<ObjectEvent>,
}

/// Where an object listens.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectPorts {
    items: Vec<PortView>,
}

/// One object: as YAML, with what happened to it, what it owns, and what may be done with it.
#[utoipa::path(get, path = super::ONE, operation_id = "get_object", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where, Shown),
    responses(
        (status = 200, body = ObjectView),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn get(
    actor: Actor,
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
    Query(shown): Query<Shown>,
) -> ApiResult<axum::Json<ObjectView>> {
    let reached = reach::cluster(&app, &place.cluster_id).await?;
    let kind = place.kind(&reached, &word).await?;
    let namespace = place.namespace(&reached, &kind);
    // Several questions at once make a future that is too large for the stack.
    let found = Box::pin(detail::detail(&reached.cluster, &kind, namespace, &name));
    let found = within(&reached, found).await?;
    Ok(axum::Json(view(&actor, &kind, found, View { managed: shown.managed })))
}

/// What happened to an object, the latest first.
#[utoipa::path(get, path = super::EVENTS, operation_id = "object_events", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where),
    responses(
        (status = 200, body = ObjectEvents),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn events(
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
) -> ApiResult<axum::Json<ObjectEvents>> {
    let (reached, object) = object(&app, &place, &word, &name).await?;
    let told = within(&reached, detail::events(&reached.cluster, &object)).await?;
    Ok(axum::Json(ObjectEvents { items: told.iter().map(ObjectEvent::from).collect() }))
}

/// The ports of a Service, of a pod, or of what makes pods.
#[utoipa::path(get, path = super::PORTS, operation_id = "object_ports", tag = "kubernetes",
    params(("kind" = String, Path), ("name" = String, Path), Where),
    responses(
        (status = 200, body = ObjectPorts),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn listens(
    State(app): State<App>,
    Path((word, name)): Path<(String, String)>,
    Query(place): Query<Where>,
) -> ApiResult<axum::Json<ObjectPorts>> {
    let (_, object) = object(&app, &place, &word, &name).await?;
    Ok(axum::Json(ObjectPorts { items: ports(&object).into_iter().map(PortView::from).collect() }))
}

/// The object of a request, and its cluster.
pub(super) async fn object(app: &App, place: &Where, word: &str, name: &str) -> ApiResult<(reach::Reached, Obj)> {
    let reached = reach::cluster(app, &place.cluster_id).await?;
    let kind = place.kind(&reached, word).await?;
    let namespace = place.namespace(&reached, &kind);
    let found = within(&reached, reached.cluster.get_as::<Obj>(&kind, namespace, name)).await?;
    let missing = || ansflow_kube::browse::Fault::NotFound(kind.key(namespace, name).object());
    let object = found.ok_or_else(|| reach::refused(missing()))?;
    Ok((reached, object))
}

fn view(actor: &Actor, kind: &Kind, found: Detail, shown: View) -> ObjectView {
    let object = &found.object;
    let text = |path: &[&str]| object.text(path).map(str::to_owned);
    let labels = object.at(&["metadata", "labels"]).and_then(serde_json::Value::as_object);
    let (may, why_not) = may(actor, kind, object);
    ObjectView {
        kind: KindView::from(kind),
        namespace: object.namespace().map(str::to_owned),
        name: object.name().to_owned(),
        uid: object.uid().to_owned(),
        created_at: text(&["metadata", "creationTimestamp"]),
        resource_version: text(&["metadata", "resourceVersion"]).unwrap_or_default(),
        state: found.readiness.word(),
        message: found.readiness.message().map(str::to_owned),
        labels: labels
            .into_iter()
            .flatten()
            .map(|(label, value)| (label.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect(),
        yaml: yaml::text(object, shown),
        events: found.events.iter().map(ObjectEvent::from).collect(),
        ports: ports(object).into_iter().map(PortView::from).collect(),
        containers: containers(object),
        replicas: has_replicas(kind).then(|| object.int(&["spec", "replicas"]).unwrap_or(1)),
        tree: found.tree.into_iter().map(TreeNode::from).collect(),
        unseen: found.unseen,
        may,
        why_not,
    }
}

/// What may be done with an object, and why the rest may not. What makes no sense for its kind is in neither.
fn may(actor: &Actor, kind: &Kind, object: &Obj) -> (Vec<&'static str>, BTreeMap<&'static str, String>) {
    let is_pod = kind.group.is_empty() && kind.kind == "Pod";
    let paused = object.at(&["spec", "paused"]).and_then(serde_json::Value::as_bool).unwrap_or_default();
    let paused = paused.then(|| "it is paused".to_owned());
    let rolled_out = act::is_rolled_out(kind);
    let asked = [
        ("edit", true, Action::Edit, None),
        ("delete", true, if is_pod { Action::Operate } else { Action::Edit }, None),
        ("scale", has_replicas(kind), Action::Operate, None),
        ("restart", rolled_out, Action::Operate, paused.clone()),
        ("rollback", rolled_out, Action::Operate, paused),
        ("suspend", kind.group == "batch", Action::Operate, None),
        ("logs", is_pod || rolled_out || kind.group == "batch", Action::Operate, None),
        ("exec", is_pod, Action::Edit, None),
        ("reveal", secrets::is_secret(object), Action::Administer, None),
    ];
    let (mut may, mut why_not) = (Vec::new(), BTreeMap::new());
    for (what, makes_sense, action, hindrance) in asked {
        if !makes_sense {
            continue;
        }
        match actor.may(action).err().map(|refused| refused.detail().to_owned()).or(hindrance) {
            None => may.push(what),
            Some(why) => drop(why_not.insert(what, why)),
        }
    }
    (may, why_not)
}

fn has_replicas(kind: &Kind) -> bool {
    let known = kind.group == "apps" && ["Deployment", "StatefulSet", "ReplicaSet"].contains(&kind.kind.as_str());
    known || kind.subresources.iter().any(|part| part == "scale")
}
