//! Claims for volumes.

use super::Readiness;
use crate::facts::Claim;
use ansflow_core::verdict::Cause;

pub(super) fn claim(claim: &Claim) -> Readiness {
    match claim.status.phase.as_str() {
        "Bound" => Readiness::ready(),
        "Lost" => Readiness::failed(Cause::VolumeUnbound, "its volume is lost"),
        _ => Readiness::Progressing("it has no volume yet".to_owned()),
    }
}
