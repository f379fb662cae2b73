//! Sets as `fieldsV1` holds them: `{"f:spec":{".":{},"f:replicas":{}}}`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Element, Node, Set};

impl Set {
    /// Reads a set; what cannot be read is left out.
    pub(crate) fn parse(text: &str) -> Option<Set> {
        serde_json::from_str(text).ok()
    }

    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }
}

impl Serialize for Set {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(Some(self.nodes.len()))?;
        for (element, node) in self.iter() {
            map.serialize_entry(&element.code(), node)?;
        }
        map.end()
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(None)?;
        if self.member && !self.children.is_empty() {
            map.serialize_entry(".", &Set::default())?;
        }
        for (element, node) in self.children.iter() {
            map.serialize_entry(&element.code(), node)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Set {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Set, D::Error> {
        Ok(Node::deserialize(from)?.children)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Node, D::Error> {
        from.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Node;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object of fieldsV1")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let (mut node, mut empty) = (Node::default(), true);
        while let Some((step, below)) = map.next_entry::<String, Node>()? {
            empty = false;
            if step == "." {
                node.member = true;
            } else if let Some(element) = Element::parse(&step) {
                node.children.add(element, below);
            }
        }
        // `{}` says that the path ends here.
        node.member |= empty;
        Ok(node)
    }
}
