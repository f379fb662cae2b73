//! What a cluster's credential is, when it ends, whether it works now – two facts that are not one –, and how to get the next.

use ansflow_store::clusters::{Auth, Cluster, State as Standing};
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::clusters::stored;
use super::view::{ClusterAuth, CredentialFacts, facts};
use crate::App;
use crate::api::times::time;
use crate::clusters::{code, look};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;

pub(super) const STATUS: &str = "/api/v1/kubernetes/clusters/{id}/token-status";
pub(super) const STRATEGY: &str = "/api/v1/kubernetes/clusters/{id}/token-renewal-strategy";
pub(super) const GUIDE: &str = "/api/v1/kubernetes/clusters/{id}/token-guide";
pub(super) const VALIDATE: &str = "/api/v1/kubernetes/clusters/{id}/validate-token";
pub(super) const ROTATE: &str = "/api/v1/kubernetes/clusters/{id}/rotate-token";

/// A credential that ends within so many days is to be renewed.
const SOON_DAYS: i64 = 14;
const DAY_S: i64 = 86_400;

/// What a credential is, and whether it worked when it was last used to look.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenStatus {
    auth: ClusterAuth,
    facts: CredentialFacts,
    /// Seconds to its end, negative afterwards; null: it does not say.
    #[schema(required)]
    expires_in_s: Option<i64>,
    /// Whether the cluster took it; null: nobody has looked, or the cluster did not answer.
    #[schema(required)]
    accepted: Option<bool>,
    #[schema(required)]
    checked_at: Option<String>,
    /// Both facts, in one sentence.
    message: String,
}

/// Whether a credential works now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenValidity {
    /// Whether the cluster takes it; null: it did not answer.
    #[schema(required)]
    accepted: Option<bool>,
    /// Who we are by it.
    #[schema(required)]
    username: Option<String>,
    message: String,
    #[schema(required)]
    expires_at: Option<String>,
}

/// When and how a credential is to be renewed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenStrategy {
    /// `none`: nothing is to be done; `soon` and `expired`: make another; `unknown`: it does not say when it ends.
    urgency: &'static str,
    /// What to do, in one sentence.
    advice: String,
    /// When it is to be done at the latest.
    #[schema(required)]
    renew_by: Option<String>,
}

/// How to make another credential for this cluster.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenGuide {
    /// In words.
    text: String,
    /// To be run where `kubectl` reaches the cluster, in this order.
    commands: Vec<String>,
}

/// What the credential is, when it ends, and whether it worked when the cluster was last looked at.
#[utoipa::path(get, path = STATUS, operation_id = "get_cluster_token_status", tag = "clusters", params(("id" = String, Path)),
    responses((status = 200, body = TokenStatus), (status = 401, body = Problem), (status = 404, body = Problem), (status = 500, body = Problem)))]
pub(super) async fn status(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<TokenStatus>> {
    let about = stored(&app).get(&id).await?;
    let facts = facts(&about);
    let left = left(facts.expires(), app.now());
    let accepted = match (about.state, about.check_code.as_str()) {
        (Standing::Connected, "") => Some(true),
        (_, "unauthorized" | "credential") => Some(false),
        _ => None,
    };
    let worked = match accepted {
        Some(true) => "the cluster takes it",
        Some(false) => "the cluster does not take it",
        None => "whether the cluster takes it is not known",
    };
    Ok(axum::Json(TokenStatus {
        message: format!("{}; {worked}", ends(left)),
        auth: about.auth.into(),
        facts: facts.into(),
        expires_in_s: left,
        accepted,
        checked_at: about.checked_at.map(time),
    }))
}

/// Asks the cluster now whether it takes the credential.
#[utoipa::path(post, path = VALIDATE, operation_id = "validate_cluster_token", tag = "clusters", params(("id" = String, Path)),
    responses(
        (status = 200, body = TokenValidity), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "it was sealed with another key"),
        (status = 429, body = Problem), (status = 500, body = Problem),
))]
pub(super) async fn validate(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<TokenValidity>> {
    let looked = look(&app, &id).await?;
    looked.keep(&app, looked.standing()).await?;
    let accepted = match &looked.found {
        Ok(_) => Some(true),
        Err(error) if matches!(code(error), "unauthorized" | "credential") => Some(false),
        Err(_) => None,
    };
    Ok(axum::Json(TokenValidity {
        accepted,
        username: looked.found.as_ref().ok().map(|checked| checked.username.clone()),
        message: looked.sentence(),
        expires_at: facts(&looked.opened.about).expires_at,
    }))
}

/// When the credential is to be renewed, and how. AnsFlow does not do it by itself.
#[utoipa::path(get, path = STRATEGY, operation_id = "get_cluster_token_renewal_strategy", tag = "clusters", params(("id" = String, Path)),
    responses((status = 200, body = TokenStrategy), (status = 401, body = Problem), (status = 404, body = Problem), (status = 500, body = Problem)))]
