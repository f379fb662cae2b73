//! Sets of paths: what a manager owns, what a change touched. They are trees, so that a set costs what it says once.

mod algebra;
mod fields_v1;

use crate::schema::Shape;

use super::path::Element;
use super::typed;

/// A set of paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Set {
    /// Sorted; none of the nodes is empty.
    nodes: Vec<(Element, Node)>,
}

/// What a set holds at and below one step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Node {
    /// The path that ends here is in the set.
    pub(crate) member: bool,
    pub(crate) children: Set,
}

impl Node {
    pub(crate) fn leaf() -> Node {
        Node { member: true, children: Set::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.member && self.children.is_empty()
    }
}

impl Set {
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn get(&self, element: &Element) -> Option<&Node> {
        let at = self.nodes.binary_search_by(|(known, _)| known.cmp(element)).ok()?;
        Some(&self.nodes[at].1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Element, &Node)> {
        self.nodes.iter().map(|(element, node)| (element, node))
    }

    /// Adds what a step holds to what is there already.
    pub(crate) fn add(&mut self, element: Element, node: Node) {
        if node.is_empty() {
            return;
        }
        // Most sets are built in order: the end is looked at first.
        let at = match self.nodes.last() {
            Some((last, _)) if *last < element => Err(self.nodes.len()),
            None => Err(0),
            Some(_) => self.nodes.binary_search_by(|(known, _)| known.cmp(&element)),
        };
        match at {
            Ok(at) => {
                let known = &mut self.nodes[at].1;
                known.member |= node.member;
                known.children =
                    if known.children.is_empty() { node.children } else { known.children.union(&node.children) };
            }
            Err(at) => self.nodes.insert(at, (element, node)),
        }
    }

    /// Adds one path.
    pub(crate) fn insert(&mut self, path: &[Element]) {
        if let [first, rest @ ..] = path {
            let mut node = Node { member: rest.is_empty(), children: Set::default() };
            node.children.insert(rest);
            self.add(first.clone(), node);
        }
    }

    #[cfg(test)]
    pub(crate) fn has(&self, path: &[Element]) -> bool {
        match path {
            [] => false,
            [last] => self.get(last).is_some_and(|node| node.member),
            [first, rest @ ..] => self.get(first).is_some_and(|node| node.children.has(rest)),
        }
    }

    /// Every path, those that end at a level before those that go on, as conflicts are listed.
    pub(crate) fn paths(&self) -> Vec<Vec<Element>> {
        let mut found = Vec::new();
        self.collect(&mut Vec::new(), &mut found);
        found
    }

    fn collect(&self, prefix: &mut Vec<Element>, found: &mut Vec<Vec<Element>>) {
        for (element, _) in self.iter().filter(|(_, node)| node.member) {
            found.push(prefix.iter().chain([element]).cloned().collect());
        }
        for (element, node) in self.iter() {
            prefix.push(element.clone());
            node.children.collect(prefix, found);
            prefix.pop();
        }
    }

    /// The same set, in which every field of a struct that leads to a member is a member too.
    pub(crate) fn with_named_fields(&self, shape: &'static Shape) -> Set {
        let nodes = self.iter().map(|(element, node)| {
            let named = matches!((element, shape.resolve()), (Element::Field(name), Shape::Struct(of)) if of.field(name).is_some());
            let children = node.children.with_named_fields(typed::below(shape, element));
            (element.clone(), Node { member: node.member || (named && !children.is_empty()), children })
        });
        Set { nodes: nodes.collect() }
    }
}

/// A path as messages show it.
pub(crate) fn shown(path: &[Element]) -> String {
    path.iter().map(Element::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_end_are_listed_before_those_that_go_on() {
        let set: Set = serde_json::from_str(r#"{"f:b":{".":{},"f:c":{}},"f:a":{"f:x":{}},"f:d":{}}"#).unwrap();
        let paths: Vec<String> = set.paths().iter().map(|path| shown(path)).collect();
        assert_eq!(paths, [".b", ".d", ".a.x", ".b.c"]);
        assert!(set.has(&set.paths()[2]));
        assert!(!set.has(&[Element::field("a")]));
    }

    #[test]
    fn inserting_a_path_twice_changes_nothing() {
        let path = [Element::field("a"), Element::Index(1)];
        let mut set = Set::default();
        set.insert(&path);
        let once = set.clone();
        set.insert(&path);
        assert_eq!(set, once);
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"{"f:a":{"i:1":{}}}"#);
    }

    #[test]
    fn structs_on_the_way_become_members_maps_do_not() {
        let shape = crate::schema::named("io.k8s.api.apps.v1.Deployment").unwrap().shape();
        let text = r#"{"f:metadata":{"f:labels":{"f:app":{}}}}"#;
        let set: Set = serde_json::from_str(text).unwrap();
        let named = serde_json::to_string(&set.with_named_fields(shape)).unwrap();
        assert_eq!(named, r#"{"f:metadata":{".":{},"f:labels":{".":{},"f:app":{}}}}"#);
    }
}
