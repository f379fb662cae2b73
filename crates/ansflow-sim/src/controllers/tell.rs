//! How controllers tell events: about the object that they work on, in their own name.

use crate::store::Stored;
use crate::world::cx::Cx;
use crate::world::events::{Event, Reference, Severity};

pub(super) fn normal(cx: &mut Cx<'_>, about: &Stored, component: &str, reason: &str, message: &str) {
    tell(cx, about, Severity::Normal, component, reason, message);
}

pub(super) fn warning(cx: &mut Cx<'_>, about: &Stored, component: &str, reason: &str, message: &str) {
    tell(cx, about, Severity::Warning, component, reason, message);
}

fn tell(cx: &mut Cx<'_>, about: &Stored, severity: Severity, component: &str, reason: &str, message: &str) {
    let Some(kind) = cx.sim.kinds().stored(about.key.kind) else { return };
    cx.event(&Event { about: Reference::to(&kind, about), severity, reason, message, component, host: "" });
}