pub(super) async fn strategy(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<TokenStrategy>> {
    let about = stored(&app).get(&id).await?;
    let facts = facts(&about);
    if about.auth == Auth::InCluster || facts.program.is_some() {
        let advice = "nothing is to be done: it is renewed by itself, and read again when it changes".to_owned();
        return Ok(axum::Json(TokenStrategy { urgency: "none", advice, renew_by: None }));
    }
    let how = match about.auth {
        Auth::Certificate => "have a new certificate signed",
        Auth::Token | Auth::Kubeconfig | Auth::InCluster => "make a new token (`token-guide` says how)",
    };
    let (urgency, advice) = match left(facts.expires(), app.now()) {
        None => ("unknown", format!("it does not say when it ends; {how} at least once a year")),
        Some(left) if left <= 0 => ("expired", format!("it has ended; {how} now, and enter it here")),
        Some(left) if left < SOON_DAYS * DAY_S => ("soon", format!("{}; {how}, and enter it here", ends(Some(left)))),
        Some(left) => ("none", format!("{}; {how} two weeks before", ends(Some(left)))),
    };
    let renew_by = facts.expires().map(|ends| time(ends.as_millisecond() - SOON_DAYS * DAY_S * 1_000));
    Ok(axum::Json(TokenStrategy { urgency, advice, renew_by }))
}

/// How to make another credential for this cluster.
#[utoipa::path(get, path = GUIDE, operation_id = "get_cluster_token_guide", tag = "clusters", params(("id" = String, Path)),
    responses((status = 200, body = TokenGuide), (status = 401, body = Problem), (status = 404, body = Problem), (status = 500, body = Problem)))]
pub(super) async fn guide(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<TokenGuide>> {
    Ok(axum::Json(guide_of(&stored(&app).get(&id).await?)))
}

/// Making a new credential by itself is not there yet; it says how to do it.
#[utoipa::path(post, path = ROTATE, operation_id = "rotate_cluster_token", tag = "clusters", params(("id" = String, Path)),
    responses(
        (status = 200, body = TokenStatus, description = "it was renewed; this version never says so"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem, description = "`not_yet`: how to do it by hand"), (status = 500, body = Problem),
))]
pub(super) async fn rotate(State(app): State<App>, Path(id): Path<String>) -> ApiResult<StatusCode> {
    let about = stored(&app).get(&id).await?;
    let guide = guide_of(&about);
    let why = "AnsFlow does not make new credentials by itself yet";
    let help = format!("run `{}` and enter what it prints as the cluster's new token", guide.commands.join("` · `"));
    Err(ApiError::with_status(StatusCode::UNPROCESSABLE_ENTITY, "not_yet", why).help(help))
}

fn guide_of(about: &Cluster) -> TokenGuide {
    let facts = facts(about);
    let account = facts.subject.as_deref().and_then(|subject| subject.strip_prefix("system:serviceaccount:"));
    let known = account.and_then(|account| account.split_once(':')).filter(|(namespace, name)| {
        let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        is_word(namespace) && is_word(name)
    });
    let (namespace, name) = known.unwrap_or(("kube-system", "ansflow"));
    let mut commands = Vec::new();
    if known.is_none() {
        commands.push(format!("kubectl -n {namespace} create serviceaccount {name}"));
        commands.push(format!(
            "kubectl create clusterrolebinding {name} --clusterrole=edit --serviceaccount={namespace}:{name}"
        ));
    }
    commands.push(format!("kubectl -n {namespace} create token {name} --duration 8760h"));
    let whose = match known {
        Some(_) => format!("The account {namespace}/{name} stays as it is; it gets another token."),
        None => format!("An account {namespace}/{name} is made, which may change what is in namespaces (`edit`)."),
    };
    let text = format!(
        "{whose} Run this where kubectl reaches {}, and enter the token that is printed. A cluster may give a shorter time than is \
         asked for; the token says itself when it ends.",
        about.server
    );
    TokenGuide { text, commands }
}

/// Seconds to the end.
fn left(ends: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    ends.map(|ends| ends.as_second() - now.as_second())
}

fn ends(left: Option<i64>) -> String {
    match left {
        None => "it does not say when it ends".to_owned(),
        Some(left) if left <= 0 => format!("it ended {} ago", span(-left)),
        Some(left) => format!("it ends in {}", span(left)),
    }
}

fn span(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7_200 => format!("{} minutes", seconds / 60),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / DAY_S),
    }
}
