//! What the API shows of triggers and deliveries.

use ansflow_core::pipeline::Trigger;
use ansflow_store::deliveries::Delivery;
use ansflow_store::hooks::Hook;
use ansflow_store::schedules::{NEVER, Schedule};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{hooks, words};

/// What starts a pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriggersView {
    /// Its own hook; none: it has none.
    #[schema(required)]
    hook: Option<HookView>,
    /// The clock.
    schedules: Vec<ScheduleView>,
    /// Pushes; empty lists mean all.
    webhooks: Vec<WebhookView>,
}

/// The hook of a pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HookView {
    /// Its address, below the server's.
    path: String,
    /// It is there, and is not shown again.
    has_secret: bool,
    updated_at: String,
}

/// A schedule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduleView {
    cron: String,
    timezone: String,
    /// None: not computed yet, or never.
    #[schema(required)]
    next_at: Option<String>,
    #[schema(required)]
    last_at: Option<String>,
    /// The run that it started then.
    #[schema(required)]
    last_run: Option<String>,
}

/// Which pushes start a pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookView {
    branches: Vec<String>,
    paths: Vec<String>,
}

/// A delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryView {
    id: String,
    #[schema(value_type = words::DeliverySource)]
    source: String,
    /// What its sender calls it; a schedule: its five fields.
    event: String,
    /// None: it was for none.
    #[schema(required)]
    pipeline: Option<DeliveryPipeline>,
    #[schema(value_type = words::DeliveryStatus)]
    status: &'static str,
    /// One sentence about it; may be empty.
    reason: String,
    #[schema(required)]
    run: Option<String>,
    #[schema(required)]
    branch: Option<String>,
    #[schema(required)]
    commit: Option<String>,
    sender: String,
    received_at: String,
}

/// The pipeline of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PipelineRef)]
pub(crate) struct DeliveryPipeline {
    id: String,
    name: String,
}

impl TriggersView {
    pub(super) fn of(hook: Option<&Hook>, schedules: &[Schedule], triggers: &[Trigger]) -> TriggersView {
        let webhooks = triggers.iter().filter_map(|trigger| match trigger {
            Trigger::Webhook { branches, paths } => {
                Some(WebhookView { branches: branches.clone(), paths: paths.clone() })
            }
            Trigger::Manual | Trigger::Api | Trigger::Schedule { .. } => None,
        });
        TriggersView {
            hook: hook.map(HookView::from),
            schedules: schedules.iter().map(ScheduleView::from).collect(),
            webhooks: webhooks.collect(),
        }
    }
}

impl From<&Hook> for HookView {
    fn from(hook: &Hook) -> HookView {
        HookView { path: hooks::path(&hook.token), has_secret: true, updated_at: time(hook.updated_at) }
    }
}

impl From<&Schedule> for ScheduleView {
    fn from(schedule: &Schedule) -> ScheduleView {
        let known = |at: i64| Some(at).filter(|at| *at > 0 && *at != NEVER).map(time);
        ScheduleView {
            cron: schedule.cron.clone(),
            timezone: schedule.timezone.clone(),
            next_at: known(schedule.next_at),
            last_at: known(schedule.last_at),
            last_run: Some(schedule.last_run.clone()).filter(|run| !run.is_empty()),
        }
    }
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> DeliveryView {
        DeliveryView {
            id: delivery.id,
            source: delivery.source,
            event: delivery.event,
            pipeline: delivery.pipeline.map(|(id, name)| DeliveryPipeline { id, name }),
            status: delivery.status.word(),
            reason: delivery.reason,
            run: delivery.run,
            branch: delivery.branch,
            commit: delivery.commit,
            sender: delivery.sender,
            received_at: time(delivery.received_at),
        }
    }
}

/// RFC 3339 in UTC.
fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}
