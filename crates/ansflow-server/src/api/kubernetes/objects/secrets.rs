//! `POST /secrets/{name}/reveal`: the one way by which a Secret's values leave.

use std::collections::BTreeMap;

use ansflow_kube::browse::secrets;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::detail::object;
use super::reach::{Where, note};
use crate::App;
use crate::access::Actor;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Json, Path, Query};

/// Which values.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevealInput {
    /// Their keys; at least one.
    keys: Vec<String>,
}

/// Values of a Secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct Revealed {
    /// By key; what is no text comes as Base64.
    values: BTreeMap<String, String>,
}

/// Values of a Secret. Who asked for which is written down before this is answered.
#[utoipa::path(post, path = super::REVEAL, operation_id = "reveal_secret", tag = "kubernetes",
    params(("name" = String, Path), Where), request_body = RevealInput,
    responses(
        (status = 200, body = Revealed),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
        (status = 502, body = Problem),
))]
pub(super) async fn reveal(
    actor: Actor,
    State(app): State<App>,
    Path(name): Path<String>,
    Query(place): Query<Where>,
    Json(input): Json<RevealInput>,
) -> ApiResult<axum::Json<Revealed>> {
    if input.keys.is_empty() {
        return Err(ApiError::invalid("keys", "say which values are to be shown"));
    }
    let (reached, secret) = object(&app, &place, "secrets", &name).await?;
    let there = secrets::keys(&secret);
    if let Some(unknown) = input.keys.iter().find(|key| !there.contains(key)) {
        let why = format!("the secret has no `{unknown}`; it has: {}", there.join(", "));
        return Err(ApiError::invalid("keys", why));
    }
    let detail = json!({ "namespace": secret.namespace(), "keys": input.keys });
    note(&app, &actor, &reached, "secret.reveal", secret.object(), &detail).await?;
    let values = secrets::reveal(&secret, &input.keys).into_iter().map(|(key, value)| (key, value.to_string()));
    Ok(axum::Json(Revealed { values: values.collect() }))
}
