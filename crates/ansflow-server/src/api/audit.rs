//! Who did what to clusters and what is in them, newest first.

use ansflow_store::audit::{Filter, Row};
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::page::{Page, Paging};
use super::times::time;
use crate::App;
use crate::access::Access::May;
use crate::access::{Action, Route};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Query;

const LIST: &str = "/api/v1/audit";
const VERIFY: &str = "/api/v1/audit/verify";

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[("GET", LIST, May(Action::View)), ("GET", VERIFY, May(Action::View))];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(verify))
}

/// Something that somebody did.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AuditRow {
    /// From 1, without a gap.
    seq: u64,
    at: String,
    /// Who.
    actor: String,
    /// `session`, or the id of an API token.
    via: String,
    /// A word with a dot: `cluster.update`, `secret.reveal`.
    action: String,
    /// To what.
    object: String,
    /// What else is remembered of it.
    detail: serde_json::Value,
    /// SHA-256 of this and of the hash before it.
    hash: String,
}

/// Which rows; what is left out may be anything.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
struct AuditFilter {
    /// This person's.
    actor: String,
    /// A word with a dot, or the part before it: `secret.reveal`, `cluster`.
    action: String,
    /// A text that stands in what it was done to, in any case.
    object: String,
    /// Not before this time, RFC 3339.
    since: Option<String>,
}

/// What came of going through the chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AuditVerified {
    /// So many rows are as they were written.
    rows: u64,
    /// The hash of the last of them; null: there is none. Kept elsewhere, it shows later whether all were written anew.
    #[schema(required)]
    hash: Option<String>,
    /// Where the chain breaks, and how; null: nowhere.
    #[schema(required)]
    broken: Option<String>,
}

/// Who did what to clusters and what is in them, newest first.
#[utoipa::path(get, path = LIST, operation_id = "list_audit", tag = "audit", params(Paging, AuditFilter), responses(
    (status = 200, body = Page<AuditRow>),
    (status = 401, body = Problem), (status = 422, body = Problem), (status = 500, body = Problem),
))]
async fn list(
    State(app): State<App>,
    Query(paging): Query<Paging>,
    Query(filter): Query<AuditFilter>,
) -> ApiResult<axum::Json<Page<AuditRow>>> {
    let limit = paging.limit()?;
    let before = match paging.cursor.as_deref() {
        None | Some("") => 0,
        // Numbers begin with 1: before it there is nothing, and 0 would mean the newest.
        Some(cursor) => cursor
            .parse()
            .ok()
            .filter(|before| (1..=i64::MAX as u64).contains(before))
            .ok_or_else(|| ApiError::invalid("cursor", "`cursor` is not the `next` of a page"))?,
    };
    let since = match filter.since.as_deref() {
        None | Some("") => 0,
        Some(text) => text
            .parse::<Timestamp>()
            .map_err(|_| ApiError::invalid("since", "`since` is no time: write it as 2026-11-22T05:00:00Z"))?
            .as_millisecond(),
    };
    let AuditFilter { actor, action, object, since: _ } = &filter;
    let rows = app.store().audit().list(Filter { actor, action, object, since }, before, limit + 1).await?;
    Ok(axum::Json(Page::of(rows.into_iter().map(shown).collect(), limit, |row| row.seq.to_string())))
}

/// Goes through the whole chain: whether anything of it was changed, taken out or put in between.
#[utoipa::path(get, path = VERIFY, operation_id = "verify_audit", tag = "audit", responses(
    (status = 200, body = AuditVerified), (status = 401, body = Problem), (status = 500, body = Problem),
))]
async fn verify(State(app): State<App>) -> ApiResult<axum::Json<AuditVerified>> {
    let found = app.store().audit().verify().await?;
    let hash = Some(found.hash).filter(|hash| !hash.is_empty());
    Ok(axum::Json(AuditVerified { rows: found.rows, hash, broken: found.broken }))
}

fn shown(row: Row) -> AuditRow {
    let Row { seq, at, actor, via, action, object, detail, previous: _, hash } = row;
    let detail = serde_json::from_str(&detail).unwrap_or_default();
    AuditRow { seq, at: time(at), actor, via, action, object, detail, hash }
}
