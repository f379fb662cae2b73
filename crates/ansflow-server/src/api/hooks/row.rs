//! What is remembered of a delivery.

use ansflow_core::webhook::Push;
use ansflow_store::deliveries::{NewDelivery, Status};

use super::sender::Sender;

/// The row of a delivery that has started no run.
pub(super) fn row<'d>(
    sender: &'d Sender,
    push: Option<&'d Push>,
    pipeline: &'d str,
    status: Status,
    reason: &'d str,
) -> NewDelivery<'d> {
    NewDelivery {
        source: sender.source.as_str(),
        event: if sender.event.is_empty() { "push" } else { &sender.event },
        dedupe: &sender.delivery,
        pipeline,
        status,
        reason,
        run: "",
        branch: push.and_then(Push::branch).unwrap_or_default(),
        commit: push.and_then(|push| push.commit.as_deref()).unwrap_or_default(),
        sender: push.map_or("", |push| &push.sender),
    }
}
