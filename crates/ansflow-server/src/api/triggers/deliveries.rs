//! What knocked, newest first.

use ansflow_store::deliveries::Delivery;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::DeliveryView;
use crate::App;
use crate::api::page::{Page, Paging};
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Query;

/// Which deliveries are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveriesQuery {
    /// Only those of this pipeline.
    pipeline: Option<String>,
    /// At most so many, 1 to 200; 50 where it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// What knocked, and what came of it. They are kept for 30 days, and no more than 10,000 of them.
#[utoipa::path(get, path = "/api/v1/deliveries", operation_id = "list_deliveries", tag = "triggers",
    params(DeliveriesQuery),
    responses((status = 200, body = Page<DeliveryView>), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 422, body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Query(query): Query<DeliveriesQuery>,
) -> ApiResult<axum::Json<Page<DeliveryView>>> {
    let limit = Paging { limit: query.limit, cursor: None }.limit()?;
    let behind = query.cursor.as_deref().map(place).transpose()?;
    let found = app.store().deliveries().list(query.pipeline.as_deref(), behind, limit + 1).await?;
    let page = Page::of(found, limit, cursor);
    let items = page.items.into_iter().map(DeliveryView::from).collect();
    Ok(axum::Json(Page { items, next: page.next, total: None }))
}

fn cursor(last: &Delivery) -> String {
    format!("{}-{}", last.received_at, last.id)
}

fn place(cursor: &str) -> ApiResult<(i64, &str)> {
    let place = cursor.split_once('-').and_then(|(at, id)| Some((at.parse().ok()?, id)));
    place.ok_or_else(|| ApiError::invalid("cursor", "`cursor` is none that this list has given"))
}
