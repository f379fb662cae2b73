//! Whose turn comes: what has no place now, and will have one when others have ended.

use ansflow_core::verdict::{Cause, Verdict};

/// Whether waiting helps: there is no room, or the volume is on a node or in a pod that others of ours have.
pub(super) fn comes(verdict: &Verdict) -> bool {
    let says = |words: &str| {
        let told = verdict.evidence.iter().map(|evidence| evidence.text.as_str());
        told.chain([verdict.summary.as_str()]).any(|text| text.contains(words))
    };
    match &verdict.cause {
        Some(Cause::UnschedulableResources | Cause::QuotaExceeded) => true,
        Some(Cause::UnschedulableConstraints) => says("didn't match pod affinity rules"),
        Some(Cause::VolumeUnbound) => says("ReadWriteOncePod"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    //! What is waited for.

    use super::comes;
    use ansflow_core::verdict::{Cause, Verdict};

    #[test]
    fn a_node_that_others_fill_is_waited_for_and_one_that_is_not_there_is_not() {
        let check = |cause, summary: &str, expected| {
            assert_eq!(comes(&Verdict::failed(cause, None, summary)), expected, "{summary}");
        };
        check(Cause::UnschedulableResources, "0/3 nodes are available: 3 Insufficient cpu", true);
        check(
            Cause::UnschedulableConstraints,
            "1 node(s) were unschedulable, 2 node(s) didn't match pod affinity rules",
            true,
        );
        check(Cause::UnschedulableConstraints, "3 node(s) didn't match Pod's node affinity/selector", false);
        check(
            Cause::VolumeUnbound,
            "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
            true,
        );
        check(Cause::VolumeUnbound, "persistentvolumeclaim \"cache\" not found", false);
    }
}
