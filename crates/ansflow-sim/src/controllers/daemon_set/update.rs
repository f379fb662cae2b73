//! How pods of an older template are replaced: first gone, then made anew; or, with a surge, the new one beside the old until
//! it is available.

use super::{ByNode, HASH, Look};
use crate::controllers::deployment::{Rounding, share};
use crate::controllers::pods::Seen;
use crate::controllers::{Step, part};
use crate::object::ObjectExt;

impl Look<'_, '_> {
    /// Nodes that may have a second pod for a while.
    fn surge(&self, nodes: &[(String, bool)]) -> i64 {
        self.setting("maxSurge", nodes)
    }

    fn setting(&self, name: &str, nodes: &[(String, bool)]) -> i64 {
        if self.set.text("/spec/updateStrategy/type") == "OnDelete" {
            return 0;
        }
        let desired = i64::try_from(nodes.iter().filter(|(_, wanted)| *wanted).count()).unwrap_or(i64::MAX);
        share(&part(&self.set, "spec")["updateStrategy"]["rollingUpdate"][name], desired, Rounding::Up)
    }

    fn is_new(&self, (pod, _): &Seen) -> bool {
        pod.label(HASH) == Some(&self.hash)
    }

    fn is_up(&self, (_, pod): &Seen) -> bool {
        let min_ready = self.set.int("/spec/minReadySeconds").unwrap_or_default();
        pod.is_available(min_ready, self.cx.now()) && !pod.is_deleting()
    }

    /// Which of a node's pods are too many: all but the oldest, or all but the oldest of the old and of the new.
    pub(super) fn surplus(&self, mut alive: Vec<Seen>, nodes: &[(String, bool)]) -> Vec<Seen> {
        alive.sort_by_key(|(_, pod)| (pod.spec.node_name.is_empty(), pod.metadata.creation_timestamp.clone()));
        if self.surge(nodes) == 0 {
            return alive.split_off(alive.len().min(1));
        }
        let (new, old): (Vec<Seen>, Vec<Seen>) = alive.into_iter().partition(|pod| self.is_new(pod));
        let replaced =
            new.first().is_some_and(|new| self.is_up(new)) || old.first().is_some_and(|(_, pod)| !pod.is_ready());
        let kept = usize::from(new.is_empty() || !replaced);
        new.into_iter().skip(1).chain(old.into_iter().skip(kept)).collect()
    }

    /// Replaces pods of an older template.
    pub(super) fn roll(&mut self, nodes: &[(String, bool)], pods: &ByNode) -> Step<()> {
        if self.set.text("/spec/updateStrategy/type") == "OnDelete" {
            return Ok(());
        }
        match self.surge(nodes) {
            0 => self.replace(nodes, pods),
            most => self.add(nodes, pods, most),
        }
    }

    /// As many at a time go as may be missing.
    fn replace(&mut self, nodes: &[(String, bool)], pods: &ByNode) -> Step<()> {
        let most = self.setting("maxUnavailable", nodes).max(1);
        let is_missing = |node: &str| !pods.get(node).is_some_and(|all| all.iter().any(|pod| self.is_up(pod)));
        let missing = nodes.iter().filter(|(node, wanted)| *wanted && is_missing(node)).count();
        let mut may_go = most - i64::try_from(missing).unwrap_or(i64::MAX);
        let old = pods.values().flatten().filter(|pod| !self.is_new(pod) && !pod.1.is_deleting());
        let (up, down): (Vec<Seen>, Vec<Seen>) = old.cloned().partition(|pod| self.is_up(pod));
        // What is not available is missed by nobody.
        for pod in &down {
            self.delete(pod)?;
        }
        for pod in &up {
            if may_go <= 0 {
                break;
            }
            self.delete(pod)?;
            may_go -= 1;
        }
        Ok(())
    }

    /// New ones are made beside so many old ones; an old one that does not work may have one in any case.
    fn add(&mut self, nodes: &[(String, bool)], pods: &ByNode, most: i64) -> Step<()> {
        let mut left = most;
        let (mut at_once, mut in_turn) = (Vec::new(), Vec::new());
        for (node, _) in nodes.iter().filter(|(_, wanted)| *wanted) {
            let alive = pods.get(node).into_iter().flatten().filter(|(_, pod)| pod.is_active());
            let (new, old): (Vec<&Seen>, Vec<&Seen>) = alive.partition(|pod| self.is_new(pod));
            match (new.first(), old.first()) {
                (None, Some(old)) if !self.is_up(old) => at_once.push(node),
                (None, Some(_)) => in_turn.push(node),
                (Some(new), Some(_)) if !self.is_up(new) => left -= 1,
                _ => {}
            }
        }
        let room = usize::try_from(left).unwrap_or_default();
        for node in at_once.into_iter().chain(in_turn.into_iter().take(room)) {
            self.make(node)?;
        }
        Ok(())
    }
}
