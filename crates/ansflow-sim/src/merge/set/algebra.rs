//! Union, intersection and differences of sets: one walk along both.

use std::cmp::Ordering;

use super::{Element, Node, Set};

impl Set {
    pub(crate) fn union(&self, other: &Set) -> Set {
        zip(self, other, |one, other| match (one, other) {
            (Some(node), None) | (None, Some(node)) => node.clone(),
            (Some(one), Some(other)) => {
                Node { member: one.member || other.member, children: one.children.union(&other.children) }
            }
            (None, None) => Node::default(),
        })
    }

    pub(crate) fn intersection(&self, other: &Set) -> Set {
        zip(self, other, |one, other| match (one, other) {
            (Some(one), Some(other)) => {
                Node { member: one.member && other.member, children: one.children.intersection(&other.children) }
            }
            _ => Node::default(),
        })
    }

    /// Whether any path is in both.
    pub(crate) fn meets(&self, other: &Set) -> bool {
        self.iter().any(|(element, node)| {
            other
                .get(element)
                .is_some_and(|theirs| (node.member && theirs.member) || node.children.meets(&theirs.children))
        })
    }

    /// The paths of this one that the other does not hold.
    pub(crate) fn difference(&self, other: &Set) -> Set {
        zip(self, other, |one, other| match (one, other) {
            (Some(one), None) => one.clone(),
            (Some(one), Some(other)) => {
                Node { member: one.member && !other.member, children: one.children.difference(&other.children) }
            }
            (None, _) => Node::default(),
        })
    }

    /// The same, but a path of the other takes everything below it along.
    pub(crate) fn without(&self, other: &Set) -> Set {
        zip(self, other, |one, other| match (one, other) {
            (Some(one), None) => one.clone(),
            (Some(one), Some(other)) if !other.member => {
                Node { member: one.member, children: one.children.without(&other.children) }
            }
            _ => Node::default(),
        })
    }

    /// What of this lies at or below paths of the other.
    #[cfg(test)]
    pub(crate) fn within(&self, other: &Set) -> Set {
        zip(self, other, |one, other| match (one, other) {
            (Some(one), Some(other)) if other.member => one.clone(),
            (Some(one), Some(other)) => Node { member: false, children: one.children.within(&other.children) },
            _ => Node::default(),
        })
    }
}

fn zip(one: &Set, other: &Set, choose: impl Fn(Option<&Node>, Option<&Node>) -> Node) -> Set {
    let (mut ours, mut theirs) = (one.nodes.as_slice(), other.nodes.as_slice());
    let mut nodes: Vec<(Element, Node)> = Vec::with_capacity(ours.len());
    let mut keep = |element: &Element, node: Node| {
        if !node.is_empty() {
            nodes.push((element.clone(), node));
        }
    };
    loop {
        match (ours, theirs) {
            ([], []) => break,
            ([(element, node), rest @ ..], []) => {
                keep(element, choose(Some(node), None));
                ours = rest;
            }
            ([], [(element, node), rest @ ..]) => {
                keep(element, choose(None, Some(node)));
                theirs = rest;
            }
            ([(mine, node), rest @ ..], [(other, others), others_rest @ ..]) => match mine.cmp(other) {
                Ordering::Less => {
                    keep(mine, choose(Some(node), None));
                    ours = rest;
                }
                Ordering::Greater => {
                    keep(other, choose(None, Some(others)));
                    theirs = others_rest;
                }
                Ordering::Equal => {
                    keep(mine, choose(Some(node), Some(others)));
                    (ours, theirs) = (rest, others_rest);
                }
            },
        }
    }
    Set { nodes }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn sets() -> impl Strategy<Value = Set> {
        let element = prop_oneof![
            "[a-c]".prop_map(|name| Element::field(&name)),
            (0_usize..3).prop_map(Element::Index),
            "[a-b]".prop_map(|name| Element::parse(&format!("k:{{\"name\":\"{name}\"}}")).unwrap()),
        ];
        vec(vec(element, 1..4), 0..12).prop_map(|paths| {
            let mut set = Set::default();
            paths.iter().for_each(|path| set.insert(path));
            set
        })
    }

    proptest! {
        #[test]
        fn sets_are_read_as_they_are_written(set in sets()) {
            let text = serde_json::to_string(&set).unwrap();
            prop_assert_eq!(serde_json::from_str::<Set>(&text).unwrap(), set);
        }

        #[test]
        fn what_is_taken_away_and_what_is_common_make_the_whole(one in sets(), other in sets()) {
            prop_assert_eq!(&one.difference(&other).union(&one.intersection(&other)), &one);
            prop_assert_eq!(one.union(&other), other.union(&one));
            prop_assert!(one.difference(&one).is_empty());
            prop_assert_eq!(one.meets(&other), !one.intersection(&other).is_empty());
            prop_assert!(one.difference(&other).intersection(&other).is_empty());
            prop_assert_eq!(one.without(&other).union(&one.within(&other)), one);
        }

        #[test]
        fn a_path_is_in_a_union_if_it_is_in_either(one in sets(), other in sets()) {
            let both = one.union(&other);
            for path in both.paths() {
                prop_assert!(one.has(&path) || other.has(&path));
            }
            for path in one.paths().iter().chain(&other.paths()) {
                prop_assert!(both.has(path));
            }
        }
    }
}
