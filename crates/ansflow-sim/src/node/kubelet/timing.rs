//! How long a node takes for what it does, as measured in the recordings (single node, 2 processors, containerd).

use std::time::Duration;

use crate::chance::Chance;
use crate::time::Micros;

/// From the binding to the first look: 6–12 ms (`Scheduled` to the first status).
pub(super) fn first_look(chance: &mut Chance) -> Duration {
    millis(chance, 6, 12)
}

/// Mounting the volumes of a pod: FailedMount comes 260 ms after the first status (mount-secret-missing).
pub(super) fn mounts(chance: &mut Chance) -> Duration {
    millis(chance, 250, 290)
}

/// Making the sandbox: the rest of the 350–420 ms until the first `Pulled`.
pub(super) fn sandbox(chance: &mut Chance) -> Duration {
    millis(chance, 95, 125)
}

/// From `Pulled` to `Created`.
pub(super) fn create(chance: &mut Chance) -> Duration {
    millis(chance, 7, 10)
}

/// From `Created` to `Started`: 40–60 ms.
pub(super) fn start(chance: &mut Chance) -> Duration {
    millis(chance, 38, 60)
}

/// From the last process's end to the end of the sandbox.
pub(super) fn stop_sandbox(chance: &mut Chance) -> Duration {
    millis(chance, 80, 120)
}

/// From the last status of a deleted pod to its removal.
pub(super) fn removal(chance: &mut Chance) -> Duration {
    millis(chance, 1, 9)
}

/// Until the next look after one that failed: 10 s, and up to half as long again.
pub(super) fn after_error(chance: &mut Chance) -> Duration {
    millis(chance, 10_000, 15_000)
}

/// Until the next look after one that went well.
pub(super) fn after_success(chance: &mut Chance) -> Duration {
    millis(chance, 60_000, 90_000)
}

/// How often the node looks what its runtime did.
pub(super) const RELIST: i64 = Micros::SECOND;
/// The first relist of a node after a moment, by where in a second it relists.
pub(super) fn relist_after(moment: Micros, phase: i64) -> Micros {
    Micros((moment.0 - phase).div_euclid(RELIST) * RELIST + phase + RELIST)
}

/// How often it looks who uses too much.
pub(super) const EVICTION: Duration = Duration::from_secs(10);
/// How long a pod waits for its volumes before the look counts as failed.
pub(super) const MOUNT_PATIENCE: Duration = Duration::from_secs(123);

fn millis(chance: &mut Chance, low: i64, high: i64) -> Duration {
    Duration::from_micros(u64::try_from(chance.between(low * 1_000, high * 1_000)).unwrap_or_default())
}
