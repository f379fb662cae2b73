//! Who did what to clusters and what is in them, newest first.

use ansflow_store::audit::Row;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
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

/// What came of going through the chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AuditVerified {
    /// So many rows are as they were written.
    rows: u64,
    /// Where the chain breaks, and how; null: nowhere.
    #[schema(required)]
    broken: Option<String>,
}

/// Who did what to clusters and what is in them, newest first.
#[utoipa::path(get, path = LIST, operation_id = "list_audit", tag = "audit", params(Paging), responses(
    (status = 200, body = Page<AuditRow>),
    (status = 401, body = Problem), (status = 422, body = Problem), (status = 500, body = Problem),
))]
async fn list(State(app): State<App>, Query(paging): Query<Paging>) -> ApiResult<axum::Json<Page<AuditRow>>> {
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
    let rows = app.store().audit().list(before, limit + 1).await?;
    Ok(axum::Json(Page::of(rows.into_iter().map(shown).collect(), limit, |row| row.seq.to_string())))
}

/// Goes through the whole chain: whether anything of it was changed, taken out or put in between.
#[utoipa::path(get, path = VERIFY, operation_id = "verify_audit", tag = "audit", responses(
    (status = 200, body = AuditVerified), (status = 401, body = Problem), (status = 500, body = Problem),
))]
async fn verify(State(app): State<App>) -> ApiResult<axum::Json<AuditVerified>> {
    let found = app.store().audit().verify().await?;
    Ok(axum::Json(AuditVerified { rows: found.rows, broken: found.broken }))
}

fn shown(row: Row) -> AuditRow {
    let Row { seq, at, actor, via, action, object, detail, previous: _, hash } = row;
    let detail = serde_json::from_str(&detail).unwrap_or_default();
    AuditRow { seq, at: time(at), actor, via, action, object, detail, hash }
}
